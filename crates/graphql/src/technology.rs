//! Technologies: the interface that all of them have, and how they are found.

#![expect(
    clippy::duplicated_attributes,
    reason = "fields of an interface are told in attributes, and many have the same type"
)]

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Interface, Object};
use futures_util::FutureExt;
use stackfit_domain::{
    capability::Capability,
    filter::{Filter, MetricTest, TechnologyTest, texts, values},
    fit_rule::UseCase,
    metric::MetricKey,
    release_cycle::SupportStatus,
    subject::Record,
    technology::{Platform, Technology as DomainTechnology, TechnologyKind},
};
use stackfit_persistence::technology::{
    TechnologyOrder as StoredOrder, TechnologyOrderField as StoredOrderField,
};

use crate::{
    baas_provider::BaasProvider,
    case_study::CaseStudy,
    change::Change,
    coded::{Coded, codes},
    component::Component,
    connection::{Connection, window},
    context::loader,
    coverage::Coverage,
    error::{FieldResult, Nullable, at, nullable},
    facet::TechnologyPage,
    fact::{Fact, FactFilter},
    fact_types::{Attribute, Metric},
    filter::{Combined, Parts, StringFilter, read},
    framework::Framework,
    order::{Direction, Key, checked},
    package::PackageIdentifier,
    relation::Relation,
    scalar::{Date, DateTime, Decimal, Url},
    support_health::SupportHealth,
};
use stackfit_domain::slug::Slug;

/// Something to build with: a framework, a Backend as a Service, or a component such as a language, a runtime or
/// a database. What is *said* of it is in its facts.
#[derive(Interface, Clone)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Global id."),
    field(name = "slug", ty = "&str", desc = "Readable, stable name: `ruby-on-rails`."),
    field(name = "kind", ty = "Coded<TechnologyKind>", desc = "What kind of technology it is."),
    field(name = "name", ty = "&str", desc = "Name as its makers write it."),
    field(
        name = "summary",
        ty = "Option<&str>",
        desc = "One sentence that says what it is. Null when nobody has written it yet."
    ),
    field(
        name = "aliases",
        ty = "Vec<String>",
        desc = "Other names, old names and misspellings under which it is looked for."
    ),
    field(name = "homepage", ty = "Option<Url>", desc = "Its own site. Null when none is known."),
    field(
        name = "repository",
        ty = "Option<Url>",
        desc = "Its source code. Null when none is known or it is not public."
    ),
    field(
        name = "license",
        ty = "Nullable<Attribute>",
        desc = "The fact that names its licence, if one that is not refuted does. Null when no source at hand names it."
    ),
    field(
        name = "languages",
        ty = "Vec<Component>",
        desc = "The languages that it is written in or for, according to facts that are not refuted."
    ),
    field(
        name = "platforms",
        ty = "Vec<Coded<Platform>>",
        desc = "The platforms on which it runs, according to facts that are not refuted. Empty when no fact says."
    ),
    field(name = "archived", ty = "bool", desc = "Whether it was taken out of the lists."),
    field(name = "version", ty = "i32", desc = "How many times its record was written, from 1."),
    field(name = "updated_at", ty = "DateTime", desc = "When its record was last written."),
    field(
        name = "facts",
        ty = "Connection<Fact>",
        desc = "The facts about it, by code.",
        arg(name = "filter", ty = "Option<FactFilter>", desc = "Which facts; all when left out."),
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Begin after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "How many from the end, at most 100."),
        arg(name = "before", ty = "Option<String>", desc = "End before this cursor.")
    ),
    field(
        name = "support_health",
        ty = "SupportHealth",
        desc = "Where it stands with its support.",
        arg(name = "as_of", ty = "Option<Date>", desc = "On which day; today when left out."),
        arg(
            name = "version",
            ty = "Option<String>",
            desc = "Of this version, as in `8.0.3`; of the technology as a whole when left out."
        )
    ),
    field(
        name = "packages",
        ty = "Vec<PackageIdentifier>",
        desc = "Under which names registries hold it, according to facts that are not refuted."
    ),
    field(
        name = "metrics",
        ty = "Vec<Metric>",
        desc = "Measured figures, by code, at most 100. Empty when none is known.",
        arg(name = "metric", ty = "Option<Coded<MetricKey>>", desc = "Of this metric only.")
    ),
    field(
        name = "relations",
        ty = "Vec<Relation>",
        desc = "The typed links that lead from it to other things, with the facts that assert them."
    ),
    field(
        name = "coverage",
        ty = "Coverage",
        desc = "Which kinds of fact are known of it, out of those that a chooser would expect."
    ),
    field(
        name = "case_studies",
        ty = "Connection<CaseStudy>",
        desc = "The case studies that were built with it, by title.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Begin after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "How many from the end, at most 100."),
        arg(name = "before", ty = "Option<String>", desc = "End before this cursor.")
    ),
    field(
        name = "history",
        ty = "Connection<Change>",
        desc = "The changes of its record, the oldest first.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Begin after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "How many from the end, at most 100."),
        arg(name = "before", ty = "Option<String>", desc = "End before this cursor.")
    )
)]
pub enum Technology {
    /// A framework.
    Framework(Framework),
    /// A Backend as a Service.
    BaasProvider(BaasProvider),
    /// Anything else.
    Component(Component),
}

impl From<Record<DomainTechnology>> for Technology {
    fn from(record: Record<DomainTechnology>) -> Self {
        use TechnologyKind as K;
        let record = Arc::new(record);
        match record.value.kind {
            K::BackendFramework | K::ClientFramework => Self::Framework(record.into()),
            K::Baas => Self::BaasProvider(record.into()),
            K::Faas
            | K::Language
            | K::Runtime
            | K::Database
            | K::WebServer
            | K::Cache
            | K::Tool
            | K::Protocol => Self::Component(record.into()),
        }
    }
}

/// The kinds that are frameworks.
pub(crate) const FRAMEWORKS: &[TechnologyKind] =
    &[TechnologyKind::BackendFramework, TechnologyKind::ClientFramework];

/// The kinds that are Backends as a Service.
pub(crate) const BAAS_PROVIDERS: &[TechnologyKind] = &[TechnologyKind::Baas];

/// Which technologies. All fields that are given must hold together. Facts whose verdict is CONTRADICTED, STALE,
/// MISCATEGORISED or MISSING speak for nothing here, except in `listedIn`.
#[derive(InputObject, Clone)]
pub struct TechnologyFilter {
    /// All of these hold.
    and: Option<Vec<TechnologyFilter>>,
    /// At least one of these holds. An empty list lets nothing through.
    or: Option<Vec<TechnologyFilter>>,
    /// This does not hold.
    not: Option<Box<TechnologyFilter>>,
    /// It is of one of these kinds.
    kind: Option<Vec<Coded<TechnologyKind>>>,
    /// It is written in or for one of these languages, by slug.
    language: Option<Vec<String>>,
    /// It runs on one of these platforms.
    platform: Option<Vec<Coded<Platform>>>,
    /// A fact names one of these licences, as written in the fact.
    license: Option<Vec<String>>,
    /// It provides one of these capabilities in some way.
    capability: Option<Vec<Coded<Capability>>>,
    /// A fit rule or a pro speaks for it in one of these use cases.
    use_case: Option<Vec<Coded<UseCase>>>,
    /// One of these organisations uses it, by slug. Adoptions with several candidates do not count.
    adopted_by: Option<Vec<String>>,
    /// One of these facts lists or names it, by code: a ranking, a recommendation, a fit rule.
    listed_in: Option<Vec<String>>,
    /// It stands so with its support today: `supportHealth` says the same.
    support_status: Option<Vec<Coded<SupportStatus>>>,
    /// A figure of a metric lies in a range.
    metric: Option<MetricFilter>,
    /// Its name.
    name: Option<StringFilter>,
    /// Whether it was taken out of the lists. When no part of the filter says, only those still in them pass.
    archived: Option<bool>,
}

/// A figure of a metric lies in a range. Figures of different conditions count alike: the range should be one that
/// holds for all of them.
#[derive(InputObject, Clone)]
pub struct MetricFilter {
    /// Which metric.
    metric: Coded<MetricKey>,
    /// At least this; no lower bound when left out.
    min: Option<Decimal>,
    /// At most this; no upper bound when left out.
    max: Option<Decimal>,
}

impl Combined for TechnologyFilter {
    type Test = TechnologyTest;

    fn into_parts(self) -> stackfit_domain::Result<Parts<Self>> {
        use TechnologyTest as T;
        let Self {
            and,
            or,
            not,
            kind,
            language,
            platform,
            license,
            capability,
            use_case,
            adopted_by,
            listed_in,
            support_status,
            metric,
            name,
            archived,
        } = self;
        let mut tests = Vec::new();
        tests.extend(
            support_status
                .map(|list| values("filter.supportStatus", codes(list)))
                .transpose()?
                .map(T::SupportStatus),
        );
        tests.extend(kind.map(|list| values("filter.kind", codes(list))).transpose()?.map(T::Kind));
        tests.extend(language.map(|list| texts("filter.language", list)).transpose()?.map(T::Language));
        tests.extend(
            platform.map(|list| values("filter.platform", codes(list))).transpose()?.map(T::Platform),
        );
        tests.extend(license.map(|list| texts("filter.license", list)).transpose()?.map(T::License));
        tests.extend(
            capability.map(|list| values("filter.capability", codes(list))).transpose()?.map(T::Capability),
        );
        tests.extend(use_case.map(|list| values("filter.useCase", codes(list))).transpose()?.map(T::UseCase));
        tests.extend(adopted_by.map(|list| texts("filter.adoptedBy", list)).transpose()?.map(T::AdoptedBy));
        tests.extend(listed_in.map(|list| texts("filter.listedIn", list)).transpose()?.map(T::ListedIn));
        tests.extend(metric.map(|MetricFilter { metric, min, max }| {
            T::Metric(MetricTest { metric: metric.0, min: min.map(|min| min.0), max: max.map(|max| max.0) })
        }));
        if let Some(name) = name {
            tests.extend(name.tests("filter.name")?.into_iter().map(T::Name));
        }
        tests.extend(archived.map(T::Archived));
        Ok(Parts { and, or, not, tests })
    }
}

/// The filter of the domain; what was archived passes only when the filter speaks of it.
fn filter(ctx: &Context<'_>, filter: Option<TechnologyFilter>) -> FieldResult<Filter<TechnologyTest>> {
    let filter = read(filter).map_err(at(ctx))?;
    if speaks_of_archived(&filter) {
        return Ok(filter);
    }
    Ok(Filter::All(vec![filter, Filter::Test(TechnologyTest::Archived(false))]))
}

fn speaks_of_archived(filter: &Filter<TechnologyTest>) -> bool {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().any(speaks_of_archived),
        Filter::Not(part) => speaks_of_archived(part),
        Filter::Test(test) => matches!(test, TechnologyTest::Archived(_)),
    }
}

/// By what technologies are ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TechnologyOrderField {
    /// By name, whatever its case.
    Name,
    /// By slug.
    Slug,
    /// By the code of the kind.
    Kind,
    /// By when the record was last written.
    UpdatedAt,
}

/// One key of an order.
#[derive(InputObject, Debug, Clone, Copy)]
pub struct TechnologyOrder {
    /// By what.
    field: TechnologyOrderField,
    /// In which direction; the smallest first when left out.
    direction: Option<Direction>,
}

impl Key for TechnologyOrder {
    type Field = TechnologyOrderField;

    fn field(&self) -> TechnologyOrderField {
        self.field
    }
}

impl From<TechnologyOrder> for StoredOrder {
    fn from(order: TechnologyOrder) -> Self {
        let TechnologyOrder { field, direction } = order;
        let field = match field {
            TechnologyOrderField::Name => StoredOrderField::Name,
            TechnologyOrderField::Slug => StoredOrderField::Slug,
            TechnologyOrderField::Kind => StoredOrderField::Kind,
            TechnologyOrderField::UpdatedAt => StoredOrderField::UpdatedAt,
        };
        Self { field, descending: direction == Some(Direction::Desc) }
    }
}

/// What lists of technologies are asked.
pub(crate) struct ListArguments {
    pub(crate) filter: Option<TechnologyFilter>,
    pub(crate) order_by: Option<Vec<TechnologyOrder>>,
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

/// A page of the technologies of some kinds, as the type that these kinds have.
pub(crate) async fn page<T: async_graphql::OutputType + Clone>(
    ctx: &Context<'_>,
    kinds: &'static [TechnologyKind],
    arguments: ListArguments,
    wrap: fn(Record<DomainTechnology>) -> T,
) -> FieldResult<TechnologyPage<T>> {
    let ListArguments { filter: wanted, order_by, first, after, last, before } = arguments;
    let window = window(ctx, first, after, last, before)?;
    let filter = self::filter(ctx, wanted)?;
    let order: Vec<StoredOrder> = checked(ctx, order_by)?;
    let page = loader(ctx).direct().technologies(kinds, &filter, &order, &window).await.map_err(at(ctx))?;
    let filter = Arc::new(filter);
    let counted = Arc::clone(&filter);
    let page = Connection::new(page, wrap, move |loader| {
        let filter = Arc::clone(&counted);
        async move { loader.direct().count_technologies(kinds, &filter).await }.boxed()
    });
    Ok(TechnologyPage { page, kinds, filter })
}

/// A technology by its slug, if it is of one of some kinds. None of them means any.
pub(crate) async fn by_slug(
    ctx: &Context<'_>,
    kinds: &[TechnologyKind],
    slug: &str,
) -> stackfit_domain::Result<Option<Record<DomainTechnology>>> {
    let slug = Slug::parse(slug)?;
    let found = loader(ctx).direct().technology(slug.as_str()).await?;
    Ok(found.filter(|record| kinds.is_empty() || kinds.contains(&record.value.kind)))
}

/// Lookups and lists of technologies.
#[derive(Default)]
pub(crate) struct TechnologyQuery;

#[Object]
impl TechnologyQuery {
    /// A technology of any kind by its slug. Null when there is none.
    async fn technology(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug, as in `ruby-on-rails`.")] slug: String,
    ) -> Nullable<Technology> {
        nullable(by_slug(ctx, &[], &slug).await, Technology::from)
    }

    /// Technologies of all kinds.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the list are the contract")]
    async fn technologies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which technologies; all that are not archived when left out.")] filter: Option<
            TechnologyFilter,
        >,
        #[graphql(desc = "In which order, the most important key first, at most 4; by name when left out.")]
        order_by: Option<Vec<TechnologyOrder>>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<TechnologyPage<Technology>> {
        let arguments = ListArguments { filter, order_by, first, after, last, before };
        page(ctx, &[], arguments, Technology::from).await
    }
}
