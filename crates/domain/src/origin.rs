//! Origins: by whom something was written into a catalogue.

use crate::code::codes;

codes! {
    /// By whom something was written.
    Origin as "origin" {
        /// By the catalogue that is built into the program.
        Bundled,
        /// By somebody else who imported it.
        Imported,
    }
}
