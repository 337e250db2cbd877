//! The row of a fact: one for every sort of detail, with columns of its own for each.

use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Set};
use stackfit_domain::{
    Error, Result,
    code::Code,
    fact::{Fact, FactDetail},
    fact_code::FactCode,
    id::Id,
    subject::SubjectRef,
    verdict::Verdict,
};
use strum::VariantArray;

use crate::convert::{code, code_opt, from_micros, partial_date, required, slug, text_opt, to_micros};

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
        detail: detail(&row)?,
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

fn detail(row: &Model) -> Result<FactDetail> {
    let number = |micros: Option<i64>| micros.map(from_micros);
    let text = |value: &Option<String>, column: &str| required(value.clone(), column);
    Ok(match row.detail.as_str() {
        "STATEMENT" => FactDetail::Statement,
        "TRAIT" => FactDetail::Trait,
        "LISTING" => FactDetail::Listing,
        "ATTRIBUTE" => FactDetail::Attribute {
            name: text(&row.attribute_name, "attribute_name")?,
            value: text(&row.attribute_value, "attribute_value")?,
        },
        "CAPABILITY_SUPPORT" => FactDetail::Capability {
            capability: code(&text(&row.capability, "capability")?)?,
            level: code(&text(&row.support_level, "support_level")?)?,
        },
        "ADOPTION" => FactDetail::Adoption {
            organization: Id::from_uuid(required(row.organization_id, "organization_id")?),
        },
        "FIT_RULE" => FactDetail::FitRule {
            strength: code(&text(&row.fit_strength, "fit_strength")?)?,
            team_language: row.team_language_id.map(Id::from_uuid),
            minimum_skill: code_opt(row.minimum_skill.as_deref())?,
        },
        "METRIC" => FactDetail::Metric {
            key: code(&text(&row.metric_key, "metric_key")?)?,
            value: required(number(row.metric_value_micros), "metric_value")?,
            unit: text(&row.metric_unit, "metric_unit")?,
            conditions: row.metric_conditions.clone(),
        },
        "OUTCOME" => FactDetail::Outcome {
            metric: code(&text(&row.outcome_metric, "outcome_metric")?)?,
            direction: code(&text(&row.outcome_direction, "outcome_direction")?)?,
            percent: number(row.percent_micros),
            months: number(row.months_micros),
        },
        "MARKET_FIGURE" => FactDetail::Market {
            segment: slug(&text(&row.market_segment, "market_segment")?)?,
            measure: code(&text(&row.market_measure, "market_measure")?)?,
            year: required(row.market_year, "market_year")?,
            to_year: row.market_to_year,
            amount_usd: number(row.market_usd_micros),
            percent: number(row.percent_micros),
            forecast: required(row.market_forecast, "market_forecast")?,
        },
        other => return Err(Error::internal(format!("a fact has the unknown detail {other}"))),
    })
}

/// Writes a fact as a row.
pub(crate) fn active(fact: &Fact) -> Result<ActiveModel> {
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
        ..no_detail()
    };
    write_detail(&mut row, detail)?;
    Ok(row)
}

/// The columns of all details, empty: rows that are inserted together must all name the same columns.
fn no_detail() -> ActiveModel {
    ActiveModel {
        attribute_name: Set(None),
        attribute_value: Set(None),
        capability: Set(None),
        support_level: Set(None),
        organization_id: Set(None),
        fit_strength: Set(None),
        team_language_id: Set(None),
        minimum_skill: Set(None),
        metric_key: Set(None),
        metric_value_micros: Set(None),
        metric_unit: Set(None),
        metric_conditions: Set(None),
        outcome_metric: Set(None),
        outcome_direction: Set(None),
        percent_micros: Set(None),
        months_micros: Set(None),
        market_segment: Set(None),
        market_measure: Set(None),
        market_year: Set(None),
        market_to_year: Set(None),
        market_usd_micros: Set(None),
        market_forecast: Set(None),
        ..ActiveModel::default()
    }
}

fn write_detail(row: &mut ActiveModel, detail: &FactDetail) -> Result<()> {
    let micros = |field: &str, value: Option<Decimal>| value.map(|value| to_micros(field, value)).transpose();
    match detail {
        FactDetail::Statement | FactDetail::Trait | FactDetail::Listing => {}
        FactDetail::Attribute { name, value } => {
            row.attribute_name = Set(Some(name.clone()));
            row.attribute_value = Set(Some(value.clone()));
        }
        FactDetail::Capability { capability, level } => {
            row.capability = Set(text_opt(Some(*capability)));
            row.support_level = Set(text_opt(Some(*level)));
        }
        FactDetail::Adoption { organization } => row.organization_id = Set(Some(organization.uuid())),
        FactDetail::FitRule { strength, team_language, minimum_skill } => {
            row.fit_strength = Set(text_opt(Some(*strength)));
            row.team_language_id = Set(team_language.map(Id::uuid));
            row.minimum_skill = Set(text_opt(*minimum_skill));
        }
        FactDetail::Metric { key, value, unit, conditions } => {
            row.metric_key = Set(text_opt(Some(*key)));
            row.metric_value_micros = Set(micros("metric.value", Some(*value))?);
            row.metric_unit = Set(Some(unit.clone()));
            row.metric_conditions = Set(conditions.clone());
        }
        FactDetail::Outcome { metric, direction, percent, months } => {
            row.outcome_metric = Set(text_opt(Some(*metric)));
            row.outcome_direction = Set(text_opt(Some(*direction)));
            row.percent_micros = Set(micros("outcome.percent", *percent)?);
            row.months_micros = Set(micros("outcome.months", *months)?);
        }
        FactDetail::Market { segment, measure, year, to_year, amount_usd, percent, forecast } => {
            row.market_segment = Set(Some(segment.to_string()));
            row.market_measure = Set(text_opt(Some(*measure)));
            row.market_year = Set(Some(*year));
            row.market_to_year = Set(*to_year);
            row.market_usd_micros = Set(micros("market.amountUsd", *amount_usd)?);
            row.percent_micros = Set(micros("market.percent", *percent)?);
            row.market_forecast = Set(Some(*forecast));
        }
    }
    Ok(())
}
