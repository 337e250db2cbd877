use super::{Alteration, NONE, alterations, check_entity, names, organization_id, slug};
use crate::{
    capability::Capability,
    case_study::{CaseStudy, ProjectStatus},
    catalogue::Entity,
    change::{
        FieldChange,
        altered::{Thing, altered},
    },
    checklist::{Checklist, ChecklistItem, NewChecklist},
    id::Id,
    organization::{CountryCode, Industry, Organization},
    selection_criterion::{Criterion, SelectionCriterion},
    source::{Location, Source, SourceKind},
    technology::{Platform, Technology, TechnologyKind},
    term::Term,
};

pub(super) fn technology() -> Technology {
    Technology {
        slug: slug("django"),
        kind: TechnologyKind::BackendFramework,
        name: "Django".to_owned(),
        summary: None,
        homepage: Some("https://www.djangoproject.com/".parse().unwrap()),
        repository: None,
        archived: false,
    }
}

pub(super) fn technology_alterations() -> Vec<Alteration<Technology>> {
    alterations![
        "slug": "django" => "flask", |value| value.slug = slug("flask");
        "kind": "BACKEND_FRAMEWORK" => "BAAS", |value| value.kind = TechnologyKind::Baas;
        "name": "Django" => "Flask", |value| value.name = "Flask".to_owned();
        "summary": NONE => "A framework.", |value| value.summary = Some("A framework.".to_owned());
        "homepage": "https://www.djangoproject.com/" => NONE, |value| value.homepage = None;
        "repository": NONE => "https://example.org/code", |value| {
            value.repository = Some("https://example.org/code".parse().unwrap());
        };
        "archived": "false" => "true", |value| value.archived = true;
    ]
}

#[test]
fn each_field_of_a_technology_is_told() {
    check_entity(&technology(), Entity::Technology, &technology_alterations());
}

#[test]
fn other_names_are_told_line_by_line() {
    let named = |aliases: &[&str]| {
        let aliases = aliases.iter().map(ToString::to_string).collect();
        Thing::Entity(Box::new(Entity::Technology(technology())), aliases)
    };
    let change = |before: Option<&str>, after: Option<&str>| FieldChange {
        field: "aliases".to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let (none, one, two) = (named(&[]), named(&["DJ"]), named(&["DJ", "Jango"]));
    assert_eq!(altered(&none, &one, &names()), [change(None, Some("DJ"))]);
    assert_eq!(altered(&one, &two, &names()), [change(Some("DJ"), Some("DJ\nJango"))]);
    assert_eq!(altered(&two, &named(&["Jango", "DJ"]), &names()).len(), 1, "their order counts");
}

#[test]
fn each_field_of_an_organization_is_told() {
    let sample = Organization {
        slug: slug("acme"),
        name: "Acme".to_owned(),
        summary: None,
        country: Some(CountryCode::parse("GB").unwrap()),
        industry: None,
        homepage: None,
    };
    let alterations: Vec<Alteration<Organization>> = alterations![
        "slug": "acme" => "initech", |value| value.slug = slug("initech");
        "name": "Acme" => "Initech", |value| value.name = "Initech".to_owned();
        "summary": NONE => "It sells.", |value| value.summary = Some("It sells.".to_owned());
        "country": "GB" => "US", |value| value.country = Some(CountryCode::parse("US").unwrap());
        "industry": NONE => "RETAIL", |value| value.industry = Some(Industry::parse("RETAIL").unwrap());
        "homepage": NONE => "https://acme.example/", |value| {
            value.homepage = Some("https://acme.example".parse().unwrap());
        };
    ];
    check_entity(&sample, Entity::Organization, &alterations);
}

fn source() -> Source {
    Source {
        slug: slug("a-page"),
        kind: SourceKind::Article,
        title: "A page".to_owned(),
        publisher: None,
        location: Location::Url("https://example.org/".parse().unwrap()),
        published_on: Some("2023-12-31".parse().unwrap()),
        has_vendor_bias: false,
        note: None,
    }
}

#[test]
fn each_field_of_a_source_is_told() {
    let alterations: Vec<Alteration<Source>> = alterations![
        "slug": "a-page" => "another", |value| value.slug = slug("another");
        "kind": "ARTICLE" => "OFFICIAL_DOCS", |value| value.kind = SourceKind::OfficialDocs;
        "title": "A page" => "A book", |value| value.title = "A book".to_owned();
        "publisher": NONE => "Acme", |value| value.publisher = Some("Acme".to_owned());
        "url": "https://example.org/" => "https://example.org/new", |value| {
            value.location = Location::Url("https://example.org/new".parse().unwrap());
        };
        "publishedOn": "2023-12-31" => "2023-12-30", |value| {
            value.published_on = Some("2023-12-30".parse().unwrap());
        };
        "publishedPrecision": "DAY" => "YEAR", |value| value.published_on = Some("2023".parse().unwrap());
        "hasVendorBias": "false" => "true", |value| value.has_vendor_bias = true;
        "note": NONE => "Read from a copy.", |value| value.note = Some("Read from a copy.".to_owned());
    ];
    check_entity(&source(), Entity::Source, &alterations);
}

#[test]
fn what_is_two_fields_of_the_api_is_told_as_two() {
    let thing = |source| Thing::Entity(Box::new(Entity::Source(source)), vec![]);
    let nowhere = Source { location: Location::Nowhere("On paper.".to_owned()), ..source() };
    let undated = Source { published_on: None, ..source() };
    let told = |before: Source, after: Source| -> Vec<(String, Option<String>, Option<String>)> {
        let fields = altered(&thing(before), &thing(after), &names());
        fields.into_iter().map(|change| (change.field, change.before, change.after)).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told(source(), nowhere),
        [
            ("url".to_owned(), some("https://example.org/"), None),
            ("noUrlReason".to_owned(), None, some("On paper."))
        ]
    );
    assert_eq!(
        told(undated, source()),
        [
            ("publishedOn".to_owned(), None, some("2023-12-31")),
            ("publishedPrecision".to_owned(), None, some("DAY"))
        ]
    );
}

#[test]
fn each_field_of_a_case_study_is_told() {
    let sample = CaseStudy {
        slug: slug("a-shop"),
        title: "A shop".to_owned(),
        industry: Some(Industry::parse("RETAIL").unwrap()),
        country: None,
        vendor: Some(organization_id("acme")),
        status: ProjectStatus::Live,
    };
    let alterations: Vec<Alteration<CaseStudy>> = alterations![
        "slug": "a-shop" => "a-bank", |value| value.slug = slug("a-bank");
        "title": "A shop" => "A bank", |value| value.title = "A bank".to_owned();
        "industry": "RETAIL" => NONE, |value| value.industry = None;
        "country": NONE => "GB", |value| value.country = Some(CountryCode::parse("GB").unwrap());
        "vendor": "acme" => "initech", |value| value.vendor = Some(organization_id("initech"));
        "status": "LIVE" => "SEEKING_OWNER", |value| value.status = ProjectStatus::SeekingOwner;
    ];
    check_entity(&sample, Entity::CaseStudy, &alterations);
}

#[test]
fn each_field_of_a_term_and_of_a_criterion_is_told() {
    let term = Term { slug: slug("baas"), name: "BaaS".to_owned(), summary: Some("A backend.".to_owned()) };
    let alterations: Vec<Alteration<Term>> = alterations![
        "slug": "baas" => "faas", |value| value.slug = slug("faas");
        "name": "BaaS" => "FaaS", |value| value.name = "FaaS".to_owned();
        "summary": "A backend." => NONE, |value| value.summary = None;
    ];
    check_entity(&term, Entity::Term, &alterations);
    let criterion = SelectionCriterion {
        slug: slug("cost"),
        criterion: Criterion::Cost,
        name: "Cost".to_owned(),
        question: "What does it cost?".to_owned(),
    };
    let alterations: Vec<Alteration<SelectionCriterion>> = alterations![
        "slug": "cost" => "price", |value| value.slug = slug("price");
        "criterion": "COST" => "LOCK_IN", |value| value.criterion = Criterion::LockIn;
        "name": "Cost" => "Price", |value| value.name = "Price".to_owned();
        "question": "What does it cost?" => "How much?", |value| value.question = "How much?".to_owned();
    ];
    check_entity(&criterion, Entity::SelectionCriterion, &alterations);
}

#[test]
fn each_field_of_a_checklist_is_told() {
    let checklist =
        Checklist { slug: slug("mobile"), name: "Mobile".to_owned(), platform: None, summary: None };
    let item = ChecklistItem {
        name: "Log in".to_owned(),
        capabilities: vec![Capability::Email, Capability::Sql],
        fact: Id::named("F1"),
    };
    let sample = NewChecklist { checklist, items: vec![item] };
    let whole = "\"Log in\": EMAIL, SQL (F1)";
    let alterations: Vec<Alteration<NewChecklist>> = alterations![
        "slug": "mobile" => "web", |value| value.checklist.slug = slug("web");
        "name": "Mobile" => "Web", |value| value.checklist.name = "Web".to_owned();
        "platform": NONE => "IOS", |value| value.checklist.platform = Some(Platform::Ios);
        "summary": NONE => "A list.", |value| value.checklist.summary = Some("A list.".to_owned());
        "items": whole => NONE, |value| value.items.clear();
        "items": whole => "\"Log out\": EMAIL, SQL (F1)", |value| value.items[0].name = "Log out".to_owned();
        "items": whole => "\"Log in\": EMAIL (F1)", |value| value.items[0].capabilities.truncate(1);
        "items": whole => "\"Log in\": EMAIL, SQL (F2)", |value| value.items[0].fact = Id::named("F2");
        "items": whole => "\"Log in\": EMAIL, SQL (F1)\n\"Log in\": EMAIL, SQL (F1)", |value| {
            value.items.push(value.items[0].clone());
        };
    ];
    check_entity(&sample, Entity::Checklist, &alterations);
}
