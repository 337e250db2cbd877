//! Writing entities: technologies, organisations, sources and the like.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use stackfit_domain::{
    Result,
    case_study::CaseStudy,
    catalogue::{Entity, Part},
    change::altered::Thing,
    checklist::{Checklist, ChecklistItem, NewChecklist},
    code::Code,
    organization::Organization,
    origin::Origin,
    partial_date::PartialDate,
    selection_criterion::SelectionCriterion,
    source::{Location, Source},
    subject::{Subject, SubjectKind},
    technology::Technology,
    term::Term,
};
use strum::VariantArray;
use uuid::Uuid;

use super::{
    Import,
    changes::{Noted, What},
    insert_all, position,
};
use crate::{
    alias::row as alias,
    batch::id_in,
    case_study::row as case_study,
    checklist::{item, item_capability, row as checklist},
    convert::text_opt,
    error::translate,
    organization::row as organization,
    selection_criterion::row as selection_criterion,
    source::row as source,
    stored::{self, StoredEntity},
    subject::row as subject,
    technology::row as technology,
    term::row as term,
};

impl Import {
    /// Writes those entities of some parts that are new or different.
    pub(super) async fn subjects(&mut self, parts: &[Part]) -> Result<()> {
        for kind in SubjectKind::VARIANTS {
            let of_kind: HashMap<Uuid, &Part> = parts
                .iter()
                .map(|part| (part.entity.subject(), part))
                .filter(|(subject, _)| subject.kind == *kind)
                .map(|(subject, part)| (subject.id().uuid(), part))
                .collect();
            if !of_kind.is_empty() {
                self.subjects_of_kind(*kind, of_kind).await?;
            }
        }
        Ok(())
    }

    async fn subjects_of_kind(&mut self, kind: SubjectKind, parts: HashMap<Uuid, &Part>) -> Result<()> {
        let ids: Vec<Uuid> = parts.keys().copied().collect();
        let mut stored = stored::entities(&self.transaction, kind, &ids).await?;
        let (mut created, mut replaced) = (Rows::new(self.options.now), Rows::new(self.options.now));
        for (id, part) in parts {
            if self.options.prune {
                self.seen.insert(id);
            }
            let (what, version) = match stored.remove(&id) {
                None => (What::Created, 1),
                Some(StoredEntity { entity, aliases, .. })
                    if entity == part.entity && aliases == part.aliases =>
                {
                    self.summary.unchanged.entities += 1;
                    continue;
                }
                Some(StoredEntity { origin, .. }) if !self.may_overwrite(origin) => {
                    self.summary.kept.entities += 1;
                    continue;
                }
                Some(StoredEntity { entity, aliases, version, .. }) => {
                    let thing = |entity, aliases| Thing::Entity(Box::new(entity), aliases);
                    let after = thing(part.entity.clone(), part.aliases.clone());
                    (What::updated(thing(entity, aliases), after), version + 1)
                }
            };
            self.subjects.insert(id);
            if kind == SubjectKind::Technology {
                self.touched.insert(id);
            }
            let rows = if matches!(what, What::Updated(_)) { &mut replaced } else { &mut created };
            rows.add(part, version, self.options.origin)?;
            self.note(Noted { what, changed: kind.into(), id });
        }
        created.insert(&self.transaction).await?;
        replaced.replace(&self.transaction).await
    }
}

/// The rows of all tables that hold entities.
struct Rows {
    now: DateTime<Utc>,
    subjects: Vec<subject::ActiveModel>,
    aliases: Vec<alias::ActiveModel>,
    technologies: Vec<technology::ActiveModel>,
    organizations: Vec<organization::ActiveModel>,
    sources: Vec<source::ActiveModel>,
    case_studies: Vec<case_study::ActiveModel>,
    terms: Vec<term::ActiveModel>,
    selection_criteria: Vec<selection_criterion::ActiveModel>,
    checklists: Vec<checklist::ActiveModel>,
    items: Vec<item::ActiveModel>,
    capabilities: Vec<item_capability::ActiveModel>,
}

impl Rows {
    fn new(now: DateTime<Utc>) -> Self {
        Self {
            now,
            subjects: vec![],
            aliases: vec![],
            technologies: vec![],
            organizations: vec![],
            sources: vec![],
            case_studies: vec![],
            terms: vec![],
            selection_criteria: vec![],
            checklists: vec![],
            items: vec![],
            capabilities: vec![],
        }
    }

    fn add(&mut self, part: &Part, version: i32, origin: Origin) -> Result<()> {
        let subject = part.entity.subject();
        self.subjects.push(subject_row(&subject, origin));
        for (at, name) in part.aliases.iter().enumerate() {
            self.aliases.push(alias::ActiveModel {
                subject_id: Set(subject.id().uuid()),
                position: Set(position(at)?),
                alias: Set(name.clone()),
            });
        }
        let written = Written { id: subject.id().uuid(), version, now: self.now };
        match &part.entity {
            Entity::Technology(value) => self.technologies.push(technology_row(value, written)),
            Entity::Organization(value) => self.organizations.push(organization_row(value, written)),
            Entity::Source(value) => self.sources.push(source_row(value, written)),
            Entity::CaseStudy(value) => self.case_studies.push(case_study_row(value, written)),
            Entity::Term(value) => self.terms.push(term_row(value, written)),
            Entity::SelectionCriterion(value) => {
                self.selection_criteria.push(criterion_row(value, written));
            }
            Entity::Checklist(NewChecklist { checklist, items }) => {
                self.checklists.push(checklist_row(checklist, written));
                self.items(written.id, items)?;
            }
        }
        Ok(())
    }

    fn items(&mut self, checklist: Uuid, items: &[ChecklistItem]) -> Result<()> {
        for (at, ChecklistItem { name, capabilities, fact }) in items.iter().enumerate() {
            self.items.push(item::ActiveModel {
                checklist_id: Set(checklist),
                position: Set(position(at)?),
                name: Set(name.clone()),
                fact_id: Set(fact.uuid()),
            });
            for capability in capabilities {
                self.capabilities.push(item_capability::ActiveModel {
                    checklist_id: Set(checklist),
                    position: Set(position(at)?),
                    capability: Set(capability.code().to_owned()),
                });
            }
        }
        Ok(())
    }

    async fn insert(self, transaction: &DatabaseTransaction) -> Result<()> {
        insert_all(transaction, self.subjects).await?;
        insert_all(transaction, self.aliases).await?;
        insert_all(transaction, self.technologies).await?;
        insert_all(transaction, self.organizations).await?;
        insert_all(transaction, self.sources).await?;
        insert_all(transaction, self.case_studies).await?;
        insert_all(transaction, self.terms).await?;
        insert_all(transaction, self.selection_criteria).await?;
        insert_all(transaction, self.checklists).await?;
        insert_all(transaction, self.items).await?;
        insert_all(transaction, self.capabilities).await
    }

    /// Updates rows that are there, and writes what belongs to them anew.
    async fn replace(self, transaction: &DatabaseTransaction) -> Result<()> {
        let ids: Vec<Uuid> = self.subjects.iter().filter_map(|row| row.id.try_as_ref().copied()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        delete_parts(transaction, &ids).await?;
        macro_rules! update {
            ($($rows:expr),+) => { $(
                for row in $rows {
                    row.reset_all().update(transaction).await.map_err(translate)?;
                }
            )+ };
        }
        update!(self.subjects, self.technologies, self.organizations, self.sources, self.case_studies);
        update!(self.terms, self.selection_criteria, self.checklists);
        insert_all(transaction, self.aliases).await?;
        insert_all(transaction, self.items).await?;
        insert_all(transaction, self.capabilities).await
    }
}

/// Takes away what belongs to some entities.
async fn delete_parts(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    alias::Entity::delete_many()
        .filter(id_in(alias::Column::SubjectId.into_expr(), ids.iter().copied()))
        .exec(transaction)
        .await
        .map_err(translate)?;
    // The capabilities of items go with them.
    item::Entity::delete_many()
        .filter(id_in(item::Column::ChecklistId.into_expr(), ids.iter().copied()))
        .exec(transaction)
        .await
        .map_err(translate)?;
    Ok(())
}

/// What every row of an entity has.
#[derive(Clone, Copy)]
struct Written {
    id: Uuid,
    version: i32,
    now: DateTime<Utc>,
}

fn subject_row(value: &Subject, origin: Origin) -> subject::ActiveModel {
    let Subject { kind, slug } = value;
    subject::ActiveModel {
        id: Set(value.id().uuid()),
        kind: Set(kind.code().to_owned()),
        slug: Set(slug.to_string()),
        origin: Set(origin.code().to_owned()),
    }
}

fn technology_row(value: &Technology, Written { id, version, now }: Written) -> technology::ActiveModel {
    let Technology { slug, kind, name, summary, homepage, repository, archived } = value;
    technology::ActiveModel {
        id: Set(id),
        version: Set(version),
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

fn organization_row(
    value: &Organization,
    Written { id, version, now }: Written,
) -> organization::ActiveModel {
    let Organization { slug, name, summary, country, industry, homepage } = value;
    organization::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        summary: Set(summary.clone()),
        country: Set(country.as_ref().map(|country| country.as_str().to_owned())),
        industry: Set(industry.as_ref().map(|industry| industry.as_str().to_owned())),
        homepage: Set(homepage.as_ref().map(ToString::to_string)),
    }
}

fn source_row(value: &Source, Written { id, version, now }: Written) -> source::ActiveModel {
    let Source { slug, kind, title, publisher, location, published_on, has_vendor_bias, note } = value;
    let (url, no_url_reason) = match location {
        Location::Url(url) => (Some(url.to_string()), None),
        Location::Nowhere(reason) => (None, Some(reason.clone())),
    };
    source::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        kind: Set(kind.code().to_owned()),
        title: Set(title.clone()),
        publisher: Set(publisher.clone()),
        url: Set(url),
        no_url_reason: Set(no_url_reason),
        published_on: Set(published_on.map(PartialDate::last_day)),
        published_precision: Set(text_opt(published_on.map(PartialDate::precision))),
        has_vendor_bias: Set(*has_vendor_bias),
        note: Set(note.clone()),
    }
}

fn case_study_row(value: &CaseStudy, Written { id, version, now }: Written) -> case_study::ActiveModel {
    let CaseStudy { slug, title, industry, country, vendor, status } = value;
    case_study::ActiveModel {
        id: Set(id),
        version: Set(version),
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

fn term_row(value: &Term, Written { id, version, now }: Written) -> term::ActiveModel {
    let Term { slug, name, summary } = value;
    term::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        summary: Set(summary.clone()),
    }
}

fn criterion_row(
    value: &SelectionCriterion,
    Written { id, version, now }: Written,
) -> selection_criterion::ActiveModel {
    let SelectionCriterion { slug, criterion, name, question } = value;
    selection_criterion::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        criterion: Set(criterion.code().to_owned()),
        name: Set(name.clone()),
        question: Set(question.clone()),
    }
}

fn checklist_row(value: &Checklist, Written { id, version, now }: Written) -> checklist::ActiveModel {
    let Checklist { slug, name, platform, summary } = value;
    checklist::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        platform: Set(text_opt(*platform)),
        summary: Set(summary.clone()),
    }
}
