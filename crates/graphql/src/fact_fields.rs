//! The fields that every fact has.

use async_graphql::Context;
use stackfit_domain::{
    confidence::{Evidence, confidence},
    fact::{Fact as DomainFact, FactLinkKind},
    freshness::{Freshness, freshness},
    subject::Record,
    technology::Platform,
};
use stackfit_persistence::{
    citation::{CitationsOf, ErrataOf},
    fact::{ContradictionsOf, LinkedFacts},
    platform::PlatformsAssertedBy,
    relation::RelationsAssertedBy,
};

use crate::{
    citation::{Citation, Erratum},
    coded::{Coded, coded},
    context::loader,
    error::{FieldResult, Nullable, at},
    fact::Fact,
    relation::Relation,
    subject::{self, FactSubject},
};

/// Defines a type that implements the interface `Fact`: data of its own, and fields of its own after those that
/// every fact has.
macro_rules! fact_object {
    ($(#[$meta:meta])* $name:ident { $($data:ident: $data_type:ty),* $(,)? } fields { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name {
            pub(crate) fact: std::sync::Arc<stackfit_domain::fact::Fact>,
            $(pub(crate) $data: $data_type),*
        }

        $(#[$meta])*
        #[async_graphql::Object]
        impl $name {
            /// Global id.
            pub(crate) async fn id(&self) -> async_graphql::ID {
                crate::id::NodeKey::Fact(self.fact.id).encode()
            }

            /// Stable human name, such as `F88` for the founding article's 88th claim.
            pub(crate) async fn code(&self) -> String {
                self.fact.code.to_string()
            }

            /// What kind of thing it says.
            pub(crate) async fn kind(&self) -> crate::coded::Coded<stackfit_domain::fact::FactKind> {
                self.fact.kind.into()
            }

            /// Short headline. Null when the statement is short enough by itself.
            pub(crate) async fn title(&self) -> Option<String> {
                self.fact.title.clone()
            }

            /// What the sources say, in the catalogue's own words.
            pub(crate) async fn statement(&self) -> String {
                self.fact.statement.clone()
            }

            /// Whether it is so.
            pub(crate) async fn verdict(&self) -> crate::coded::Coded<stackfit_domain::verdict::Verdict> {
                self.fact.verdict.into()
            }

            /// Why the verdict is what it is. Null when the verdict explains itself.
            pub(crate) async fn verdict_reason(&self) -> Option<String> {
                self.fact.verdict_reason.clone()
            }

            /// How far it may be relied upon, from 0 to 1: verdict weight × (1 − ∏(1 − trust of each distinct
            /// supporting source)) × freshness weight.
            pub(crate) async fn confidence(&self, ctx: &async_graphql::Context<'_>) -> crate::error::FieldResult<f64> {
                crate::fact_fields::confidence_of(ctx, &self.fact).await
            }

            /// How old the observation is today, measured by how fast facts of its kind change.
            pub(crate) async fn freshness(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::coded::Coded<stackfit_domain::freshness::Freshness> {
                crate::fact_fields::freshness_of(ctx, &self.fact).into()
            }

            /// The criterion of selection that it bears on. Null when it bears on none in particular.
            pub(crate) async fn criterion(
                &self,
            ) -> Option<crate::coded::Coded<stackfit_domain::selection_criterion::Criterion>> {
                self.fact.criterion.map(Into::into)
            }

            /// The use case that it bears on. Null when it bears on none in particular.
            pub(crate) async fn use_case(&self) -> Option<crate::coded::Coded<stackfit_domain::fit_rule::UseCase>> {
                self.fact.use_case.map(Into::into)
            }

            /// When it was observed: the last day of what is known, so that its age is never overstated. Null
            /// when nobody knows.
            pub(crate) async fn observed_on(&self) -> Option<crate::scalar::Date> {
                self.fact.observed_on.map(|date| crate::scalar::Date(date.last_day()))
            }

            /// How exactly `observedOn` is known. Null when it is not known at all.
            pub(crate) async fn observed_precision(
                &self,
            ) -> Option<crate::coded::Coded<stackfit_domain::partial_date::DatePrecision>> {
                self.fact.observed_on.map(|date| date.precision().into())
            }

            /// The first day on which it held. Null when it has always held or nobody knows.
            pub(crate) async fn valid_from(&self) -> Option<crate::scalar::Date> {
                self.fact.valid_from.map(crate::scalar::Date)
            }

            /// The last day on which it held. Null when it still holds or nobody knows.
            pub(crate) async fn valid_to(&self) -> Option<crate::scalar::Date> {
                self.fact.valid_to.map(crate::scalar::Date)
            }

            /// What it is about. Null only when that cannot be loaded.
            pub(crate) async fn subject(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::Nullable<crate::subject::FactSubject> {
                crate::fact_fields::subject_of(ctx, &self.fact).await
            }

            /// The places that it rests on. Never empty.
            pub(crate) async fn citations(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::citation::Citation>> {
                crate::fact_fields::citations_of(ctx, &self.fact).await
            }

            /// What the sources wrote wrong, and what is right. Empty when nothing is known to be wrong.
            pub(crate) async fn errata(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::citation::Erratum>> {
                crate::fact_fields::errata_of(ctx, &self.fact).await
            }

            /// The facts that say the opposite, by code, at most 100. They name this one in turn.
            pub(crate) async fn contradicted_by(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::fact::Fact>> {
                crate::fact_fields::contradicted_by(ctx, &self.fact).await
            }

            /// The facts that it says again on better ground, by code, at most 100.
            pub(crate) async fn confirms(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::fact::Fact>> {
                let kind = stackfit_domain::fact::FactLinkKind::Confirms;
                crate::fact_fields::linked(ctx, &self.fact, kind, false).await
            }

            /// The facts that say the same on better ground, by code, at most 100.
            pub(crate) async fn confirmed_by(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::fact::Fact>> {
                let kind = stackfit_domain::fact::FactLinkKind::Confirms;
                crate::fact_fields::linked(ctx, &self.fact, kind, true).await
            }

            /// The facts that it makes more precise, by code, at most 100.
            pub(crate) async fn refines(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::fact::Fact>> {
                let kind = stackfit_domain::fact::FactLinkKind::Refines;
                crate::fact_fields::linked(ctx, &self.fact, kind, false).await
            }

            /// The facts that make it more precise, by code, at most 100.
            pub(crate) async fn refined_by(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::fact::Fact>> {
                let kind = stackfit_domain::fact::FactLinkKind::Refines;
                crate::fact_fields::linked(ctx, &self.fact, kind, true).await
            }

            /// The typed links between things that it asserts.
            pub(crate) async fn relations(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::relation::Relation>> {
                crate::fact_fields::relations_of(ctx, &self.fact).await
            }

            /// The platforms on which it says its subject runs. Empty when it says nothing of platforms.
            pub(crate) async fn platforms(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::coded::Coded<stackfit_domain::technology::Platform>>> {
                crate::fact_fields::platforms_of(ctx, &self.fact).await
            }

            $($own)*
        }

        impl TryFrom<crate::fact::Fact> for $name {
            type Error = ();

            fn try_from(fact: crate::fact::Fact) -> Result<Self, ()> {
                match fact {
                    crate::fact::Fact::$name(fact) => Ok(fact),
                    _ => Err(()),
                }
            }
        }
    };
}
pub(crate) use fact_object;

/// Those of some facts that are of one type.
pub(crate) fn of_type<T: TryFrom<Fact>>(facts: Vec<DomainFact>) -> Vec<T> {
    facts.into_iter().filter_map(|fact| T::try_from(Fact::from(fact)).ok()).collect()
}

pub(crate) fn freshness_of(ctx: &Context<'_>, fact: &DomainFact) -> Freshness {
    let observed = fact.observed_on.map(stackfit_domain::partial_date::PartialDate::last_day);
    freshness(fact.kind, observed, loader(ctx).reader().today())
}

/// Who is cited for a fact, as far as it matters for what is believed.
pub(crate) async fn evidence_of(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<Vec<Evidence>> {
    let citations = loader(ctx).load_or_default(CitationsOf(fact.id)).await.map_err(at(ctx))?;
    let evidence = citations
        .iter()
        .map(|(citation, Record { value: source, .. })| Evidence {
            source: citation.source,
            kind: source.kind,
            has_vendor_bias: source.has_vendor_bias,
            supports: citation.supports,
        })
        .collect();
    Ok(evidence)
}

/// Rounded to three decimals: more would claim a precision that the weights do not have.
pub(crate) async fn confidence_of(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<f64> {
    let value = confidence(fact.verdict, &evidence_of(ctx, fact).await?, freshness_of(ctx, fact));
    Ok((value * 1_000.0).round() / 1_000.0)
}

pub(crate) async fn subject_of(ctx: &Context<'_>, fact: &DomainFact) -> Nullable<FactSubject> {
    subject::load(ctx, fact.subject).await
}

pub(crate) async fn citations_of(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<Vec<Citation>> {
    let citations = loader(ctx).load_or_default(CitationsOf(fact.id)).await.map_err(at(ctx))?;
    Ok(citations.into_iter().map(Citation::from).collect())
}

pub(crate) async fn errata_of(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<Vec<Erratum>> {
    let errata = loader(ctx).load_or_default(ErrataOf(fact.id)).await.map_err(at(ctx))?;
    Ok(errata.into_iter().map(Erratum::from).collect())
}

pub(crate) async fn contradicted_by(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<Vec<Fact>> {
    let facts = loader(ctx).load_or_default(ContradictionsOf(fact.id)).await.map_err(at(ctx))?;
    Ok(facts.into_iter().map(Fact::from).collect())
}

pub(crate) async fn linked(
    ctx: &Context<'_>,
    fact: &DomainFact,
    kind: FactLinkKind,
    backwards: bool,
) -> FieldResult<Vec<Fact>> {
    let key = LinkedFacts { fact: fact.id, kind, backwards };
    let facts = loader(ctx).load_or_default(key).await.map_err(at(ctx))?;
    Ok(facts.into_iter().map(Fact::from).collect())
}

pub(crate) async fn relations_of(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<Vec<Relation>> {
    let relations = loader(ctx).load_or_default(RelationsAssertedBy(fact.id)).await.map_err(at(ctx))?;
    Ok(relations.into_iter().map(Relation::from).collect())
}

pub(crate) async fn platforms_of(ctx: &Context<'_>, fact: &DomainFact) -> FieldResult<Vec<Coded<Platform>>> {
    let platforms = loader(ctx).load_or_default(PlatformsAssertedBy(fact.id)).await.map_err(at(ctx))?;
    Ok(coded(platforms))
}
