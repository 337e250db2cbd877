//! From one file to one entity.

use chrono::NaiveDate;
use stackfit_domain::{
    Error, Result,
    case_study::CaseStudy,
    catalogue::{Entity, Register},
    checklist::{Checklist, ChecklistItem, NewChecklist},
    fact_code::FactCode,
    id::Id,
    organization::{CountryCode, Industry, Organization},
    partial_date::PartialDate,
    selection_criterion::SelectionCriterion,
    slug::Slug,
    source::{Location, Source, web_address},
    subject::{Subject, SubjectKind},
    technology::Technology,
    term::Term,
};
use strum::VariantArray;
use url::Url;

use super::{File, Problems};
use crate::{
    format::{
        CaseStudyFile, ChecklistFile, ChecklistItemEntry, FactEntry, OrganizationFile,
        SelectionCriterionFile, SourceFile, TechnologyFile, TermFile,
    },
    schema::folder,
};

/// What a file says of its entity: the entity, its other names, its facts, and what the entity refers to.
pub(super) struct Head {
    pub(super) entity: Entity,
    pub(super) aliases: Vec<String>,
    pub(super) facts: Vec<FactEntry>,
    references: Vec<Reference>,
}

/// A name that an entity refers to, with the path where it stands.
enum Reference {
    Subject(String, SubjectKind, String),
    Fact(String, String),
}

type Read = Option<Head>;

fn head(entity: Entity, aliases: Vec<String>, facts: Vec<FactEntry>) -> Head {
    Head { entity, aliases, facts, references: vec![] }
}

/// What kind of thing a folder holds.
pub(super) fn kind(name: &str) -> Option<SubjectKind> {
    SubjectKind::VARIANTS.iter().copied().find(|kind| folder(*kind) == name)
}

/// Reads the entity of a file. Its texts are not checked yet.
pub(super) fn read(file: &File<'_>, problems: &mut Problems) -> Read {
    match kind(file.folder) {
        Some(SubjectKind::Technology) => technology(file, problems),
        Some(SubjectKind::Organization) => organization(file, problems),
        Some(SubjectKind::Source) => source(file, problems),
        Some(SubjectKind::CaseStudy) => case_study(file, problems),
        Some(SubjectKind::Term) => term(file, problems),
        Some(SubjectKind::SelectionCriterion) => selection_criterion(file, problems),
        Some(SubjectKind::Checklist) => checklist(file, problems),
        None => {
            let folders: Vec<&str> = SubjectKind::VARIANTS.iter().map(|kind| folder(*kind)).collect();
            let message = format!(
                "`{}` is no folder of the catalogue; allowed are {}.",
                file.folder,
                folders.join(", ")
            );
            problems.add(Error::invalid("", message));
            None
        }
    }
}

/// Checks the texts of an entity and what it refers to.
pub(super) fn check(
    head: Head,
    register: &Register,
    today: NaiveDate,
    problems: &mut Problems,
) -> Option<Entity> {
    let checked = match head.entity {
        Entity::Technology(value) => value.validate().map(Entity::Technology),
        Entity::Organization(value) => value.validate().map(Entity::Organization),
        Entity::Source(value) => value.validate(today).map(Entity::Source),
        Entity::CaseStudy(value) => value.validate().map(Entity::CaseStudy),
        Entity::Term(value) => value.validate().map(Entity::Term),
        Entity::SelectionCriterion(value) => value.validate().map(Entity::SelectionCriterion),
        Entity::Checklist(value) => value.validate().map(Entity::Checklist),
    };
    for reference in &head.references {
        match reference {
            Reference::Subject(path, kind, slug) => problems.take(path, register.subject(*kind, slug)),
            Reference::Fact(path, code) => problems.take(path, register.fact(code)),
        };
    }
    checked.map_err(|error| problems.add(error)).ok()
}

fn address(field: &str, url: Option<String>, problems: &mut Problems) -> Option<Url> {
    url.and_then(|url| problems.take(field, web_address(field, &url)))
}

fn code<T>(
    field: &str,
    text: Option<String>,
    rule: fn(&str) -> Result<T>,
    problems: &mut Problems,
) -> Option<T> {
    text.and_then(|text| problems.take(field, rule(&text)))
}

fn technology(file: &File<'_>, problems: &mut Problems) -> Read {
    let TechnologyFile { slug, kind, name, summary, aliases, homepage, repository, archived, facts } =
        file.parse(problems)?;
    let technology = Technology {
        slug: file.slug(&slug, problems)?,
        kind,
        name,
        summary,
        homepage: address("homepage", homepage, problems),
        repository: address("repository", repository, problems),
        archived,
    };
    Some(head(Entity::Technology(technology), aliases, facts))
}

fn organization(file: &File<'_>, problems: &mut Problems) -> Read {
    let OrganizationFile { slug, name, summary, aliases, country, industry, homepage, facts } =
        file.parse(problems)?;
    let organization = Organization {
        slug: file.slug(&slug, problems)?,
        name,
        summary,
        country: code("country", country, CountryCode::parse, problems),
        industry: code("industry", industry, Industry::parse, problems),
        homepage: address("homepage", homepage, problems),
    };
    Some(head(Entity::Organization(organization), aliases, facts))
}

fn source(file: &File<'_>, problems: &mut Problems) -> Read {
    let SourceFile {
        slug,
        kind,
        title,
        publisher,
        url,
        no_url_reason,
        published_on,
        has_vendor_bias,
        note,
        facts,
    } = file.parse(problems)?;
    let location = match (url, no_url_reason) {
        (Some(url), None) => problems.take("url", web_address("url", &url)).map(Location::Url),
        (None, Some(reason)) => Some(Location::Nowhere(reason)),
        _ => {
            problems.add(Error::invalid("url", "give either `url` or `noUrlReason`."));
            None
        }
    };
    let published_on = code("publishedOn", published_on, str::parse::<PartialDate>, problems);
    let slug = file.slug(&slug, problems)?;
    let source =
        Source { slug, kind, title, publisher, location: location?, published_on, has_vendor_bias, note };
    Some(head(Entity::Source(source), vec![], facts))
}

fn case_study(file: &File<'_>, problems: &mut Problems) -> Read {
    let CaseStudyFile { slug, title, industry, country, vendor, status, facts } = file.parse(problems)?;
    let study = CaseStudy {
        slug: file.slug(&slug, problems)?,
        title,
        industry: code("industry", industry, Industry::parse, problems),
        country: code("country", country, CountryCode::parse, problems),
        vendor: code("vendor", vendor.clone(), Slug::parse, problems)
            .map(|slug| Subject::new(SubjectKind::Organization, slug).id()),
        status,
    };
    let named = |slug| Reference::Subject("vendor".to_owned(), SubjectKind::Organization, slug);
    let references = vendor.map(named).into_iter().collect();
    Some(Head { entity: Entity::CaseStudy(study), aliases: vec![], facts, references })
}

fn term(file: &File<'_>, problems: &mut Problems) -> Read {
    let TermFile { slug, name, summary, aliases, facts } = file.parse(problems)?;
    let slug = file.slug(&slug, problems)?;
    Some(head(Entity::Term(Term { slug, name, summary }), aliases, facts))
}

fn selection_criterion(file: &File<'_>, problems: &mut Problems) -> Read {
    let SelectionCriterionFile { slug, criterion, name, question, facts } = file.parse(problems)?;
    let slug = file.slug(&slug, problems)?;
    Some(head(
        Entity::SelectionCriterion(SelectionCriterion { slug, criterion, name, question }),
        vec![],
        facts,
    ))
}

fn checklist(file: &File<'_>, problems: &mut Problems) -> Read {
    let ChecklistFile { slug, name, platform, summary, items, facts } = file.parse(problems)?;
    let slug = file.slug(&slug, problems)?;
    let mut read = Vec::with_capacity(items.len());
    let mut references = Vec::with_capacity(items.len());
    for (at, ChecklistItemEntry { name, capabilities, fact }) in items.into_iter().enumerate() {
        let path = format!("items[{at}].fact");
        let code = problems.take(&path, FactCode::parse(&fact))?;
        read.push(ChecklistItem { name, capabilities, fact: Id::named(code.as_str()) });
        references.push(Reference::Fact(path, fact));
    }
    let list = NewChecklist { checklist: Checklist { slug, name, platform, summary }, items: read };
    Some(Head { entity: Entity::Checklist(list), aliases: vec![], facts, references })
}
