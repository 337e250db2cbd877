//! A catalogue of any size, made up from a seed: for measuring, never for choosing.

use chrono::{DateTime, Days, NaiveDate};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use stackfit_domain::{
    Error, Result,
    capability::{Capability, SupportLevel},
    catalogue::{Entity, Part},
    citation::Citation,
    fact::{Fact, FactDetail, FactKind, NewFact, attribute},
    fact_code::FactCode,
    id::Id,
    metric::MetricKey,
    relation::{Relation, RelationKind},
    release_cycle::{ReleaseCycle, SupportEnd},
    selection_criterion::Criterion,
    slug::Slug,
    source::{Location, Source, SourceKind},
    subject::{Subject, SubjectKind, SubjectRef},
    technology::{Technology, TechnologyKind},
    verdict::Verdict,
};
use strum::VariantArray;

/// How many languages the technologies are written in.
const LANGUAGES: usize = 20;
/// How many sources the facts cite.
const SOURCES: usize = 50;
const LICENSES: [&str; 6] = ["MIT", "Apache-2.0", "BSD-3-Clause", "GPL-3.0-only", "MPL-2.0", "proprietary"];
const WORDS: [&str; 24] = [
    "amber", "basalt", "cedar", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "juniper", "kelp",
    "lumen", "maple", "nectar", "onyx", "pebble", "quartz", "raven", "sable", "tundra", "umber", "violet",
    "willow", "zephyr",
];
/// The day around which everything happens.
const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

/// The parts of a catalogue with so many technologies. The same seed gives the same catalogue.
pub fn parts(technologies: usize, seed: u64) -> impl Iterator<Item = Result<Part>> {
    let sources = (0..SOURCES).map(source);
    let languages = (0..LANGUAGES).map(language);
    let all = (0..technologies).map(move |number| technology(number, seed));
    sources.chain(languages).chain(all)
}

fn slug(text: &str) -> Result<Slug> {
    Slug::parse(text).map_err(Error::internal)
}

fn source(number: usize) -> Result<Part> {
    let source = Source {
        slug: slug(&format!("generated-source-{number}"))?,
        kind: SourceKind::VARIANTS[number % SourceKind::VARIANTS.len()],
        title: format!("Generated source {number}"),
        publisher: None,
        location: Location::Nowhere("Made up for measuring.".to_owned()),
        published_on: None,
        has_vendor_bias: false,
        note: None,
    };
    Ok(Part { entity: Entity::Source(source), aliases: vec![], facts: vec![] })
}

fn bare(slug: Slug, kind: TechnologyKind, name: String) -> Technology {
    Technology { slug, kind, name, summary: None, homepage: None, repository: None, archived: false }
}

fn language(number: usize) -> Result<Part> {
    let slug = slug(&format!("generated-language-{number}"))?;
    let technology = bare(slug, TechnologyKind::Language, format!("Generated language {number}"));
    Ok(Part { entity: Entity::Technology(technology), aliases: vec![], facts: vec![] })
}

fn technology(number: usize, seed: u64) -> Result<Part> {
    // One stream of chance for each technology: it does not depend on how many there are.
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number as u64);
    let kinds = [
        TechnologyKind::BackendFramework,
        TechnologyKind::BackendFramework,
        TechnologyKind::ClientFramework,
        TechnologyKind::Baas,
        TechnologyKind::Database,
        TechnologyKind::Tool,
    ];
    let word = |random: &mut ChaCha8Rng| *WORDS.choose(random).unwrap_or(&"word");
    let name = format!("{} {} {number}", word(&mut random), word(&mut random));
    let slug = slug(&format!("generated-{number}"))?;
    let kind = *kinds.choose(&mut random).unwrap_or(&TechnologyKind::Tool);
    let mut maker =
        Maker { subject: Subject::new(SubjectKind::Technology, slug.clone()), random, facts: vec![] };
    maker.facts()?;
    let entity = Entity::Technology(bare(slug, kind, name));
    Ok(Part { entity, aliases: vec![], facts: maker.facts })
}

/// Makes up the facts about one technology.
struct Maker {
    subject: Subject,
    random: ChaCha8Rng,
    facts: Vec<NewFact>,
}

impl Maker {
    fn facts(&mut self) -> Result<()> {
        let value = (*LICENSES.choose(&mut self.random).unwrap_or(&"MIT")).to_owned();
        let license = FactDetail::Attribute { name: attribute::LICENSE.to_owned(), value };
        self.add("license", FactKind::Attribute, license)?;
        self.add("language", FactKind::Relation, FactDetail::Statement)?;
        let language = format!("generated-language-{}", self.random.random_range(0..LANGUAGES));
        let to = Subject::new(SubjectKind::Technology, slug(&language)?).id();
        let (from, kind) = (self.subject.id(), RelationKind::Language);
        if let Some(fact) = self.facts.last_mut() {
            fact.relations.push(Relation { kind, from, to, from_versions: None, versions: None });
        }
        let first = self.random.random_range(0..Capability::VARIANTS.len());
        for step in 0..self.random.random_range(1..=3) {
            let capability = Capability::VARIANTS[(first + 5 * step) % Capability::VARIANTS.len()];
            let level = *SupportLevel::VARIANTS.choose(&mut self.random).unwrap_or(&SupportLevel::Native);
            let detail = FactDetail::Capability { capability, level };
            self.add(&format!("capability-{step}"), FactKind::Capability, detail)?;
        }
        let metric = FactDetail::Metric {
            key: MetricKey::DownloadsPerMonth,
            value: Decimal::from(self.random.random_range(10..10_000_000)),
            unit: "downloads per month".to_owned(),
            conditions: None,
        };
        self.add("downloads", FactKind::Metric, metric)?;
        let cycle = self.cycle();
        self.add("release-1", FactKind::Release, FactDetail::Release(cycle))?;
        self.weighed()
    }

    /// What speaks for and against it under some criteria.
    fn weighed(&mut self) -> Result<()> {
        if let Some(new) = self.facts.iter_mut().find(|new| new.fact.kind == FactKind::Metric) {
            new.fact.criterion = Some(Criterion::Popularity);
        }
        for number in 0..self.random.random_range(4..=10) {
            let kind = if self.random.random_bool(0.6) { FactKind::Pro } else { FactKind::Con };
            self.add(&format!("trait-{number}"), kind, FactDetail::Trait)?;
            let criterion = Criterion::VARIANTS.choose(&mut self.random).copied();
            if let Some(new) = self.facts.last_mut() {
                new.fact.criterion = criterion;
            }
        }
        Ok(())
    }

    fn cycle(&mut self) -> ReleaseCycle {
        let released_on = DAY - Days::new(self.random.random_range(1..3_000));
        let active = released_on + Days::new(self.random.random_range(100..1_000));
        let security = active + Days::new(self.random.random_range(100..1_000));
        ReleaseCycle {
            cycle: "1".to_owned(),
            codename: None,
            released_on,
            long_term_support: self.random.random_bool(0.2),
            active_until: Some(SupportEnd::On(active)),
            security_until: Some(SupportEnd::On(security)),
            extended_until: None,
            latest: None,
            latest_on: None,
        }
    }

    fn add(&mut self, name: &str, kind: FactKind, detail: FactDetail) -> Result<()> {
        let code = FactCode::parse(&format!("{}.{name}", self.subject.slug)).map_err(Error::internal)?;
        let source = format!("generated-source-{}", self.random.random_range(0..SOURCES));
        let observed = DAY - Days::new(self.random.random_range(0..2_000));
        let verdict = if self.random.random_bool(0.05) { Verdict::Stale } else { Verdict::Stated };
        let fact = Fact {
            id: Id::named(code.as_str()),
            statement: format!("Made up for measuring: {code}."),
            code,
            kind,
            title: None,
            verdict,
            verdict_reason: None,
            criterion: None,
            use_case: None,
            rank: None,
            observed_on: Some(observed.to_string().parse()?),
            valid_from: None,
            valid_to: None,
            subject: SubjectRef { kind: self.subject.kind, id: self.subject.id() },
            detail,
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let source = Subject::new(SubjectKind::Source, slug(&source)?).id();
        let citation = Citation { source, locator: None, retrieved_on: None, supports: true };
        self.facts.push(NewFact {
            fact,
            citations: vec![citation],
            errata: vec![],
            contradicts: vec![],
            confirms: vec![],
            refines: vec![],
            relations: vec![],
            platforms: vec![],
            technologies: vec![],
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_catalogue_whatever_its_size() {
        let few: Vec<Part> = parts(3, 7).collect::<Result<_>>().unwrap();
        let many: Vec<Part> = parts(5, 7).take(few.len()).collect::<Result<_>>().unwrap();
        assert_eq!(few, many);
        let other: Vec<Part> = parts(3, 8).collect::<Result<_>>().unwrap();
        assert_ne!(few, other);
    }

    #[test]
    fn what_is_made_up_is_valid() {
        for part in parts(50, 1) {
            for new in part.unwrap().facts {
                new.clone().validate(DAY).unwrap_or_else(|errors| panic!("{}: {errors:?}", new.fact.code));
            }
        }
    }
}
