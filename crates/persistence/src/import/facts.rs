//! Writing facts with what belongs to them.

use std::collections::HashSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Set,
};
use stackfit_domain::{
    Error, Result,
    change::{ChangedKind, altered::Thing},
    citation::{Citation, Erratum},
    code::Code,
    fact::{Fact, FactLinkKind, NamedTechnology, NewFact},
    fact_code::FactCode,
    id::Id,
    relation::Relation,
    subject::SubjectKind,
};
use uuid::Uuid;

use super::{
    Import,
    changes::{Noted, What},
    insert_all, position,
};
use crate::{
    batch::id_in,
    citation::{errata, row as citation},
    error::translate,
    fact::{contradictions, fact_links},
    fact_row::{self as fact, named_technology},
    platform::row as platform,
    relation::row as relation,
    stored::{self, StoredFact},
};

impl Import {
    /// Writes those of some facts that are new or different.
    pub(super) async fn facts(&mut self, facts: &[&NewFact]) -> Result<()> {
        let ids: Vec<Uuid> = facts.iter().map(|new| new.fact.id.uuid()).collect();
        let mut stored = stored::facts(&self.transaction, &ids).await?;
        let mut rows = Rows::default();
        let mut replaced = Vec::new();
        for new in facts {
            let id = new.fact.id.uuid();
            if self.options.prune {
                self.seen.insert(id);
            }
            let (what, version) = match stored.remove(&id) {
                None => (What::Created, 1),
                Some(StoredFact { new: old, .. }) if old.says_the_same_as(new) => {
                    self.summary.unchanged.facts += 1;
                    continue;
                }
                Some(StoredFact { origin, .. }) if !self.may_overwrite(origin) => {
                    self.summary.kept.facts += 1;
                    continue;
                }
                Some(StoredFact { new: old, .. }) => {
                    self.touch(&old);
                    let version = old.fact.version + 1;
                    let thing = |new| Thing::Fact(Box::new(new));
                    (What::updated(thing(old), thing((*new).clone())), version)
                }
            };
            let fact = Fact { version, updated_at: self.options.now, ..new.fact.clone() };
            let row = fact::active(&fact, self.options.origin)?;
            match what {
                What::Updated(_) => replaced.push((id, row)),
                _ => rows.facts.push(row),
            }
            rows.add(new)?;
            self.touch(new);
            self.note(Noted { what, changed: ChangedKind::Fact, id });
        }
        replace(&self.transaction, replaced).await?;
        rows.insert(&self.transaction).await
    }
}

impl Import {
    /// Notes the technologies to which a fact gives values, and what it is about.
    pub(super) fn touch(&mut self, new: &NewFact) {
        self.subjects.insert(new.fact.subject.id.uuid());
        if new.fact.subject.kind == SubjectKind::Technology {
            self.touched.insert(new.fact.subject.id.uuid());
        }
        let technologies = |relation: &&Relation| relation.kind.from_kind() == SubjectKind::Technology;
        self.touched.extend(new.relations.iter().filter(technologies).map(|relation| relation.from.uuid()));
        self.touched.extend(new.technologies.iter().map(|named| named.technology.uuid()));
    }
}

impl Import {
    /// Refuses an import after which a contradiction would be told from one side only: the other side may be stored and
    /// not imported.
    pub(super) async fn check_contradictions(&self) -> Result<()> {
        let all: HashSet<(Uuid, Uuid)> = contradictions::Entity::find()
            .all(&self.transaction)
            .await
            .map_err(translate)?
            .into_iter()
            .map(|row| (row.fact_id, row.other_id))
            .collect();
        let Some((one, other)) = all.iter().find(|(one, other)| !all.contains(&(*other, *one))) else {
            return Ok(());
        };
        let codes = stored::codes(&self.transaction, &[*one, *other]).await?;
        let code = |id: &Uuid| codes.get(&Id::from_uuid(*id)).map_or_else(String::new, ToString::to_string);
        let (one, other) = (code(one), code(other));
        let message = format!(
            "{one} contradicts {other}, but {other} would not name {one} in turn. Import both sides together."
        );
        Err(Error::invalid("contradicts", message))
    }
}

/// Updates rows of facts and takes away what belonged to them.
async fn replace(transaction: &DatabaseTransaction, rows: Vec<(Uuid, fact::ActiveModel)>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
    delete_parts(transaction, &ids).await?;
    for (_, row) in rows {
        row.into_active_model().reset_all().update(transaction).await.map_err(translate)?;
    }
    Ok(())
}

/// Takes away what belongs to some facts.
async fn delete_parts(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    macro_rules! delete {
        ($($module:ident),+) => { $(
            $module::Entity::delete_many()
                .filter(id_in($module::Column::FactId.into_expr(), ids.iter().copied()))
                .exec(transaction)
                .await
                .map_err(translate)?;
        )+ };
    }
    delete!(citation, errata, contradictions, fact_links, relation, platform, named_technology);
    Ok(())
}

/// The rows of all tables that hold facts.
#[derive(Default)]
struct Rows {
    facts: Vec<fact::ActiveModel>,
    citations: Vec<citation::ActiveModel>,
    errata: Vec<errata::ActiveModel>,
    contradictions: Vec<contradictions::ActiveModel>,
    links: Vec<fact_links::ActiveModel>,
    relations: Vec<relation::ActiveModel>,
    platforms: Vec<platform::ActiveModel>,
    technologies: Vec<named_technology::ActiveModel>,
}

impl Rows {
    async fn insert(self, transaction: &DatabaseTransaction) -> Result<()> {
        let Self { facts, citations, errata, contradictions, links, relations, platforms, technologies } =
            self;
        insert_all(transaction, facts).await?;
        insert_all(transaction, citations).await?;
        insert_all(transaction, errata).await?;
        insert_all(transaction, contradictions).await?;
        insert_all(transaction, links).await?;
        insert_all(transaction, relations).await?;
        insert_all(transaction, platforms).await?;
        insert_all(transaction, technologies).await
    }

    /// Adds what belongs to a fact.
    fn add(&mut self, new: &NewFact) -> Result<()> {
        let NewFact {
            fact,
            citations,
            errata,
            contradicts,
            confirms,
            refines,
            relations,
            platforms,
            technologies,
        } = new;
        let fact_id = Set(fact.id.uuid());
        for (at, citation) in citations.iter().enumerate() {
            self.citations.push(citation_row(fact, at, citation)?);
        }
        for (at, erratum) in errata.iter().enumerate() {
            self.errata.push(erratum_row(fact, at, erratum)?);
        }
        let other = |code: &FactCode| Set(Id::<Fact>::named(code.as_str()).uuid());
        let contradiction =
            |code| contradictions::ActiveModel { fact_id: fact_id.clone(), other_id: other(code) };
        self.contradictions.extend(contradicts.iter().map(contradiction));
        for (kind, codes) in [(FactLinkKind::Confirms, confirms), (FactLinkKind::Refines, refines)] {
            let kind = Set(kind.code().to_owned());
            let link = |code| fact_links::ActiveModel {
                fact_id: fact_id.clone(),
                kind: kind.clone(),
                other_id: other(code),
            };
            self.links.extend(codes.iter().map(link));
        }
        for (at, relation) in relations.iter().enumerate() {
            self.relations.push(relation_row(fact, at, relation)?);
        }
        self.platforms.extend(platforms.iter().map(|value| platform::ActiveModel {
            fact_id: fact_id.clone(),
            platform: Set(value.code().to_owned()),
        }));
        for (at, NamedTechnology { place, technology }) in technologies.iter().enumerate() {
            self.technologies.push(named_technology::ActiveModel {
                fact_id: fact_id.clone(),
                position: Set(position(at)?),
                place: Set(*place),
                technology_id: Set(technology.uuid()),
            });
        }
        Ok(())
    }
}

fn citation_row(fact: &Fact, at: usize, value: &Citation) -> Result<citation::ActiveModel> {
    let Citation { source, locator, retrieved_on, supports } = value;
    Ok(citation::ActiveModel {
        fact_id: Set(fact.id.uuid()),
        position: Set(position(at)?),
        source_id: Set(source.uuid()),
        locator: Set(locator.clone()),
        retrieved_on: Set(*retrieved_on),
        supports: Set(*supports),
    })
}

fn erratum_row(fact: &Fact, at: usize, value: &Erratum) -> Result<errata::ActiveModel> {
    let Erratum { wrote, correct, reason } = value;
    Ok(errata::ActiveModel {
        fact_id: Set(fact.id.uuid()),
        position: Set(position(at)?),
        wrote: Set(wrote.clone()),
        correct: Set(correct.clone()),
        reason: Set(reason.clone()),
    })
}

fn relation_row(fact: &Fact, at: usize, value: &Relation) -> Result<relation::ActiveModel> {
    let Relation { kind, from, to, from_versions, versions } = value;
    Ok(relation::ActiveModel {
        fact_id: Set(fact.id.uuid()),
        position: Set(position(at)?),
        kind: Set(kind.code().to_owned()),
        from_id: Set(from.uuid()),
        to_id: Set(to.uuid()),
        from_versions: Set(from_versions.as_ref().map(ToString::to_string)),
        versions: Set(versions.as_ref().map(ToString::to_string)),
    })
}
