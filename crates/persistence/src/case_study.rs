//! Case studies: rows, lookups, lists and filters.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, ExprTrait, Query, SelectStatement, SimpleExpr},
};
use stackfit_domain::{
    Error, Result,
    case_study::CaseStudy,
    code::Code,
    filter::{CaseStudyTest, Filter, OutcomeTest},
    id::Id,
    organization::{CountryCode, Industry},
    page::{Page, Window},
    relation::RelationKind,
    subject::{Record, Subject, SubjectKind},
    technology::TechnologyKind,
};

use crate::{
    Reader,
    batch::{BatchKey, Linked, by_id, count_by_parent, group, links, pages_by_parent},
    convert::{code, slug, to_micros},
    cursor::KeyValue,
    error::translate,
    evidence_grade::{grade_in, graded},
    fact_row::{self as fact, believable_ids, not_refuted},
    filter::{code_in, combine, text_in},
    keyset::{self, List, Valued},
    relation::row as relation,
    subject::slug_in,
    technology::row as technology,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_studies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub title: String,
        pub title_key: String,
        pub industry: Option<String>,
        pub country: Option<String>,
        pub vendor_id: Option<Uuid>,
        pub status: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// By what case studies are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseStudyOrderField {
    /// By title, whatever its case.
    Title,
    /// By slug.
    Slug,
    /// By when they were last written.
    UpdatedAt,
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CaseStudyOrder {
    /// By what.
    pub field: CaseStudyOrderField,
    /// Whether the largest comes first.
    pub descending: bool,
}

pub(crate) fn record(row: row::Model) -> Result<Record<CaseStudy>> {
    let row::Model {
        id,
        version,
        updated_at,
        slug: slug_text,
        title,
        title_key: _,
        industry,
        country,
        vendor_id,
        status,
    } = row;
    let value = CaseStudy {
        slug: slug(&slug_text)?,
        title,
        industry: industry.as_deref().map(Industry::parse).transpose().map_err(Error::internal)?,
        country: country.as_deref().map(CountryCode::parse).transpose().map_err(Error::internal)?,
        vendor: vendor_id.map(Id::from_uuid),
        status: code(&status)?,
    };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

fn list(order: &[CaseStudyOrder]) -> List<row::Entity> {
    use CaseStudyOrderField as F;
    let order = order.iter().map(|CaseStudyOrder { field, descending }| (*field, *descending));
    let column = |field: F| -> Valued<row::Entity> {
        match field {
            F::Title => (row::Column::TitleKey, |row| KeyValue::Text(row.title_key.clone())),
            F::Slug => (row::Column::Slug, |row| KeyValue::Text(row.slug.clone())),
            F::UpdatedAt => (row::Column::UpdatedAt, |row| KeyValue::Time(row.updated_at)),
        }
    };
    let id: Valued<row::Entity> = (row::Column::Id, |row| KeyValue::Id(row.id));
    List::ordered("caseStudies", order, column, id)
}

const DEFAULT_ORDER: &[CaseStudyOrder] =
    &[CaseStudyOrder { field: CaseStudyOrderField::Title, descending: false }];

pub(crate) fn condition(filter: &Filter<CaseStudyTest>) -> Result<Condition> {
    check(filter)?;
    Ok(combine(filter, &|one| Condition::all().add(test(one))))
}

/// Refuses numbers that cannot be stored, before any of them is compared.
fn check(filter: &Filter<CaseStudyTest>) -> Result<()> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().try_for_each(check),
        Filter::Not(part) => check(part),
        Filter::Test(CaseStudyTest::Outcome(outcome)) => {
            let percent = outcome.min_percent.map(|value| to_micros("filter.minPercent", value)).transpose();
            let months = outcome.max_months.map(|value| to_micros("filter.maxMonths", value)).transpose();
            percent.and(months).map(|_| ())
        }
        Filter::Test(_) => Ok(()),
    }
}

fn test(test: &CaseStudyTest) -> SimpleExpr {
    let id: SimpleExpr = row::Column::Id.into_expr();
    match test {
        CaseStudyTest::Industry(industries) => {
            text_in(row::Column::Industry.into_expr(), industries.iter().map(String::as_str))
        }
        CaseStudyTest::Technology(slugs) => id.in_subquery(related(RelationKind::Uses, named(slugs))),
        CaseStudyTest::MovedFrom(slugs) => id.in_subquery(related(RelationKind::MovedFrom, named(slugs))),
        CaseStudyTest::MovedTo(slugs) => id.in_subquery(related(RelationKind::MovedTo, named(slugs))),
        CaseStudyTest::MovedFromKind(kinds) => {
            id.in_subquery(related(RelationKind::MovedFrom, of_kind(kinds)))
        }
        CaseStudyTest::Outcome(outcome) => id.in_subquery(having(outcome)),
        CaseStudyTest::Status(statuses) => code_in(row::Column::Status.into_expr(), statuses),
    }
}

/// That a relation leads to one of some technologies.
fn named(slugs: &[String]) -> SimpleExpr {
    slug_in(relation::Column::ToId.into_expr(), Some(SubjectKind::Technology), slugs)
}

/// That a relation leads to a technology of one of some kinds.
fn of_kind(kinds: &[TechnologyKind]) -> SimpleExpr {
    let technologies = technology::Entity::find()
        .select_only()
        .column(technology::Column::Id)
        .filter(technology::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())));
    relation::Column::ToId.into_expr().in_subquery(technologies.into_query())
}

/// The case studies of which a fact that is not refuted asserts such a relation.
fn related(kind: RelationKind, to: SimpleExpr) -> SelectStatement {
    relation::Entity::find()
        .select_only()
        .column(relation::Column::FromId)
        .filter(relation::Column::Kind.eq(kind.code()))
        .filter(relation::Column::FactId.in_subquery(believable_ids()))
        .filter(to)
        .into_query()
}

/// The case studies with one outcome that is all of what is asked for. Refuted outcomes count only when their verdict is
/// asked for.
fn having(outcome: &OutcomeTest) -> SelectStatement {
    let OutcomeTest { metric, direction, min_percent, max_months, verdict, evidence } = outcome;
    let percent = min_percent.and_then(|value| to_micros("minPercent", value).ok());
    let months = max_months.and_then(|value| to_micros("maxMonths", value).ok());
    let verdicts = match verdict {
        Some(verdicts) => code_in(fact::Column::Verdict.into_expr(), verdicts),
        None => not_refuted(),
    };
    let which = Condition::all()
        .add(fact::Column::OutcomeMetric.is_not_null())
        .add_option(metric.map(|metric| fact::Column::OutcomeMetric.eq(metric.code())))
        .add_option(direction.map(|direction| fact::Column::OutcomeDirection.eq(direction.code())))
        .add_option(percent.map(|percent| fact::Column::PercentMicros.gte(percent)))
        .add_option(months.map(|months| fact::Column::MonthsMicros.lte(months)))
        .add(verdicts);
    let Some(grades) = evidence else {
        return fact::Entity::find().filter(which).select_only().column(fact::Column::SubjectId).into_query();
    };
    Query::select()
        .column(fact::Column::SubjectId)
        .from_subquery(graded(which), Alias::new("outcomes"))
        .and_where(grade_in(grades))
        .to_owned()
}

impl Reader {
    /// Checks the cursors of a window on a list of case studies in their usual order, before it is loaded together with others.
    pub fn check_case_study_window(&self, window: &Window) -> Result<()> {
        list(DEFAULT_ORDER).within(&self.cursors, window).map(|_| ())
    }

    /// A case study by its slug.
    pub async fn case_study(&self, slug: &str) -> Result<Option<Record<CaseStudy>>> {
        let found = row::Entity::find().filter(row::Column::Slug.eq(slug)).one(&self.db).await;
        found.map_err(translate)?.map(record).transpose()
    }

    /// A page of case studies.
    pub async fn case_studies(
        &self,
        filter: &Filter<CaseStudyTest>,
        order: &[CaseStudyOrder],
        window: &Window,
    ) -> Result<Page<Record<CaseStudy>>> {
        let order = if order.is_empty() { DEFAULT_ORDER } else { order };
        let select = row::Entity::find().filter(condition(filter)?);
        keyset::page(&self.db, &self.cursors, select, &list(order), window).await?.try_map(record)
    }

    /// How many case studies pass a filter.
    pub async fn count_case_studies(&self, filter: &Filter<CaseStudyTest>) -> Result<i64> {
        self.count(row::Entity::find().filter(condition(filter)?)).await
    }
}

by_id! {
    /// A case study by its id.
    CaseStudyById => CaseStudy
}

/// To what a page of case studies belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseStudiesParent {
    /// The technology that they were built with.
    Technology(Id<Subject>),
    /// The organisation that built them.
    Vendor(Id<Subject>),
}

impl CaseStudiesParent {
    fn id(self) -> uuid::Uuid {
        match self {
            Self::Technology(id) | Self::Vendor(id) => id.uuid(),
        }
    }

    fn links(self, parents: impl Iterator<Item = uuid::Uuid>) -> SelectStatement {
        match self {
            Self::Technology(_) => {
                let (to, from) = (relation::Column::ToId, relation::Column::FromId);
                let mut links = links::<relation::Entity>(to, from, parents);
                links
                    .and_where(relation::Column::Kind.eq(RelationKind::Uses.code()))
                    .and_where(relation::Column::FactId.in_subquery(believable_ids()))
                    .to_owned()
            }
            Self::Vendor(_) => links::<row::Entity>(row::Column::VendorId, row::Column::Id, parents),
        }
    }

    fn is_vendor(self) -> bool {
        matches!(self, Self::Vendor(_))
    }
}

/// A page of the case studies that belong to something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaseStudiesOf {
    /// To what they belong.
    pub parent: CaseStudiesParent,
    /// Which page.
    pub window: Window,
}

impl BatchKey for CaseStudiesOf {
    type Value = Page<Record<CaseStudy>>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut pages = HashMap::new();
        for ((_, window), keys) in group(keys, |key| (key.parent.is_vendor(), key.window.clone())) {
            let links = keys[0].parent.links(keys.iter().map(|key| key.parent.id()));
            let list = list(DEFAULT_ORDER);
            let linked = Linked { select: row::Entity::find(), key: row::Column::Id, links };
            let mut found =
                pages_by_parent(reader, keys.iter().map(|key| key.parent.id()), linked, &list, &window)
                    .await?;
            for key in keys {
                let page = found.remove(&key.parent.id()).unwrap_or_else(Page::empty);
                pages.insert(key, page.try_map(record)?);
            }
        }
        Ok(pages)
    }
}

/// How many case studies belong to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CaseStudyCountOf(pub CaseStudiesParent);

impl BatchKey for CaseStudyCountOf {
    type Value = i64;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, i64>> {
        let mut counts = HashMap::new();
        for (_, keys) in group(keys, |key| key.0.is_vendor()) {
            let links = keys[0].0.links(keys.iter().map(|key| key.0.id()));
            let linked = Linked { select: row::Entity::find(), key: row::Column::Id, links };
            let found = count_by_parent(&reader.db, linked).await?;
            counts.extend(keys.into_iter().map(|key| (key, found.get(&key.0.id()).copied().unwrap_or(0))));
        }
        Ok(counts)
    }
}
