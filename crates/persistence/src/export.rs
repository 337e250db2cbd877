//! Exporting the catalogue: all parts, thing by thing, in bounded memory.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use stackfit_domain::{
    Result,
    catalogue::{Entity, Names, Part, Register},
    fact_code::FactCode,
    id::Id,
    slug::Slug,
    source::Source,
    subject::{Subject, SubjectKind},
};
use strum::VariantArray;
use uuid::Uuid;

use crate::{
    Reader,
    batch::id_in,
    checklist::item,
    error::translate,
    fact_row as fact,
    stored::{self, CHUNK},
};

impl Reader {
    /// Hands every part of the catalogue to `write`, with the names that it needs, kind by kind and by slug.
    pub async fn export(&self, mut write: impl FnMut(Part, &Names) -> Result<()>) -> Result<()> {
        let names = self.names().await?;
        for kind in SubjectKind::VARIANTS {
            let mut subjects = Subjects::of(*kind);
            while let Some(subjects) = subjects.next(&self.db).await? {
                for part in self.parts(*kind, &subjects).await? {
                    write(part, &names)?;
                }
            }
        }
        Ok(())
    }

    /// The names that may be referred to by what is imported.
    pub async fn register(&self) -> Result<Register> {
        let mut register = Register::default();
        for kind in SubjectKind::VARIANTS {
            let mut subjects = Subjects::of(*kind);
            while let Some(subjects) = subjects.next(&self.db).await? {
                for subject in &subjects {
                    register.know_subject(subject);
                }
                if *kind == SubjectKind::Source {
                    for source in self.sources_of(&subjects).await? {
                        source.published_on.into_iter().for_each(|on| register.publish(&source.slug, on));
                    }
                }
            }
        }
        self.know_facts(&mut register).await?;
        Ok(register)
    }

    async fn know_facts(&self, register: &mut Register) -> Result<()> {
        use crate::fact::contradictions;
        let contradictions = contradictions::Entity::find().all(&self.db).await.map_err(translate)?;
        let others: Vec<Uuid> = contradictions.iter().map(|row| row.other_id).collect();
        let codes = stored::codes(&self.db, &others).await?;
        let mut sides: HashMap<Uuid, Vec<FactCode>> = HashMap::new();
        for contradictions::Model { fact_id, other_id } in contradictions {
            let other = codes.get(&Id::from_uuid(other_id)).cloned();
            sides.entry(fact_id).or_default().extend(other);
        }
        let mut after = Uuid::nil();
        loop {
            let rows: Vec<(Uuid, String)> = fact_page(after).all(&self.db).await.map_err(translate)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.0;
            for (id, code) in rows {
                let code = FactCode::parse(&code).map_err(stackfit_domain::Error::internal)?;
                register.know_fact(&code, sides.remove(&id).unwrap_or_default());
            }
        }
    }

    async fn sources_of(&self, subjects: &[Subject]) -> Result<Vec<Source>> {
        let ids: Vec<Uuid> = subjects.iter().map(|subject| subject.id().uuid()).collect();
        let found = stored::entities(&self.db, SubjectKind::Source, &ids).await?;
        let source = |stored: stored::StoredEntity| match stored.entity {
            Entity::Source(source) => Some(source),
            _ => None,
        };
        Ok(found.into_values().filter_map(source).collect())
    }

    async fn names(&self) -> Result<Names> {
        let mut names = Names::default();
        for kind in SubjectKind::VARIANTS {
            let mut subjects = Subjects::of(*kind);
            while let Some(subjects) = subjects.next(&self.db).await? {
                if *kind == SubjectKind::Source {
                    for source in self.sources_of(&subjects).await? {
                        let id = Subject::new(SubjectKind::Source, source.slug).id();
                        names.published.extend(source.published_on.map(|on| (id, on)));
                    }
                }
                names.slugs.extend(subjects.into_iter().map(|subject| (subject.id(), subject.slug)));
            }
        }
        let items = item::Entity::find().all(&self.db).await.map_err(translate)?;
        let facts: Vec<Uuid> = items.into_iter().map(|item| item.fact_id).collect();
        names.codes = stored::codes(&self.db, &facts).await?;
        Ok(names)
    }

    async fn parts(&self, kind: SubjectKind, subjects: &[Subject]) -> Result<Vec<Part>> {
        let ids: Vec<Uuid> = subjects.iter().map(|subject| subject.id().uuid()).collect();
        let mut entities = stored::entities(&self.db, kind, &ids).await?;
        let mut parts = Vec::with_capacity(ids.len());
        for ids in ids.chunks(CHUNK / 10) {
            let mut facts = self.facts_about(ids).await?;
            for id in ids {
                let Some(stored) = entities.remove(id) else { continue };
                let stored::StoredEntity { entity, aliases, version: _, origin: _ } = stored;
                let facts = facts.remove(id).unwrap_or_default();
                parts.push(Part { entity, aliases, facts });
            }
        }
        Ok(parts)
    }

    async fn facts_about(
        &self,
        subjects: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<stackfit_domain::fact::NewFact>>> {
        let ids: Vec<Uuid> = fact::Entity::find()
            .select_only()
            .column(fact::Column::Id)
            .filter(id_in(fact::Column::SubjectId.into_expr(), subjects.iter().copied()))
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(translate)?;
        let mut facts: HashMap<Uuid, Vec<stackfit_domain::fact::NewFact>> = HashMap::new();
        for ids in ids.chunks(CHUNK) {
            for stored in stored::facts(&self.db, ids).await?.into_values() {
                facts.entry(stored.new.fact.subject.id.uuid()).or_default().push(stored.new);
            }
        }
        Ok(facts)
    }
}

/// The things of a kind, by slug, some at a time.
struct Subjects {
    kind: SubjectKind,
    after: Option<Slug>,
}

impl Subjects {
    fn of(kind: SubjectKind) -> Self {
        Self { kind, after: None }
    }

    async fn next(&mut self, db: &impl ConnectionTrait) -> Result<Option<Vec<Subject>>> {
        let after = self.after.as_ref().map(Slug::as_str);
        let subjects = stored::subjects_after(db, self.kind, after).await?;
        let Some(last) = subjects.last() else { return Ok(None) };
        self.after = Some(last.slug.clone());
        Ok(Some(subjects))
    }
}

/// The ids and codes of facts after an id, in order.
fn fact_page(after: Uuid) -> sea_orm::Selector<sea_orm::SelectGetableTuple<(Uuid, String)>> {
    use sea_orm::QueryOrder;
    fact::Entity::find()
        .select_only()
        .columns([fact::Column::Id, fact::Column::Code])
        .filter(fact::Column::Id.gt(after))
        .order_by_asc(fact::Column::Id)
        .limit(10 * CHUNK as u64)
        .into_tuple()
}
