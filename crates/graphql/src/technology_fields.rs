//! The fields that every technology has.

use async_graphql::Context;
use futures_util::{FutureExt, future::try_join_all};
use stackfit_domain::{
    Error,
    capability::Capability,
    coverage::{Coverage as DomainCoverage, expected_of_technology},
    fact::{Fact as DomainFact, FactKind, attribute},
    id::Id,
    metric::MetricKey,
    page::{Page, Window},
    relation::RelationKind,
    subject::{Record, Subject},
    technology::{Platform, Technology as DomainTechnology},
};
use stackfit_persistence::{
    alias::AliasesOf,
    case_study::{CaseStudiesOf, CaseStudiesParent, CaseStudyCountOf},
    change::{HistoryCountOf, HistoryOf},
    coverage::KnownKindsOf,
    fact::{FactCountOf, FactsOf, FactsParent, FitRulesOf},
    platform::PlatformsOf,
    relation::{AssertedRelation, RelationsFrom},
    technology::TechnologyById,
};

use crate::{
    case_study::CaseStudy,
    change::Change,
    coded::{Coded, coded},
    component::Component,
    connection::Connection,
    context::loader,
    coverage::Coverage,
    error::{FieldResult, Nullable, at},
    fact::{self, Fact},
    fact_fields::of_type,
    fact_types::{Adoption, Attribute, CapabilitySupport, FitRule, Metric, Trait},
    relation::Relation,
    technology::Technology,
};

/// Defines a type that implements the interface `Technology`: the fields that every technology has, then fields of its own.
macro_rules! technology_object {
    ($(#[$meta:meta])* $name:ident fields { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(
            pub(crate) std::sync::Arc<
                stackfit_domain::subject::Record<stackfit_domain::technology::Technology>,
            >,
        );

        $(#[$meta])*
        #[async_graphql::Object]
        impl $name {
            /// Global id.
            pub(crate) async fn id(&self) -> async_graphql::ID {
                let kind = stackfit_domain::subject::SubjectKind::Technology;
                crate::id::NodeKey::subject(kind, self.0.id).encode()
            }

            /// Readable, stable name: `ruby-on-rails`.
            pub(crate) async fn slug(&self) -> &str {
                self.0.value.slug.as_str()
            }

            /// What kind of technology it is.
            pub(crate) async fn kind(&self) -> crate::coded::Coded<stackfit_domain::technology::TechnologyKind> {
                self.0.value.kind.into()
            }

            /// Name as its makers write it.
            pub(crate) async fn name(&self) -> &str {
                &self.0.value.name
            }

            /// One sentence that says what it is. Null when nobody has written it yet.
            pub(crate) async fn summary(&self) -> Option<&str> {
                self.0.value.summary.as_deref()
            }

            /// Other names, old names and misspellings under which it is looked for.
            pub(crate) async fn aliases(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<String>> {
                crate::technology_fields::aliases(ctx, self.0.id).await
            }

            /// Its own site. Null when none is known.
            pub(crate) async fn homepage(&self) -> Option<crate::scalar::Url> {
                self.0.value.homepage.clone().map(crate::scalar::Url)
            }

            /// Its source code. Null when none is known or it is not public.
            pub(crate) async fn repository(&self) -> Option<crate::scalar::Url> {
                self.0.value.repository.clone().map(crate::scalar::Url)
            }

            /// The fact that names its licence, if one that is not refuted does. Null when no source at hand
            /// names it.
            pub(crate) async fn license(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::Nullable<crate::fact_types::Attribute> {
                crate::technology_fields::license(ctx, self.0.id).await
            }

            /// The languages that it is written in or for, according to facts that are not refuted.
            pub(crate) async fn languages(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::component::Component>> {
                crate::technology_fields::languages(ctx, self.0.id).await
            }

            /// The platforms on which it runs, according to facts that are not refuted. Empty when no fact
            /// says.
            pub(crate) async fn platforms(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<
                Vec<crate::coded::Coded<stackfit_domain::technology::Platform>>,
            > {
                crate::technology_fields::platforms(ctx, self.0.id).await
            }

            /// Whether it was taken out of the lists.
            pub(crate) async fn archived(&self) -> bool {
                self.0.value.archived
            }

            /// How many times its record was written, from 1.
            pub(crate) async fn version(&self) -> i32 {
                self.0.version
            }

            /// When its record was last written.
            pub(crate) async fn updated_at(&self) -> crate::scalar::DateTime {
                crate::scalar::DateTime(self.0.updated_at)
            }

            /// The facts about it, by code.
            pub(crate) async fn facts(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "Which facts; all when left out.")] filter: Option<crate::fact::FactFilter>,
                #[graphql(desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given.")]
                first: Option<i32>,
                #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "End before this cursor.")] before: Option<String>,
            ) -> crate::error::FieldResult<crate::connection::Connection<crate::fact::Fact>> {
                let window = crate::connection::window(ctx, first, after, last, before)?;
                let parent = stackfit_persistence::fact::FactsParent::About(self.0.id);
                crate::fact::page_of(ctx, parent, filter, window).await
            }

            /// Where it stands with its support.
            pub(crate) async fn support_health(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "On which day; today when left out.")] as_of: Option<crate::scalar::Date>,
                #[graphql(desc = "Of this version, as in `8.0.3`; of the technology as a whole when left out.")]
                version: Option<String>,
            ) -> crate::error::FieldResult<crate::support_health::SupportHealth> {
                crate::support_health::health(ctx, self.0.id, as_of, version).await
            }

            /// Under which names registries hold it, according to facts that are not refuted.
            pub(crate) async fn packages(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::package::PackageIdentifier>> {
                crate::package::packages(ctx, self.0.id).await
            }

            /// Measured figures, by code, at most 100. Empty when none is known.
            pub(crate) async fn metrics(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "Of this metric only.")] metric: Option<
                    crate::coded::Coded<stackfit_domain::metric::MetricKey>,
                >,
            ) -> crate::error::FieldResult<Vec<crate::fact_types::Metric>> {
                crate::technology_fields::metrics(ctx, self.0.id, metric).await
            }

            /// The typed links that lead from it to other things, with the facts that assert them.
            pub(crate) async fn relations(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<Vec<crate::relation::Relation>> {
                crate::technology_fields::relations(ctx, self.0.id).await
            }

            /// Which kinds of fact are known of it, out of those that a chooser would expect.
            pub(crate) async fn coverage(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> crate::error::FieldResult<crate::coverage::Coverage> {
                crate::technology_fields::coverage(ctx, &self.0).await
            }

            /// The case studies that were built with it, by title.
            pub(crate) async fn case_studies(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given.")]
                first: Option<i32>,
                #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "End before this cursor.")] before: Option<String>,
            ) -> crate::error::FieldResult<
                crate::connection::Connection<crate::case_study::CaseStudy>,
            > {
                let window = crate::connection::window(ctx, first, after, last, before)?;
                let parent = stackfit_persistence::case_study::CaseStudiesParent::Technology(self.0.id);
                crate::technology_fields::case_studies(ctx, parent, window).await
            }

            /// The changes of its record, the oldest first.
            pub(crate) async fn history(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given.")]
                first: Option<i32>,
                #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "End before this cursor.")] before: Option<String>,
            ) -> crate::error::FieldResult<crate::connection::Connection<crate::change::Change>> {
                let window = crate::connection::window(ctx, first, after, last, before)?;
                crate::technology_fields::history(ctx, self.0.id, window).await
            }

            $($own)*
        }

        impl From<std::sync::Arc<stackfit_domain::subject::Record<stackfit_domain::technology::Technology>>>
            for $name
        {
            fn from(
                record: std::sync::Arc<
                    stackfit_domain::subject::Record<stackfit_domain::technology::Technology>,
                >,
            ) -> Self {
                Self(record)
            }
        }
    };
}
pub(crate) use technology_object;

/// Defines a technology that people choose, as [`technology_object`] does, with what speaks for and against it and
/// what it can do.
macro_rules! judged_object {
    ($(#[$meta:meta])* $name:ident fields { $($own:tt)* }) => {
        $crate::technology_fields::technology_object! {
            $(#[$meta])*
            $name fields {
                /// What speaks for it, by code, at most 100. Empty does not mean that nothing does: see `coverage`.
                async fn pros(&self, ctx: &async_graphql::Context<'_>) -> crate::error::FieldResult<Vec<crate::fact_types::Trait>> {
                    crate::technology_fields::traits(ctx, self.0.id, stackfit_domain::fact::FactKind::Pro).await
                }

                /// What speaks against it, by code, at most 100. Empty does not mean that nothing does: see `coverage`.
                async fn cons(&self, ctx: &async_graphql::Context<'_>) -> crate::error::FieldResult<Vec<crate::fact_types::Trait>> {
                    crate::technology_fields::traits(ctx, self.0.id, stackfit_domain::fact::FactKind::Con).await
                }

                /// What it can do for an application, by code, at most 100. What is not listed is unknown, not absent.
                async fn capabilities(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(name = "in", desc = "Of these capabilities only.")] wanted: Option<
                        Vec<crate::coded::Coded<stackfit_domain::capability::Capability>>,
                    >,
                ) -> crate::error::FieldResult<Vec<crate::fact_types::CapabilitySupport>> {
                    crate::technology_fields::capabilities(ctx, self.0.id, wanted).await
                }

                $($own)*
            }
        }
    };
}
pub(crate) use judged_object;

type SubjectId = Id<Subject>;

pub(crate) async fn aliases(ctx: &Context<'_>, id: SubjectId) -> FieldResult<Vec<String>> {
    loader(ctx).load_or_default(AliasesOf(id)).await.map_err(at(ctx))
}

pub(crate) async fn license(ctx: &Context<'_>, id: SubjectId) -> Nullable<Attribute> {
    match attributes(ctx, id, attribute::LICENSE).await {
        Ok(licenses) => licenses.into_iter().next().map(Ok),
        Err(error) => Some(Err(error)),
    }
}

/// The attributes with a name that no verdict refutes.
pub(crate) async fn attributes(ctx: &Context<'_>, id: SubjectId, name: &str) -> FieldResult<Vec<Attribute>> {
    let mut attributes: Vec<Attribute> = of_type(fact::of_kind(ctx, id, FactKind::Attribute).await?);
    attributes.retain(|attribute| attribute.name == name && !attribute.fact.verdict.refutes());
    Ok(attributes)
}

/// To what relations of a kind lead, each once, according to facts that are not refuted.
pub(crate) fn holding(relations: Vec<AssertedRelation>, kind: RelationKind) -> Vec<SubjectId> {
    let mut ids: Vec<SubjectId> = Vec::new();
    for AssertedRelation { relation, fact } in relations {
        let holds = relation.kind == kind && !fact.verdict.refutes();
        if holds && !ids.contains(&relation.to) {
            ids.push(relation.to);
        }
    }
    ids
}

pub(crate) async fn languages(ctx: &Context<'_>, id: SubjectId) -> FieldResult<Vec<Component>> {
    let relations = loader(ctx).load_or_default(RelationsFrom(id)).await.map_err(at(ctx))?;
    let loads =
        holding(relations, RelationKind::Language).into_iter().map(|id| loader(ctx).load(TechnologyById(id)));
    let found = try_join_all(loads).await.map_err(at(ctx))?;
    Ok(found
        .into_iter()
        .flatten()
        .filter_map(|record| match Technology::from(record) {
            Technology::Component(component) => Some(component),
            Technology::Framework(_) | Technology::BaasProvider(_) => None,
        })
        .collect())
}

pub(crate) async fn platforms(ctx: &Context<'_>, id: SubjectId) -> FieldResult<Vec<Coded<Platform>>> {
    Ok(coded(loader(ctx).load_or_default(PlatformsOf(id)).await.map_err(at(ctx))?))
}

pub(crate) async fn metrics(
    ctx: &Context<'_>,
    id: SubjectId,
    wanted: Option<Coded<MetricKey>>,
) -> FieldResult<Vec<Metric>> {
    let facts = fact::of_kind(ctx, id, FactKind::Metric).await?;
    let mut metrics: Vec<Metric> = of_type(facts);
    metrics.retain(|metric| wanted.is_none_or(|wanted| wanted.0 == metric.key));
    Ok(metrics)
}

pub(crate) async fn relations(ctx: &Context<'_>, id: SubjectId) -> FieldResult<Vec<Relation>> {
    let relations = loader(ctx).load_or_default(RelationsFrom(id)).await.map_err(at(ctx))?;
    Ok(relations.into_iter().map(Relation::from).collect())
}

pub(crate) async fn coverage(
    ctx: &Context<'_>,
    technology: &Record<DomainTechnology>,
) -> FieldResult<Coverage> {
    let known = loader(ctx).load_or_default(KnownKindsOf(technology.id)).await.map_err(at(ctx))?;
    Ok(DomainCoverage::of(expected_of_technology(technology.value.kind), &known).into())
}

pub(crate) async fn case_studies(
    ctx: &Context<'_>,
    parent: CaseStudiesParent,
    window: Window,
) -> FieldResult<Connection<CaseStudy>> {
    loader(ctx).reader().check_case_study_window(&window).map_err(at(ctx))?;
    let page = loader(ctx).load(CaseStudiesOf { parent, window }).await.map_err(at(ctx))?;
    Ok(Connection::new(page.unwrap_or_else(Page::empty), CaseStudy::from, move |loader| {
        async move { loader.load_or_default(CaseStudyCountOf(parent)).await }.boxed()
    }))
}

pub(crate) async fn history(
    ctx: &Context<'_>,
    id: SubjectId,
    window: Window,
) -> FieldResult<Connection<Change>> {
    let id = id.uuid();
    loader(ctx).reader().check_change_window(&window).map_err(at(ctx))?;
    let page = loader(ctx).load(HistoryOf { id, window }).await.map_err(at(ctx))?;
    Ok(Connection::new(page.unwrap_or_else(Page::empty), Change::from, move |loader| {
        async move { loader.load_or_default(HistoryCountOf(id)).await }.boxed()
    }))
}

/// Pros, cons or benefits of something.
pub(crate) async fn traits(ctx: &Context<'_>, id: SubjectId, kind: FactKind) -> FieldResult<Vec<Trait>> {
    Ok(of_type(fact::of_kind(ctx, id, kind).await?))
}

pub(crate) async fn capabilities(
    ctx: &Context<'_>,
    id: SubjectId,
    wanted: Option<Vec<Coded<Capability>>>,
) -> FieldResult<Vec<CapabilitySupport>> {
    let facts = fact::of_kind(ctx, id, FactKind::Capability).await?;
    let wanted = wanted.map(crate::coded::codes);
    let mut supports: Vec<CapabilitySupport> = of_type(facts);
    supports.retain(|support| wanted.as_ref().is_none_or(|wanted| wanted.contains(&support.capability)));
    Ok(supports)
}

pub(crate) async fn fit_rules(ctx: &Context<'_>, id: SubjectId) -> FieldResult<Vec<FitRule>> {
    let facts = loader(ctx).load_or_default(FitRulesOf(id)).await.map_err(at(ctx))?;
    Ok(of_type(facts))
}

/// The fact of an adoption as one: the lists of adoptions hold nothing else.
fn adoption(fact: DomainFact) -> stackfit_domain::Result<Adoption> {
    Adoption::try_from(Fact::from(fact)).map_err(|()| Error::internal("a fact is no adoption"))
}

/// A page of adoptions.
pub(crate) async fn adoptions(
    ctx: &Context<'_>,
    parent: FactsParent,
    window: Window,
) -> FieldResult<Connection<Adoption>> {
    let filter = stackfit_domain::filter::Filter::everything();
    loader(ctx).reader().check_fact_window(&window).map_err(at(ctx))?;
    let key = FactsOf { parent, filter: filter.clone(), window };
    let page = loader(ctx).load(key).await.map_err(at(ctx))?.unwrap_or_else(Page::empty);
    let page = page.try_map(adoption).map_err(at(ctx))?;
    Ok(Connection::new(
        page,
        |adoption| adoption,
        move |loader| {
            let key = FactCountOf { parent, filter: filter.clone() };
            async move { loader.load_or_default(key).await }.boxed()
        },
    ))
}
