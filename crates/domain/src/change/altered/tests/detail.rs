use rust_decimal::Decimal;

use super::{Alteration, NONE, alterations, check_fact, organization_id, slug, technology_id};
use crate::{
    capability::{Capability, SupportLevel},
    case_study::{OutcomeDirection, OutcomeMetric},
    fact::{FactDetail, NamedTechnology, NewFact, tests::fact},
    fit_rule::{FitStrength, SkillLevel},
    lock_in::{LockInDimension, LockInEffect},
    market::MarketMeasure,
    metric::MetricKey,
    price::{Currency, HardLimit, Meter, MeterPeriod, Plan, UsageMeter},
    release_cycle::{ReleaseCycle, SupportEnd},
};

/// A fact with a detail that names some technologies.
pub(super) fn detailed(detail: FactDetail, technologies: &[&str]) -> NewFact {
    let mut new = fact("F1");
    new.fact.detail = detail;
    new.technologies = named(technologies);
    new
}

fn named(technologies: &[&str]) -> Vec<NamedTechnology> {
    let named = (1..).zip(technologies);
    named.map(|(place, slug)| NamedTechnology { place, technology: technology_id(slug) }).collect()
}

/// Alters a field of a detail.
macro_rules! detail {
    ($($variant:ident)::+, $field:ident = $value:expr) => {
        |new: &mut NewFact| match &mut new.fact.detail {
            $($variant)::+ { $field, .. } => *$field = $value,
            other => panic!("{other:?}"),
        }
    };
    ($($variant:ident)::+($inner:ident), $field:ident = $value:expr) => {
        |new: &mut NewFact| match &mut new.fact.detail {
            $($variant)::+($inner) => $inner.$field = $value,
            other => panic!("{other:?}"),
        }
    };
}

#[test]
fn each_field_of_attributes_capabilities_and_lock_in_is_told() {
    let license = FactDetail::Attribute { name: "license".to_owned(), value: "MIT".to_owned() };
    let alterations = alterations![
        "name": "license" => "sdk", detail!(FactDetail::Attribute, name = "sdk".to_owned());
        "value": "MIT" => "BSD-3-Clause", detail!(FactDetail::Attribute, value = "BSD-3-Clause".to_owned());
    ];
    check_fact(&detailed(license, &[]), &alterations);
    let sql = FactDetail::Capability { capability: Capability::Sql, level: SupportLevel::ThirdParty };
    let alterations = alterations![
        "capability": "SQL" => "EMAIL", detail!(FactDetail::Capability, capability = Capability::Email);
        "level": "THIRD_PARTY" => "NATIVE", detail!(FactDetail::Capability, level = SupportLevel::Native);
    ];
    check_fact(&detailed(sql, &[]), &alterations);
    let bound = FactDetail::LockIn { dimension: LockInDimension::Data, effect: LockInEffect::Raises };
    let alterations = alterations![
        "dimension": "DATA" => "HOSTING", detail!(FactDetail::LockIn, dimension = LockInDimension::Hosting);
        "effect": "RAISES" => "MIXED", detail!(FactDetail::LockIn, effect = LockInEffect::Mixed);
    ];
    check_fact(&detailed(bound, &[]), &alterations);
}

#[test]
fn each_field_of_adoptions_and_fit_rules_is_told() {
    let adoption = FactDetail::Adoption { organization: organization_id("acme") };
    let alterations = alterations![
        "organization": "acme" => "initech", detail!(FactDetail::Adoption, organization = organization_id("initech"));
        "candidates": "django" => "django\nflask", |new: &mut NewFact| new.technologies = named(&["django", "flask"]);
    ];
    check_fact(&detailed(adoption, &["django"]), &alterations);
    let rule = FactDetail::FitRule { strength: FitStrength::Good, team_language: None, minimum_skill: None };
    let alterations = alterations![
        "strength": "GOOD" => "AVOID", detail!(FactDetail::FitRule, strength = FitStrength::Avoid);
        "teamLanguage": NONE => "python", detail!(FactDetail::FitRule, team_language = Some(technology_id("python")));
        "minimumSkill": NONE => "SENIOR", detail!(FactDetail::FitRule, minimum_skill = Some(SkillLevel::Senior));
        "technologies": "django\nflask" => "flask\ndjango", |new: &mut NewFact| new.technologies = named(&["flask", "django"]);
    ];
    check_fact(&detailed(rule, &["django", "flask"]), &alterations);
}

#[test]
fn each_field_of_listings_and_migrations_is_told() {
    let alterations = alterations![
        "entries": "1. django\n2. flask" => "1. django\n1. flask", |new: &mut NewFact| new.technologies[1].place = 1;
    ];
    check_fact(&detailed(FactDetail::Listing, &["django", "flask"]), &alterations);
    let way = FactDetail::Migration { scope: None, tool: None, automated: None, by_hand: None };
    let alterations = alterations![
        "to": "supabase" => "firebase", |new: &mut NewFact| new.technologies = named(&["firebase"]);
        "scope": NONE => "data", detail!(FactDetail::Migration, scope = Some("data".to_owned()));
        "tool": NONE => "a script", detail!(FactDetail::Migration, tool = Some("a script".to_owned()));
        "automated": NONE => "rows", detail!(FactDetail::Migration, automated = Some("rows".to_owned()));
        "byHand": NONE => "rules", detail!(FactDetail::Migration, by_hand = Some("rules".to_owned()));
    ];
    check_fact(&detailed(way, &["supabase"]), &alterations);
}

#[test]
fn each_field_of_metrics_and_outcomes_is_told() {
    let stars = FactDetail::Metric {
        key: MetricKey::GithubStars,
        value: "7.50".parse().unwrap(),
        unit: "k".to_owned(),
        conditions: None,
    };
    let alterations = alterations![
        "metric": "GITHUB_STARS" => "GITHUB_FORKS", detail!(FactDetail::Metric, key = MetricKey::GithubForks);
        "value": "7.5" => "12000000", detail!(FactDetail::Metric, value = Decimal::from(12_000_000));
        "unit": "k" => "stars", detail!(FactDetail::Metric, unit = "stars".to_owned());
        "conditions": NONE => "npm", detail!(FactDetail::Metric, conditions = Some("npm".to_owned()));
    ];
    check_fact(&detailed(stars, &[]), &alterations);
    let outcome = FactDetail::Outcome {
        metric: OutcomeMetric::TimeToMarket,
        direction: OutcomeDirection::Decreased,
        percent: Some(Decimal::from(70)),
        months: None,
    };
    let alterations = alterations![
        "metric": "TIME_TO_MARKET" => "COST", detail!(FactDetail::Outcome, metric = OutcomeMetric::Cost);
        "direction": "DECREASED" => "FAILED", detail!(FactDetail::Outcome, direction = OutcomeDirection::Failed);
        "percent": "70" => NONE, detail!(FactDetail::Outcome, percent = None);
        "months": NONE => "4.5", detail!(FactDetail::Outcome, months = Some(Decimal::new(45, 1)));
    ];
    check_fact(&detailed(outcome, &[]), &alterations);
}

#[test]
fn each_field_of_market_figures_is_told() {
    let market = FactDetail::Market {
        segment: slug("baas"),
        measure: MarketMeasure::Size,
        year: 2022,
        to_year: None,
        amount_usd: Some(Decimal::from(5_700_000_000_i64)),
        percent: None,
        forecast: false,
    };
    let alterations = alterations![
        "segment": "baas" => "faas", detail!(FactDetail::Market, segment = slug("faas"));
        "measure": "SIZE" => "GROWTH_RATE", detail!(FactDetail::Market, measure = MarketMeasure::GrowthRate);
        "year": "2022" => "2023", detail!(FactDetail::Market, year = 2023);
        "toYear": NONE => "2030", detail!(FactDetail::Market, to_year = Some(2030));
        "amountUsd": "5700000000" => NONE, detail!(FactDetail::Market, amount_usd = None);
        "percent": NONE => "23.6", detail!(FactDetail::Market, percent = Some(Decimal::new(2360, 2)));
        "isForecast": "false" => "true", detail!(FactDetail::Market, forecast = true);
    ];
    check_fact(&detailed(market, &[]), &alterations);
}

#[test]
fn each_field_of_a_release_cycle_is_told() {
    let cycle = FactDetail::Release(ReleaseCycle {
        cycle: "5.2".to_owned(),
        codename: None,
        released_on: "2025-04-02".parse().unwrap(),
        long_term_support: true,
        active_until: Some(SupportEnd::Ended),
        security_until: "2028-04-30".parse().ok().map(SupportEnd::On),
        extended_until: None,
        latest: Some("5.2.8".to_owned()),
        latest_on: None,
    });
    let alterations = alterations![
        "name": "5.2" => "5.3", detail!(FactDetail::Release(cycle), cycle = "5.3".to_owned());
        "codename": NONE => "Noble", detail!(FactDetail::Release(cycle), codename = Some("Noble".to_owned()));
        "releasedOn": "2025-04-02" => "2025-04-03", detail!(FactDetail::Release(cycle), released_on = "2025-04-03".parse().unwrap());
        "isLongTermSupport": "true" => "false", detail!(FactDetail::Release(cycle), long_term_support = false);
        "activeUntil": "ENDED" => NONE, detail!(FactDetail::Release(cycle), active_until = None);
        "securityUntil": "2028-04-30" => "OPEN", detail!(FactDetail::Release(cycle), security_until = Some(SupportEnd::Open));
        "extendedUntil": NONE => "OPEN", detail!(FactDetail::Release(cycle), extended_until = Some(SupportEnd::Open));
        "latest": "5.2.8" => "5.2.9", detail!(FactDetail::Release(cycle), latest = Some("5.2.9".to_owned()));
        "latestOn": NONE => "2025-11-05", detail!(FactDetail::Release(cycle), latest_on = "2025-11-05".parse().ok());
    ];
    check_fact(&detailed(cycle, &[]), &alterations);
}

#[test]
fn each_field_of_plans_is_told() {
    let plan = FactDetail::Plan(Plan {
        name: "Pro".to_owned(),
        monthly_price: Some(Decimal::from(25)),
        currency: Currency::parse("currency", "USD").ok(),
        region: None,
    });
    let alterations = alterations![
        "name": "Pro" => "Team", detail!(FactDetail::Plan(plan), name = "Team".to_owned());
        "monthlyPrice": "25" => "0", detail!(FactDetail::Plan(plan), monthly_price = Some(Decimal::ZERO));
        "currency": "USD" => NONE, detail!(FactDetail::Plan(plan), currency = None);
        "region": NONE => "EU", detail!(FactDetail::Plan(plan), region = Some("EU".to_owned()));
    ];
    check_fact(&detailed(plan, &[]), &alterations);
}

#[test]
fn each_field_of_meters_is_told() {
    let meter = FactDetail::Meter(Meter {
        plan: "Pro".to_owned(),
        meter: UsageMeter::EgressGb,
        unit: "GB".to_owned(),
        included: Some(Decimal::from(250)),
        unlimited: false,
        period: MeterPeriod::Month,
        price: Some(Decimal::new(9, 2)),
        per: Some(Decimal::ONE),
        currency: Currency::parse("currency", "USD").ok(),
        region: None,
        hard_limit: None,
    });
    let alterations = alterations![
        "plan": "Pro" => "Free", detail!(FactDetail::Meter(meter), plan = "Free".to_owned());
        "meter": "EGRESS_GB" => "SEATS", detail!(FactDetail::Meter(meter), meter = UsageMeter::Seats);
        "unit": "GB" => "GiB", detail!(FactDetail::Meter(meter), unit = "GiB".to_owned());
        "included": "250" => NONE, detail!(FactDetail::Meter(meter), included = None);
        "isUnlimited": "false" => "true", detail!(FactDetail::Meter(meter), unlimited = true);
        "period": "MONTH" => "DAY", detail!(FactDetail::Meter(meter), period = MeterPeriod::Day);
        "price": "0.09" => "0.1", detail!(FactDetail::Meter(meter), price = Some(Decimal::new(10, 2)));
        "per": "1" => "1000", detail!(FactDetail::Meter(meter), per = Some(Decimal::from(1_000)));
        "currency": "USD" => NONE, detail!(FactDetail::Meter(meter), currency = None);
        "region": NONE => "EU", detail!(FactDetail::Meter(meter), region = Some("EU".to_owned()));
        "hardLimit": NONE => "YES", detail!(FactDetail::Meter(meter), hard_limit = Some(HardLimit::Yes));
    ];
    check_fact(&detailed(meter, &[]), &alterations);
}
