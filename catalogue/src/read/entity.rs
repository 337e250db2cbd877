//! From one file to one entity.

use chrono::NaiveDate;
use stackfit_domain::{
    Error, Result,
    case_study::CaseStudy,
    catalogue::Catalogue,
    checklist::{Checklist, ChecklistItem, NewChecklist},
    fact_code::FactCode,
    id::Id,
    organization::{CountryCode, Industry, Organization},
    selection_criterion::SelectionCriterion,
    slug::Slug,
    source::{Location, Source, web_address},
    subject::{Subject, SubjectKind},
    technology::Technology,
    term::Term,
};

use super::{Facts, Reading, subject};
use crate::format::{
    CaseStudyFile, ChecklistFile, ChecklistItemEntry, FactEntry, OrganizationFile, SelectionCriterionFile,
    SourceFile, TechnologyFile, TermFile,
};

/// Adds the entity of a file to the catalogue and hands back its facts.
pub(super) fn read<'a>(
    catalogue: &mut Catalogue,
    file: &'a str,
    text: &str,
    today: NaiveDate,
) -> Result<Facts<'a>> {
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".yaml");
    let reading = Reading { text, stem, today };
    let folder = file.split('/').next().unwrap_or_default();
    let (kind, slug, entries) = match folder {
        "technologies" => technology(&reading, catalogue)?,
        "organizations" => organization(&reading, catalogue)?,
        "sources" => source(&reading, catalogue)?,
        "case-studies" => case_study(&reading, catalogue)?,
        "terms" => term(&reading, catalogue)?,
        "selection-criteria" => selection_criterion(&reading, catalogue)?,
        "checklists" => checklist(&reading, catalogue)?,
        other => return Err(Error::invalid("folder", format!("`{other}` is no folder of the catalogue."))),
    };
    Ok(Facts { file, subject: subject(kind, &slug), entries })
}

type Entity = (SubjectKind, Slug, Vec<FactEntry>);

fn technology(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let TechnologyFile { slug, kind, name, summary, aliases, homepage, repository, facts } =
        reading.parse()?;
    let slug = reading.slug(&slug)?;
    let technology = Technology {
        slug: slug.clone(),
        kind,
        name,
        summary,
        homepage: homepage.map(|url| web_address("homepage", &url)).transpose()?,
        repository: repository.map(|url| web_address("repository", &url)).transpose()?,
        archived: false,
    };
    catalogue.technologies.push(technology.validate()?);
    catalogue.alias(&subject(SubjectKind::Technology, &slug), &aliases)?;
    Ok((SubjectKind::Technology, slug, facts))
}

fn organization(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let OrganizationFile { slug, name, summary, aliases, country, industry, homepage, facts } =
        reading.parse()?;
    let slug = reading.slug(&slug)?;
    let organization = Organization {
        slug: slug.clone(),
        name,
        summary,
        country: country.as_deref().map(CountryCode::parse).transpose()?,
        industry: industry.as_deref().map(Industry::parse).transpose()?,
        homepage: homepage.map(|url| web_address("homepage", &url)).transpose()?,
    };
    catalogue.organizations.push(organization.validate()?);
    catalogue.alias(&subject(SubjectKind::Organization, &slug), &aliases)?;
    Ok((SubjectKind::Organization, slug, facts))
}

fn source(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let SourceFile { slug, kind, title, publisher, url, no_url_reason, published_on, has_vendor_bias, facts } =
        reading.parse()?;
    let slug = reading.slug(&slug)?;
    let location = match (url, no_url_reason) {
        (Some(url), None) => Location::Url(web_address("url", &url)?),
        (None, Some(reason)) => Location::Nowhere(reason),
        _ => return Err(Error::invalid("url", "give either `url` or `noUrlReason`.")),
    };
    let published_on = published_on.map(|date| date.parse()).transpose()?;
    let source =
        Source { slug: slug.clone(), kind, title, publisher, location, published_on, has_vendor_bias };
    catalogue.sources.push(source.validate(reading.today)?);
    Ok((SubjectKind::Source, slug, facts))
}

fn case_study(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let CaseStudyFile { slug, title, industry, country, vendor, status, facts } = reading.parse()?;
    let slug = reading.slug(&slug)?;
    let study = CaseStudy {
        slug: slug.clone(),
        title,
        industry: industry.as_deref().map(Industry::parse).transpose()?,
        country: country.as_deref().map(CountryCode::parse).transpose()?,
        vendor: vendor.as_deref().map(organization_id).transpose()?,
        status,
    };
    catalogue.case_studies.push(study.validate()?);
    Ok((SubjectKind::CaseStudy, slug, facts))
}

fn term(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let TermFile { slug, name, summary, aliases, facts } = reading.parse()?;
    let slug = reading.slug(&slug)?;
    catalogue.terms.push(Term { slug: slug.clone(), name, summary }.validate()?);
    catalogue.alias(&subject(SubjectKind::Term, &slug), &aliases)?;
    Ok((SubjectKind::Term, slug, facts))
}

fn selection_criterion(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let SelectionCriterionFile { slug, criterion, name, question, facts } = reading.parse()?;
    let slug = reading.slug(&slug)?;
    let criterion = SelectionCriterion { slug: slug.clone(), criterion, name, question };
    catalogue.selection_criteria.push(criterion.validate()?);
    Ok((SubjectKind::SelectionCriterion, slug, facts))
}

fn checklist(reading: &Reading<'_>, catalogue: &mut Catalogue) -> Result<Entity> {
    let ChecklistFile { slug, name, platform, summary, items, facts } = reading.parse()?;
    let slug = reading.slug(&slug)?;
    let items = items.into_iter().map(item).collect::<Result<_>>()?;
    let checklist = Checklist { slug: slug.clone(), name, platform, summary };
    catalogue.checklists.push(NewChecklist { checklist, items }.validate()?);
    Ok((SubjectKind::Checklist, slug, facts))
}

fn item(entry: ChecklistItemEntry) -> Result<ChecklistItem> {
    let ChecklistItemEntry { name, capabilities, fact } = entry;
    Ok(ChecklistItem { name, capabilities, fact: Id::named(FactCode::parse(&fact)?.as_str()) })
}

fn organization_id(slug: &str) -> Result<Id<Subject>> {
    Ok(subject(SubjectKind::Organization, &Slug::parse(slug)?).id())
}
