use std::{borrow::Cow, collections::BTreeMap, io};

use stackfit_domain::{catalogue::Names, fact::FactKind, subject::Subject, verdict::Verdict};

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// Files in memory.
struct Texts {
    paths: Vec<String>,
    texts: BTreeMap<String, String>,
}

impl Texts {
    fn new(files: &[(&str, &str)]) -> Self {
        let texts: BTreeMap<String, String> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { paths: texts.keys().cloned().collect(), texts }
    }
}

impl Files for Texts {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> io::Result<Cow<'static, str>> {
        Ok(Cow::Owned(self.texts[path].clone()))
    }
}

fn bundled() -> Vec<Part> {
    let read = read_all(Bundled::default(), Register::default(), today());
    read.unwrap_or_else(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    let found = read_all(Texts::new(files), Register::default(), today()).unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

const SOURCE: &str =
    "slug: page\nkind: ARTICLE\ntitle: A page\nnoUrlReason: For a test.\nhasVendorBias: false\n";
const KOA: &str = "slug: koa\nkind: BACKEND_FRAMEWORK\nname: Koa\n";

#[test]
fn the_bundled_catalogue_holds_every_claim_of_the_founding_article() {
    let parts = bundled();
    let facts: Vec<_> = parts.iter().flat_map(|part| &part.facts).collect();
    for number in 1..=352 {
        let code = format!("F{number}");
        let new = facts.iter().find(|new| new.fact.code.as_str() == code);
        let new = new.unwrap_or_else(|| panic!("{code} is missing"));
        let locator = new.citations[0].locator.as_deref().unwrap();
        assert!(locator.starts_with('L'), "{code} is cited at {locator}");
    }
}

#[test]
fn pros_and_cons_of_the_article_are_told_only_of_what_it_praises_or_blames() {
    let parts = bundled();
    for slug in ["koa", "flask", "sails", "symfony", "zend-framework"] {
        let part = parts.iter().find(|part| part.entity.subject().slug.as_str() == slug).unwrap();
        let of_article = part.facts.iter().filter(|new| new.fact.code.as_str().starts_with('F'));
        let judged = |kind| matches!(kind, FactKind::Pro | FactKind::Con);
        assert!(of_article.clone().all(|new| !judged(new.fact.kind)), "{slug}");
    }
}

#[test]
fn whatever_is_corrupt_or_contradicted_says_why() {
    for new in bundled().iter().flat_map(|part| &part.facts) {
        let explained = new.fact.verdict_reason.is_some() || !new.errata.is_empty();
        let plain = matches!(new.fact.verdict, Verdict::Stated | Verdict::Opinion | Verdict::Unsourced);
        assert!(plain || explained, "{} has no reason", new.fact.code);
    }
}

#[test]
fn what_is_written_is_what_was_read_byte_for_byte() {
    let parts = bundled();
    let names = Names::of(&parts);
    for part in parts {
        let (path, text) = write::file(part, &names).unwrap();
        assert_eq!(
            Bundled::default().read(&path).unwrap(),
            text,
            "{path} is not in the form of `stackfit format`"
        );
    }
}

#[test]
fn every_mistake_of_form_is_told_at_once_with_its_line_and_a_hint() {
    let found = mistakes(&[
        ("technologies/django.yaml", "slug: flask\nkind: BACKEND_FRAMEWORK\nname: Django\n"),
        ("technologies/koa.yaml", "slug: koa\nkind: BACKEND_FRAMEWRK\ncolour: red\n"),
        ("sources/page.yaml", "slug: page\nkind: ARTICLE\ntitle: A page\nhasVendorBias: false\n"),
        ("odds/x.yaml", "slug: x\n"),
        ("terms/x.yml", "slug: x\n"),
    ]);
    let expected = [
        "odds/x.yaml: `odds` is no folder of the catalogue; allowed are technologies, organizations, case-studies, sources, terms, selection-criteria, checklists.",
        "sources/page.yaml: url: give either `url` or `noUrlReason`.",
        "technologies/django.yaml:1: slug: `flask` is not the name of the file.",
        "technologies/koa.yaml: `name` is missing.",
        "technologies/koa.yaml:2: kind: `BACKEND_FRAMEWRK` is not known. Did you mean BACKEND_FRAMEWORK?",
        "technologies/koa.yaml:3: colour: the key `colour` is not known.",
        "terms/x.yml: the name of a file ends in .yaml.",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn every_mistake_in_facts_is_told_at_once_with_its_line_and_a_hint() {
    let koa = format!(
        "{KOA}facts:
- code: K1
  kind: CLAIM
  statement: Said.
  verdict: STATED
  citations: []
- code: K2
  kind: CLAIM
  statement: Said too.
  verdict: STATED
  observedOn: 2027-01-01
  citations:
  - source: pge
  contradicts:
  - K3
  relations:
  - kind: RUNS_ON
    to: koaa
    versions: three
- code: K3
  kind: CLAIM
  statement: Said as well.
  verdict: STATED
  citations:
  - source: page
"
    );
    let found = mistakes(&[("sources/page.yaml", SOURCE), ("technologies/koa.yaml", &koa)]);
    let expected = [
        "technologies/koa.yaml:9: K1: citations: a fact without a citation is refused.",
        "technologies/koa.yaml:14: K2: observedOn: 2027-01-01 lies in the future.",
        "technologies/koa.yaml:16: K2: citations[0].source: there is no source `pge`. Did you mean `page`?",
        "technologies/koa.yaml:18: K2: contradicts[0]: K2 contradicts K3, but K3 does not name K2 in turn: add it there.",
        "technologies/koa.yaml:21: K2: relations[0].to: there is no technology `koaa`. Did you mean `koa`?",
        "technologies/koa.yaml:22: K2: relations[0].versions: `three` is no range of versions",
    ];
    assert!(expected.iter().all(|line| found.iter().any(|found| found.starts_with(line))), "{found:#?}");
}

#[test]
fn what_is_wrong_inside_of_a_detail_is_told_there() {
    let koa = format!(
        "{KOA}facts:
- code: K1
  kind: OUTCOME
  statement: Said.
  verdict: STATED
  citations:
  - source: page
  outcome:
    metric: CST
    direction: DOWN
"
    );
    let found = mistakes(&[("sources/page.yaml", SOURCE), ("technologies/koa.yaml", &koa)]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[0].starts_with(
            "technologies/koa.yaml:12: facts[0].outcome.metric: `CST` is not known. Did you mean COST?"
        ),
        "{found:#?}"
    );
    assert!(
        found[1].starts_with("technologies/koa.yaml:13: facts[0].outcome.direction: `DOWN` is not known."),
        "{found:#?}"
    );
    let broken = mistakes(&[("terms/x.yaml", "slug: x\nname: \"X\nsummary: y\n")]);
    assert!(broken[0].starts_with("terms/x.yaml:") && !broken[0].contains("at line"), "{broken:#?}");
    let inexact = koa.replace(
        "metric: CST\n    direction: DOWN",
        "metric: COST\n    direction: DECREASED\n    percent: 0.1234567",
    );
    let found = mistakes(&[("sources/page.yaml", SOURCE), ("technologies/koa.yaml", &inexact)]);
    assert!(
        found[0].contains(":14: K1: outcome.percent: 0.1234567 has more than six decimals"),
        "{found:#?}"
    );
}

#[test]
fn what_is_known_elsewhere_may_be_referred_to() {
    let text = format!(
        "{KOA}facts:\n- code: K1\n  kind: CLAIM\n  statement: Said.\n  verdict: STATED\n  citations:\n  - source: page\n"
    );
    let mut register = Register::default();
    let page = stackfit_domain::slug::Slug::parse("page").unwrap();
    register.know_subject(&Subject::new(stackfit_domain::subject::SubjectKind::Source, page));
    let files = Texts::new(&[("technologies/koa.yaml", &text)]);
    assert_eq!(read_all(files, register, today()).unwrap().len(), 1);
}

#[test]
fn every_sort_of_detail_survives_writing_and_reading() {
    let facts: Vec<String> = [
        "kind: ATTRIBUTE\n  #\n  attribute:\n    name: license\n    value: \"1.0\"",
        "kind: CAPABILITY\n  #\n  capability:\n    name: SQL\n    level: NONE",
        "kind: FIT_RULE\n  #\n  useCase: MVP\n  fit:\n    strength: GOOD\n    technologies: [express]\n    teamLanguage: express\n    minimumSkill: SENIOR",
        "kind: METRIC\n  #\n  metric:\n    key: DOWNLOAD_RANK\n    value: 3.50\n    unit: 'yes'",
        "kind: RANKING\n  #\n  listing:\n    entries: [[koa, express], [koa]]",
        "kind: RELEASE\n  #\n  release:\n    cycle: \"5.10\"\n    releasedOn: 2024-01-01\n    activeUntil: OPEN\n    securityUntil: 2030-01-01",
        "kind: PRICE\n  #\n  plan: {name: 'no', monthlyPrice: 25.00, currency: USD}",
        "kind: PRICE\n  #\n  meter: {plan: Pro, meter: EGRESS_GB, unit: GB, included: '250', period: MONTH, price: '0.09', per: '1', currency: USD, hardLimit: CONFIGURABLE}",
        "kind: CLAIM\n  #\n  lockIn: {dimension: DATA, effect: RAISES}",
        "kind: RELATION\n  #\n  migration: {to: express, tool: \"a: b\", byHand: '- all of it'}",
        "kind: RELATION\n  #\n  relations: [{kind: RUNS_ON, to: express, fromVersions: ~3.1, versions: '>=18,<19||>=20'}]",
        "kind: CLAIM\n  #\n  platforms: [IOS, WEB]\n  errata: [{wrote: 'null', reason: \"#1\"}]\n  confirms: [K1]",
    ]
    .iter()
    .enumerate()
    .map(|(at, fact)| {
        let fact = fact.replace("  #\n", "  statement: \"Said: yes.\"\n  verdict: STATED\n  citations: [{source: page, locator: '12', supports: false}]\n");
        format!("- code: K{at}\n  {fact}\n")
    })
    .collect();
    let koa = format!("{KOA}facts:\n{}", facts.concat());
    let express = "slug: express\nkind: BACKEND_FRAMEWORK\nname: Express\n";
    let files = |koa: &str| {
        Texts::new(&[
            ("sources/page.yaml", SOURCE),
            ("technologies/express.yaml", express),
            ("technologies/koa.yaml", koa),
        ])
    };
    let parts =
        read_all(files(&koa), Register::default(), today()).unwrap_or_else(|found| panic!("{found:#?}"));
    let names = Names::of(&parts);
    let written: Vec<String> =
        parts.iter().map(|part| write::file(part.clone(), &names).unwrap().1).collect();
    let again = read_all(files(&written[2]), Register::default(), today())
        .unwrap_or_else(|found| panic!("{found:#?}"));
    let mut sorted = parts.clone();
    sorted[2].facts.sort_by_cached_key(|new| new.fact.code.sort_key());
    for fact in &mut sorted[2].facts {
        fact.platforms.sort_unstable();
    }
    assert_eq!(again, sorted);
    let twice = write::file(again[2].clone(), &names).unwrap().1;
    assert_eq!(twice, written[2]);
}
