//! The columns of the typed details of facts.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::Set;
use stackfit_domain::{
    Error, Result,
    fact::FactDetail,
    id::Id,
    price::{Currency, Meter, Plan},
    release_cycle::{ReleaseCycle, SupportEnd},
};

use super::{ActiveModel, Model};
use crate::convert::{code, code_opt, from_micros, required, slug, text_opt, to_micros};

/// Stands for an end of support that nobody has declared: later than every day.
pub(crate) const OPEN: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
/// Stands for an end of support on an unknown day of the past: earlier than every day.
pub(crate) const ENDED: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();

fn to_end(day: NaiveDate) -> SupportEnd {
    match day {
        OPEN => SupportEnd::Open,
        ENDED => SupportEnd::Ended,
        day => SupportEnd::On(day),
    }
}

fn from_end(end: SupportEnd) -> NaiveDate {
    match end {
        SupportEnd::Open => OPEN,
        SupportEnd::Ended => ENDED,
        SupportEnd::On(day) => day,
    }
}

/// Reads the detail of a row.
pub(super) fn read(row: &Model) -> Result<FactDetail> {
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
        "LOCK_IN_EVIDENCE" => FactDetail::LockIn {
            dimension: code(&text(&row.lock_in_dimension, "lock_in_dimension")?)?,
            effect: code(&text(&row.lock_in_effect, "lock_in_effect")?)?,
        },
        "MIGRATION_PATH" => FactDetail::Migration {
            scope: row.migration_scope.clone(),
            tool: row.migration_tool.clone(),
            automated: row.migration_automated.clone(),
            by_hand: row.migration_by_hand.clone(),
        },
        "METRIC" | "OUTCOME" | "MARKET_FIGURE" => figure(row)?,
        "RELEASE_CYCLE" => FactDetail::Release(release(row)?),
        "PRICE_PLAN" => FactDetail::Plan(plan(row)?),
        "PRICE_METER" => FactDetail::Meter(meter(row)?),
        other => return Err(Error::internal(format!("a fact has the unknown detail {other}"))),
    })
}

fn figure(row: &Model) -> Result<FactDetail> {
    let number = |micros: Option<i64>| micros.map(from_micros);
    let text = |value: &Option<String>, column: &str| required(value.clone(), column);
    Ok(match row.detail.as_str() {
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
        _ => FactDetail::Market {
            segment: slug(&text(&row.market_segment, "market_segment")?)?,
            measure: code(&text(&row.market_measure, "market_measure")?)?,
            year: required(row.market_year, "market_year")?,
            to_year: row.market_to_year,
            amount_usd: number(row.market_usd_micros),
            percent: number(row.percent_micros),
            forecast: required(row.market_forecast, "market_forecast")?,
        },
    })
}

fn release(row: &Model) -> Result<ReleaseCycle> {
    Ok(ReleaseCycle {
        cycle: required(row.release_cycle.clone(), "release_cycle")?,
        codename: row.release_codename.clone(),
        released_on: required(row.released_on, "released_on")?,
        long_term_support: required(row.long_term_support, "long_term_support")?,
        active_until: row.active_until.map(to_end),
        security_until: row.security_until.map(to_end),
        extended_until: row.extended_until.map(to_end),
        latest: row.latest_version.clone(),
        latest_on: row.latest_on,
    })
}

fn currency(row: &Model) -> Result<Option<Currency>> {
    let currency = row.currency.as_deref().map(|text| Currency::parse("currency", text));
    currency.transpose().map_err(Error::internal)
}

fn plan(row: &Model) -> Result<Plan> {
    Ok(Plan {
        name: required(row.plan_name.clone(), "plan_name")?,
        monthly_price: row.price_micros.map(from_micros),
        currency: currency(row)?,
        region: row.price_region.clone(),
    })
}

fn meter(row: &Model) -> Result<Meter> {
    Ok(Meter {
        plan: required(row.plan_name.clone(), "plan_name")?,
        meter: code(&required(row.meter.clone(), "meter")?)?,
        unit: required(row.meter_unit.clone(), "meter_unit")?,
        included: row.included_micros.map(from_micros),
        unlimited: required(row.unlimited, "unlimited")?,
        period: code(&required(row.meter_period.clone(), "meter_period")?)?,
        price: row.price_micros.map(from_micros),
        per: row.per_micros.map(from_micros),
        currency: currency(row)?,
        region: row.price_region.clone(),
        hard_limit: code_opt(row.hard_limit.as_deref())?,
    })
}

/// The columns of all details, empty: rows that are inserted together must all name the same columns.
pub(super) fn none() -> ActiveModel {
    macro_rules! empty {
        ($($column:ident),+ $(,)?) => { ActiveModel { $($column: Set(None),)+ ..ActiveModel::default() } };
    }
    empty! {
        attribute_name, attribute_value, capability, support_level, organization_id, fit_strength, team_language_id,
        minimum_skill, metric_key, metric_value_micros, metric_unit, metric_conditions, outcome_metric,
        outcome_direction, percent_micros, months_micros, market_segment, market_measure, market_year, market_to_year,
        market_usd_micros, market_forecast, release_cycle, release_codename, released_on, long_term_support,
        active_until, security_until, extended_until, latest_version, latest_on, plan_name, meter, meter_unit,
        included_micros, unlimited, meter_period, price_micros, per_micros, currency, price_region, hard_limit,
        lock_in_dimension, lock_in_effect, migration_scope, migration_tool, migration_automated, migration_by_hand,
    }
}

fn micros(field: &str, value: Option<Decimal>) -> Result<Option<i64>> {
    value.map(|value| to_micros(field, value)).transpose()
}

/// Writes a detail into a row.
pub(super) fn write(row: &mut ActiveModel, detail: &FactDetail) -> Result<()> {
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
        FactDetail::LockIn { dimension, effect } => {
            row.lock_in_dimension = Set(text_opt(Some(*dimension)));
            row.lock_in_effect = Set(text_opt(Some(*effect)));
        }
        FactDetail::Migration { scope, tool, automated, by_hand } => {
            row.migration_scope = Set(scope.clone());
            row.migration_tool = Set(tool.clone());
            row.migration_automated = Set(automated.clone());
            row.migration_by_hand = Set(by_hand.clone());
        }
        FactDetail::Metric { .. } | FactDetail::Outcome { .. } | FactDetail::Market { .. } => {
            write_figure(row, detail)?;
        }
        FactDetail::Release(cycle) => write_release(row, cycle),
        FactDetail::Plan(plan) => write_plan(row, plan)?,
        FactDetail::Meter(meter) => write_meter(row, meter)?,
    }
    Ok(())
}

fn write_figure(row: &mut ActiveModel, detail: &FactDetail) -> Result<()> {
    match detail {
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
        _ => {}
    }
    Ok(())
}

fn write_release(row: &mut ActiveModel, cycle: &ReleaseCycle) {
    let ReleaseCycle {
        cycle,
        codename,
        released_on,
        long_term_support,
        active_until,
        security_until,
        extended_until,
        latest,
        latest_on,
    } = cycle;
    row.release_cycle = Set(Some(cycle.clone()));
    row.release_codename = Set(codename.clone());
    row.released_on = Set(Some(*released_on));
    row.long_term_support = Set(Some(*long_term_support));
    row.active_until = Set(active_until.map(from_end));
    row.security_until = Set(security_until.map(from_end));
    row.extended_until = Set(extended_until.map(from_end));
    row.latest_version = Set(latest.clone());
    row.latest_on = Set(*latest_on);
}

fn write_plan(row: &mut ActiveModel, plan: &Plan) -> Result<()> {
    let Plan { name, monthly_price, currency, region } = plan;
    row.plan_name = Set(Some(name.clone()));
    row.price_micros = Set(micros("plan.monthlyPrice", *monthly_price)?);
    row.currency = Set(currency.as_ref().map(ToString::to_string));
    row.price_region = Set(region.clone());
    Ok(())
}

fn write_meter(row: &mut ActiveModel, value: &Meter) -> Result<()> {
    let Meter { plan, meter, unit, included, unlimited, period, price, per, currency, region, hard_limit } =
        value;
    row.plan_name = Set(Some(plan.clone()));
    row.meter = Set(text_opt(Some(*meter)));
    row.meter_unit = Set(Some(unit.clone()));
    row.included_micros = Set(micros("meter.included", *included)?);
    row.unlimited = Set(Some(*unlimited));
    row.meter_period = Set(text_opt(Some(*period)));
    row.price_micros = Set(micros("meter.price", *price)?);
    row.per_micros = Set(micros("meter.per", *per)?);
    row.currency = Set(currency.as_ref().map(ToString::to_string));
    row.price_region = Set(region.clone());
    row.hard_limit = Set(text_opt(*hard_limit));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_support_come_back_as_they_were() {
        for end in ["OPEN", "ENDED", "2027-04-30"] {
            let end = SupportEnd::parse("end", end).unwrap();
            assert_eq!(to_end(from_end(end)), end);
        }
    }
}
