//! What is searched, read from what is stored.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use stackfit_domain::{
    Result,
    case_study::CaseStudy,
    catalogue::Entity,
    code::Code,
    organization::Organization,
    search::{
        SearchField as F, SearchScope,
        document::{Document, SearchKind, SearchText},
    },
    source::Source,
    subject::SubjectKind,
    technology::Technology,
    term::Term,
    verdict::Verdict,
};
use strum::VariantArray;
use uuid::Uuid;

use crate::{
    batch::id_in,
    citation::errata,
    convert::code,
    error::translate,
    fact_row::{self as fact},
    stored::{self, StoredEntity},
    subject::row as subject,
};

/// A document, with the subject that it is, or that its fact is about.
pub(super) struct About {
    pub(super) subject: Uuid,
    pub(super) document: Document,
}

/// What facts need to know of what they are about.
struct Head {
    name: String,
    archived: bool,
}

/// The documents of some subjects and of the facts about them.
pub(super) async fn about(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<About>> {
    let rows = subject::Entity::find()
        .filter(id_in(subject::Column::Id.into_expr(), ids.iter().copied()))
        .all(db)
        .await
        .map_err(translate)?;
    let mut found = Vec::new();
    let mut heads = HashMap::new();
    for kind in SubjectKind::VARIANTS {
        let of_kind: Vec<Uuid> =
            rows.iter().filter(|row| row.kind == kind.code()).map(|row| row.id).collect();
        if of_kind.is_empty() {
            continue;
        }
        for (id, stored) in stored::entities(db, *kind, &of_kind).await? {
            let document = of_entity(id, &stored);
            found.extend(document.map(|document| About { subject: id, document }));
            heads.insert(id, head(stored.entity));
        }
    }
    found.extend(facts(db, ids, &heads).await?);
    Ok(found)
}

fn head(entity: Entity) -> Head {
    let archived = matches!(&entity, Entity::Technology(technology) if technology.archived);
    let name = match entity {
        Entity::Technology(value) => value.name,
        Entity::Organization(value) => value.name,
        Entity::Source(value) => value.title,
        Entity::CaseStudy(value) => value.title,
        Entity::Term(value) => value.name,
        Entity::SelectionCriterion(value) => value.name,
        Entity::Checklist(value) => value.checklist.name,
    };
    Head { name, archived }
}

/// The texts that are there.
fn texts(of: impl IntoIterator<Item = (F, Option<String>)>) -> Vec<SearchText> {
    of.into_iter().filter_map(|(field, text)| text.map(|text| SearchText(field, text))).collect()
}

/// The document of a thing; nothing for what is not searched.
fn of_entity(id: Uuid, StoredEntity { entity, aliases, .. }: &StoredEntity) -> Option<Document> {
    let some = |text: &str| Some(text.to_owned());
    let (scope, heads) = match entity {
        Entity::Technology(Technology { slug, kind, name, summary, .. }) => {
            let kind = (F::Kind, some(kind.code()));
            let heads = vec![
                (F::Name, some(name)),
                (F::Slug, some(slug.as_str())),
                (F::Summary, summary.clone()),
                kind,
            ];
            (SearchScope::Technologies, heads)
        }
        Entity::Organization(Organization { slug, name, summary, industry, .. }) => {
            let industry = (F::Detail, industry.as_ref().map(|industry| industry.as_str().to_owned()));
            let heads = vec![
                (F::Name, some(name)),
                (F::Slug, some(slug.as_str())),
                (F::Summary, summary.clone()),
                industry,
            ];
            (SearchScope::Organizations, heads)
        }
        Entity::Source(Source { slug, title, publisher, note, .. }) => {
            let publisher = (F::Publisher, publisher.clone());
            let heads = vec![
                (F::Title, some(title)),
                (F::Slug, some(slug.as_str())),
                publisher,
                (F::Note, note.clone()),
            ];
            (SearchScope::Sources, heads)
        }
        Entity::CaseStudy(CaseStudy { slug, title, industry, .. }) => {
            let industry = (F::Detail, industry.as_ref().map(|industry| industry.as_str().to_owned()));
            (
                SearchScope::CaseStudies,
                vec![(F::Title, some(title)), (F::Slug, some(slug.as_str())), industry],
            )
        }
        Entity::Term(Term { slug, name, summary }) => {
            let heads =
                vec![(F::Name, some(name)), (F::Slug, some(slug.as_str())), (F::Summary, summary.clone())];
            (SearchScope::Terms, heads)
        }
        Entity::SelectionCriterion(_) | Entity::Checklist(_) => return None,
    };
    let (kind, archived) = match entity {
        Entity::Technology(technology) => (SearchKind::Technology(technology.kind), technology.archived),
        _ => (SearchKind::None, false),
    };
    let mut texts = texts(heads);
    texts.extend(aliases.iter().map(|alias| SearchText(F::Alias, alias.clone())));
    Some(Document { scope, id, kind, archived, refuted: false, texts })
}

/// What is searched of a fact.
#[derive(FromQueryResult)]
struct FactTexts {
    id: Uuid,
    code: String,
    kind: String,
    verdict: String,
    title: Option<String>,
    statement: String,
    subject_id: Uuid,
    attribute_name: Option<String>,
    attribute_value: Option<String>,
    capability: Option<String>,
    plan_name: Option<String>,
}

async fn facts(
    db: &impl ConnectionTrait,
    subjects: &[Uuid],
    heads: &HashMap<Uuid, Head>,
) -> Result<Vec<About>> {
    use fact::Column as C;
    let columns = [
        C::Id,
        C::Code,
        C::Kind,
        C::Verdict,
        C::Title,
        C::Statement,
        C::SubjectId,
        C::AttributeName,
        C::AttributeValue,
        C::Capability,
        C::PlanName,
    ];
    let rows = fact::Entity::find()
        .select_only()
        .columns(columns)
        .filter(id_in(C::SubjectId.into_expr(), subjects.iter().copied()))
        .into_model::<FactTexts>()
        .all(db)
        .await
        .map_err(translate)?;
    let mut errata = errata_about(db, subjects).await?;
    rows.into_iter()
        .map(|row| {
            let errata = errata.remove(&row.id).unwrap_or_default();
            Ok(About { subject: row.subject_id, document: of_fact(row, errata, heads)? })
        })
        .collect()
}

fn of_fact(row: FactTexts, errata: Vec<SearchText>, heads: &HashMap<Uuid, Head>) -> Result<Document> {
    let FactTexts {
        id,
        code: fact_code,
        kind,
        verdict,
        title,
        statement,
        subject_id,
        attribute_name,
        attribute_value,
        capability,
        plan_name,
    } = row;
    let head = heads.get(&subject_id);
    let mut texts = texts([
        (F::Code, Some(fact_code)),
        (F::Title, title),
        (F::Statement, Some(statement)),
        (F::Detail, attribute_name),
        (F::Detail, attribute_value),
        (F::Detail, capability),
        (F::Detail, plan_name),
        (F::Subject, head.map(|head| head.name.clone())),
    ]);
    texts.extend(errata);
    Ok(Document {
        scope: SearchScope::Facts,
        id,
        kind: SearchKind::Fact(code(&kind)?),
        archived: head.is_some_and(|head| head.archived),
        refuted: code::<Verdict>(&verdict)?.refutes(),
        texts,
    })
}

/// What sources wrote wrong in facts about some subjects, and what is right.
async fn errata_about(
    db: &impl ConnectionTrait,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<SearchText>>> {
    let of_fact =
        errata::Entity::belongs_to(fact::Entity).from(errata::Column::FactId).to(fact::Column::Id).into();
    let rows = errata::Entity::find()
        .join(JoinType::InnerJoin, of_fact)
        .filter(id_in(fact::Column::SubjectId.into_expr(), subjects.iter().copied()))
        .order_by_asc(errata::Column::Position)
        .all(db)
        .await
        .map_err(translate)?;
    let mut found: HashMap<Uuid, Vec<SearchText>> = HashMap::new();
    for errata::Model { fact_id, position: _, wrote, correct, reason: _ } in rows {
        let erratum = texts([(F::Wrote, Some(wrote)), (F::Correct, correct)]);
        found.entry(fact_id).or_default().extend(erratum);
    }
    Ok(found)
}
