//! From parts of the catalogue to files, in the one form that the project keeps them in: what was read and written
//! again is the same byte for byte, however it was formatted before the first time.

mod fact;

use serde::Serialize;
use stackfit_domain::{
    Error, Result,
    case_study::CaseStudy,
    catalogue::{Entity, Names, Part},
    checklist::{Checklist, ChecklistItem, NewChecklist},
    fact::NewFact,
    organization::Organization,
    selection_criterion::SelectionCriterion,
    source::{Location, Source},
    technology::Technology,
    term::Term,
};
use url::Url;

use crate::{
    format::{
        CaseStudyFile, ChecklistFile, ChecklistItemEntry, FactEntry, OrganizationFile,
        SelectionCriterionFile, SourceFile, TechnologyFile, TermFile,
    },
    schema::folder,
};

/// The path and the text of the file of a part.
pub fn file(part: Part, names: &Names) -> Result<(String, String)> {
    let Part { entity, aliases, mut facts } = part;
    let subject = entity.subject();
    let path = format!("{}/{}.yaml", folder(subject.kind), subject.slug);
    facts.sort_by_cached_key(|new| new.fact.code.sort_key());
    let facts = facts.into_iter().map(|new: NewFact| fact::entry(new, &subject, names));
    let facts = facts.collect::<Result<Vec<FactEntry>>>()?;
    let text = match entity {
        Entity::Technology(value) => yaml(&technology(value, aliases, facts)),
        Entity::Organization(value) => yaml(&organization(value, aliases, facts)),
        Entity::Source(value) => yaml(&source(value, facts)),
        Entity::CaseStudy(value) => yaml(&case_study(value, facts, names)?),
        Entity::Term(value) => yaml(&term(value, aliases, facts)),
        Entity::SelectionCriterion(value) => yaml(&selection_criterion(value, facts)),
        Entity::Checklist(value) => yaml(&checklist(value, facts, names)?),
    };
    Ok((path, text?))
}

fn yaml(value: &impl Serialize) -> Result<String> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_string_with_options(value, options).map_err(Error::internal)
}

/// An address as people write it: without the slash that a bare host gets.
fn address(url: &Url) -> String {
    let text = url.as_str();
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if bare { text.trim_end_matches('/').to_owned() } else { text.to_owned() }
}

fn technology(value: Technology, aliases: Vec<String>, facts: Vec<FactEntry>) -> TechnologyFile {
    let Technology { slug, kind, name, summary, homepage, repository, archived } = value;
    TechnologyFile {
        slug: slug.to_string(),
        kind,
        name,
        summary,
        aliases,
        homepage: homepage.as_ref().map(address),
        repository: repository.as_ref().map(address),
        archived,
        facts,
    }
}

fn organization(value: Organization, aliases: Vec<String>, facts: Vec<FactEntry>) -> OrganizationFile {
    let Organization { slug, name, summary, country, industry, homepage } = value;
    OrganizationFile {
        slug: slug.to_string(),
        name,
        summary,
        aliases,
        country: country.map(|country| country.as_str().to_owned()),
        industry: industry.map(|industry| industry.as_str().to_owned()),
        homepage: homepage.as_ref().map(address),
        facts,
    }
}

fn source(value: Source, facts: Vec<FactEntry>) -> SourceFile {
    let Source { slug, kind, title, publisher, location, published_on, has_vendor_bias, note } = value;
    let (url, no_url_reason) = match location {
        Location::Url(url) => (Some(address(&url)), None),
        Location::Nowhere(reason) => (None, Some(reason)),
    };
    SourceFile {
        slug: slug.to_string(),
        kind,
        title,
        publisher,
        url,
        no_url_reason,
        published_on: published_on.map(|date| date.to_string()),
        has_vendor_bias,
        note,
        facts,
    }
}

fn case_study(value: CaseStudy, facts: Vec<FactEntry>, names: &Names) -> Result<CaseStudyFile> {
    let CaseStudy { slug, title, industry, country, vendor, status } = value;
    Ok(CaseStudyFile {
        slug: slug.to_string(),
        title,
        industry: industry.map(|industry| industry.as_str().to_owned()),
        country: country.map(|country| country.as_str().to_owned()),
        vendor: vendor.map(|vendor| names.slug(vendor).map(str::to_owned)).transpose()?,
        status,
        facts,
    })
}

fn term(value: Term, aliases: Vec<String>, facts: Vec<FactEntry>) -> TermFile {
    let Term { slug, name, summary } = value;
    TermFile { slug: slug.to_string(), name, summary, aliases, facts }
}

fn selection_criterion(value: SelectionCriterion, facts: Vec<FactEntry>) -> SelectionCriterionFile {
    let SelectionCriterion { slug, criterion, name, question } = value;
    SelectionCriterionFile { slug: slug.to_string(), criterion, name, question, facts }
}

fn checklist(value: NewChecklist, facts: Vec<FactEntry>, names: &Names) -> Result<ChecklistFile> {
    let NewChecklist { checklist, items } = value;
    let Checklist { slug, name, platform, summary } = checklist;
    let item = |ChecklistItem { name, capabilities, fact }| {
        Ok(ChecklistItemEntry { name, capabilities, fact: names.code(fact)?.to_owned() })
    };
    let items = items.into_iter().map(item).collect::<Result<_>>()?;
    Ok(ChecklistFile { slug: slug.to_string(), name, platform, summary, items, facts })
}
