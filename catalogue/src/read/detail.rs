//! The typed detail of a fact.

use std::str::FromStr;

use rust_decimal::Decimal;
use stackfit_domain::{
    Error,
    fact::{FactDetail, FactKind, NamedTechnology},
    id::Id,
    price::{Currency, Meter, Plan},
    release_cycle::{ReleaseCycle, SupportEnd},
    slug::Slug,
    subject::{Subject, SubjectKind},
    text::exact,
};

use super::{
    Problems,
    fact::{Reader, day},
};
use crate::format::{
    AdoptionEntry, AttributeEntry, CapabilityEntry, FactEntry, FitEntry, ListingEntry, LockInEntry,
    MarketEntry, MeterEntry, MetricEntry, MigrationEntry, OutcomeEntry, PlanEntry, ReleaseEntry,
};

/// A detail with the technologies that it names.
type Detail = (FactDetail, Vec<NamedTechnology>);

impl Reader<'_> {
    /// The typed detail of an entry, or the plain one that its kind has.
    pub(super) fn detail(&self, entry: &FactEntry, problems: &mut Problems) -> Option<Detail> {
        let given = given(entry);
        match given.as_slice() {
            [] => Some((plain(entry.kind), vec![])),
            [_] => self.typed(entry, problems),
            several => {
                let message = format!("a fact has at most one typed detail, not {}.", several.join(" and "));
                problems.add(Error::invalid("", message));
                None
            }
        }
    }

    fn typed(&self, entry: &FactEntry, problems: &mut Problems) -> Option<Detail> {
        let alone = |detail: FactDetail| (detail, vec![]);
        if let Some(AttributeEntry { name, value }) = &entry.attribute {
            return Some(alone(FactDetail::Attribute { name: name.clone(), value: value.clone() }));
        }
        if let Some(CapabilityEntry { name, level }) = &entry.capability {
            return Some(alone(FactDetail::Capability { capability: *name, level: *level }));
        }
        if let Some(LockInEntry { dimension, effect }) = &entry.lock_in {
            return Some(alone(FactDetail::LockIn { dimension: *dimension, effect: *effect }));
        }
        let figures = entry.metric.as_ref().map(|entry| metric(entry, problems));
        let figures = figures.or_else(|| entry.outcome.as_ref().map(|entry| outcome(entry, problems)));
        let figures = figures.or_else(|| entry.market.as_ref().map(|entry| market(entry, problems)));
        let figures = figures.or_else(|| entry.release.as_ref().map(|entry| release(entry, problems)));
        let figures = figures.or_else(|| entry.plan.as_ref().map(|entry| plan(entry, problems)));
        let figures = figures.or_else(|| entry.meter.as_ref().map(|entry| meter(entry, problems)));
        if let Some(detail) = figures {
            return detail.map(alone);
        }
        let naming = entry.adoption.as_ref().map(|entry| self.adoption(entry, problems));
        let naming = naming.or_else(|| entry.fit.as_ref().map(|entry| self.fit_rule(entry, problems)));
        let naming =
            naming.or_else(|| entry.listing.as_ref().map(|entry| Some(self.listing(entry, problems))));
        naming.or_else(|| entry.migration.as_ref().map(|entry| self.migration(entry, problems)))?
    }

    fn technology(&self, path: &str, slug: &str, problems: &mut Problems) -> Option<Id<Subject>> {
        self.named(path, SubjectKind::Technology, slug, problems)
    }

    /// The technologies of a list of places.
    fn places(&self, path: &str, places: &[Vec<String>], problems: &mut Problems) -> Vec<NamedTechnology> {
        let mut technologies = Vec::new();
        for (place, slugs) in (1..).zip(places) {
            for slug in slugs {
                let technology = self.technology(path, slug, problems);
                technologies.extend(technology.map(|technology| NamedTechnology { place, technology }));
            }
        }
        technologies
    }

    fn adoption(&self, entry: &AdoptionEntry, problems: &mut Problems) -> Option<Detail> {
        let AdoptionEntry { organization, candidates } = entry;
        let organization =
            self.named("adoption.organization", SubjectKind::Organization, organization, problems);
        let technologies = match candidates {
            Some(candidates) => {
                let places: Vec<Vec<String>> = candidates.iter().map(|slug| vec![slug.clone()]).collect();
                self.places("adoption.candidates", &places, problems)
            }
            None if self.subject.kind == SubjectKind::Technology => {
                vec![NamedTechnology { place: 1, technology: self.subject.id() }]
            }
            None => vec![],
        };
        Some((FactDetail::Adoption { organization: organization? }, technologies))
    }

    fn fit_rule(&self, entry: &FitEntry, problems: &mut Problems) -> Option<Detail> {
        let FitEntry { strength, technologies, team_language, minimum_skill } = entry;
        let mut ids = Vec::new();
        if self.subject.kind == SubjectKind::Technology {
            ids.push(self.subject.id());
        }
        for (at, slug) in technologies.iter().enumerate() {
            let technology = self.technology(&format!("fit.technologies[{at}]"), slug, problems);
            ids.extend(technology.filter(|technology| !ids.contains(technology)));
        }
        let named = (1..).zip(ids).map(|(place, technology)| NamedTechnology { place, technology });
        let team_language = match team_language {
            Some(slug) => Some(self.technology("fit.teamLanguage", slug, problems)?),
            None => None,
        };
        let detail =
            FactDetail::FitRule { strength: *strength, team_language, minimum_skill: *minimum_skill };
        Some((detail, named.collect()))
    }

    fn listing(&self, entry: &ListingEntry, problems: &mut Problems) -> Detail {
        (FactDetail::Listing, self.places("listing.entries", &entry.entries, problems))
    }

    fn migration(&self, entry: &MigrationEntry, problems: &mut Problems) -> Option<Detail> {
        let MigrationEntry { to, scope, tool, automated, by_hand } = entry;
        let technology = self.technology("migration.to", to, problems)?;
        let detail = FactDetail::Migration {
            scope: scope.clone(),
            tool: tool.clone(),
            automated: automated.clone(),
            by_hand: by_hand.clone(),
        };
        Some((detail, vec![NamedTechnology { place: 1, technology }]))
    }
}

/// The names of the typed details that an entry has.
fn given(entry: &FactEntry) -> Vec<&'static str> {
    let all = [
        ("attribute", entry.attribute.is_some()),
        ("capability", entry.capability.is_some()),
        ("adoption", entry.adoption.is_some()),
        ("fit", entry.fit.is_some()),
        ("metric", entry.metric.is_some()),
        ("outcome", entry.outcome.is_some()),
        ("market", entry.market.is_some()),
        ("listing", entry.listing.is_some()),
        ("release", entry.release.is_some()),
        ("plan", entry.plan.is_some()),
        ("meter", entry.meter.is_some()),
        ("lockIn", entry.lock_in.is_some()),
        ("migration", entry.migration.is_some()),
    ];
    all.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
}

fn plain(kind: FactKind) -> FactDetail {
    match kind {
        FactKind::Pro | FactKind::Con | FactKind::Benefit => FactDetail::Trait,
        _ => FactDetail::Statement,
    }
}

fn number(path: &str, text: &str, problems: &mut Problems) -> Option<Decimal> {
    let number = Decimal::from_str(text)
        .map_err(|_| Error::invalid(path, format!("`{text}` is not a number such as 23.6.")))
        .and_then(|number| exact(path, number));
    problems.take(path, number)
}

/// A number that may be left out: nothing when it is there and wrong.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn number_opt(path: &str, text: Option<&String>, problems: &mut Problems) -> Option<Option<Decimal>> {
    text.map_or(Some(None), |text| number(path, text, problems).map(Some))
}

fn metric(entry: &MetricEntry, problems: &mut Problems) -> Option<FactDetail> {
    let MetricEntry { key, value, unit, conditions } = entry;
    let value = number("metric.value", value, problems)?;
    Some(FactDetail::Metric { key: *key, value, unit: unit.clone(), conditions: conditions.clone() })
}

fn outcome(entry: &OutcomeEntry, problems: &mut Problems) -> Option<FactDetail> {
    let OutcomeEntry { metric, direction, percent, months } = entry;
    let percent = number_opt("outcome.percent", percent.as_ref(), problems);
    let months = number_opt("outcome.months", months.as_ref(), problems);
    Some(FactDetail::Outcome { metric: *metric, direction: *direction, percent: percent?, months: months? })
}

fn market(entry: &MarketEntry, problems: &mut Problems) -> Option<FactDetail> {
    let MarketEntry { segment, measure, year, to_year, amount_usd, percent, forecast } = entry;
    let segment = problems.take("market.segment", Slug::parse(segment));
    let amount_usd = number_opt("market.amountUsd", amount_usd.as_ref(), problems);
    let percent = number_opt("market.percent", percent.as_ref(), problems);
    Some(FactDetail::Market {
        segment: segment?,
        measure: *measure,
        year: *year,
        to_year: *to_year,
        amount_usd: amount_usd?,
        percent: percent?,
        forecast: *forecast,
    })
}

fn release(entry: &ReleaseEntry, problems: &mut Problems) -> Option<FactDetail> {
    let mut end = |path: &str, text: &Option<String>| {
        text.as_ref().and_then(|text| problems.take(path, SupportEnd::parse(path, text)))
    };
    let active_until = end("release.activeUntil", &entry.active_until);
    let security_until = end("release.securityUntil", &entry.security_until);
    let extended_until = end("release.extendedUntil", &entry.extended_until);
    let latest_on = day("release.latestOn", entry.latest_on.as_deref(), problems);
    Some(FactDetail::Release(ReleaseCycle {
        cycle: entry.cycle.clone(),
        codename: entry.codename.clone(),
        released_on: day("release.releasedOn", Some(&entry.released_on), problems)?,
        long_term_support: entry.long_term_support,
        active_until,
        security_until,
        extended_until,
        latest: entry.latest.clone(),
        latest_on,
    }))
}

fn currency(path: &str, text: Option<&String>, problems: &mut Problems) -> Option<Currency> {
    text.and_then(|text| problems.take(path, Currency::parse(path, text)))
}

fn plan(entry: &PlanEntry, problems: &mut Problems) -> Option<FactDetail> {
    let PlanEntry { name, monthly_price, currency: unit, region } = entry;
    Some(FactDetail::Plan(Plan {
        name: name.clone(),
        monthly_price: number_opt("plan.monthlyPrice", monthly_price.as_ref(), problems)?,
        currency: currency("plan.currency", unit.as_ref(), problems),
        region: region.clone(),
    }))
}

fn meter(entry: &MeterEntry, problems: &mut Problems) -> Option<FactDetail> {
    let included = number_opt("meter.included", entry.included.as_ref(), problems);
    let price = number_opt("meter.price", entry.price.as_ref(), problems);
    let per = number_opt("meter.per", entry.per.as_ref(), problems);
    Some(FactDetail::Meter(Meter {
        plan: entry.plan.clone(),
        meter: entry.meter,
        unit: entry.unit.clone(),
        included: included?,
        unlimited: entry.unlimited,
        period: entry.period,
        price: price?,
        per: per?,
        currency: currency("meter.currency", entry.currency.as_ref(), problems),
        region: entry.region.clone(),
        hard_limit: entry.hard_limit,
    }))
}
