use stackfit_domain::{fact::FactKind, verdict::Verdict};

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    from_files(files, today()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn the_bundled_catalogue_holds_every_claim_of_the_founding_article() {
    let catalogue = bundled(today()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    for number in 1..=352 {
        let code = format!("F{number}");
        let new = catalogue.facts.iter().find(|new| new.fact.code.as_str() == code);
        let new = new.unwrap_or_else(|| panic!("{code} is missing"));
        let locator = new.citations[0].locator.as_deref().unwrap();
        assert!(locator.starts_with('L'), "{code} is cited at {locator}");
    }
}

#[test]
fn pros_and_cons_are_told_only_of_what_the_article_praises_or_blames() {
    let catalogue = bundled(today()).unwrap();
    for slug in ["koa", "flask", "sails", "symfony", "zend-framework"] {
        let id = catalogue.subjects().into_iter().find(|s| s.slug.as_str() == slug).unwrap().id();
        let traits = catalogue.facts.iter().filter(|new| new.fact.subject.id == id);
        assert!(traits.clone().all(|new| !matches!(new.fact.kind, FactKind::Pro | FactKind::Con)), "{slug}");
    }
}

#[test]
fn whatever_is_corrupt_or_contradicted_says_why() {
    for new in bundled(today()).unwrap().facts {
        let explained = new.fact.verdict_reason.is_some() || !new.errata.is_empty();
        let plain = matches!(new.fact.verdict, Verdict::Stated | Verdict::Opinion | Verdict::Unsourced);
        assert!(plain || explained, "{} has no reason", new.fact.code);
    }
}

#[test]
fn every_mistake_is_told_at_once_with_its_file() {
    let found = mistakes(&[
        ("technologies/django.yaml", "slug: flask\nkind: BACKEND_FRAMEWORK\nname: Django\n"),
        ("technologies/koa.yaml", "slug: koa\nkind: BACKEND_FRAMEWORK\nname: Koa\ncolour: red\n"),
        ("sources/page.yaml", "slug: page\nkind: ARTICLE\ntitle: A page\nhasVendorBias: false\n"),
        ("odds/x.yaml", "slug: x\n"),
    ]);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found[1].starts_with("sources/page.yaml: url: give either"), "{}", found[1]);
    assert!(found[2].contains("is not the name of the file"), "{}", found[2]);
    assert!(found[3].contains("colour") && found[3].contains("line"), "{}", found[3]);
}

#[test]
fn a_mistake_in_a_fact_names_its_code() {
    let facts = "slug: koa\nkind: BACKEND_FRAMEWORK\nname: Koa\nfacts:\n- code: K1\n  kind: CLAIM\n  statement: Said.\n  verdict: STATED\n  citations: []\n";
    let found = mistakes(&[("technologies/koa.yaml", facts)]);
    assert_eq!(found, ["technologies/koa.yaml: K1.citations: a fact without a citation is refused."]);
}
