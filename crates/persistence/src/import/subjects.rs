//! Rows of subjects from the domain's catalogue.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, Set};
use stackfit_domain::{
    Result,
    case_study::CaseStudy,
    catalogue::Catalogue,
    checklist::{Checklist, NewChecklist},
    code::Code,
    organization::Organization,
    selection_criterion::SelectionCriterion,
    slug::Slug,
    source::{Location, Source},
    subject::{Subject, SubjectKind},
    technology::Technology,
    term::Term,
};
use uuid::Uuid;

use super::{insert_all, position};
use crate::{
    alias::row as alias, case_study::row as case_study, checklist::row as checklist, convert::text_opt,
    organization::row as organization, selection_criterion::row as selection_criterion,
    source::row as source, subject::row as subject, technology::row as technology, term::row as term,
};

pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<()> {
    let Catalogue {
        technologies,
        organizations,
        sources,
        case_studies,
        terms,
        selection_criteria,
        checklists,
        facts: _,
        aliases: _,
    } = catalogue;
    let rows = catalogue.subjects().iter().map(subject_row).collect();
    insert_all(transaction, rows).await?;
    insert_all(transaction, aliases(catalogue)?).await?;
    insert_all(transaction, technologies.iter().map(|value| technology_row(value, now)).collect()).await?;
    insert_all(transaction, organizations.iter().map(|value| organization_row(value, now)).collect()).await?;
    insert_all(transaction, sources.iter().map(|value| source_row(value, now)).collect()).await?;
    insert_all(transaction, case_studies.iter().map(|value| case_study_row(value, now)).collect()).await?;
    insert_all(transaction, terms.iter().map(|value| term_row(value, now)).collect()).await?;
    insert_all(transaction, selection_criteria.iter().map(|value| criterion_row(value, now)).collect())
        .await?;
    insert_all(transaction, checklists.iter().map(|value| checklist_row(value, now)).collect()).await
}

fn id(kind: SubjectKind, slug: &Slug) -> Uuid {
    Subject::new(kind, slug.clone()).id().uuid()
}

fn subject_row(value: &Subject) -> subject::ActiveModel {
    let Subject { kind, slug } = value;
    subject::ActiveModel {
        id: Set(value.id().uuid()),
        kind: Set(kind.code().to_owned()),
        slug: Set(slug.to_string()),
    }
}

fn aliases(catalogue: &Catalogue) -> Result<Vec<alias::ActiveModel>> {
    let mut rows = Vec::new();
    for (subject, names) in &catalogue.aliases {
        for (at, name) in names.iter().enumerate() {
            rows.push(alias::ActiveModel {
                subject_id: Set(subject.uuid()),
                position: Set(position(at)?),
                alias: Set(name.clone()),
            });
        }
    }
    Ok(rows)
}

fn technology_row(value: &Technology, now: DateTime<Utc>) -> technology::ActiveModel {
    let Technology { slug, kind, name, summary, homepage, repository, archived } = value;
    technology::ActiveModel {
        id: Set(id(SubjectKind::Technology, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        kind: Set(kind.code().to_owned()),
        name: Set(name.clone()),
        name_key: Set(name.to_lowercase()),
        summary: Set(summary.clone()),
        homepage: Set(homepage.as_ref().map(ToString::to_string)),
        repository: Set(repository.as_ref().map(ToString::to_string)),
        archived: Set(*archived),
    }
}

fn organization_row(value: &Organization, now: DateTime<Utc>) -> organization::ActiveModel {
    let Organization { slug, name, summary, country, industry, homepage } = value;
    organization::ActiveModel {
        id: Set(id(SubjectKind::Organization, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        summary: Set(summary.clone()),
        country: Set(country.as_ref().map(|country| country.as_str().to_owned())),
        industry: Set(industry.as_ref().map(|industry| industry.as_str().to_owned())),
        homepage: Set(homepage.as_ref().map(ToString::to_string)),
    }
}

fn source_row(value: &Source, now: DateTime<Utc>) -> source::ActiveModel {
    let Source { slug, kind, title, publisher, location, published_on, has_vendor_bias } = value;
    let (url, no_url_reason) = match location {
        Location::Url(url) => (Some(url.to_string()), None),
        Location::Nowhere(reason) => (None, Some(reason.clone())),
    };
    source::ActiveModel {
        id: Set(id(SubjectKind::Source, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        kind: Set(kind.code().to_owned()),
        title: Set(title.clone()),
        publisher: Set(publisher.clone()),
        url: Set(url),
        no_url_reason: Set(no_url_reason),
        published_on: Set(published_on.map(stackfit_domain::partial_date::PartialDate::last_day)),
        published_precision: Set(text_opt(
            published_on.map(stackfit_domain::partial_date::PartialDate::precision),
        )),
        has_vendor_bias: Set(*has_vendor_bias),
    }
}

fn case_study_row(value: &CaseStudy, now: DateTime<Utc>) -> case_study::ActiveModel {
    let CaseStudy { slug, title, industry, country, vendor, status } = value;
    case_study::ActiveModel {
        id: Set(id(SubjectKind::CaseStudy, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        title: Set(title.clone()),
        title_key: Set(title.to_lowercase()),
        industry: Set(industry.as_ref().map(|industry| industry.as_str().to_owned())),
        country: Set(country.as_ref().map(|country| country.as_str().to_owned())),
        vendor_id: Set(vendor.map(stackfit_domain::id::Id::uuid)),
        status: Set(status.code().to_owned()),
    }
}

fn term_row(value: &Term, now: DateTime<Utc>) -> term::ActiveModel {
    let Term { slug, name, summary } = value;
    term::ActiveModel {
        id: Set(id(SubjectKind::Term, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        summary: Set(summary.clone()),
    }
}

fn criterion_row(value: &SelectionCriterion, now: DateTime<Utc>) -> selection_criterion::ActiveModel {
    let SelectionCriterion { slug, criterion, name, question } = value;
    selection_criterion::ActiveModel {
        id: Set(id(SubjectKind::SelectionCriterion, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        criterion: Set(criterion.code().to_owned()),
        name: Set(name.clone()),
        question: Set(question.clone()),
    }
}

fn checklist_row(value: &NewChecklist, now: DateTime<Utc>) -> checklist::ActiveModel {
    let NewChecklist { checklist: Checklist { slug, name, platform, summary }, items: _ } = value;
    checklist::ActiveModel {
        id: Set(id(SubjectKind::Checklist, slug)),
        version: Set(1),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        platform: Set(text_opt(*platform)),
        summary: Set(summary.clone()),
    }
}
