//! Which fields a change altered, as imports record it and the API tells it.

use serde_json::{Value, json};
use stackfit_domain::{
    capability::{Capability, SupportLevel},
    catalogue::{Entity, Part},
    citation::Citation,
    fact::{FactDetail, NewFact},
    slug::Slug,
    source::{Location, Source, SourceKind},
    subject::{Subject, SubjectKind},
    technology::Technology,
    verdict::Verdict,
};
use stackfit_tests::{
    TestApp,
    database::catalogue,
    live::{Socket, import, terms},
    on_both,
};

const SUMMARY: &str = "An open-source web framework for Python that brings an object-relational mapper, templates, an admin site and user accounts.";

/// Django with one of its facts, F93, as the catalogue has them.
fn django() -> Part {
    let is_django =
        |part: &Part| part.entity.subject() == Subject::new(SubjectKind::Technology, slug("django"));
    let mut part = catalogue().into_iter().find(is_django).unwrap();
    part.facts.retain(|new| new.fact.code.as_str() == "F93");
    part
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// Cites another page for a fact.
fn cite(new: &mut NewFact, source: &str, locator: &str) {
    let source = Subject::new(SubjectKind::Source, slug(source)).id();
    let retrieved_on = "2026-11-20".parse().ok();
    new.citations.push(Citation { source, locator: Some(locator.to_owned()), retrieved_on, supports: false });
}

/// Django with another summary, other names, and a fact with another verdict, level and citation.
fn altered() -> Part {
    let Part { entity, aliases: _, mut facts } = django();
    let Entity::Technology(technology) = entity else { panic!("Django is a technology") };
    let summary = Some("A framework.".to_owned());
    let new = &mut facts[0];
    new.fact.verdict = Verdict::Confirmed;
    new.fact.detail =
        FactDetail::Capability { capability: Capability::XssProtection, level: SupportLevel::Partial };
    cite(new, "endoflife-django", "§4");
    let aliases = vec!["DJ".to_owned(), "Jango".to_owned()];
    Part { entity: Entity::Technology(Technology { summary, ..technology }), aliases, facts }
}

fn source(name: &str) -> Part {
    let source = Source {
        slug: slug(name),
        kind: SourceKind::User,
        title: "Our notes".to_owned(),
        publisher: None,
        location: Location::Nowhere("On paper.".to_owned()),
        published_on: None,
        has_vendor_bias: false,
        note: None,
    };
    Part { entity: Entity::Source(source), aliases: vec![], facts: vec![] }
}

fn change(field: &str, before: &str, after: &str) -> Value {
    let value = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    json!({ "field": field, "before": value(before), "after": value(after) })
}

/// The changes of Django and of F93 when they are altered.
fn there() -> [Value; 2] {
    let page = "acropolium-backend-frameworks-2023 \"L89\"";
    let pages = format!("{page}\nendoflife-django \"§4\", retrieved on 2026-11-20, speaks against it");
    [
        json!([change("summary", SUMMARY, "A framework."), change("aliases", "", "DJ\nJango")]),
        json!([
            change("verdict", "GARBLED", "CONFIRMED"),
            change("level", "NATIVE", "PARTIAL"),
            change("citations", page, &pages),
        ]),
    ]
}

/// The same when they are altered back.
fn back() -> [Value; 2] {
    let swapped = |field: &Value| json!({ "field": field["field"], "before": field["after"], "after": field["before"] });
    there().map(|fields| fields.as_array().unwrap().iter().map(swapped).collect())
}

async fn revision(app: &TestApp) -> i64 {
    app.data("{ catalogue { revision } }").await["catalogue"]["revision"].as_i64().unwrap()
}

/// The kinds and fields of the changes after a revision, as they are listed.
async fn listed(app: &TestApp, after: i64) -> Vec<Value> {
    let document = format!(
        "{{ changes(after: {after}, first: 100) {{ nodes {{ kind fields {{ field before after }} }} }} }}"
    );
    app.data(&document).await["changes"]["nodes"].as_array().unwrap().clone()
}

/// The fields of the next change that a subscription tells.
async fn told(socket: &mut Socket) -> Value {
    socket.next("1").await["data"]["catalogueChanged"]["fields"].take()
}

on_both! {
    async fn a_change_names_each_field_that_it_altered(app) {
        let begun = revision(&app).await;
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", &format!("subscription {{ catalogueChanged(after: {begun}) {{ fields {{ field before after }} }} }}")).await;
        import(app.store(), vec![altered()]).await;
        assert_eq!([told(&mut socket).await, told(&mut socket).await], there());
        import(app.store(), vec![altered()]).await;
        assert_eq!(revision(&app).await, begun + 2, "the same again is no change");
        import(app.store(), vec![django()]).await;
        assert_eq!([told(&mut socket).await, told(&mut socket).await], back());
        let updated = |fields: Value| json!({ "kind": "UPDATED", "fields": fields });
        let all: Vec<Value> = there().into_iter().chain(back()).map(updated).collect();
        assert_eq!(listed(&app, begun).await, all);
    }

    async fn what_is_new_has_no_altered_fields(app) {
        let begun = revision(&app).await;
        import(app.store(), terms(0..1, "new")).await;
        import(app.store(), terms(0..1, "other")).await;
        let summary = json!([change("summary", "new", "other")]);
        let expected = [json!({ "kind": "CREATED", "fields": [] }), json!({ "kind": "UPDATED", "fields": summary })];
        assert_eq!(listed(&app, begun).await, expected);
        assert_eq!(listed(&app, 0).await.len(), 100);
        assert!(listed(&app, 0).await.iter().all(|change| change["fields"] == json!([])));
    }

    async fn what_a_field_refers_to_may_come_much_later(app) {
        let mut part = django();
        cite(&mut part.facts[0], "our-notes", "p. 1");
        let begun = revision(&app).await;
        let parts = [vec![part], terms(0..900, "new"), vec![source("our-notes")]].concat();
        import(app.store(), parts).await;
        let document = format!("{{ changes(after: {begun}, filter: {{ kind: [UPDATED] }}) {{ nodes {{ fields {{ field after }} }} }} }}");
        let changes = &app.data(&document).await["changes"]["nodes"];
        assert_eq!(changes.as_array().unwrap().len(), 1, "{changes}");
        let after = changes[0]["fields"][0]["after"].as_str().unwrap();
        assert!(after.ends_with("\nour-notes \"p. 1\", retrieved on 2026-11-20, speaks against it"), "{after}");
    }
}
