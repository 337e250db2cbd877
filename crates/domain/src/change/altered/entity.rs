//! The fields of things.

use super::{Field, Name, Reference, field, lines, optional, quoted};
use crate::{
    case_study::CaseStudy,
    catalogue::Entity,
    checklist::{Checklist, ChecklistItem, NewChecklist},
    code::Code,
    organization::{CountryCode, Industry, Organization},
    partial_date::PartialDate,
    selection_criterion::SelectionCriterion,
    source::{Location, Source},
    technology::Technology,
    term::Term,
};

pub(super) fn fields(entity: &Entity, name: Name) -> Vec<Field> {
    match entity {
        Entity::Technology(value) => technology(value),
        Entity::Organization(value) => organization(value),
        Entity::Source(value) => source(value),
        Entity::CaseStudy(value) => case_study(value, name),
        Entity::Term(value) => term(value),
        Entity::SelectionCriterion(value) => selection_criterion(value),
        Entity::Checklist(value) => checklist(value, name),
    }
}

fn technology(value: &Technology) -> Vec<Field> {
    let Technology { slug, kind, name, summary, homepage, repository, archived } = value;
    vec![
        field("slug", slug),
        field("kind", &kind.code()),
        field("name", name),
        optional("summary", summary.as_ref()),
        optional("homepage", homepage.as_ref()),
        optional("repository", repository.as_ref()),
        field("archived", archived),
    ]
}

fn organization(value: &Organization) -> Vec<Field> {
    let Organization { slug, name, summary, country, industry, homepage } = value;
    vec![
        field("slug", slug),
        field("name", name),
        optional("summary", summary.as_ref()),
        optional("country", country.as_ref().map(CountryCode::as_str)),
        optional("industry", industry.as_ref().map(Industry::as_str)),
        optional("homepage", homepage.as_ref()),
    ]
}

fn source(value: &Source) -> Vec<Field> {
    let Source { slug, kind, title, publisher, location, published_on, has_vendor_bias, note } = value;
    let (url, no_url_reason) = match location {
        Location::Url(url) => (Some(url), None),
        Location::Nowhere(reason) => (None, Some(reason)),
    };
    vec![
        field("slug", slug),
        field("kind", &kind.code()),
        field("title", title),
        optional("publisher", publisher.as_ref()),
        optional("url", url),
        optional("noUrlReason", no_url_reason),
        optional("publishedOn", published_on.map(PartialDate::last_day)),
        optional("publishedPrecision", published_on.map(PartialDate::precision).map(Code::code)),
        optional("note", note.as_ref()),
        field("hasVendorBias", has_vendor_bias),
    ]
}

fn case_study(value: &CaseStudy, name: Name) -> Vec<Field> {
    let CaseStudy { slug, title, industry, country, vendor, status } = value;
    vec![
        field("slug", slug),
        field("title", title),
        optional("industry", industry.as_ref().map(Industry::as_str)),
        optional("country", country.as_ref().map(CountryCode::as_str)),
        ("vendor", vendor.map(|vendor| name(Reference::Subject(vendor)))),
        field("status", &status.code()),
    ]
}

fn term(value: &Term) -> Vec<Field> {
    let Term { slug, name, summary } = value;
    vec![field("slug", slug), field("name", name), optional("summary", summary.as_ref())]
}

fn selection_criterion(value: &SelectionCriterion) -> Vec<Field> {
    let SelectionCriterion { slug, criterion, name, question } = value;
    vec![
        field("slug", slug),
        field("criterion", &criterion.code()),
        field("name", name),
        field("question", question),
    ]
}

fn checklist(value: &NewChecklist, name: Name) -> Vec<Field> {
    let NewChecklist { checklist, items } = value;
    let Checklist { slug, name: called, platform, summary } = checklist;
    vec![
        field("slug", slug),
        field("name", called),
        optional("platform", platform.map(Code::code)),
        optional("summary", summary.as_ref()),
        ("items", lines(items.iter().map(|value| item(value, name)))),
    ]
}

fn item(value: &ChecklistItem, fact: Name) -> String {
    let ChecklistItem { name, capabilities, fact: from } = value;
    let codes: Vec<&str> = capabilities.iter().map(|capability| capability.code()).collect();
    format!("{}: {} ({})", quoted(name), codes.join(", "), fact(Reference::Fact(*from)))
}
