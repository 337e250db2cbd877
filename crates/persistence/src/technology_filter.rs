//! Filters of technologies. Facts whose verdict refutes them speak for nothing.
//!
//! What facts say is looked up in what is [derived](crate::derived) from them, technology by technology: a page is
//! found after a few look-ups when many technologies pass. When few do, the list of those with the rarest value is
//! read instead: see [`Reader::narrowed`].

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, BinOper, Expr, ExprTrait, Query, SelectStatement, SimpleExpr},
};
use stackfit_domain::{
    Result,
    code::Code,
    facet::TechnologyFacet,
    filter::{Filter, MetricTest, TechnologyTest},
    page::DEFAULT_PAGE,
    release_cycle::SupportStatus,
    technology::TechnologyKind,
};

use crate::{
    Reader,
    convert::to_micros,
    derived::{METRIC, counts, facets, support},
    error::translate,
    fact_row::{self as fact, named_technology as named},
    filter::{combine, text},
    technology::row,
};

pub(crate) fn condition(filter: &Filter<TechnologyTest>, today: NaiveDate) -> Condition {
    combine(filter, &|one| Condition::all().add(test(one, today)))
}

fn test(test: &TechnologyTest, today: NaiveDate) -> SimpleExpr {
    if let Some(values) = Values::of(test) {
        let mut own = values.select();
        own.expr(Expr::val(1)).and_where(of_technology(facets::Column::TechnologyId));
        return Expr::exists(own);
    }
    match test {
        TechnologyTest::Kind(kinds) => of_kind(kinds),
        TechnologyTest::ListedIn(codes) => row::Column::Id.into_expr().in_subquery(listed_in(codes)),
        TechnologyTest::SupportStatus(wanted) => supported(wanted, today),
        TechnologyTest::Name(name) => text(row::Column::NameKey.into_expr(), name),
        TechnologyTest::Archived(archived) => row::Column::Archived.eq(*archived),
        // Everything else is looked up above.
        _ => Expr::cust("1 = 0"),
    }
}

/// A kind is looked up row by row, and not in its index: [`Reader::narrowed`] says when the index is better.
pub(crate) fn of_kind(kinds: &[TechnologyKind]) -> SimpleExpr {
    let kind: SimpleExpr = Expr::expr(row::Column::Kind.into_expr()).binary(BinOper::Custom("||"), "");
    kind.is_in(kinds.iter().map(|kind| kind.code()))
}

fn of_technology(column: impl ColumnTrait) -> SimpleExpr {
    column.into_expr().equals(row::Column::Id.as_column_ref())
}

/// Refuses numbers that cannot be stored, before any of them is compared.
pub(crate) fn check(filter: &Filter<TechnologyTest>) -> Result<()> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().try_for_each(check),
        Filter::Not(part) => check(part),
        Filter::Test(TechnologyTest::Metric(MetricTest { metric: _, min, max })) => {
            let min = min.map(|value| to_micros("filter.metric.min", value)).transpose();
            let max = max.map(|value| to_micros("filter.metric.max", value)).transpose();
            min.and(max).map(|_| ())
        }
        Filter::Test(_) => Ok(()),
    }
}

/// Without a phase that holds on the day nothing is declared.
fn supported(wanted: &[SupportStatus], today: NaiveDate) -> SimpleExpr {
    let undeclared = wanted.contains(&SupportStatus::NotDeclared);
    let codes = wanted.iter().map(|status| status.code());
    let status = if undeclared {
        support::Column::Status.is_not_in(codes)
    } else {
        support::Column::Status.is_in(codes)
    };
    let phase = Query::select()
        .expr(Expr::val(1))
        .from(support::Entity)
        .and_where(of_technology(support::Column::TechnologyId))
        .and_where(support::Column::FromDay.lte(today))
        .and_where(support::Column::UntilDay.gte(today))
        .and_where(status)
        .to_owned();
    if undeclared { Expr::exists(phase).not() } else { Expr::exists(phase) }
}

fn listed_in(codes: &[String]) -> SelectStatement {
    let facts = fact::Entity::find()
        .filter(fact::Column::Code.is_in(codes.iter().map(String::as_str)))
        .select_only()
        .column(fact::Column::Id)
        .into_query();
    named::Entity::find()
        .select_only()
        .column(named::Column::TechnologyId)
        .filter(named::Column::FactId.in_subquery(facts))
        .into_query()
}

/// The values of a facet, or the figures of a metric, of which a test wants one.
struct Values {
    facet: &'static str,
    any: Vec<String>,
    /// The range in which the figure lies.
    range: Option<(Option<i64>, Option<i64>)>,
}

impl Values {
    fn of(test: &TechnologyTest) -> Option<Self> {
        fn codes<C: Code>(codes: &[C]) -> Vec<String> {
            codes.iter().map(|code| code.code().to_owned()).collect()
        }
        let (facet, any) = match test {
            TechnologyTest::Language(slugs) => (TechnologyFacet::Language, slugs.clone()),
            TechnologyTest::Platform(platforms) => (TechnologyFacet::Platform, codes(platforms)),
            TechnologyTest::License(licenses) => (TechnologyFacet::License, licenses.clone()),
            TechnologyTest::Capability(capabilities) => (TechnologyFacet::Capability, codes(capabilities)),
            TechnologyTest::UseCase(uses) => (TechnologyFacet::UseCase, codes(uses)),
            TechnologyTest::AdoptedBy(slugs) => (TechnologyFacet::AdoptedBy, slugs.clone()),
            TechnologyTest::Metric(MetricTest { metric, min, max }) => {
                // Bounds that cannot be stored were refused before.
                let micros = |bound: &Option<_>| bound.and_then(|value| to_micros("metric", value).ok());
                let range = Some((micros(min), micros(max)));
                return Some(Self { facet: METRIC, any: vec![metric.code().to_owned()], range });
            }
            _ => return None,
        };
        Some(Self { facet: facet.code(), any, range: None })
    }

    fn of_kinds(kinds: &[TechnologyKind]) -> Self {
        let any = kinds.iter().map(|kind| kind.code().to_owned()).collect();
        Self { facet: TechnologyFacet::Kind.code(), any, range: None }
    }

    fn is_of_kinds(&self) -> bool {
        self.facet == TechnologyFacet::Kind.code()
    }

    /// The condition that a technology is in the list of those that have one of the values.
    fn listed(&self) -> SimpleExpr {
        if self.is_of_kinds() {
            return row::Column::Kind.is_in(self.any.iter().map(String::as_str));
        }
        let mut having = self.select();
        having.expr(facets::Column::TechnologyId.into_expr());
        row::Column::Id.into_expr().in_subquery(having)
    }

    /// The rows of the technologies that have one of the values, without columns.
    fn select(&self) -> SelectStatement {
        let mut select = Query::select();
        select
            .from(facets::Entity)
            .and_where(facets::Column::Facet.eq(self.facet))
            .and_where(facets::Column::Value.is_in(self.any.iter().map(String::as_str)));
        if let Some((min, max)) = self.range {
            select.and_where_option(min.map(|min| facets::Column::Number.gte(min)));
            select.and_where_option(max.map(|max| facets::Column::Number.lte(max)));
        }
        select
    }
}

/// The tests of values that all must pass, with those of kinds.
fn conjuncts(filter: &Filter<TechnologyTest>) -> Vec<Values> {
    match filter {
        Filter::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        Filter::Test(TechnologyTest::Kind(kinds)) => vec![Values::of_kinds(kinds)],
        Filter::Test(test) => Values::of(test).into_iter().collect(),
        Filter::Any(_) | Filter::Not(_) => Vec::new(),
    }
}

/// How the technologies that pass a filter are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A page by name: the index of one kind is in this order too.
    PageByName,
    /// A page in another order.
    Page,
    /// All of them.
    Whole,
}

/// The most figures of a metric that are counted to learn whether few technologies have one in a range. A longer list is
/// no better than a page in order of 100,000.
const MAX_COUNTED: u64 = 1_500;

impl Reader {
    /// A further condition that follows from the filter and finds what passes sooner. For filters that few technologies
    /// pass it is that one is among those with the rarest value. Going through all in order would read
    /// `all × page / passing` of them until a page is full; with independent values `passing` is about
    /// `all × Π (having / all)`. The list of the rarest value is better when it is shorter.
    pub(crate) async fn narrowed(
        &self,
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
        way: Way,
    ) -> Result<Option<SimpleExpr>> {
        let mut tests = conjuncts(filter);
        if !kinds.is_empty() {
            tests.push(Values::of_kinds(kinds));
        }
        if tests.iter().all(Values::is_of_kinds) {
            let in_order =
                |test: &&Values| way == Way::Whole || way == Way::PageByName && test.any.len() == 1;
            return Ok(tests.iter().find(in_order).map(Values::listed));
        }
        let having = self.having(&tests).await?;
        let all = having.all.max(1.0);
        let passing = having.tests.iter().fold(all, |passing, having| passing * (having / all).min(1.0));
        let page = all * f64::from(DEFAULT_PAGE) / passing.max(f64::EPSILON);
        let read = if way == Way::Whole { all } else { page.min(all) };
        let rarest = tests.iter().zip(&having.tests).min_by(|left, right| left.1.total_cmp(right.1));
        Ok(rarest.filter(|(_, having)| **having < read).map(|(values, _)| values.listed()))
    }

    /// How many technologies there are, and how many have what each test wants, from the counts that are kept.
    async fn having(&self, tests: &[Values]) -> Result<Having> {
        let kind = (TechnologyFacet::Kind.code(), None);
        let facets =
            tests.iter().filter(|test| test.range.is_none()).map(|test| (test.facet, Some(&test.any)));
        let wanted = [kind].into_iter().chain(facets).fold(Condition::any(), |any, (facet, values)| {
            let of_facet = Condition::all().add(counts::Column::Facet.eq(facet));
            any.add(of_facet.add_option(
                values.map(|values| counts::Column::Value.is_in(values.iter().map(String::as_str))),
            ))
        });
        let rows = counts::Entity::find().filter(wanted).all(&self.db).await.map_err(translate)?;
        let sum = |of: &dyn Fn(&counts::Model) -> bool| {
            #[expect(clippy::cast_precision_loss, reason = "an estimate")]
            let sum = rows.iter().filter(|row| of(row)).map(|row| row.how_many).sum::<i64>() as f64;
            sum
        };
        let mut having =
            Having { all: sum(&|row| row.facet == kind.0), tests: Vec::with_capacity(tests.len()) };
        for test in tests {
            let count = match test.range {
                None => sum(&|row| row.facet == test.facet && test.any.contains(&row.value)),
                Some(_) => self.figures(test, having.all).await?,
            };
            having.tests.push(count);
        }
        Ok(having)
    }

    /// How many figures lie in a range: all when they are many.
    async fn figures(&self, test: &Values, all: f64) -> Result<f64> {
        let mut figures = test.select();
        figures.expr(Expr::val(1)).limit(MAX_COUNTED);
        let counted = Query::select()
            .expr_as(Expr::cust("COUNT(*)"), Alias::new("how_many"))
            .from_subquery(figures, Alias::new("figures"))
            .to_owned();
        let row = self.db.query_one(&counted).await.map_err(translate)?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "how_many")).map_err(translate)?;
        let count = u32::try_from(count).map_err(stackfit_domain::Error::internal)?;
        Ok(if u64::from(count) < MAX_COUNTED { f64::from(count) } else { all })
    }
}

/// How many technologies there are, and how many have what each test wants.
struct Having {
    all: f64,
    tests: Vec<f64>,
}
