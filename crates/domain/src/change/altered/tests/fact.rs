use super::{
    Alteration, NONE, alterations, check_fact, code_of, names, organization_id, source_id, technology_id,
};
use crate::{
    change::altered::{Thing, altered},
    citation::{Citation, Erratum},
    fact::{FactDetail, FactKind, NewFact, tests::fact},
    fit_rule::UseCase,
    relation::{Relation, RelationKind},
    selection_criterion::Criterion,
    subject::{SubjectKind, SubjectRef},
    technology::Platform,
    verdict::Verdict,
    version::VersionRange,
};

pub(super) fn head_alterations() -> Vec<Alteration<NewFact>> {
    alterations![
        "code": "F1" => "F2", |new| new.fact.code = code_of("F2");
        "kind": "CLAIM" => "EVENT", |new| new.fact.kind = FactKind::Event;
        "title": NONE => "A title", |new| new.fact.title = Some("A title".to_owned());
        "statement": "Something is said." => "It is so.", |new| new.fact.statement = "It is so.".to_owned();
        "verdict": "STATED" => "PARTLY_TRUE", |new| new.fact.verdict = Verdict::PartlyTrue;
        "verdictReason": NONE => "So.", |new| new.fact.verdict_reason = Some("So.".to_owned());
        "criterion": NONE => "LOCK_IN", |new| new.fact.criterion = Some(Criterion::LockIn);
        "useCase": NONE => "TELECOM", |new| new.fact.use_case = Some(UseCase::Telecom);
        "rank": NONE => "3", |new| new.fact.rank = Some(3);
        "validFrom": NONE => "2024-02-29", |new| new.fact.valid_from = "2024-02-29".parse().ok();
        "validTo": NONE => "2024-03-01", |new| new.fact.valid_to = "2024-03-01".parse().ok();
        "subject": "TECHNOLOGY django" => "ORGANIZATION acme", |new| {
            new.fact.subject = SubjectRef { kind: SubjectKind::Organization, id: organization_id("acme") };
        };
        "__typename": "Statement" => "Trait", |new| new.fact.detail = FactDetail::Trait;
    ]
}

pub(super) fn part_alterations() -> Vec<Alteration<NewFact>> {
    alterations![
        "citations": "a-page" => "another \"L \\\"7\\\"\", retrieved on 2024-01-02, speaks against it\na-page", |new| {
            let (locator, retrieved_on) = (Some("L \"7\"".to_owned()), "2024-01-02".parse().ok());
            let other = Citation { source: source_id("another"), locator, retrieved_on, supports: false };
            new.citations.insert(0, other);
        };
        "errata": NONE => "\"70\" should be \"7\": \"A slip.\"\n\"so\": \"Nobody knows.\"", |new| {
            let erratum = |wrote: &str, correct: Option<&str>, reason: &str| Erratum {
                wrote: wrote.to_owned(),
                correct: correct.map(str::to_owned),
                reason: reason.to_owned(),
            };
            new.errata = vec![erratum("70", Some("7"), "A slip."), erratum("so", None, "Nobody knows.")];
        };
        "contradictedBy": NONE => "F9\nF10", |new| new.contradicts = vec![code_of("F9"), code_of("F10")];
        "confirms": NONE => "F2", |new| new.confirms = vec![code_of("F2")];
        "refines": NONE => "F2", |new| new.refines = vec![code_of("F2")];
        "relations": NONE => "django ~4.2 RUNS_ON python >=3.8, <3.13\ndjango SIMILAR_TO flask", |new| {
            let range = |text| Some(VersionRange::parse("versions", text).unwrap());
            let relation = |kind, to, from_versions, versions| Relation {
                kind,
                from: technology_id("django"),
                to: technology_id(to),
                from_versions,
                versions,
            };
            new.relations = vec![
                relation(RelationKind::RunsOn, "python", range("~4.2"), range(">=3.8, <3.13")),
                relation(RelationKind::SimilarTo, "flask", None, None),
            ];
        };
        "platforms": NONE => "WEB\nIOS", |new| new.platforms = vec![Platform::Web, Platform::Ios];
    ]
}

#[test]
fn each_field_that_all_facts_have_is_told() {
    check_fact(&fact("F1"), &head_alterations());
    check_fact(&fact("F1"), &part_alterations());
    let mut dated = fact("F1");
    dated.fact.observed_on = "2024-12-31".parse().ok();
    let alterations: Vec<Alteration<NewFact>> = alterations![
        "observedOn": "2024-12-31" => "2024-12-30", |new| new.fact.observed_on = "2024-12-30".parse().ok();
        "observedPrecision": "DAY" => "MONTH", |new| new.fact.observed_on = "2024-12".parse().ok();
    ];
    check_fact(&dated, &alterations);
}

#[test]
fn when_a_fact_was_written_is_no_field_of_it() {
    let mut later = fact("F1");
    later.fact.version += 1;
    later.fact.updated_at += chrono::TimeDelta::days(1);
    let thing = |new| Thing::Fact(Box::new(new));
    assert_eq!(altered(&thing(fact("F1")), &thing(later), &names()), []);
}
