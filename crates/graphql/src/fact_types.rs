//! The types of facts, by what they say beyond their statement.

use std::collections::BTreeSet;

use async_graphql::{Context, SimpleObject};
use futures_util::future::try_join_all;
use rust_decimal::Decimal as Number;
use stackfit_domain::{
    capability::{Capability, SupportLevel},
    case_study::{OutcomeDirection, OutcomeMetric},
    evidence_grade::{EvidenceGrade, Profile, exactness, independence_of},
    fact::FactKind,
    fit_rule::{FitStrength, SkillLevel},
    id::Id,
    market::MarketMeasure,
    metric::MetricKey,
    slug::Slug,
    subject::Subject,
};
use stackfit_persistence::{
    citation::CitationsOf,
    fact::{PlacedTechnology, TechnologiesOf},
    organization::OrganizationById,
    technology::TechnologyById,
};

use crate::{
    coded::Coded,
    context::loader,
    error::{FieldResult, Nullable, at, expected, nullable},
    fact::of_kind,
    fact_fields::{evidence_of, fact_object, of_type},
    organization::Organization,
    scalar::Decimal,
    technology::Technology,
};

async fn technologies(
    ctx: &Context<'_>,
    fact: Id<stackfit_domain::fact::Fact>,
) -> FieldResult<Vec<PlacedTechnology>> {
    loader(ctx).load_or_default(TechnologiesOf(fact)).await.map_err(at(ctx))
}

/// The grade of evidence of an outcome.
pub(crate) async fn grade(ctx: &Context<'_>, outcome: &Outcome) -> FieldResult<Option<EvidenceGrade>> {
    let profile = Profile {
        verdict: outcome.fact.verdict,
        independence: independence_of(&evidence_of(ctx, &outcome.fact).await?),
        exactness: exactness(outcome.metric, outcome.percent.is_some(), outcome.months.is_some()),
    };
    Ok(profile.grade())
}

/// The definitions of a fact's subject that cite a source of the fact.
async fn definitions(ctx: &Context<'_>, fact: &stackfit_domain::fact::Fact) -> FieldResult<Vec<Statement>> {
    let sources: BTreeSet<Id<Subject>> = supporting(ctx, fact.id).await?;
    let definitions = of_kind(ctx, fact.subject.id, FactKind::Definition).await?;
    let believed: Vec<_> = definitions.into_iter().filter(|fact| !fact.verdict.refutes()).collect();
    let cited = try_join_all(believed.iter().map(|fact| supporting(ctx, fact.id))).await?;
    let shared = believed.into_iter().zip(cited).filter(|(_, cited)| !cited.is_disjoint(&sources));
    Ok(of_type(shared.map(|(fact, _)| fact).collect()))
}

/// The sources that support a fact.
async fn supporting(
    ctx: &Context<'_>,
    fact: Id<stackfit_domain::fact::Fact>,
) -> FieldResult<BTreeSet<Id<Subject>>> {
    let citations = loader(ctx).load_or_default(CitationsOf(fact)).await.map_err(at(ctx))?;
    let supporting = citations.into_iter().filter(|(citation, _)| citation.supports);
    Ok(supporting.map(|(_, source)| source.id).collect())
}

fact_object! {
    /// A fact that says nothing beyond its statement.
    Statement {} fields {
        /// The place that the source gives to what it says, from 1: the first thing to consider has 1. Null when
        /// the source gives none.
        async fn rank(&self) -> Option<i32> {
            self.fact.rank
        }
    }
}

fact_object! {
    /// Something that speaks for its subject (`PRO`), against it (`CON`), or for things of its sort (`BENEFIT`).
    Trait {} fields {}
}

fact_object! {
    /// A named property of its subject.
    Attribute { name: String, value: String } fields {
        /// The name of the property, in kebab case: `license`, `architecture`.
        async fn name(&self) -> &str {
            &self.name
        }

        /// Its value, as text.
        async fn value(&self) -> &str {
            &self.value
        }
    }
}

fact_object! {
    /// Whether and how a technology provides a capability.
    CapabilitySupport { capability: Capability, level: SupportLevel } fields {
        /// Which capability.
        async fn capability(&self) -> Coded<Capability> {
            self.capability.into()
        }

        /// How it is provided, according to the sources.
        async fn level(&self) -> Coded<SupportLevel> {
            self.level.into()
        }
    }
}

fact_object! {
    /// An organisation uses a technology, or one of several when the source does not say which.
    Adoption { organization: Id<Subject> } fields {
        /// Who uses it.
        async fn organization(&self, ctx: &Context<'_>) -> FieldResult<Organization> {
            let found = loader(ctx).load(OrganizationById(self.organization)).await.map_err(at(ctx))?;
            expected(found, "an organisation").map(Organization::from)
        }

        /// The technologies of which it uses one; with a single candidate the use is certain as far as the
        /// source goes. Never empty.
        async fn candidates(&self, ctx: &Context<'_>) -> FieldResult<Vec<Technology>> {
            let named = technologies(ctx, self.fact.id).await?;
            Ok(named.into_iter().map(|named| named.technology.into()).collect())
        }
    }
}

fact_object! {
    /// What a source recommends, or advises against, for a use case or for a team.
    FitRule { strength: FitStrength, team_language: Option<Id<Subject>>, minimum_skill: Option<SkillLevel> } fields {
        /// How strongly the source recommends it.
        async fn strength(&self) -> Coded<FitStrength> {
            self.strength.into()
        }

        /// The technologies that it recommends or advises against: the subject first, then those named with it.
        async fn technologies(&self, ctx: &Context<'_>) -> FieldResult<Vec<Technology>> {
            let named = technologies(ctx, self.fact.id).await?;
            Ok(named.into_iter().map(|named| named.technology.into()).collect())
        }

        /// The language that the rule presumes the team to know. Null when the rule is not about a team.
        async fn team_language(&self, ctx: &Context<'_>) -> Nullable<Technology> {
            let language = self.team_language?;
            nullable(loader(ctx).load(TechnologyById(language)).await, Technology::from)
        }

        /// How well the team must know it. Null when the rule does not say.
        async fn minimum_skill(&self) -> Option<Coded<SkillLevel>> {
            self.minimum_skill.map(Into::into)
        }
    }
}

fact_object! {
    /// A measured figure with the conditions under which it holds. Figures of different conditions are never
    /// merged.
    Metric { key: MetricKey, value: Number, unit: String, conditions: Option<String> } fields {
        /// What is measured.
        async fn metric(&self) -> Coded<MetricKey> {
            self.key.into()
        }

        /// The figure, exact, in `unit`.
        async fn value(&self) -> Decimal {
            Decimal(self.value)
        }

        /// The unit of `value`.
        async fn unit(&self) -> &str {
            &self.unit
        }

        /// Under which conditions the figure holds. Null when the source names none.
        async fn conditions(&self) -> Option<&str> {
            self.conditions.as_deref()
        }
    }
}

fact_object! {
    /// How a project went, by one measure. Failures are told like successes.
    Outcome {
        metric: OutcomeMetric,
        direction: OutcomeDirection,
        percent: Option<Number>,
        months: Option<Number>,
    } fields {
        /// What the outcome measures.
        async fn metric(&self) -> Coded<OutcomeMetric> {
            self.metric.into()
        }

        /// Which way it went.
        async fn direction(&self) -> Coded<OutcomeDirection> {
            self.direction.into()
        }

        /// By how many per cent, never negative: `direction` says which way. Null when the source gives no
        /// percentage.
        async fn percent(&self) -> Option<Decimal> {
            self.percent.map(Decimal)
        }

        /// Within how many months. Null when the source gives no time.
        async fn months(&self) -> Option<Decimal> {
            self.months.map(Decimal)
        }

        /// Whether it is well to go this way, by this measure: more of income, transactions, customers, response and
        /// speed; less, or none, of costs and time; always `ACHIEVED` and never `FAILED`.
        async fn is_good(&self) -> bool {
            self.direction.is_good(self.metric)
        }

        /// How well it is evidenced: by who tells it, its verdict, and whether a figure and a period are given. Null
        /// when its verdict refutes it.
        async fn evidence_grade(&self, ctx: &Context<'_>) -> Nullable<Coded<EvidenceGrade>> {
            grade(ctx, self).await.transpose().map(|grade| grade.map(Into::into))
        }
    }
}

fact_object! {
    /// The size or the growth of a market, as one source has it.
    MarketFigure {
        segment: Slug,
        measure: MarketMeasure,
        year: i32,
        to_year: Option<i32>,
        amount_usd: Option<Number>,
        percent: Option<Number>,
        forecast: bool,
    } fields {
        /// The slug of the segment.
        async fn segment(&self) -> &str {
            self.segment.as_str()
        }

        /// What the figure measures.
        async fn measure(&self) -> Coded<MarketMeasure> {
            self.measure.into()
        }

        /// The year of a size; the first year of a growth rate.
        async fn year(&self) -> i32 {
            self.year
        }

        /// The last year of a growth rate. Null for a size.
        async fn to_year(&self) -> Option<i32> {
            self.to_year
        }

        /// The size in US dollars, exact. Null for a growth rate.
        async fn amount_usd(&self) -> Option<Decimal> {
            self.amount_usd.map(Decimal)
        }

        /// The compound annual growth rate in per cent a year. Null for a size.
        async fn percent(&self) -> Option<Decimal> {
            self.percent.map(Decimal)
        }

        /// Whether the year lay ahead when the figure was published.
        async fn is_forecast(&self) -> bool {
            self.forecast
        }

        /// What a source of the figure understands by what it measures: the definitions of the figure's subject that
        /// cite one of its sources, by code. Refuted ones are left out. Empty when no source of it says what it counts:
        /// then figures of different sources are not known to be of the same market.
        async fn definitions(&self, ctx: &Context<'_>) -> FieldResult<Vec<Statement>> {
            definitions(ctx, &self.fact).await
        }
    }
}

fact_object! {
    /// An ordered list of technologies: a ranking, or what a source recommends.
    Listing {} fields {
        /// The places of the list, from the first.
        async fn entries(&self, ctx: &Context<'_>) -> FieldResult<Vec<ListingEntry>> {
            let mut entries: Vec<ListingEntry> = Vec::new();
            for PlacedTechnology { place, technology } in technologies(ctx, self.fact.id).await? {
                match entries.last_mut() {
                    Some(entry) if entry.place == place => entry.technologies.push(technology.into()),
                    _ => entries.push(ListingEntry { place, technologies: vec![technology.into()] }),
                }
            }
            Ok(entries)
        }
    }
}

/// A place in a list.
#[derive(SimpleObject)]
pub struct ListingEntry {
    /// The place, from 1.
    place: i32,
    /// The technologies that hold the place: several when the source names them together.
    technologies: Vec<Technology>,
}
