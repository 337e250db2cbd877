//! Release cycles: facts with the life of a line of releases, listed and filtered by where they stand on a day.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr},
};
use stackfit_domain::{
    Result,
    code::Code,
    fact::Fact,
    filter::{Filter, ReleaseCycleTest},
    id::Id,
    page::{Page, Window},
    release_cycle::SupportStatus,
    subject::Subject,
};

use crate::{
    Reader,
    batch::{BatchKey, Linked, count_by_parent, group, links, pages_by_parent},
    cursor::KeyValue,
    fact_row::{self as row, detail::OPEN, fact},
    filter::combine,
    keyset::{Key, List},
};

/// Release cycles are listed from the newest to the oldest.
fn list() -> List<row::Entity> {
    List {
        name: "releaseCycles".to_owned(),
        keys: vec![
            Key {
                column: row::Column::ReleasedOn,
                descending: true,
                // Only rows with a release date are selected.
                value: |row| KeyValue::Date(row.released_on.unwrap_or(NaiveDate::MIN)),
            },
            Key {
                column: row::Column::CodeKey,
                descending: true,
                value: |row| KeyValue::Text(row.code_key.clone()),
            },
            Key { column: row::Column::Id, descending: true, value: |row| KeyValue::Id(row.id) },
        ],
    }
}

/// Where a release cycle stands on a day: [`stackfit_domain::release_cycle::ReleaseCycle::status`] in SQL.
fn status(on: NaiveDate) -> SimpleExpr {
    use SupportStatus as S;
    let column = |column: row::Column| -> SimpleExpr { column.into_expr() };
    let released = || column(row::Column::ReleasedOn);
    let active = || column(row::Column::ActiveUntil);
    let security = || column(row::Column::SecurityUntil);
    let extended = || column(row::Column::ExtendedUntil);
    let unsupported = security().lt(on).or(active().lt(on).and(security().is_null()));
    let steps = [
        (released().gt(on), S::Upcoming),
        (unsupported.and(extended().gte(on)).and(extended().lt(OPEN)), S::ExtendedOnly),
        (security().lt(on), S::EndOfLife),
        (active().gte(on), S::Active),
        (active().lt(on).and(security().is_not_null()), S::SecurityOnly),
        (active().lt(on), S::NotDeclared),
        (security().lt(OPEN), S::Active),
    ];
    let case = steps.into_iter().fold(CaseStatement::new(), |case, (condition, status)| {
        case.case(condition, Expr::val(status.code()))
    });
    case.finally(Expr::val(S::NotDeclared.code())).into()
}

fn status_in(on: NaiveDate, wanted: &[SupportStatus]) -> SimpleExpr {
    status(on).is_in(wanted.iter().map(|status| status.code()))
}

fn condition(filter: &Filter<ReleaseCycleTest>) -> Condition {
    combine(filter, &|test| {
        Condition::all().add(match test {
            ReleaseCycleTest::Cycle(names) => {
                row::Column::ReleaseCycle.is_in(names.iter().map(String::as_str))
            }
            ReleaseCycleTest::Status(on, wanted) => status_in(*on, wanted),
            ReleaseCycleTest::LongTermSupport(is) => row::Column::LongTermSupport.eq(*is),
        })
    })
}

fn linked(
    filter: &Filter<ReleaseCycleTest>,
    parents: impl Iterator<Item = uuid::Uuid>,
) -> Linked<row::Entity> {
    let select = row::Entity::find().filter(row::Column::ReleasedOn.is_not_null()).filter(condition(filter));
    let links = links::<row::Entity>(row::Column::SubjectId, row::Column::Id, parents);
    Linked { select, key: row::Column::Id, links }
}

impl Reader {
    /// Checks the cursors of a window on a list of release cycles, before it is loaded together with others.
    pub fn check_release_cycle_window(&self, window: &Window) -> Result<()> {
        list().within(&self.cursors, window).map(|_| ())
    }
}

/// A page of the release cycles of a technology, from the newest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseCyclesOf {
    /// Of which technology.
    pub subject: Id<Subject>,
    /// Which of them.
    pub filter: Filter<ReleaseCycleTest>,
    /// Which page.
    pub window: Window,
}

impl BatchKey for ReleaseCyclesOf {
    type Value = Page<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Page<Fact>>> {
        let mut pages = HashMap::new();
        for ((filter, window), keys) in group(keys, |key| (key.filter.clone(), key.window.clone())) {
            let parents = || keys.iter().map(|key| key.subject.uuid());
            let linked = linked(&filter, parents());
            let mut found = pages_by_parent(reader, parents(), linked, &list(), &window).await?;
            for key in keys {
                let page = found.remove(&key.subject.uuid()).unwrap_or_else(Page::empty);
                pages.insert(key, page.try_map(fact)?);
            }
        }
        Ok(pages)
    }
}

/// How many release cycles a technology has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseCycleCountOf {
    /// Of which technology.
    pub subject: Id<Subject>,
    /// Which of them.
    pub filter: Filter<ReleaseCycleTest>,
}

impl BatchKey for ReleaseCycleCountOf {
    type Value = i64;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, i64>> {
        let mut counts = HashMap::new();
        for (filter, keys) in group(keys, |key| key.filter.clone()) {
            let linked = linked(&filter, keys.iter().map(|key| key.subject.uuid()));
            let found = count_by_parent(&reader.db, linked).await?;
            for key in keys {
                let count = found.get(&key.subject.uuid()).copied().unwrap_or(0);
                counts.insert(key, count);
            }
        }
        Ok(counts)
    }
}
