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

impl OutcomeDirection {
    /// Whether it went well to go this way, by this measure. Reached is well and not reached is badly. More is well of
    /// income, transactions, customers, response and speed; less, or none at all, of costs and time.
    pub fn is_good(self, metric: OutcomeMetric) -> bool {
        use OutcomeMetric as M;
        let less_is_better = match metric {
            M::Budget | M::TimeToMarket | M::MaintenanceCost | M::Cost => true,
            M::Revenue
            | M::Transactions
            | M::Retention
            | M::NewCustomers
            | M::MarketResponse
            | M::Performance => false,
        };
        match self {
            Self::Increased => !less_is_better,
            Self::Decreased | Self::Eliminated => less_is_better,
            Self::Achieved => true,
            Self::Failed => false,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn which_way_is_good_depends_on_the_measure() {
        assert!(OutcomeDirection::Increased.is_good(OutcomeMetric::Revenue));
        assert!(!OutcomeDirection::Increased.is_good(OutcomeMetric::Cost));
        assert!(OutcomeDirection::Eliminated.is_good(OutcomeMetric::MaintenanceCost));
        assert!(!OutcomeDirection::Decreased.is_good(OutcomeMetric::Performance));
        for metric in OutcomeMetric::VARIANTS {
            let good = |direction: OutcomeDirection| direction.is_good(*metric);
            assert!(good(OutcomeDirection::Achieved) && !good(OutcomeDirection::Failed), "{metric:?}");
            assert_ne!(good(OutcomeDirection::Increased), good(OutcomeDirection::Decreased), "{metric:?}");
        }
    }
}
