//! Lock-in: what makes it hard, or easy, to leave a provider.

use crate::code::codes;

codes! {
    /// What binds an application to a provider.
    LockInDimension as "lock-in dimension" {
        /// The form of the data and how it gets out.
        Data,
        /// The interface against which the application is written.
        Api,
        /// The accounts of the users.
        Auth,
        /// Code that runs on the provider's side.
        Functions,
        /// How it is billed.
        Pricing,
        /// Under which terms the software may be used.
        License,
        /// Where it can run.
        Hosting,
        /// What the team learns that is good elsewhere.
        Skills,
    }
}

codes! {
    /// What a piece of evidence does to lock-in.
    LockInEffect as "lock-in effect" {
        /// It makes leaving harder.
        Raises,
        /// It makes leaving easier.
        Lowers,
        /// It does both; the statement says how.
        Mixed,
    }
}
