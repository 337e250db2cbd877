//! What a fact says beyond its statement.

use rust_decimal::Decimal;

use super::FactKind;
use crate::{
    Error, Result,
    capability::{Capability, SupportLevel},
    case_study::{OutcomeDirection, OutcomeMetric},
    code::Code,
    fit_rule::{FitStrength, SkillLevel},
    hosting::HostingModel,
    id::Id,
    lock_in::{LockInDimension, LockInEffect},
    market::MarketMeasure,
    metric::MetricKey,
    package::PackageIdentifier,
    price::{Meter, Plan},
    release_cycle::ReleaseCycle,
    slug::Slug,
    subject::Subject,
    text,
};

/// What a fact says beyond its statement, typed by the sort of thing it says. Technologies that the detail
/// names are kept beside it, in order: see [`NewFact::technologies`].
#[derive(Debug, Clone, PartialEq)]
pub enum FactDetail {
    /// Nothing beyond the statement.
    Statement,
    /// Something for or against its subject.
    Trait,
    /// A named property with its value.
    Attribute {
        /// The name of the property: `license`.
        name: String,
        /// Its value.
        value: String,
    },
    /// Support of a capability.
    Capability {
        /// Which capability.
        capability: Capability,
        /// How it is provided.
        level: SupportLevel,
    },
    /// Use by an organisation, of one of the candidate technologies.
    Adoption {
        /// Who uses it.
        organization: Id<Subject>,
    },
    /// What the subject, or the technologies named, suit.
    FitRule {
        /// How strongly the source recommends it.
        strength: FitStrength,
        /// The language that the rule presumes a team to know.
        team_language: Option<Id<Subject>>,
        /// How well the team must know it.
        minimum_skill: Option<SkillLevel>,
    },
    /// A measured figure.
    Metric {
        /// What is measured.
        key: MetricKey,
        /// The figure.
        value: Decimal,
        /// Its unit.
        unit: String,
        /// Under which conditions it holds.
        conditions: Option<String>,
    },
    /// How a project went.
    Outcome {
        /// What it is told of.
        metric: OutcomeMetric,
        /// Which way it went.
        direction: OutcomeDirection,
        /// By how many per cent.
        percent: Option<Decimal>,
        /// Within how many months.
        months: Option<Decimal>,
    },
    /// The size or growth of a market.
    Market {
        /// The part of the market.
        segment: Slug,
        /// What the figure measures.
        measure: MarketMeasure,
        /// The year, or the first year of a period.
        year: i32,
        /// The last year of a period.
        to_year: Option<i32>,
        /// The size in US dollars.
        amount_usd: Option<Decimal>,
        /// The growth in per cent a year.
        percent: Option<Decimal>,
        /// Whether the year lay ahead when the figure was published.
        forecast: bool,
    },
    /// An ordered list of technologies.
    Listing,
    /// A line of releases and how long it is supported.
    Release(ReleaseCycle),
    /// A plan that customers choose.
    Plan(Plan),
    /// What a plan includes of one meter, and what more of it costs.
    Meter(Meter),
    /// Evidence of what makes leaving its subject hard or easy.
    LockIn {
        /// What binds an application.
        dimension: LockInDimension,
        /// What the evidence does to it.
        effect: LockInEffect,
    },
    /// A way from its subject to the technology named.
    Migration {
        /// The part of an application that is moved; the whole when absent.
        scope: Option<String>,
        /// The tool that helps.
        tool: Option<String>,
        /// What is moved by itself.
        automated: Option<String>,
        /// What is left to do by hand.
        by_hand: Option<String>,
    },
}

impl FactDetail {
    /// The stable name of this sort of detail.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Statement => "STATEMENT",
            Self::Trait => "TRAIT",
            Self::Attribute { .. } => "ATTRIBUTE",
            Self::Capability { .. } => "CAPABILITY_SUPPORT",
            Self::Adoption { .. } => "ADOPTION",
            Self::FitRule { .. } => "FIT_RULE",
            Self::Metric { .. } => "METRIC",
            Self::Outcome { .. } => "OUTCOME",
            Self::Market { .. } => "MARKET_FIGURE",
            Self::Listing => "LISTING",
            Self::Release(_) => "RELEASE_CYCLE",
            Self::Plan(_) => "PRICE_PLAN",
            Self::Meter(_) => "PRICE_METER",
            Self::LockIn { .. } => "LOCK_IN_EVIDENCE",
            Self::Migration { .. } => "MIGRATION_PATH",
        }
    }

    /// Whether a fact of this kind may carry this detail.
    pub(super) fn goes_with(&self, kind: FactKind) -> bool {
        use FactKind as K;
        match self {
            Self::Statement => !matches!(
                kind,
                K::Adoption | K::Outcome | K::Market | K::FitRule | K::Pro | K::Con | K::Benefit
            ),
            Self::Trait => matches!(kind, K::Pro | K::Con | K::Benefit),
            Self::Attribute { .. } => kind == K::Attribute,
            Self::Capability { .. } => kind == K::Capability,
            Self::Adoption { .. } => kind == K::Adoption,
            Self::FitRule { .. } => kind == K::FitRule,
            Self::Metric { .. } => kind == K::Metric,
            Self::Outcome { .. } => kind == K::Outcome,
            Self::Market { .. } => kind == K::Market,
            Self::Listing => matches!(kind, K::Ranking | K::Recommendation),
            Self::Release(_) => kind == K::Release,
            Self::Plan(_) | Self::Meter(_) => kind == K::Price,
            Self::LockIn { .. } => kind == K::Claim,
            Self::Migration { .. } => kind == K::Relation,
        }
    }

    /// Whether the detail must name technologies, may, or must not.
    pub(super) fn takes_technologies(&self) -> (usize, usize) {
        match self {
            Self::Adoption { .. } | Self::Listing => (1, 50),
            Self::FitRule { .. } => (0, 50),
            Self::Migration { .. } => (1, 1),
            _ => (0, 0),
        }
    }

    pub(super) fn validate(&self) -> Result<()> {
        match self {
            Self::Outcome { percent: Some(percent), .. } if percent.is_sign_negative() => {
                Err(Error::invalid("outcome.percent", "must not be negative: the direction says which way."))
            }
            Self::Outcome { months: Some(months), .. } if months.is_sign_negative() => {
                Err(Error::invalid("outcome.months", "must not be negative."))
            }
            Self::Market { measure, to_year, year, amount_usd, percent, .. } => {
                measure.validate(*year, *to_year, *amount_usd, *percent)
            }
            Self::Attribute { name, value } => validate_attribute(name, value),
            Self::Release(cycle) => cycle.validate(),
            Self::Plan(plan) => plan.validate(),
            Self::Meter(meter) => meter.validate(),
            _ => Ok(()),
        }
    }
}

/// The attributes whose values the catalogue reads, and not only shows.
pub mod attribute {
    /// The licence of a technology.
    pub const LICENSE: &str = "license";
    /// The name of a technology in a registry, as a package URL.
    pub const PACKAGE: &str = "package";
    /// Who can run a service: a [hosting model](crate::hosting::HostingModel).
    pub const HOSTING: &str = "hosting";
    /// For what there is a client library.
    pub const SDK: &str = "sdk";
    /// In what form a service keeps data.
    pub const DATA_MODEL: &str = "data-model";
}

fn validate_attribute(name: &str, value: &str) -> Result<()> {
    text::line("attribute.name", name)?;
    text::paragraph("attribute.value", value)?;
    match name {
        attribute::PACKAGE => PackageIdentifier::parse("attribute.value", value).map(|_| ()),
        attribute::HOSTING => HostingModel::parse(value).map(|_| ()).map_err(|e| e.named("attribute.value")),
        _ => Ok(()),
    }
}
