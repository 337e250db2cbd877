//! Search: what documents have which marks is looked up in the full-text index of the database; what a query means and
//! how what it finds is ranked is the domain's.

mod documents;
pub(crate) mod index;
mod vocabulary;

pub(crate) use index::refresh;

use sea_orm::{
    ConnectionTrait, DbBackend, Order, QueryResult,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use stackfit_domain::{
    Error, Result,
    page::{Direction, Page, Window},
    search::{
        Interpretation, Query as SearchQuery, Restriction, SearchScope, Step, Tier, document::SearchText,
        expression::Expression,
    },
};
use uuid::Uuid;

use crate::{Reader, convert::code, cursor::KeyValue, error::translate};

/// The documents.
pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub subject_id: Uuid,
        pub scope: String,
        pub thing_id: Uuid,
        pub texts: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const FOUND: &str = "found";
const TIER: &str = "tier";
const NUMBER: &str = "number";
/// So few documents are looked up in the index of marks and then sorted; more are read in order until a page is full.
const FEW: i64 = 10_000;

/// What is searched for, and among what.
#[derive(Debug, Clone)]
pub struct Search {
    /// What the query means.
    pub interpretation: Interpretation,
    /// Among what.
    pub restriction: Restriction,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// How it was found.
    pub tier: Tier,
    /// What it is.
    pub scope: SearchScope,
    /// The id of the thing.
    pub id: Uuid,
    /// The texts by which it may have been found.
    pub texts: Vec<SearchText>,
    number: i64,
}

/// The place of something in the list of what was found.
type Position = (Tier, i64);

/// The part of the list that a page is taken from.
struct Bounds {
    after: Option<Position>,
    before: Option<Position>,
    direction: Direction,
    limit: u64,
}

impl Reader {
    /// What a query may mean, in words that documents hold.
    pub async fn interpret(&self, query: SearchQuery) -> Result<Interpretation> {
        vocabulary::interpret(&self.db, query).await
    }

    /// A page of what a search finds, the best first.
    pub async fn search(&self, search: &Search, window: &Window) -> Result<Page<Hit>> {
        let Search { interpretation, restriction } = search;
        let list = list(search);
        let bounds = Bounds {
            after: self.position("after", &list, window.after.as_deref())?,
            before: self.position("before", &list, window.before.as_deref())?,
            direction: window.direction,
            limit: u64::from(window.limit) + 1,
        };
        let mut found = Vec::new();
        if !restriction.is_empty() {
            for steps in steps(interpretation, &bounds) {
                let missing = bounds.limit.saturating_sub(found.len() as u64);
                if missing > 0 {
                    found.extend(self.hits(&steps, restriction, &bounds, missing).await?);
                }
            }
            if let (true, Some(step)) =
                (found.is_empty() && bounds.allow_fallback(), interpretation.fallback())
            {
                found = self.hits(&[step], restriction, &bounds, bounds.limit).await?;
            }
        }
        self.page(&list, window, found)
    }

    /// How many things a search finds.
    pub async fn count_search(&self, search: &Search) -> Result<i64> {
        let Search { interpretation, restriction } = search;
        if restriction.is_empty() {
            return Ok(0);
        }
        let count = self.count_found(restriction.apply(interpretation.whole())).await?;
        match interpretation.fallback() {
            Some(step) if count == 0 => self.count_found(restriction.apply(step.expression)).await,
            _ => Ok(count),
        }
    }

    /// The other spellings of a query that find something.
    pub async fn suggestions(&self, search: &Search) -> Result<Vec<String>> {
        let Search { interpretation, restriction } = search;
        let suggestions = interpretation.suggestions();
        if restriction.is_empty() || suggestions.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = Query::select();
        for (at, (_, expression)) in suggestions.iter().enumerate() {
            let mut found = self.matching(&restriction.apply(expression.clone()));
            found.expr(Expr::cust("1")).limit(1);
            select.expr_as(Expr::exists(found), Alias::new(format!("suggestion_{at}")));
        }
        let row = self.db.query_one(&select).await.map_err(translate)?;
        let row = row.ok_or_else(|| Error::internal("a row was expected"))?;
        let mut finding = Vec::new();
        for (at, (suggestion, _)) in suggestions.into_iter().enumerate() {
            if row.try_get_by_index::<bool>(at).map_err(translate)? {
                finding.push(suggestion);
            }
        }
        Ok(finding)
    }

    async fn hits(
        &self,
        steps: &[Step],
        restriction: &Restriction,
        bounds: &Bounds,
        limit: u64,
    ) -> Result<Vec<Hit>> {
        let order = if bounds.direction == Direction::Forward { Order::Asc } else { Order::Desc };
        let arms = steps.iter().map(|step| self.arm(step, restriction, bounds, &order));
        let Some(union) = arms.reduce(|mut union, arm| union.union(UnionType::All, arm).to_owned()) else {
            return Ok(Vec::new());
        };
        let found = |column: &'static str| Expr::col((Alias::new(FOUND), Alias::new(column)));
        let document = |column: row::Column| Expr::col((row::Entity, column));
        let select = Query::select()
            .expr(found(TIER))
            .exprs(
                [row::Column::Number, row::Column::Scope, row::Column::ThingId, row::Column::Texts]
                    .map(document),
            )
            .from_subquery(union, Alias::new(FOUND))
            .inner_join(row::Entity, document(row::Column::Number).eq(found(NUMBER)))
            .order_by_expr(found(TIER), order.clone())
            .order_by_expr(found(NUMBER), order)
            .limit(limit)
            .to_owned();
        let rows = self.db.query_all(&select).await.map_err(translate)?;
        rows.iter().map(hit).collect()
    }

    /// What one tier finds, as far as a page may need it.
    fn arm(&self, step: &Step, restriction: &Restriction, bounds: &Bounds, order: &Order) -> SelectStatement {
        let number = Expr::cust(self.number());
        let mut arm = self.matching(&restriction.apply(step.expression.clone()));
        arm.expr_as(Expr::cust(step.tier.number().to_string()), Alias::new(TIER))
            .expr_as(number.clone(), Alias::new(NUMBER))
            .limit(bounds.limit);
        if let Some((_, after)) = bounds.after.filter(|(tier, _)| *tier == step.tier) {
            arm.and_where(number.clone().gt(after));
        }
        if let Some((_, before)) = bounds.before.filter(|(tier, _)| *tier == step.tier) {
            arm.and_where(number.clone().lt(before));
        }
        // Postgres would read all documents in order where it takes a rare thing for a frequent one.
        let few = self.is_postgres() && step.at_most <= FEW;
        arm.order_by_expr(if few { Expr::cust("number + 0") } else { number }, order.clone());
        let name = Alias::new(format!("tier_{}", step.tier.number()));
        Query::select().column(Asterisk).from_subquery(arm, name).to_owned()
    }

    /// The documents that fulfil an expression.
    fn matching(&self, expression: &Expression) -> SelectStatement {
        let mut select = Query::select();
        if self.is_postgres() {
            let matches =
                Expr::cust_with_values("marks @@ CAST($1 AS tsquery)", [index::of_postgres(expression)]);
            select.from(row::Entity).and_where(matches);
        } else {
            let matches = Expr::cust_with_values("search_index MATCH ?", [index::of_sqlite(expression)]);
            select.from(Alias::new(index::SQLITE_TABLE)).and_where(matches);
        }
        select
    }

    /// The number of a document in the index.
    fn number(&self) -> &'static str {
        if self.is_postgres() { NUMBER } else { "rowid" }
    }

    fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    async fn count_found(&self, expression: Expression) -> Result<i64> {
        let mut select = self.matching(&expression);
        select.expr(Expr::cust("COUNT(*)"));
        let row = self.db.query_one(&select).await.map_err(translate)?;
        let row = row.ok_or_else(|| Error::internal("a count was expected"))?;
        row.try_get_by_index(0).map_err(translate)
    }

    fn position(&self, argument: &str, list: &str, cursor: Option<&str>) -> Result<Option<Position>> {
        let Some(cursor) = cursor else { return Ok(None) };
        match self.cursors.open(argument, list, cursor)?.as_slice() {
            [KeyValue::Integer(tier), KeyValue::Integer(number)] => {
                let tier = Tier::from_number(*tier);
                Ok(Some((tier.ok_or_else(|| Error::internal("a cursor names no tier"))?, *number)))
            }
            _ => Err(Error::internal("a cursor holds other values")),
        }
    }

    fn page(&self, list: &str, window: &Window, mut found: Vec<Hit>) -> Result<Page<Hit>> {
        let limit = usize::try_from(window.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let (has_previous, has_next) = match window.direction {
            Direction::Forward => (window.after.is_some(), more),
            Direction::Backward => (more, window.before.is_some()),
        };
        if window.direction == Direction::Backward {
            found.reverse();
        }
        let cursor = |hit: &Hit| {
            let values = [KeyValue::Integer(hit.tier.number()), KeyValue::Integer(hit.number)];
            self.cursors.sign(list, &values)
        };
        let items = found.into_iter().map(|hit| Ok((cursor(&hit)?, hit))).collect::<Result<_>>()?;
        Ok(Page { items, has_previous, has_next })
    }
}

impl Bounds {
    /// Whether something of a tier may be on the page.
    fn reach(&self, tier: Tier) -> bool {
        self.after.is_none_or(|(after, _)| tier >= after)
            && self.before.is_none_or(|(before, _)| tier <= before)
    }

    /// Whether nothing that has all words is known to be found: a cursor then comes from what has all but one.
    fn allow_fallback(&self) -> bool {
        self.after.iter().chain(&self.before).all(|(tier, _)| *tier == Tier::AllButOne)
    }
}

/// The tiers in question, in the order in which a page takes from them. Those in which words stand at the same
/// place are asked for together.
fn steps(interpretation: &Interpretation, bounds: &Bounds) -> Vec<Vec<Step>> {
    let mut groups: Vec<Vec<Step>> = Vec::new();
    for step in interpretation.steps().into_iter().filter(|step| bounds.reach(step.tier)) {
        match groups.last_mut() {
            Some(group) if group[0].tier.is_beside(step.tier) => group.push(step),
            _ => groups.push(vec![step]),
        }
    }
    if bounds.direction == Direction::Backward {
        groups.reverse();
    }
    groups
}

/// The name of a list: a cursor is good for one query among the same things only.
fn list(Search { interpretation, restriction }: &Search) -> String {
    format!("search:{}:{:?}:{restriction:?}", interpretation.key(), interpretation.words())
}

fn hit(row: &QueryResult) -> Result<Hit> {
    let tier: i32 = row.try_get_by_index(0).map_err(translate)?;
    let scope: String = row.try_get_by_index(2).map_err(translate)?;
    let texts: String = row.try_get_by_index(4).map_err(translate)?;
    Ok(Hit {
        tier: Tier::from_number(tier.into()).ok_or_else(|| Error::internal("there is no such tier"))?,
        number: row.try_get_by_index(1).map_err(translate)?,
        scope: code(&scope)?,
        id: row.try_get_by_index(3).map_err(translate)?,
        texts: index::texts(&texts)?,
    })
}
