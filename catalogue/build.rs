//! Builds the crate anew when a file is added to the catalogue, not only when one is edited.

fn main() {
    for folder in [
        "case-studies",
        "checklists",
        "organizations",
        "selection-criteria",
        "sources",
        "technologies",
        "terms",
    ] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
