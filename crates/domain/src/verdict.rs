//! Verdicts: whether what a source asserts is so.

use crate::code::codes;

codes! {
    /// Whether what a source asserts is so.
    Verdict as "verdict" {
        /// A source states it, and nothing at hand speaks against it.
        Stated,
        /// A second, independent source of the better kind says the same.
        Confirmed,
        /// True in part: the reason says which part.
        PartlyTrue,
        /// Another fact or a better source says otherwise.
        Contradicted,
        /// It was true once and is no longer.
        Stale,
        /// The text is corrupt; an erratum restores the sense where that can be done.
        Garbled,
        /// It is said of a thing of another kind than the source holds it to be.
        Miscategorised,
        /// A checkable claim for which the source gives no evidence.
        Unsourced,
        /// A judgement that no evidence could settle.
        Opinion,
        /// Neither confirmed nor refuted with what is at hand.
        Unknown,
        /// The source announces something and does not give it.
        Missing,
    }
}

impl Verdict {
    /// Whether the verdict denies what the fact asserts: such a fact supports no derived answer
    /// (languages, platforms, filters).
    pub fn refutes(self) -> bool {
        matches!(self, Self::Contradicted | Self::Stale | Self::Miscategorised | Self::Missing)
    }

    /// Whether a fact with this verdict counts as knowledge about its subject.
    pub fn informs(self) -> bool {
        !matches!(self, Self::Missing | Self::Unknown)
    }

    /// How far the verdict lets a fact be believed, from 0 to 1: the first factor of
    /// [confidence](crate::confidence).
    pub fn weight(self) -> f64 {
        match self {
            Self::Confirmed => 1.0,
            Self::Stated => 0.9,
            Self::PartlyTrue => 0.6,
            Self::Unsourced => 0.4,
            Self::Unknown | Self::Opinion => 0.3,
            Self::Garbled | Self::Stale => 0.2,
            Self::Contradicted | Self::Miscategorised => 0.1,
            Self::Missing => 0.0,
        }
    }
}
