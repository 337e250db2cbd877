//! Criteria of selection: what a chooser weighs.

use crate::{Result, code::codes, slug::Slug, text};

codes! {
    /// What a chooser weighs.
    Criterion as "criterion" {
        /// What the team already knows.
        TeamExpertise,
        /// How easily the code is read and understood.
        CodeReadability,
        /// How well and how long it is maintained.
        Support,
        /// Whether updates break applications.
        UpgradeSafety,
        /// How many use it.
        Popularity,
        /// How fast it is.
        Performance,
        /// How it grows with the load.
        Scalability,
        /// How it protects applications and data.
        Security,
        /// How long it takes to learn.
        LearningCurve,
        /// How soon there is a product.
        TimeToMarket,
        /// What it costs.
        Cost,
        /// How hard it is to leave.
        LockIn,
        /// What can be had around it.
        Ecosystem,
        /// How easily people are found.
        Hiring,
        /// Whether it serves the platforms wanted.
        PlatformFit,
        /// Whether it suits what is to be built.
        UseCaseFit,
    }
}

/// A criterion of selection, with the question that a chooser asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectionCriterion {
    /// Its readable name.
    pub slug: Slug,
    /// Which criterion it is.
    pub criterion: Criterion,
    /// Its name.
    pub name: String,
    /// What the chooser asks.
    pub question: String,
}

impl SelectionCriterion {
    /// Checks the texts.
    pub fn validate(mut self) -> Result<Self> {
        self.name = text::line("name", &self.name)?;
        self.question = text::line("question", &self.question)?;
        Ok(self)
    }
}
