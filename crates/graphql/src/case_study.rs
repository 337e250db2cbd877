//! Case studies.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object};
use futures_util::{FutureExt, future::try_join_all};
use stackfit_domain::{
    case_study::{CaseStudy as DomainCaseStudy, OutcomeDirection, OutcomeMetric, ProjectStatus},
    coverage::{Coverage as DomainCoverage, EXPECTED_OF_CASE_STUDY},
    evidence_grade::{EvidenceGrade, weakest},
    fact::FactKind,
    filter::{CaseStudyTest, Filter, OutcomeTest, texts, values},
    relation::RelationKind,
    slug::Slug,
    subject::{Record, SubjectKind},
    technology::{Platform, TechnologyKind},
    verdict::Verdict,
};
use stackfit_persistence::{
    case_study::{CaseStudyOrder as StoredOrder, CaseStudyOrderField as StoredOrderField},
    coverage::KnownKindsOf,
    fact::FactsParent,
    organization::OrganizationById,
    relation::RelationsFrom,
    technology::TechnologyById,
};

use crate::{
    coded::{Coded, codes},
    connection::{Connection, window},
    context::{by_slug, loader},
    coverage::Coverage,
    error::{FieldResult, Nullable, at, nullable},
    fact::{self, Fact, FactFilter},
    fact_fields::of_type,
    fact_types::{Attribute, Outcome, grade},
    filter::{Combined, Parts, read},
    id::NodeKey,
    order::{Direction, Key, checked},
    organization::Organization,
    scalar::Decimal,
    technology::Technology,
    technology_fields::{holding, platforms},
};

/// What was built for whom, with what, and how it went. Failures are told like successes.
#[derive(Clone)]
pub struct CaseStudy(Arc<Record<DomainCaseStudy>>);

impl From<Record<DomainCaseStudy>> for CaseStudy {
    fn from(record: Record<DomainCaseStudy>) -> Self {
        Self(Arc::new(record))
    }
}

impl CaseStudy {
    /// The values of the attributes with a name that no verdict refutes.
    async fn attributes(&self, ctx: &Context<'_>, name: &str) -> FieldResult<Vec<Attribute>> {
        let facts = fact::of_kind(ctx, self.0.id, FactKind::Attribute).await?;
        let mut attributes: Vec<Attribute> = of_type(facts);
        attributes.retain(|attribute| attribute.name == name && !attribute.fact.verdict.refutes());
        Ok(attributes)
    }

    async fn attribute(&self, ctx: &Context<'_>, name: &str) -> Nullable<String> {
        match self.attributes(ctx, name).await {
            Ok(attributes) => attributes.into_iter().next().map(|attribute| Ok(attribute.value)),
            Err(error) => Some(Err(error)),
        }
    }

    async fn related(&self, ctx: &Context<'_>, kind: RelationKind) -> FieldResult<Vec<Technology>> {
        let relations = loader(ctx).load_or_default(RelationsFrom(self.0.id)).await.map_err(at(ctx))?;
        let loads = holding(relations, kind).into_iter().map(|id| loader(ctx).load(TechnologyById(id)));
        let found = try_join_all(loads).await.map_err(at(ctx))?;
        Ok(found.into_iter().flatten().map(Technology::from).collect())
    }

    async fn all_outcomes(&self, ctx: &Context<'_>) -> FieldResult<Vec<Outcome>> {
        Ok(of_type(fact::of_kind(ctx, self.0.id, FactKind::Outcome).await?))
    }
}

/// What was built for whom, with what, and how it went. Failures are told like successes.
#[Object]
impl CaseStudy {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::subject(SubjectKind::CaseStudy, self.0.id).encode()
    }

    /// Readable, stable name.
    async fn slug(&self) -> &str {
        self.0.value.slug.as_str()
    }

    /// What was built.
    async fn title(&self) -> &str {
        &self.0.value.title
    }

    /// The client's industry, as a code such as `HEALTHCARE`. Null when not known.
    async fn industry(&self) -> Option<&str> {
        self.0.value.industry.as_ref().map(stackfit_domain::organization::Industry::as_str)
    }

    /// The client's country, as ISO 3166 alpha-2. Null when not known.
    async fn country(&self) -> Option<&str> {
        self.0.value.country.as_ref().map(stackfit_domain::organization::CountryCode::as_str)
    }

    /// Who built it. Null when not known.
    async fn vendor(&self, ctx: &Context<'_>) -> Nullable<Organization> {
        let vendor = self.0.value.vendor?;
        nullable(loader(ctx).load(OrganizationById(vendor)).await, Organization::from)
    }

    /// For whom it was built, from the attribute `client` among its facts. Null when no fact says.
    async fn client(&self, ctx: &Context<'_>) -> Nullable<String> {
        self.attribute(ctx, "client").await
    }

    /// What it was to solve, from the attribute `problem` among its facts. Null when no fact says.
    async fn problem(&self, ctx: &Context<'_>) -> Nullable<String> {
        self.attribute(ctx, "problem").await
    }

    /// What was built to solve it, from the attribute `solution` among its facts. Null when no fact says.
    async fn solution(&self, ctx: &Context<'_>) -> Nullable<String> {
        self.attribute(ctx, "solution").await
    }

    /// What the product does, from the attributes `feature` among its facts, by code.
    async fn features(&self, ctx: &Context<'_>) -> FieldResult<Vec<String>> {
        let features = self.attributes(ctx, "feature").await?;
        Ok(features.into_iter().map(|feature| feature.value).collect())
    }

    /// What it was built with, according to facts that are not refuted. Empty when no source says: `coverage`
    /// then misses `RELATION`.
    async fn technologies(&self, ctx: &Context<'_>) -> FieldResult<Vec<Technology>> {
        self.related(ctx, RelationKind::Uses).await
    }

    /// What it moved away from, according to facts that are not refuted; `problem` says why. Empty when it tells of no
    /// move.
    async fn moved_from(&self, ctx: &Context<'_>) -> FieldResult<Vec<Technology>> {
        self.related(ctx, RelationKind::MovedFrom).await
    }

    /// What it moved to, according to facts that are not refuted. Empty when it tells of no move.
    async fn moved_to(&self, ctx: &Context<'_>) -> FieldResult<Vec<Technology>> {
        self.related(ctx, RelationKind::MovedTo).await
    }

    /// The platforms on which the product runs. Empty when no fact says.
    async fn platforms(&self, ctx: &Context<'_>) -> FieldResult<Vec<Coded<Platform>>> {
        platforms(ctx, self.0.id).await
    }

    /// How many months the development took, from its outcome of `TIME_TO_MARKET`. Null when no fact says.
    async fn duration_months(&self, ctx: &Context<'_>) -> Nullable<Decimal> {
        match self.all_outcomes(ctx).await {
            Ok(outcomes) => outcomes
                .into_iter()
                .filter(|outcome| !outcome.fact.verdict.refutes())
                .find(|outcome| outcome.metric == OutcomeMetric::TimeToMarket && outcome.months.is_some())
                .and_then(|outcome| outcome.months)
                .map(|months| Ok(Decimal(months))),
            Err(error) => Some(Err(error)),
        }
    }

    /// Where the project stands.
    async fn status(&self) -> Coded<ProjectStatus> {
        self.0.value.status.into()
    }

    /// How it went, by code, at most 100. Empty when no source says.
    async fn outcomes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this measure only.")] metric: Option<Coded<OutcomeMetric>>,
    ) -> FieldResult<Vec<Outcome>> {
        let mut outcomes = self.all_outcomes(ctx).await?;
        outcomes.retain(|outcome| metric.is_none_or(|metric| metric.0 == outcome.metric));
        Ok(outcomes)
    }

    /// How well it is evidenced: the grade of the outcome that is evidenced worst, so that a strong outcome does not lend
    /// its weight to the others. Refuted outcomes do not count. Null when it tells of no other.
    async fn evidence_grade(&self, ctx: &Context<'_>) -> Nullable<Coded<EvidenceGrade>> {
        let outcomes = match self.all_outcomes(ctx).await {
            Ok(outcomes) => outcomes,
            Err(error) => return Some(Err(error)),
        };
        match try_join_all(outcomes.iter().map(|outcome| grade(ctx, outcome))).await {
            Ok(grades) => weakest(grades).map(|grade| Ok(grade.into())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Which kinds of fact are known of it, out of those that a reader would expect.
    async fn coverage(&self, ctx: &Context<'_>) -> FieldResult<Coverage> {
        let known = loader(ctx).load_or_default(KnownKindsOf(self.0.id)).await.map_err(at(ctx))?;
        Ok(DomainCoverage::of(EXPECTED_OF_CASE_STUDY, &known).into())
    }

    /// The facts about it, by code.
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which facts; all when left out.")] filter: Option<FactFilter>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Fact>> {
        let window = window(ctx, first, after, last, before)?;
        fact::page_of(ctx, FactsParent::About(self.0.id), filter, window).await
    }
}

/// Which case studies. All fields that are given must hold together; `metric`, `direction`, `minPercent`,
/// `maxMonths`, `verdict` and `evidence` must hold for one and the same outcome. A refuted outcome counts only when its
/// verdict is asked for.
#[derive(InputObject, Clone)]
pub struct CaseStudyFilter {
    /// All of these hold.
    and: Option<Vec<CaseStudyFilter>>,
    /// At least one of these holds. An empty list lets nothing through.
    or: Option<Vec<CaseStudyFilter>>,
    /// This does not hold.
    not: Option<Box<CaseStudyFilter>>,
    /// The client is of one of these industries, by code such as `HEALTHCARE`.
    industry: Option<Vec<String>>,
    /// It was built with one of these technologies, by slug.
    technology: Option<Vec<String>>,
    /// It tells of a move away from one of these technologies, by slug.
    moved_from: Option<Vec<String>>,
    /// It tells of a move away from a technology of one of these kinds: `BAAS` for those that left a Backend as a
    /// Service.
    moved_from_kind: Option<Vec<Coded<TechnologyKind>>>,
    /// It tells of a move to one of these technologies, by slug.
    moved_to: Option<Vec<String>>,
    /// It has an outcome of this measure.
    metric: Option<Coded<OutcomeMetric>>,
    /// It has an outcome that went this way.
    direction: Option<Coded<OutcomeDirection>>,
    /// It has an outcome of at least so many per cent.
    min_percent: Option<Decimal>,
    /// It has an outcome within at most so many months.
    max_months: Option<Decimal>,
    /// It has an outcome with one of these verdicts.
    verdict: Option<Vec<Coded<Verdict>>>,
    /// It has an outcome with one of these grades of evidence.
    evidence: Option<Vec<Coded<EvidenceGrade>>>,
    /// Its project has one of these statuses.
    status: Option<Vec<Coded<ProjectStatus>>>,
}

impl Combined for CaseStudyFilter {
    type Test = CaseStudyTest;

    fn into_parts(self) -> stackfit_domain::Result<Parts<Self>> {
        use CaseStudyTest as T;
        let Self {
            and,
            or,
            not,
            industry,
            technology,
            moved_from,
            moved_from_kind,
            moved_to,
            metric,
            direction,
            min_percent,
            max_months,
            verdict,
            evidence,
            status,
        } = self;
        let outcome = OutcomeTest {
            metric: metric.map(|metric| metric.0),
            direction: direction.map(|direction| direction.0),
            min_percent: min_percent.map(|percent| percent.0),
            max_months: max_months.map(|months| months.0),
            verdict: verdict.map(|list| values("filter.verdict", codes(list))).transpose()?,
            evidence: evidence.map(|list| values("filter.evidence", codes(list))).transpose()?,
        };
        let mut tests = Vec::new();
        tests.extend(industry.map(|list| texts("filter.industry", list)).transpose()?.map(T::Industry));
        tests.extend(technology.map(|list| texts("filter.technology", list)).transpose()?.map(T::Technology));
        tests.extend(moved_from.map(|list| texts("filter.movedFrom", list)).transpose()?.map(T::MovedFrom));
        tests.extend(moved_to.map(|list| texts("filter.movedTo", list)).transpose()?.map(T::MovedTo));
        let kinds = moved_from_kind.map(|list| values("filter.movedFromKind", codes(list))).transpose()?;
        tests.extend(kinds.map(T::MovedFromKind));
        if outcome != OutcomeTest::default() {
            tests.push(T::Outcome(outcome));
        }
        tests.extend(status.map(|list| values("filter.status", codes(list))).transpose()?.map(T::Status));
        Ok(Parts { and, or, not, tests })
    }
}

/// By what case studies are ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseStudyOrderField {
    /// By title, whatever its case.
    Title,
    /// By slug.
    Slug,
    /// By when the record was last written.
    UpdatedAt,
}

/// One key of an order.
#[derive(InputObject, Debug, Clone, Copy)]
pub struct CaseStudyOrder {
    /// By what.
    field: CaseStudyOrderField,
    /// In which direction; the smallest first when left out.
    direction: Option<Direction>,
}

impl Key for CaseStudyOrder {
    type Field = CaseStudyOrderField;

    fn field(&self) -> CaseStudyOrderField {
        self.field
    }
}

impl From<CaseStudyOrder> for StoredOrder {
    fn from(order: CaseStudyOrder) -> Self {
        let CaseStudyOrder { field, direction } = order;
        let field = match field {
            CaseStudyOrderField::Title => StoredOrderField::Title,
            CaseStudyOrderField::Slug => StoredOrderField::Slug,
            CaseStudyOrderField::UpdatedAt => StoredOrderField::UpdatedAt,
        };
        Self { field, descending: direction == Some(Direction::Desc) }
    }
}

/// Lookups and lists of case studies.
#[derive(Default)]
pub(crate) struct CaseStudyQuery;

#[Object]
impl CaseStudyQuery {
    /// A case study by its slug. Null when there is none.
    async fn case_study(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug, as in `ev-charging`.")] slug: String,
    ) -> Nullable<CaseStudy> {
        let find = |slug: Slug| async move { loader(ctx).direct().case_study(slug.as_str()).await };
        by_slug("slug", &slug, find, CaseStudy::from).await
    }

    /// Case studies.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the list are the contract")]
    async fn case_studies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which case studies; all when left out.")] filter: Option<CaseStudyFilter>,
        #[graphql(desc = "In which order, the most important key first, at most 4; by title when left out.")]
        order_by: Option<Vec<CaseStudyOrder>>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<CaseStudy>> {
        let window = window(ctx, first, after, last, before)?;
        let filter: Filter<CaseStudyTest> = read(filter).map_err(at(ctx))?;
        let order: Vec<StoredOrder> = checked(ctx, order_by)?;
        let page = loader(ctx).direct().case_studies(&filter, &order, &window).await.map_err(at(ctx))?;
        Ok(Connection::new(page, CaseStudy::from, move |loader| {
            let filter = filter.clone();
            async move { loader.direct().count_case_studies(&filter).await }.boxed()
        }))
    }
}
