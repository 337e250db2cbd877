//! What is derived from facts for lists of any size, and kept up to date in the transaction that writes the facts:
//! the values that technologies have, their support from day to day, under which names they are found, how many
//! technologies have a value, and what is searched.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set,
};
use stackfit_domain::{
    Result,
    code::Code,
    facet::TechnologyFacet,
    fact::FactDetail,
    release_cycle::{ReleaseCycle, SupportPhase},
    support_health::support_timeline,
};
use uuid::Uuid;

use crate::{
    batch::id_in,
    error::translate,
    facet::values,
    fact_row::{self as fact, not_refuted},
    import::insert_all,
    search,
    subject::row as subject,
    technology::row as technology,
    technology_name,
};

/// The values that technologies have.
pub(crate) mod facets {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "technology_facets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub technology_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub facet: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub value: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where technologies stand with their support from day to day.
pub(crate) mod support {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "technology_support")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub technology_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_day: Date,
        pub until_day: Date,
        pub status: String,
        pub kind: String,
        pub archived: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many technologies of a kind have a value.
pub(crate) mod counts {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "facet_counts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub facet: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub value: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub archived: bool,
        pub how_many: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The name under which the figures of metrics are kept beside the facets.
pub(crate) const METRIC: &str = "METRIC";
/// The first and the last day that both databases know: they stand for open ends.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
/// How many technologies are derived together.
const CHUNK: usize = 500;

/// Derives anew what facts say of some technologies, then the counts of all, and what is searched of some subjects.
/// Technologies that are gone took what was derived of them along, but for the counts.
pub(crate) async fn refresh(
    transaction: &DatabaseTransaction,
    technologies: &[Uuid],
    subjects: &[Uuid],
) -> Result<()> {
    // Without fresh statistics both databases would plan for tables of another size.
    analyze(transaction).await?;
    for ids in technologies.chunks(CHUNK) {
        refresh_facets(transaction, ids).await?;
        refresh_support(transaction, ids).await?;
        technology_name::refresh(transaction, ids).await?;
    }
    recount(transaction).await?;
    search::refresh(transaction, subjects).await?;
    analyze(transaction).await
}

async fn analyze(transaction: &DatabaseTransaction) -> Result<()> {
    for statement in ["PRAGMA analysis_limit = 1000", "ANALYZE"] {
        let of_sqlite = statement.starts_with("PRAGMA");
        if !of_sqlite || transaction.get_database_backend() == sea_orm::DbBackend::Sqlite {
            transaction.execute_unprepared(statement).await.map_err(translate)?;
        }
    }
    Ok(())
}

/// Derives everything anew.
pub(crate) async fn refresh_all(transaction: &DatabaseTransaction) -> Result<()> {
    let ids = technology::Entity::find().select_only().column(technology::Column::Id);
    let ids: Vec<Uuid> = ids.into_tuple().all(transaction).await.map_err(translate)?;
    let subjects = subject::Entity::find().select_only().column(subject::Column::Id);
    let subjects: Vec<Uuid> = subjects.into_tuple().all(transaction).await.map_err(translate)?;
    refresh(transaction, &ids, &subjects).await
}

async fn refresh_facets(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    facets::Entity::delete_many()
        .filter(id_in(facets::Column::TechnologyId.into_expr(), ids.iter().copied()))
        .exec(transaction)
        .await
        .map_err(translate)?;
    for (facet, select) in values(ids) {
        let mut rows: Vec<facets::ActiveModel> = Vec::new();
        for row in transaction.query_all(&select).await.map_err(translate)? {
            rows.push(facets::ActiveModel {
                technology_id: Set(row.try_get_by_index(0).map_err(translate)?),
                facet: Set(facet.to_owned()),
                value: Set(row.try_get_by_index(1).map_err(translate)?),
                number: Set(row.try_get_by_index(2).map_err(translate)?),
            });
        }
        insert_all(transaction, rows).await?;
    }
    Ok(())
}

async fn refresh_support(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    support::Entity::delete_many()
        .filter(id_in(support::Column::TechnologyId.into_expr(), ids.iter().copied()))
        .exec(transaction)
        .await
        .map_err(translate)?;
    let rows = fact::Entity::find()
        .filter(id_in(fact::Column::SubjectId.into_expr(), ids.iter().copied()))
        .filter(fact::Column::ReleasedOn.is_not_null())
        .filter(not_refuted())
        .all(transaction)
        .await
        .map_err(translate)?;
    let mut cycles: HashMap<Uuid, Vec<ReleaseCycle>> = HashMap::new();
    for row in rows {
        let technology = row.subject_id;
        if let FactDetail::Release(cycle) = fact::fact(row)?.detail {
            cycles.entry(technology).or_default().push(cycle);
        }
    }
    let technologies = technology::Entity::find()
        .filter(id_in(technology::Column::Id.into_expr(), ids.iter().copied()))
        .all(transaction)
        .await
        .map_err(translate)?;
    let phases = technologies.iter().flat_map(|technology| {
        let cycles = cycles.get(&technology.id).map(Vec::as_slice).unwrap_or_default();
        support_timeline(cycles).into_iter().map(|phase| phase_row(technology, phase))
    });
    insert_all(transaction, phases.collect()).await
}

fn phase_row(technology: &technology::Model, phase: SupportPhase) -> support::ActiveModel {
    let SupportPhase { status, from, until } = phase;
    support::ActiveModel {
        technology_id: Set(technology.id),
        kind: Set(technology.kind.clone()),
        archived: Set(technology.archived),
        from_day: Set(Ord::max(from, FIRST_DAY)),
        until_day: Set(until.unwrap_or(LAST_DAY)),
        status: Set(status.code().to_owned()),
    }
}

fn columns<C: ColumnTrait, const N: usize>(columns: [C; N]) -> [Expr; N] {
    columns.map(ColumnTrait::into_expr)
}

async fn recount(transaction: &DatabaseTransaction) -> Result<()> {
    counts::Entity::delete_many().exec(transaction).await.map_err(translate)?;
    let mut by_kind = Query::select();
    by_kind
        .expr(Expr::val(TechnologyFacet::Kind.code()).cast_as("text"))
        .exprs(columns([technology::Column::Kind, technology::Column::Kind, technology::Column::Archived]))
        .expr(Expr::cust("COUNT(*)"))
        .from(technology::Entity)
        .add_group_by(columns([technology::Column::Kind, technology::Column::Archived]));
    let of_technology =
        facets::Column::TechnologyId.into_expr().equals(technology::Column::Id.as_column_ref());
    let mut by_value = Query::select();
    by_value
        .exprs(columns([facets::Column::Facet, facets::Column::Value]))
        .exprs(columns([technology::Column::Kind, technology::Column::Archived]))
        .expr(Expr::cust("COUNT(*)"))
        .from(facets::Entity)
        .inner_join(technology::Entity, of_technology)
        .and_where(facets::Column::Facet.ne(METRIC))
        .add_group_by(columns([facets::Column::Facet, facets::Column::Value]))
        .add_group_by(columns([technology::Column::Kind, technology::Column::Archived]));
    for select in [by_kind, by_value] {
        let mut insert = Query::insert();
        insert.into_table(counts::Entity).columns([
            counts::Column::Facet,
            counts::Column::Value,
            counts::Column::Kind,
            counts::Column::Archived,
            counts::Column::HowMany,
        ]);
        insert.select_from(select).map_err(stackfit_domain::Error::internal)?;
        transaction.execute(&insert).await.map_err(translate)?;
    }
    Ok(())
}
