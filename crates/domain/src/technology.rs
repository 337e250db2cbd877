//! Technologies: frameworks, Backend-as-a-Service providers and the components they are built from.

use url::Url;

use crate::{Result, code::codes, slug::Slug, text};

codes! {
    /// What kind of technology it is.
    TechnologyKind as "technology kind" {
        /// A framework for the server's side.
        BackendFramework,
        /// A framework for the client's side: web pages, mobile or desktop applications.
        ClientFramework,
        /// A Backend as a Service: a hosted backend.
        Baas,
        /// Functions as a Service: hosted functions.
        Faas,
        /// A programming or markup language.
        Language,
        /// Something that programs run on.
        Runtime,
        /// A database.
        Database,
        /// A web server.
        WebServer,
        /// A cache.
        Cache,
        /// A tool for developers.
        Tool,
        /// A protocol or format.
        Protocol,
    }
}

codes! {
    /// Where an application runs.
    Platform as "platform" {
        /// In browsers.
        Web,
        /// On iPhones and iPads.
        Ios,
        /// On Android.
        Android,
        /// On Windows.
        Windows,
        /// On macOS.
        Macos,
        /// On Linux.
        Linux,
        /// On Google's Fuchsia.
        Fuchsia,
    }
}

/// A technology: what it is called and where it is found. What is *said* of it is in facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Technology {
    /// Its readable name.
    pub slug: Slug,
    /// What kind of technology it is.
    pub kind: TechnologyKind,
    /// Its name as its makers write it.
    pub name: String,
    /// One sentence that says what it is.
    pub summary: Option<String>,
    /// Its own site.
    pub homepage: Option<Url>,
    /// Its source code.
    pub repository: Option<Url>,
    /// Whether it was taken out of the lists.
    pub archived: bool,
}

impl Technology {
    /// Checks the texts.
    pub fn validate(mut self) -> Result<Self> {
        self.name = text::line("name", &self.name)?;
        self.summary = text::optional("summary", self.summary.as_deref(), text::paragraph)?;
        Ok(self)
    }
}
