//! Fit rules: which technology suits which use case or team, according to a source.

use crate::code::codes;

codes! {
    /// How strongly a source recommends a technology for a use case or a team.
    FitStrength as "fit strength" {
        /// Called the best or the first choice.
        Best,
        /// Called well suited.
        Good,
        /// Said to work, but not a first choice.
        Viable,
        /// Advised against.
        Avoid,
    }
}

codes! {
    /// How well a team knows something.
    SkillLevel as "skill level" {
        /// Not at all.
        None,
        /// First steps.
        Beginner,
        /// Daily work with some help.
        Intermediate,
        /// Daily work, helping others.
        Senior,
    }
}

codes! {
    /// What an application is for.
    UseCase as "use case" {
        /// Platforms that analyse large amounts of data.
        BigDataAnalytics,
        /// Training and serving machine-learning models.
        AiMl,
        /// Telecommunication infrastructure.
        Telecom,
        /// Enterprise software that runs in the background without pause.
        EnterpriseBackground,
        /// Applications of small to medium size.
        SmallToMediumApp,
        /// Large applications.
        LargeScaleApp,
        /// Learning platforms.
        ELearning,
        /// Social media and networks.
        Social,
        /// Live updates between users.
        Realtime,
        /// A first version with few features, soon.
        Mvp,
        /// Web applications around records that are created, read, updated and deleted.
        CrudWeb,
        /// The backend of a mobile application.
        MobileBackend,
    }
}
