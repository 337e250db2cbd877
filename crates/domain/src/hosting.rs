//! Hosting: who can run a service.

use crate::code::codes;

codes! {
    /// Who can run a service.
    HostingModel as "hosting model" {
        /// Its provider only.
        CloudOnly,
        /// Its users only: nobody is known to offer it as a service.
        SelfHostedOnly,
        /// Its provider or its users.
        CloudAndSelfHosted,
    }
}
