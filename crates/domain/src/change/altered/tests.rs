mod detail;
mod entity;
mod fact;

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::{
    capability::{Capability, SupportLevel},
    citation::{Citation, Erratum},
    fact::{FactDetail, tests::fact},
    fact_code::FactCode,
    relation::{Relation, RelationKind},
    slug::Slug,
    subject::SubjectKind,
    technology::Technology,
};
use detail::detailed;
use entity::{technology, technology_alterations};
use fact::{head_alterations, part_alterations};

/// What alters one field, with the value that the field has before and after.
struct Alteration<T> {
    field: &'static str,
    before: Option<&'static str>,
    after: Option<&'static str>,
    alter: fn(&mut T),
}

/// Writes alterations as `field: before => after, |value| …`.
macro_rules! alterations {
    ($($field:literal: $before:expr => $after:expr, $alter:expr;)+) => {
        vec![$(Alteration { field: $field, before: $before.into(), after: $after.into(), alter: $alter }),+]
    };
}

use alterations;

const NONE: Option<&str> = None;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn subject(kind: SubjectKind, text: &str) -> Subject {
    Subject::new(kind, slug(text))
}

fn technology_id(text: &str) -> Id<Subject> {
    subject(SubjectKind::Technology, text).id()
}

fn source_id(text: &str) -> Id<Subject> {
    subject(SubjectKind::Source, text).id()
}

fn organization_id(text: &str) -> Id<Subject> {
    subject(SubjectKind::Organization, text).id()
}

fn code_of(text: &str) -> FactCode {
    FactCode::parse(text).unwrap()
}

/// The names of all that the tests refer to.
fn names() -> Names {
    use SubjectKind::{Organization, Source, Technology};
    let technologies = ["django", "flask", "python", "firebase", "supabase"].map(|text| (Technology, text));
    let others = [(Source, "a-page"), (Source, "another"), (Organization, "acme"), (Organization, "initech")];
    let subjects = technologies.into_iter().chain(others).map(|(kind, text)| subject(kind, text));
    Names {
        slugs: subjects.map(|subject| (subject.id(), subject.slug)).collect(),
        codes: ["F1", "F2"].map(|text| (Id::named(text), code_of(text))).into(),
        ..Names::default()
    }
}

/// Checks each alteration alone, and in both directions.
fn check<T: Clone>(sample: &T, alterations: &[Alteration<T>], thing: impl Fn(&T) -> Thing) {
    for Alteration { field, before, after, alter } in alterations {
        let mut other = sample.clone();
        alter(&mut other);
        let change = |before: Option<&str>, after: Option<&str>| {
            let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
            vec![FieldChange { field: (*field).to_owned(), before, after }]
        };
        let (sample, other) = (thing(sample), thing(&other));
        assert_eq!(altered(&sample, &other, &names()), change(*before, *after));
        assert_eq!(altered(&other, &sample, &names()), change(*after, *before));
        assert_eq!(altered(&other, &other.clone(), &names()), []);
    }
}

fn check_entity<T: Clone>(sample: &T, entity: fn(T) -> Entity, alterations: &[Alteration<T>]) {
    check(sample, alterations, |value| Thing::Entity(Box::new(entity(value.clone())), vec![]));
}

fn check_fact(sample: &NewFact, alterations: &[Alteration<NewFact>]) {
    check(sample, alterations, |value| Thing::Fact(Box::new(value.clone())));
}

#[test]
fn a_quoted_text_keeps_its_signs() {
    assert_eq!(quoted("10\u{a0}000 “é” 👍\u{fe0f}"), "\"10\u{a0}000 “é” 👍\u{fe0f}\"");
    assert_eq!(quoted("say \"a\\b\"\nthen"), r#""say \"a\\b\"\nthen""#);
}

#[test]
fn another_sort_of_detail_ends_some_fields_and_begins_others() {
    let sql = FactDetail::Capability { capability: Capability::Sql, level: SupportLevel::Native };
    let (before, after) = (detailed(FactDetail::Listing, &["django"]), detailed(sql, &[]));
    let thing = |new| Thing::Fact(Box::new(new));
    let fields = altered(&thing(before), &thing(after), &names());
    let told = |change: &FieldChange| {
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        format!("{}: {} {}", change.field, side(&change.before), side(&change.after))
    };
    let told: Vec<String> = fields.iter().map(told).collect();
    let expected = [
        "__typename: Listing CapabilitySupport",
        "entries: 1. django -",
        "capability: - SQL",
        "level: - NATIVE",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_long_list_is_cut_and_a_text_never_is() {
    let thing = |summary: Option<&str>, aliases: usize| {
        let summary = summary.map(str::to_owned);
        let aliases = vec!["é".repeat(text::MAX_LINE); aliases];
        Thing::Entity(Box::new(Entity::Technology(Technology { summary, ..technology() })), aliases)
    };
    let longest = "ü".repeat(text::MAX_PARAGRAPH);
    let fields = altered(&thing(None, 20), &thing(Some(&longest), 21), &names());
    let after: Vec<&str> = fields.iter().filter_map(|change| change.after.as_deref()).collect();
    assert_eq!(after[0], longest);
    assert_eq!(after[1].chars().count(), MAX_VALUE + 1);
    assert!(after[1].ends_with("é…"));
    assert_eq!(fields[1].before.as_deref(), Some(after[1]), "they differ beyond what is kept");
}

#[test]
fn all_that_values_name_is_told_beforehand() {
    let mut new = detailed(FactDetail::Adoption { organization: organization_id("acme") }, &["flask"]);
    new.relations = vec![Relation {
        kind: RelationKind::SimilarTo,
        from: technology_id("django"),
        to: technology_id("python"),
        from_versions: None,
        versions: None,
    }];
    let technologies = ["django", "flask", "python"].map(technology_id);
    let others = [organization_id("acme"), source_id("a-page")];
    let expected: HashSet<Id<Subject>> = technologies.into_iter().chain(others).collect();
    let found = Thing::Fact(Box::new(new)).references();
    let subjects = found.into_iter().map(|reference| match reference {
        Reference::Subject(id) => id,
        Reference::Fact(id) => panic!("{id:?}"),
    });
    assert_eq!(subjects.collect::<HashSet<_>>(), expected);
}

/// Applies some of the alterations, and tells their fields.
fn apply<T>(value: &mut T, alterations: &[Alteration<T>], chosen: &HashSet<usize>) -> Vec<&'static str> {
    let mut fields = Vec::new();
    for (at, alteration) in alterations.iter().enumerate() {
        if chosen.contains(&at) {
            (alteration.alter)(value);
            fields.push(alteration.field);
        }
    }
    fields
}

fn fields_of(changes: &[FieldChange]) -> Vec<&str> {
    changes.iter().map(|change| change.field.as_str()).collect()
}

proptest! {
    #[test]
    fn what_is_altered_of_a_technology_is_told_and_nothing_else(
        one in prop::collection::hash_set(0..7usize, 0..7), other in prop::collection::hash_set(0..7usize, 0..7),
    ) {
        let alterations = technology_alterations();
        let thing = |chosen: &HashSet<usize>| {
            let mut value = technology();
            apply(&mut value, &alterations, chosen);
            Thing::Entity(Box::new(Entity::Technology(value)), vec![])
        };
        let (one_thing, other_thing) = (thing(&one), thing(&other));
        let changes = altered(&one_thing, &other_thing, &names());
        let differs = |at: &usize| one.contains(at) != other.contains(at);
        let expected: Vec<&str> = (0..7).filter(differs).map(|at| alterations[at].field).collect();
        prop_assert_eq!(fields_of(&changes), expected);
        prop_assert_eq!(changes.is_empty(), one_thing == other_thing);
    }

    #[test]
    fn what_is_altered_of_a_fact_is_told_and_nothing_else(
        one in prop::collection::hash_set(0..20usize, 0..20), other in prop::collection::hash_set(0..20usize, 0..20),
        version in 1..9i32,
    ) {
        let alterations: Vec<_> = head_alterations().into_iter().chain(part_alterations()).collect();
        prop_assert_eq!(alterations.len(), 20);
        let written = |chosen: &HashSet<usize>| {
            let mut new = fact("F1");
            apply(&mut new, &alterations, chosen);
            new
        };
        let (before, mut after) = (written(&one), written(&other));
        after.fact.version = version;
        let thing = |new: &NewFact| Thing::Fact(Box::new(new.clone()));
        let changes = altered(&thing(&before), &thing(&after), &names());
        let differs = |at: &usize| one.contains(at) != other.contains(at);
        let expected: Vec<&str> = (0..20).filter(differs).map(|at| alterations[at].field).collect();
        prop_assert_eq!(fields_of(&changes), expected);
        prop_assert_eq!(changes.is_empty(), before.says_the_same_as(&after));
        let mut back = altered(&thing(&after), &thing(&before), &names());
        for change in &mut back {
            std::mem::swap(&mut change.before, &mut change.after);
        }
        prop_assert_eq!(changes, back);
    }

    #[test]
    fn lists_of_any_texts_are_told_apart(
        one in prop::collection::vec("[ab\"\\\\ :,]{0,4}", 0..4), other in prop::collection::vec("[ab\"\\\\ :,]{0,4}", 0..4),
    ) {
        let thing = |texts: &[String]| {
            let mut new = fact("F1");
            let cited = |text: &String| Citation { locator: Some(text.clone()), ..new.citations[0].clone() };
            new.citations = texts.iter().map(cited).collect();
            let pair = |pair: &[String]| Erratum { wrote: pair[0].clone(), correct: pair.get(1).cloned(), reason: pair[0].clone() };
            new.errata = texts.chunks(2).map(pair).collect();
            Thing::Fact(Box::new(new))
        };
        let changes = altered(&thing(&one), &thing(&other), &names());
        prop_assert_eq!(changes.is_empty(), one == other);
        prop_assert!(one == other || fields_of(&changes) == ["citations", "errata"], "{:?}", changes);
    }
}
