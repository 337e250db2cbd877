//! Parts of the catalogue as they are stored, read in bulk: what an import compares with and an export writes.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use stackfit_domain::{
    Error, Result,
    catalogue::Entity,
    checklist::{ChecklistItem, NewChecklist},
    citation::{Citation, Erratum},
    code::Code,
    fact::{Fact, FactLinkKind, NamedTechnology, NewFact},
    fact_code::FactCode,
    id::Id,
    origin::Origin,
    slug::Slug,
    subject::{Record, Subject, SubjectKind},
};
use uuid::Uuid;

use crate::{
    alias::row as alias,
    batch::id_in,
    case_study,
    checklist::{self, item, item_capability},
    citation::{errata, row as citation},
    convert::code,
    error::translate,
    fact::{contradictions, fact_links},
    fact_row::{self, named_technology},
    organization, platform, relation, selection_criterion, source, subject, technology, term,
};

/// A fact as it is stored, with all that belongs to it and by whom it was written.
pub(crate) struct StoredFact {
    pub(crate) new: NewFact,
    pub(crate) origin: Origin,
}

/// A thing as it is stored.
pub(crate) struct StoredEntity {
    pub(crate) entity: Entity,
    pub(crate) aliases: Vec<String>,
    pub(crate) version: i32,
    pub(crate) origin: Origin,
}

/// Reads all rows of a table that belong to some parents, in an order.
macro_rules! rows {
    ($db:expr, $module:ident, $column:ident in $ids:expr $(, by $order:ident)*) => {
        $module::Entity::find()
            .filter(id_in($module::Column::$column.into_expr(), $ids))
            $(.order_by_asc($module::Column::$order))*
            .all($db)
            .await
            .map_err(translate)
    };
}

/// The facts among some ids that are stored.
pub(crate) async fn facts(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, StoredFact>> {
    let mut found = HashMap::new();
    for row in rows!(db, fact_row, Id in ids.iter().copied())? {
        let origin = code(&row.origin)?;
        let new = NewFact {
            fact: fact_row::fact(row)?,
            citations: vec![],
            errata: vec![],
            contradicts: vec![],
            confirms: vec![],
            refines: vec![],
            relations: vec![],
            platforms: vec![],
            technologies: vec![],
        };
        found.insert(new.fact.id.uuid(), StoredFact { new, origin });
    }
    if !found.is_empty() {
        let ids: Vec<Uuid> = found.keys().copied().collect();
        read_evidence(db, &ids, &mut found).await?;
        read_links(db, &ids, &mut found).await?;
        read_named(db, &ids, &mut found).await?;
    }
    Ok(found)
}

async fn read_evidence(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    found: &mut HashMap<Uuid, StoredFact>,
) -> Result<()> {
    for row in rows!(db, citation, FactId in ids.iter().copied(), by Position)? {
        let citation::Model { fact_id, position: _, source_id, locator, retrieved_on, supports } = row;
        let citation = Citation { source: Id::from_uuid(source_id), locator, retrieved_on, supports };
        found.entry(fact_id).and_modify(|fact| fact.new.citations.push(citation));
    }
    for row in rows!(db, errata, FactId in ids.iter().copied(), by Position)? {
        let errata::Model { fact_id, position: _, wrote, correct, reason } = row;
        let erratum = Erratum { wrote, correct, reason };
        found.entry(fact_id).and_modify(|fact| fact.new.errata.push(erratum));
    }
    Ok(())
}

/// The links to other facts, by their codes and in the order of these.
async fn read_links(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    found: &mut HashMap<Uuid, StoredFact>,
) -> Result<()> {
    let contradicted = rows!(db, contradictions, FactId in ids.iter().copied())?;
    let linked = rows!(db, fact_links, FactId in ids.iter().copied())?;
    let others = contradicted.iter().map(|row| row.other_id).chain(linked.iter().map(|row| row.other_id));
    let codes = codes(db, &others.collect::<Vec<_>>()).await?;
    let code_of = |id: Uuid| {
        codes
            .get(&Id::from_uuid(id))
            .cloned()
            .ok_or_else(|| Error::internal(format!("no fact has the id {id}")))
    };
    for contradictions::Model { fact_id, other_id } in contradicted {
        let other = code_of(other_id)?;
        found.entry(fact_id).and_modify(|fact| fact.new.contradicts.push(other));
    }
    for fact_links::Model { fact_id, kind, other_id } in linked {
        let (kind, other) = (code::<FactLinkKind>(&kind)?, code_of(other_id)?);
        found.entry(fact_id).and_modify(|fact| match kind {
            FactLinkKind::Confirms => fact.new.confirms.push(other),
            FactLinkKind::Refines => fact.new.refines.push(other),
        });
    }
    for fact in found.values_mut() {
        for codes in [&mut fact.new.contradicts, &mut fact.new.confirms, &mut fact.new.refines] {
            codes.sort_by_cached_key(FactCode::sort_key);
        }
    }
    Ok(())
}

async fn read_named(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    found: &mut HashMap<Uuid, StoredFact>,
) -> Result<()> {
    use platform::row as platform;
    use relation::row as relations;
    for row in rows!(db, relations, FactId in ids.iter().copied(), by Position)? {
        let fact_id = row.fact_id;
        let relation = relation::relation(row)?;
        found.entry(fact_id).and_modify(|fact| fact.new.relations.push(relation));
    }
    for platform::Model { fact_id, platform } in rows!(db, platform, FactId in ids.iter().copied())? {
        let platform = code(&platform)?;
        found.entry(fact_id).and_modify(|fact| fact.new.platforms.push(platform));
    }
    for row in rows!(db, named_technology, FactId in ids.iter().copied(), by Position)? {
        let named_technology::Model { fact_id, position: _, place, technology_id } = row;
        let named = NamedTechnology { place, technology: Id::from_uuid(technology_id) };
        found.entry(fact_id).and_modify(|fact| fact.new.technologies.push(named));
    }
    for fact in found.values_mut() {
        fact.new.platforms.sort_unstable();
    }
    Ok(())
}

/// The codes of some facts.
pub(crate) async fn codes(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Id<Fact>, FactCode>> {
    use sea_orm::QuerySelect;
    let mut codes = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(Uuid, String)> = fact_row::Entity::find()
            .select_only()
            .columns([fact_row::Column::Id, fact_row::Column::Code])
            .filter(id_in(fact_row::Column::Id.into_expr(), ids.iter().copied()))
            .into_tuple()
            .all(db)
            .await
            .map_err(translate)?;
        for (id, text) in rows {
            codes.insert(Id::from_uuid(id), FactCode::parse(&text).map_err(Error::internal)?);
        }
    }
    Ok(codes)
}

/// The slugs of some things.
pub(crate) async fn slugs(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Id<Subject>, Slug>> {
    let mut slugs = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        for row in rows!(db, subject_row, Id in ids.iter().copied())? {
            slugs.insert(Id::from_uuid(row.id), crate::convert::slug(&row.slug)?);
        }
    }
    Ok(slugs)
}

/// How many things are read together.
pub(crate) const CHUNK: usize = 500;

/// The things of one kind among some ids that are stored.
pub(crate) async fn entities(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, StoredEntity>> {
    let mut aliases: HashMap<Uuid, Vec<String>> = HashMap::new();
    for alias::Model { subject_id, position: _, alias } in
        rows!(db, alias, SubjectId in ids.iter().copied(), by Position)?
    {
        aliases.entry(subject_id).or_default().push(alias);
    }
    let mut origins: HashMap<Uuid, Origin> = HashMap::new();
    let subjects = rows!(db, subject_row, Id in ids.iter().copied())?;
    for subject_row::Model { id, kind: _, slug: _, origin } in subjects {
        origins.insert(id, code(&origin)?);
    }
    let mut found = BTreeMap::new();
    for (id, version, entity) in heads(db, kind, ids).await? {
        let aliases = aliases.remove(&id).unwrap_or_default();
        let origin = origins.get(&id).copied().unwrap_or(Origin::Bundled);
        found.insert(id, StoredEntity { entity, aliases, version, origin });
    }
    Ok(found)
}

use subject::row as subject_row;

type Head = (Uuid, i32, Entity);

fn head<T>(record: Record<T>, entity: impl Fn(T) -> Entity) -> Head {
    (record.id.uuid(), record.version, entity(record.value))
}

async fn heads(db: &impl ConnectionTrait, kind: SubjectKind, ids: &[Uuid]) -> Result<Vec<Head>> {
    macro_rules! of {
        ($module:ident, $entity:expr) => {{
            use $module::row;
            let rows = rows!(db, row, Id in ids.iter().copied())?;
            rows.into_iter().map(|row| Ok(head($module::record(row)?, $entity))).collect()
        }};
    }
    match kind {
        SubjectKind::Technology => of!(technology, Entity::Technology),
        SubjectKind::Organization => of!(organization, Entity::Organization),
        SubjectKind::Source => of!(source, Entity::Source),
        SubjectKind::CaseStudy => of!(case_study, Entity::CaseStudy),
        SubjectKind::Term => of!(term, Entity::Term),
        SubjectKind::SelectionCriterion => of!(selection_criterion, Entity::SelectionCriterion),
        SubjectKind::Checklist => checklists(db, ids).await,
    }
}

async fn checklists(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Head>> {
    use checklist::row;
    let mut items: BTreeMap<(Uuid, i32), ChecklistItem> = BTreeMap::new();
    for item::Model { checklist_id, position, name, fact_id } in
        rows!(db, item, ChecklistId in ids.iter().copied())?
    {
        let item = ChecklistItem { name, capabilities: vec![], fact: Id::from_uuid(fact_id) };
        items.insert((checklist_id, position), item);
    }
    let capabilities = rows!(db, item_capability, ChecklistId in ids.iter().copied(), by Capability)?;
    for item_capability::Model { checklist_id, position, capability } in capabilities {
        let capability = code(&capability)?;
        items.entry((checklist_id, position)).and_modify(|item| item.capabilities.push(capability));
    }
    let mut lists: HashMap<Uuid, Vec<ChecklistItem>> = HashMap::new();
    for ((checklist_id, _), item) in items {
        lists.entry(checklist_id).or_default().push(item);
    }
    let rows = rows!(db, row, Id in ids.iter().copied())?;
    rows.into_iter()
        .map(|row| {
            let items = lists.remove(&row.id).unwrap_or_default();
            let list = |checklist| Entity::Checklist(NewChecklist { checklist, items: items.clone() });
            Ok(head(checklist::record(row)?, list))
        })
        .collect()
}

/// The things of a kind, by slug, after one of them: at most [`CHUNK`].
pub(crate) async fn subjects_after(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    after: Option<&str>,
) -> Result<Vec<Subject>> {
    use sea_orm::QuerySelect;
    let mut select = subject_row::Entity::find()
        .filter(subject_row::Column::Kind.eq(kind.code()))
        .order_by_asc(subject_row::Column::Slug)
        .limit(CHUNK as u64);
    if let Some(after) = after {
        select = select.filter(subject_row::Column::Slug.gt(after));
    }
    let rows = select.all(db).await.map_err(translate)?;
    rows.into_iter().map(|row| Ok(Subject::new(kind, crate::convert::slug(&row.slug)?))).collect()
}
