//! Case studies: what was built for whom, with what, and how it went, failures included.

use crate::{
    Result,
    code::codes,
    id::Id,
    organization::{CountryCode, Industry},
    slug::Slug,
    subject::Subject,
    text,
};

codes! {
    /// Where a project stands.
    ProjectStatus as "project status" {
        /// In use.
        Live,
        /// Built, and without an owner.
        SeekingOwner,
        /// Ended.
        Discontinued,
        /// No source says.
        Unknown,
    }
}

codes! {
    /// What an outcome measures.
    OutcomeMetric as "outcome metric" {
        /// Income of the client.
        Revenue,
        /// Number of transactions.
        Transactions,
        /// Customers who stay.
        Retention,
        /// What the development cost.
        Budget,
        /// How long it took until there was a product.
        TimeToMarket,
        /// What upkeep costs.
        MaintenanceCost,
        /// Customers who came.
        NewCustomers,
        /// Whether the market wanted it.
        MarketResponse,
        /// How fast it is.
        Performance,
        /// What running it costs.
        Cost,
    }
}

codes! {
    /// Which way an outcome went.
    OutcomeDirection as "outcome direction" {
        /// More than before.
        Increased,
        /// Less than before.
        Decreased,
        /// Gone altogether.
        Eliminated,
        /// Reached.
        Achieved,
        /// Not reached.
        Failed,
    }
}

/// A case study. Who the client was, what was built and how it went is in its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseStudy {
    /// Its readable name.
    pub slug: Slug,
    /// What was built.
    pub title: String,
    /// The client's industry.
    pub industry: Option<Industry>,
    /// The client's country.
    pub country: Option<CountryCode>,
    /// The organisation that built it.
    pub vendor: Option<Id<Subject>>,
    /// Where the project stands.
    pub status: ProjectStatus,
}

impl CaseStudy {
    /// Checks the texts.
    pub fn validate(mut self) -> Result<Self> {
        self.title = text::line("title", &self.title)?;
        Ok(self)
    }
}
