//! From an entry of a file to a fact.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;
use stackfit_domain::{
    Error, Result,
    citation::{Citation, Erratum},
    fact::{Fact, FactDetail, FactKind, NamedTechnology, NewFact},
    fact_code::FactCode,
    id::Id,
    partial_date::PartialDate,
    relation::Relation,
    slug::Slug,
    subject::{Subject, SubjectKind, SubjectRef},
};

use crate::format::{
    AdoptionEntry, AttributeEntry, CapabilityEntry, CitationEntry, ErratumEntry, FactEntry, FitEntry,
    ListingEntry, MarketEntry, MetricEntry, OutcomeEntry, RelationEntry,
};

pub(super) fn read(
    subject: &Subject,
    entry: FactEntry,
    published: &HashMap<String, PartialDate>,
    today: NaiveDate,
) -> Result<NewFact> {
    let (detail, technologies) = detail(subject, &entry)?;
    let FactEntry {
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
        platforms,
        citations,
        errata,
        contradicts,
        relations,
        ..
    } = entry;
    let first_source = citations.first().map(|citation| citation.source.as_str()).unwrap_or_default();
    let observed_on = match observed_on {
        Some(date) => Some(date.parse()?),
        None => published.get(first_source).copied(),
    };
    let code = FactCode::parse(&code)?;
    let fact = Fact {
        id: Id::named(code.as_str()),
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
        valid_from: day("validFrom", valid_from)?,
        valid_to: day("validTo", valid_to)?,
        subject: SubjectRef { kind: subject.kind, id: subject.id() },
        detail,
        version: 1,
        updated_at: DateTime::UNIX_EPOCH,
    };
    NewFact {
        fact,
        citations: citations.into_iter().map(citation).collect::<Result<_>>()?,
        errata: errata.into_iter().map(erratum).collect(),
        contradicts: contradicts.iter().map(|code| FactCode::parse(code)).collect::<Result<_>>()?,
        relations: relations.into_iter().map(|entry| relation(subject, entry)).collect::<Result<_>>()?,
        platforms,
        technologies,
    }
    .validate(today)
}

fn day(field: &str, text: Option<String>) -> Result<Option<NaiveDate>> {
    text.map(|text| {
        let date: PartialDate = text.parse()?;
        let exact = date.precision() == stackfit_domain::partial_date::DatePrecision::Day;
        exact
            .then(|| date.last_day())
            .ok_or_else(|| Error::invalid(field, "must name the day, as in 2023-05-31."))
    })
    .transpose()
}

fn citation(entry: CitationEntry) -> Result<Citation> {
    let CitationEntry { source, locator, retrieved_on, supports } = entry;
    let source = Subject::new(SubjectKind::Source, Slug::parse(&source)?).id();
    Ok(Citation { source, locator, retrieved_on: day("retrievedOn", retrieved_on)?, supports })
}

fn erratum(entry: ErratumEntry) -> Erratum {
    let ErratumEntry { wrote, correct, reason } = entry;
    Erratum { wrote, correct, reason }
}

fn relation(subject: &Subject, entry: RelationEntry) -> Result<Relation> {
    let RelationEntry { kind, from, to } = entry;
    let from = from.as_deref().map(technology).transpose()?.unwrap_or_else(|| subject.id());
    let to = Subject::new(kind.to_kind(), Slug::parse(&to)?).id();
    Ok(Relation { kind, from, to })
}

fn technology(slug: &str) -> Result<Id<Subject>> {
    Ok(Subject::new(SubjectKind::Technology, Slug::parse(slug)?).id())
}

fn organization(slug: &str) -> Result<Id<Subject>> {
    Ok(Subject::new(SubjectKind::Organization, Slug::parse(slug)?).id())
}

type Detail = (FactDetail, Vec<NamedTechnology>);

/// The typed detail of an entry with the technologies that it names.
fn detail(subject: &Subject, entry: &FactEntry) -> Result<Detail> {
    let FactEntry { attribute, capability, adoption, fit, metric, outcome, market, listing, kind, .. } =
        entry;
    let mut details: Vec<Detail> = Vec::new();
    details.extend(attribute.as_ref().map(|AttributeEntry { name, value }| {
        (FactDetail::Attribute { name: name.clone(), value: value.clone() }, vec![])
    }));
    details.extend(capability.as_ref().map(|CapabilityEntry { name, level }| {
        (FactDetail::Capability { capability: *name, level: *level }, vec![])
    }));
    details.extend(adoption.as_ref().map(|entry| self::adoption(subject, entry)).transpose()?);
    details.extend(fit.as_ref().map(|entry| fit_rule(subject, entry)).transpose()?);
    details.extend(metric.as_ref().map(self::metric).transpose()?);
    details.extend(outcome.as_ref().map(self::outcome).transpose()?);
    details.extend(market.as_ref().map(self::market).transpose()?);
    details.extend(listing.as_ref().map(self::listing).transpose()?);
    if details.len() > 1 {
        let names: Vec<&str> = details.iter().map(|(detail, _)| detail.name()).collect();
        let message = format!("a fact has at most one typed detail, not {}.", names.join(" and "));
        return Err(Error::invalid("detail", message));
    }
    let plain = match kind {
        FactKind::Pro | FactKind::Con | FactKind::Benefit => FactDetail::Trait,
        _ => FactDetail::Statement,
    };
    Ok(details.pop().unwrap_or((plain, vec![])))
}

fn places(slugs: &[Vec<String>]) -> Result<Vec<NamedTechnology>> {
    let mut technologies = Vec::new();
    for (place, slugs) in (1..).zip(slugs) {
        for slug in slugs {
            technologies.push(NamedTechnology { place, technology: technology(slug)? });
        }
    }
    Ok(technologies)
}

fn adoption(subject: &Subject, entry: &AdoptionEntry) -> Result<Detail> {
    let AdoptionEntry { organization, candidates } = entry;
    let organization = self::organization(organization)?;
    let technologies = match candidates {
        Some(candidates) => places(&candidates.iter().map(|slug| vec![slug.clone()]).collect::<Vec<_>>())?,
        None if subject.kind == SubjectKind::Technology => {
            vec![NamedTechnology { place: 1, technology: subject.id() }]
        }
        None => vec![],
    };
    Ok((FactDetail::Adoption { organization }, technologies))
}

fn fit_rule(subject: &Subject, entry: &FitEntry) -> Result<Detail> {
    let FitEntry { strength, technologies, team_language, minimum_skill } = entry;
    let mut named: Vec<NamedTechnology> = Vec::new();
    if subject.kind == SubjectKind::Technology {
        named.push(NamedTechnology { place: 1, technology: subject.id() });
    }
    for slug in technologies {
        let technology = technology(slug)?;
        if named.iter().all(|other| other.technology != technology) {
            let place = i32::try_from(named.len() + 1).map_err(Error::internal)?;
            named.push(NamedTechnology { place, technology });
        }
    }
    let team_language = team_language.as_deref().map(self::technology).transpose()?;
    let detail = FactDetail::FitRule { strength: *strength, team_language, minimum_skill: *minimum_skill };
    Ok((detail, named))
}

fn metric(entry: &MetricEntry) -> Result<Detail> {
    let MetricEntry { key, value, unit, conditions } = entry;
    let value = number("metric.value", value)?;
    Ok((FactDetail::Metric { key: *key, value, unit: unit.clone(), conditions: conditions.clone() }, vec![]))
}

fn outcome(entry: &OutcomeEntry) -> Result<Detail> {
    let OutcomeEntry { metric, direction, percent, months } = entry;
    let detail = FactDetail::Outcome {
        metric: *metric,
        direction: *direction,
        percent: percent.as_deref().map(|text| number("outcome.percent", text)).transpose()?,
        months: months.as_deref().map(|text| number("outcome.months", text)).transpose()?,
    };
    Ok((detail, vec![]))
}

fn market(entry: &MarketEntry) -> Result<Detail> {
    let MarketEntry { segment, measure, year, to_year, amount_usd, percent, forecast } = entry;
    let detail = FactDetail::Market {
        segment: Slug::parse(segment)?,
        measure: *measure,
        year: *year,
        to_year: *to_year,
        amount_usd: amount_usd.as_deref().map(|text| number("market.amountUsd", text)).transpose()?,
        percent: percent.as_deref().map(|text| number("market.percent", text)).transpose()?,
        forecast: *forecast,
    };
    Ok((detail, vec![]))
}

fn listing(entry: &ListingEntry) -> Result<Detail> {
    Ok((FactDetail::Listing, places(&entry.entries)?))
}

fn number(field: &str, text: &str) -> Result<Decimal> {
    text.parse().map_err(|_| Error::invalid(field, format!("`{text}` is not a number.")))
}
