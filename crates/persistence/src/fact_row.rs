//! The row of a fact: one for every sort of detail, with columns of its own for each.

use sea_orm::{ColumnTrait, Set};
use stackfit_domain::{
    Error, Result, code::Code, fact::Fact, fact_code::FactCode, id::Id, origin::Origin, subject::SubjectRef,
    verdict::Verdict,
};
use strum::VariantArray;

use crate::convert::{code, code_opt, partial_date, text_opt};

pub(crate) mod detail;

pub(crate) use row::{ActiveModel, Column, Entity, Model};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "facts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub code_key: String,
        pub kind: String,
        pub detail: String,
        pub title: Option<String>,
        pub statement: String,
        pub verdict: String,
        pub verdict_reason: Option<String>,
        pub criterion: Option<String>,
        pub use_case: Option<String>,
        pub rank: Option<i32>,
        pub observed_on: Option<Date>,
        pub observed_precision: Option<String>,
        pub valid_from: Option<Date>,
        pub valid_to: Option<Date>,
        pub subject_id: Uuid,
        pub subject_kind: String,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub attribute_name: Option<String>,
        pub attribute_value: Option<String>,
        pub capability: Option<String>,
        pub support_level: Option<String>,
        pub organization_id: Option<Uuid>,
        pub fit_strength: Option<String>,
        pub team_language_id: Option<Uuid>,
        pub minimum_skill: Option<String>,
        pub metric_key: Option<String>,
        pub metric_value_micros: Option<i64>,
        pub metric_unit: Option<String>,
        pub metric_conditions: Option<String>,
        pub outcome_metric: Option<String>,
        pub outcome_direction: Option<String>,
        pub percent_micros: Option<i64>,
        pub months_micros: Option<i64>,
        pub market_segment: Option<String>,
        pub market_measure: Option<String>,
        pub market_year: Option<i32>,
        pub market_to_year: Option<i32>,
        pub market_usd_micros: Option<i64>,
        pub market_forecast: Option<bool>,
        pub release_cycle: Option<String>,
        pub release_codename: Option<String>,
        pub released_on: Option<Date>,
        pub long_term_support: Option<bool>,
        pub active_until: Option<Date>,
        pub security_until: Option<Date>,
        pub extended_until: Option<Date>,
        pub latest_version: Option<String>,
        pub latest_on: Option<Date>,
        pub plan_name: Option<String>,
        pub meter: Option<String>,
        pub meter_unit: Option<String>,
        pub included_micros: Option<i64>,
        pub unlimited: Option<bool>,
        pub meter_period: Option<String>,
        pub price_micros: Option<i64>,
        pub per_micros: Option<i64>,
        pub currency: Option<String>,
        pub price_region: Option<String>,
        pub hard_limit: Option<String>,
        pub lock_in_dimension: Option<String>,
        pub lock_in_effect: Option<String>,
        pub migration_scope: Option<String>,
        pub migration_tool: Option<String>,
        pub migration_automated: Option<String>,
        pub migration_by_hand: Option<String>,
        pub origin: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Technologies that facts name.
pub(crate) mod named_technology {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact_technologies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub place: i32,
        pub technology_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The condition that a fact's verdict does not refute it.
pub(crate) fn not_refuted() -> sea_orm::sea_query::SimpleExpr {
    let refuting = Verdict::VARIANTS.iter().filter(|verdict| verdict.refutes());
    Column::Verdict.is_not_in(refuting.map(|verdict| verdict.code()))
}

/// The ids of the facts whose verdict does not refute them.
pub(crate) fn believable_ids() -> sea_orm::sea_query::SelectStatement {
    use sea_orm::{EntityTrait, QueryFilter, QuerySelect, QueryTrait};
    Entity::find().filter(not_refuted()).select_only().column(Column::Id).into_query()
}

/// The ids of the facts that name one technology only: adoptions of which it is certain what is used.
pub(crate) fn named_singly() -> sea_orm::sea_query::SelectStatement {
    use sea_orm::sea_query::{Expr, ExprTrait, Query};
    Query::select()
        .column(named_technology::Column::FactId)
        .from(named_technology::Entity)
        .group_by_col(named_technology::Column::FactId)
        .and_having(Expr::cust("COUNT(*)").eq(1))
        .to_owned()
}

/// Reads a row.
pub(crate) fn fact(row: Model) -> Result<Fact> {
    Ok(Fact {
        detail: detail::read(&row)?,
        id: Id::from_uuid(row.id),
        code: FactCode::parse(&row.code).map_err(Error::internal)?,
        kind: code(&row.kind)?,
        title: row.title,
        statement: row.statement,
        verdict: code(&row.verdict)?,
        verdict_reason: row.verdict_reason,
        criterion: code_opt(row.criterion.as_deref())?,
        use_case: code_opt(row.use_case.as_deref())?,
        rank: row.rank,
        observed_on: partial_date(row.observed_on, row.observed_precision.as_deref())?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        subject: SubjectRef { kind: code(&row.subject_kind)?, id: Id::from_uuid(row.subject_id) },
        version: row.version,
        updated_at: row.updated_at,
    })
}

/// Writes a fact as a row.
pub(crate) fn active(fact: &Fact, origin: Origin) -> Result<ActiveModel> {
    let Fact {
        id,
        code,
        kind,
        title,
        statement,
        verdict,
        verdict_reason,
        criterion,
        use_case,
        rank,
        observed_on,
        valid_from,
        valid_to,
        subject,
        detail,
        version,
        updated_at,
    } = fact;
    let mut row = ActiveModel {
        id: Set(id.uuid()),
        code: Set(code.to_string()),
        code_key: Set(code.sort_key()),
        kind: Set(kind.code().to_owned()),
        detail: Set(detail.name().to_owned()),
        title: Set(title.clone()),
        statement: Set(statement.clone()),
        verdict: Set(verdict.code().to_owned()),
        verdict_reason: Set(verdict_reason.clone()),
        criterion: Set(text_opt(*criterion)),
        use_case: Set(text_opt(*use_case)),
        rank: Set(*rank),
        observed_on: Set(observed_on.map(stackfit_domain::partial_date::PartialDate::last_day)),
        observed_precision: Set(observed_on.map(|date| date.precision().code().to_owned())),
        valid_from: Set(*valid_from),
        valid_to: Set(*valid_to),
        subject_id: Set(subject.id.uuid()),
        subject_kind: Set(subject.kind.code().to_owned()),
        version: Set(*version),
        updated_at: Set(*updated_at),
        origin: Set(origin.code().to_owned()),
        ..detail::none()
    };
    detail::write(&mut row, detail)?;
    Ok(row)
}
