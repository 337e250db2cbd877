//! Capabilities: what a technology can do for an application, and how.

use crate::code::codes;

codes! {
    /// What a technology can do for an application.
    Capability as "capability" {
        /// A database whose clients see changes as they happen.
        RealtimeDatabase,
        /// The same state on all devices of a user, kept live.
        LiveSync,
        /// Work without a connection, synchronised later.
        OfflineSync,
        /// Push notifications to devices.
        PushNotifications,
        /// A hosted service that sends e-mail to users of the application.
        Email,
        /// Sign-in with an account of another service.
        SocialLogin,
        /// Sign-up and sign-in of users.
        Authentication,
        /// A console in which developers try and manage the API.
        ApiConsole,
        /// Analytics of how the application is used.
        Analytics,
        /// Collection of crash reports from clients.
        CrashReporting,
        /// Storage of files.
        FileStorage,
        /// Functions that run on the provider's side.
        Functions,
        /// Hosting of web content.
        Hosting,
        /// SQL as the query language.
        Sql,
        /// A GraphQL API.
        GraphqlApi,
        /// An `OpenAPI` description of the API.
        Openapi,
        /// Running it on one's own machines.
        SelfHosting,
        /// Taking all data out in a documented form.
        DataExport,
        /// A limit above which nothing is billed.
        SpendCap,
        /// A choice of the region in which data stays.
        DataResidency,
        /// Protection from SQL injection.
        SqliProtection,
        /// Protection from cross-site scripting.
        XssProtection,
        /// Protection from cross-site request forgery.
        CsrfProtection,
        /// An object-relational mapper.
        Orm,
        /// A library with which the server's own code sends mail.
        Mail,
        /// Keeping computed results for reuse.
        Caching,
        /// Writing logs.
        Logging,
        /// Tools for automated tests.
        Testing,
        /// Health checks for operators.
        HealthChecks,
        /// Work in the background.
        BackgroundJobs,
        /// An administration interface.
        AdminUi,
        /// Migrations of the database schema.
        Migrations,
        /// Internationalisation.
        I18n,
        /// Code changes applied to a running application.
        HotReload,
        /// Dependency injection.
        DependencyInjection,
    }
}

codes! {
    /// How a technology provides a capability.
    SupportLevel as "support level" {
        /// Built in.
        Native,
        /// By an official extension or module.
        Extension,
        /// By something that others maintain.
        ThirdParty,
        /// In part; the statement says which.
        Partial,
        /// Not at all, and a source says so.
        None,
        /// No source at hand says.
        Unknown,
    }
}

/// How something provides a capability, from what facts tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// How it is provided.
    pub level: SupportLevel,
    /// Whether facts disagree. The weaker level counts then.
    pub is_disputed: bool,
}

impl Capability {
    /// How the capability is provided, from the levels that facts tell of it and of others. Unknown when none does.
    pub fn support(self, told: &[(Capability, SupportLevel)]) -> Support {
        let of_it = told.iter().filter(|(of, level)| *of == self && *level != SupportLevel::Unknown);
        let levels: Vec<SupportLevel> = of_it.map(|(_, level)| *level).collect();
        let is_disputed = levels.iter().any(|level| *level != levels[0]);
        Support { level: levels.into_iter().max().unwrap_or(SupportLevel::Unknown), is_disputed }
    }
}

impl SupportLevel {
    /// How far a need is satisfied, from 0 to 1: natively in full; by an official extension three quarters, because it
    /// must be added and kept up; by others or in part a half; nothing when it is not known.
    pub fn satisfaction(self) -> Option<f64> {
        match self {
            Self::Native => Some(1.0),
            Self::Extension => Some(0.75),
            Self::ThirdParty | Self::Partial => Some(0.5),
            Self::None => Some(0.0),
            Self::Unknown => None,
        }
    }
}
