//! The fields of facts.

use rust_decimal::Decimal;

use super::{Field, Name, Reference, field, lines, optional, quoted};
use crate::{
    citation::{Citation, Erratum},
    code::Code,
    fact::{Fact, FactDetail, NamedTechnology, NewFact},
    fact_code::FactCode,
    partial_date::PartialDate,
    price::{Meter, Plan},
    relation::Relation,
    release_cycle::ReleaseCycle,
    version::VersionRange,
};

pub(super) fn fields(new: &NewFact, name: Name) -> Vec<Field> {
    let NewFact {
        fact,
        citations,
        errata,
        contradicts,
        confirms,
        refines,
        relations,
        platforms,
        technologies,
    } = new;
    let codes = |list: &[FactCode]| lines(list.iter().map(ToString::to_string));
    let mut fields = head(fact, name);
    let (sort, named) = sort(&fact.detail);
    fields.push(field("__typename", &sort));
    fields.extend(detail(&fact.detail, name));
    fields.push((named, self::technologies(&fact.detail, technologies, name)));
    fields.extend([
        ("citations", lines(citations.iter().map(|value| citation(value, name)))),
        ("errata", lines(errata.iter().map(erratum))),
        ("contradictedBy", codes(contradicts)),
        ("confirms", codes(confirms)),
        ("refines", codes(refines)),
        ("relations", lines(relations.iter().map(|value| relation(value, name)))),
        ("platforms", lines(platforms.iter().map(|platform| platform.code().to_owned()))),
    ]);
    fields
}

/// The fields that all facts have.
fn head(fact: &Fact, name: Name) -> Vec<Field> {
    let Fact {
        id: _,
        code: called,
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
        detail: _,
        version: _,
        updated_at: _,
    } = fact;
    let about = format!("{} {}", subject.kind.code(), name(Reference::Subject(subject.id)));
    vec![
        field("code", called),
        field("kind", &kind.code()),
        optional("title", title.as_ref()),
        field("statement", statement),
        field("verdict", &verdict.code()),
        optional("verdictReason", verdict_reason.as_ref()),
        optional("criterion", criterion.map(Code::code)),
        optional("useCase", use_case.map(Code::code)),
        optional("rank", *rank),
        optional("observedOn", observed_on.map(PartialDate::last_day)),
        optional("observedPrecision", observed_on.map(PartialDate::precision).map(Code::code)),
        optional("validFrom", *valid_from),
        optional("validTo", *valid_to),
        ("subject", Some(about)),
    ]
}

/// The type that the API gives a fact with this detail, and its field that holds the technologies.
fn sort(detail: &FactDetail) -> (&'static str, &'static str) {
    match detail {
        FactDetail::Statement => ("Statement", "technologies"),
        FactDetail::Trait => ("Trait", "technologies"),
        FactDetail::Attribute { .. } => ("Attribute", "technologies"),
        FactDetail::Capability { .. } => ("CapabilitySupport", "technologies"),
        FactDetail::Adoption { .. } => ("Adoption", "candidates"),
        FactDetail::FitRule { .. } => ("FitRule", "technologies"),
        FactDetail::Metric { .. } => ("Metric", "technologies"),
        FactDetail::Outcome { .. } => ("Outcome", "technologies"),
        FactDetail::Market { .. } => ("MarketFigure", "technologies"),
        FactDetail::Listing => ("Listing", "entries"),
        FactDetail::Release(_) => ("ReleaseCycle", "technologies"),
        FactDetail::Plan(_) => ("PricePlan", "technologies"),
        FactDetail::Meter(_) => ("Price", "technologies"),
        FactDetail::LockIn { .. } => ("LockInEvidence", "technologies"),
        FactDetail::Migration { .. } => ("MigrationPath", "to"),
    }
}

/// The fields that facts with such a detail have.
fn detail(detail: &FactDetail, called: Name) -> Vec<Field> {
    match detail {
        FactDetail::Statement | FactDetail::Trait | FactDetail::Listing => vec![],
        FactDetail::Attribute { name, value } => vec![field("name", name), field("value", value)],
        FactDetail::Capability { capability, level } => {
            vec![field("capability", &capability.code()), field("level", &level.code())]
        }
        FactDetail::Adoption { organization } => {
            vec![("organization", Some(called(Reference::Subject(*organization))))]
        }
        FactDetail::FitRule { strength, team_language, minimum_skill } => vec![
            field("strength", &strength.code()),
            ("teamLanguage", team_language.map(|language| called(Reference::Subject(language)))),
            optional("minimumSkill", minimum_skill.map(Code::code)),
        ],
        FactDetail::Metric { .. } | FactDetail::Outcome { .. } | FactDetail::Market { .. } => figure(detail),
        FactDetail::Release(value) => release(value),
        FactDetail::Plan(value) => plan(value),
        FactDetail::Meter(value) => meter(value),
        FactDetail::LockIn { dimension, effect } => {
            vec![field("dimension", &dimension.code()), field("effect", &effect.code())]
        }
        FactDetail::Migration { scope, tool, automated, by_hand } => vec![
            optional("scope", scope.as_ref()),
            optional("tool", tool.as_ref()),
            optional("automated", automated.as_ref()),
            optional("byHand", by_hand.as_ref()),
        ],
    }
}

fn figure(detail: &FactDetail) -> Vec<Field> {
    match detail {
        FactDetail::Metric { key, value, unit, conditions } => vec![
            field("metric", &key.code()),
            field("value", &value.normalize()),
            field("unit", unit),
            optional("conditions", conditions.as_ref()),
        ],
        FactDetail::Outcome { metric, direction, percent, months } => vec![
            field("metric", &metric.code()),
            field("direction", &direction.code()),
            optional("percent", percent.as_ref().map(Decimal::normalize)),
            optional("months", months.as_ref().map(Decimal::normalize)),
        ],
        FactDetail::Market { segment, measure, year, to_year, amount_usd, percent, forecast } => vec![
            field("segment", segment),
            field("measure", &measure.code()),
            field("year", year),
            optional("toYear", *to_year),
            optional("amountUsd", amount_usd.as_ref().map(Decimal::normalize)),
            optional("percent", percent.as_ref().map(Decimal::normalize)),
            field("isForecast", forecast),
        ],
        _ => vec![],
    }
}

fn release(value: &ReleaseCycle) -> Vec<Field> {
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
    } = value;
    vec![
        field("name", cycle),
        optional("codename", codename.as_ref()),
        field("releasedOn", released_on),
        field("isLongTermSupport", long_term_support),
        optional("activeUntil", *active_until),
        optional("securityUntil", *security_until),
        optional("extendedUntil", *extended_until),
        optional("latest", latest.as_ref()),
        optional("latestOn", *latest_on),
    ]
}

fn plan(value: &Plan) -> Vec<Field> {
    let Plan { name, monthly_price, currency, region } = value;
    vec![
        field("name", name),
        optional("monthlyPrice", monthly_price.as_ref().map(Decimal::normalize)),
        optional("currency", currency.as_ref()),
        optional("region", region.as_ref()),
    ]
}

fn meter(value: &Meter) -> Vec<Field> {
    let Meter { plan, meter, unit, included, unlimited, period, price, per, currency, region, hard_limit } =
        value;
    vec![
        field("plan", plan),
        field("meter", &meter.code()),
        field("unit", unit),
        optional("included", included.as_ref().map(Decimal::normalize)),
        field("isUnlimited", unlimited),
        field("period", &period.code()),
        optional("price", price.as_ref().map(Decimal::normalize)),
        optional("per", per.as_ref().map(Decimal::normalize)),
        optional("currency", currency.as_ref()),
        optional("region", region.as_ref()),
        optional("hardLimit", hard_limit.map(Code::code)),
    ]
}

/// Technologies by their slugs; with their places in a listing, and wherever these say more than the order does.
fn technologies(detail: &FactDetail, named: &[NamedTechnology], name: Name) -> Option<String> {
    let listing = matches!(detail, FactDetail::Listing);
    lines((1..).zip(named).map(|(at, NamedTechnology { place, technology })| {
        let slug = name(Reference::Subject(*technology));
        if listing || *place != at { format!("{place}. {slug}") } else { slug }
    }))
}

fn citation(value: &Citation, name: Name) -> String {
    let Citation { source, locator, retrieved_on, supports } = value;
    let mut line = name(Reference::Subject(*source));
    line.extend(locator.iter().map(|locator| format!(" {}", quoted(locator))));
    line.extend(retrieved_on.iter().map(|day| format!(", retrieved on {day}")));
    line.push_str(if *supports { "" } else { ", speaks against it" });
    line
}

fn erratum(value: &Erratum) -> String {
    let Erratum { wrote, correct, reason } = value;
    let correct =
        correct.as_ref().map_or_else(String::new, |correct| format!(" should be {}", quoted(correct)));
    format!("{}{correct}: {}", quoted(wrote), quoted(reason))
}

fn relation(value: &Relation, name: Name) -> String {
    let Relation { kind, from, to, from_versions, versions } = value;
    let mut end = |id, versions: &Option<VersionRange>| {
        let range = versions.as_ref().map_or_else(String::new, |range| format!(" {range}"));
        format!("{}{range}", name(Reference::Subject(id)))
    };
    let (from, to) = (end(*from, from_versions), end(*to, versions));
    format!("{from} {} {to}", kind.code())
}
