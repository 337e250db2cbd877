//! From a fact to its entry in a file.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use stackfit_domain::{
    Result,
    citation::{Citation, Erratum},
    fact::{Fact, FactDetail, NamedTechnology, NewFact},
    fact_code::FactCode,
    id::Id,
    price::{Meter, Plan},
    relation::Relation,
    release_cycle::ReleaseCycle,
    subject::{Subject, SubjectKind},
    version::VersionRange,
};

use super::Names;
use crate::format::{
    AdoptionEntry, AttributeEntry, CapabilityEntry, CitationEntry, ErratumEntry, FactEntry, FitEntry,
    ListingEntry, LockInEntry, MarketEntry, MeterEntry, MetricEntry, MigrationEntry, OutcomeEntry, PlanEntry,
    RelationEntry, ReleaseEntry,
};

pub(super) fn entry(new: NewFact, subject: &Subject, names: &Names) -> Result<FactEntry> {
    let NewFact {
        fact,
        citations,
        errata,
        contradicts,
        confirms,
        refines,
        relations,
        mut platforms,
        technologies,
    } = new;
    platforms.sort_unstable();
    let published = citations.first().and_then(|first| names.published.get(&first.source)).copied();
    let observed_on = fact.observed_on.filter(|observed| Some(*observed) != published);
    let mut entry = FactEntry {
        observed_on: observed_on.map(|date| date.to_string()),
        platforms,
        citations: citations.into_iter().map(|one| citation(one, names)).collect::<Result<_>>()?,
        errata: errata.into_iter().map(erratum).collect(),
        contradicts: codes(contradicts),
        confirms: codes(confirms),
        refines: codes(refines),
        relations: relations.into_iter().map(|one| relation(one, subject, names)).collect::<Result<_>>()?,
        ..plain(&fact)
    };
    detail(&mut entry, fact.detail, &technologies, subject, names)?;
    Ok(entry)
}

/// What a fact says of itself, without what belongs to it.
fn plain(fact: &Fact) -> FactEntry {
    FactEntry {
        code: fact.code.to_string(),
        kind: fact.kind,
        title: fact.title.clone(),
        statement: fact.statement.clone(),
        verdict: fact.verdict,
        verdict_reason: fact.verdict_reason.clone(),
        criterion: fact.criterion,
        use_case: fact.use_case,
        rank: fact.rank,
        observed_on: None,
        valid_from: fact.valid_from.map(day),
        valid_to: fact.valid_to.map(day),
        platforms: vec![],
        citations: vec![],
        errata: vec![],
        contradicts: vec![],
        confirms: vec![],
        refines: vec![],
        relations: vec![],
        attribute: None,
        capability: None,
        adoption: None,
        fit: None,
        metric: None,
        outcome: None,
        market: None,
        listing: None,
        release: None,
        plan: None,
        meter: None,
        lock_in: None,
        migration: None,
    }
}

fn day(day: NaiveDate) -> String {
    day.to_string()
}

fn codes(mut codes: Vec<FactCode>) -> Vec<String> {
    codes.sort_by_cached_key(FactCode::sort_key);
    codes.iter().map(ToString::to_string).collect()
}

/// A number without zeros that say nothing.
fn number(number: Decimal) -> String {
    number.normalize().to_string()
}

fn citation(citation: Citation, names: &Names) -> Result<CitationEntry> {
    let Citation { source, locator, retrieved_on, supports } = citation;
    let source = names.slug(source)?.to_owned();
    Ok(CitationEntry { source, locator, retrieved_on: retrieved_on.map(day), supports })
}

fn erratum(erratum: Erratum) -> ErratumEntry {
    let Erratum { wrote, correct, reason } = erratum;
    ErratumEntry { wrote, correct, reason }
}

fn relation(relation: Relation, subject: &Subject, names: &Names) -> Result<RelationEntry> {
    let Relation { kind, from, to, from_versions, versions } = relation;
    let own = from == subject.id();
    let range = |range: Option<VersionRange>| range.map(|range| range.to_string());
    Ok(RelationEntry {
        kind,
        from: if own { None } else { Some(names.slug(from)?.to_owned()) },
        to: names.slug(to)?.to_owned(),
        from_versions: range(from_versions),
        versions: range(versions),
    })
}

fn detail(
    entry: &mut FactEntry,
    detail: FactDetail,
    technologies: &[NamedTechnology],
    subject: &Subject,
    names: &Names,
) -> Result<()> {
    match detail {
        FactDetail::Statement | FactDetail::Trait => {}
        FactDetail::Attribute { name, value } => entry.attribute = Some(AttributeEntry { name, value }),
        FactDetail::Capability { capability, level } => {
            entry.capability = Some(CapabilityEntry { name: capability, level });
        }
        FactDetail::LockIn { dimension, effect } => entry.lock_in = Some(LockInEntry { dimension, effect }),
        FactDetail::Metric { key, value, unit, conditions } => {
            entry.metric = Some(MetricEntry { key, value: number(value), unit, conditions });
        }
        FactDetail::Outcome { metric, direction, percent, months } => {
            let (percent, months) = (percent.map(number), months.map(number));
            entry.outcome = Some(OutcomeEntry { metric, direction, percent, months });
        }
        FactDetail::Market { segment, measure, year, to_year, amount_usd, percent, forecast } => {
            entry.market = Some(MarketEntry {
                segment: segment.to_string(),
                measure,
                year,
                to_year,
                amount_usd: amount_usd.map(number),
                percent: percent.map(number),
                forecast,
            });
        }
        FactDetail::Release(cycle) => entry.release = Some(release(cycle)),
        FactDetail::Plan(value) => entry.plan = Some(plan(value)),
        FactDetail::Meter(value) => entry.meter = Some(meter(value)),
        naming => return naming_detail(entry, naming, technologies, subject, names),
    }
    Ok(())
}

/// The details that name other things.
fn naming_detail(
    entry: &mut FactEntry,
    detail: FactDetail,
    technologies: &[NamedTechnology],
    subject: &Subject,
    names: &Names,
) -> Result<()> {
    let slug = |id: Id<Subject>| names.slug(id).map(str::to_owned);
    let own =
        |named: &NamedTechnology| subject.kind == SubjectKind::Technology && named.technology == subject.id();
    match detail {
        FactDetail::Adoption { organization } => {
            let only_own = matches!(technologies, [only] if own(only));
            let candidates = technologies.iter().map(|named| slug(named.technology));
            let candidates = candidates.collect::<Result<Vec<_>>>()?;
            let candidates = (!only_own).then_some(candidates);
            entry.adoption = Some(AdoptionEntry { organization: slug(organization)?, candidates });
        }
        FactDetail::FitRule { strength, team_language, minimum_skill } => {
            let others = technologies.iter().filter(|named| !own(named));
            let technologies = others.map(|named| slug(named.technology)).collect::<Result<Vec<_>>>()?;
            let team_language = team_language.map(slug).transpose()?;
            entry.fit = Some(FitEntry { strength, technologies, team_language, minimum_skill });
        }
        FactDetail::Migration { scope, tool, automated, by_hand } => {
            let to =
                technologies.first().map(|named| slug(named.technology)).transpose()?.unwrap_or_default();
            entry.migration = Some(MigrationEntry { to, scope, tool, automated, by_hand });
        }
        FactDetail::Listing => {
            let places = technologies.chunk_by(|one, next| one.place == next.place);
            let slugs = |place: &[NamedTechnology]| {
                place.iter().map(|named| slug(named.technology)).collect::<Result<Vec<_>>>()
            };
            entry.listing = Some(ListingEntry { entries: places.map(slugs).collect::<Result<_>>()? });
        }
        _ => {}
    }
    Ok(())
}

fn release(cycle: ReleaseCycle) -> ReleaseEntry {
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
    ReleaseEntry {
        cycle,
        codename,
        released_on: day(released_on),
        long_term_support,
        active_until: active_until.map(|end| end.to_string()),
        security_until: security_until.map(|end| end.to_string()),
        extended_until: extended_until.map(|end| end.to_string()),
        latest,
        latest_on: latest_on.map(day),
    }
}

fn plan(plan: Plan) -> PlanEntry {
    let Plan { name, monthly_price, currency, region } = plan;
    let (monthly_price, currency) = (monthly_price.map(number), currency.map(|unit| unit.to_string()));
    PlanEntry { name, monthly_price, currency, region }
}

fn meter(value: Meter) -> MeterEntry {
    let Meter { plan, meter, unit, included, unlimited, period, price, per, currency, region, hard_limit } =
        value;
    MeterEntry {
        plan,
        meter,
        unit,
        included: included.map(number),
        unlimited,
        period,
        price: price.map(number),
        per: per.map(number),
        currency: currency.map(|unit| unit.to_string()),
        region,
        hard_limit,
    }
}
