//! Removing what an import did not name.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SelectStatement};
use stackfit_domain::{Result, change::ChangedKind, code::Code, origin::Origin, subject::SubjectKind};
use uuid::Uuid;

use super::{
    Import,
    changes::{Noted, What},
};
use crate::{
    batch::id_in,
    case_study::row as case_study,
    checklist::item,
    citation::row as citation,
    convert::code,
    error::translate,
    fact::{contradictions, fact_links},
    fact_row::{self as fact, named_technology},
    relation::row as relation,
    stored::{self, CHUNK},
    subject::row as subject,
};

impl Import {
    /// Removes the facts and then the entities that were not imported. What something else still refers to stays.
    pub(super) async fn prune(&mut self) -> Result<()> {
        // Checklists go first: their items refer to facts.
        self.prune_subjects(Some(SubjectKind::Checklist)).await?;
        self.prune_facts().await?;
        // What is removed may have held something else.
        loop {
            let removed = self.summary.removed.entities;
            let held = self.prune_subjects(None).await?;
            if self.summary.removed.entities == removed {
                self.summary.kept.entities += held;
                return Ok(());
            }
        }
    }

    fn only_bundled(&self) -> bool {
        self.options.origin == Origin::Bundled
    }

    async fn prune_facts(&mut self) -> Result<()> {
        let mut last = Uuid::nil();
        loop {
            let mut select = fact::Entity::find()
                .select_only()
                .column(fact::Column::Id)
                .filter(fact::Column::Id.gt(last))
                .order_by_asc(fact::Column::Id)
                .limit(CHUNK as u64);
            if self.only_bundled() {
                select = select.filter(fact::Column::Origin.eq(Origin::Bundled.code()));
            }
            let ids: Vec<Uuid> = select.into_tuple().all(&self.transaction).await.map_err(translate)?;
            let Some(end) = ids.last() else { return Ok(()) };
            last = *end;
            let unseen: Vec<Uuid> = ids.into_iter().filter(|id| !self.seen.contains(id)).collect();
            let mut held = self.held(&unseen, references_to_facts).await?;
            held.extend(self.linked(&unseen).await?);
            let gone: Vec<Uuid> = unseen.into_iter().filter(|id| !held.contains(id)).collect();
            self.summary.kept.facts += held.len();
            for stored in stored::facts(&self.transaction, &gone).await?.values() {
                self.touch(&stored.new);
            }
            fact::Entity::delete_many()
                .filter(id_in(fact::Column::Id.into_expr(), gone.iter().copied()))
                .exec(&self.transaction)
                .await
                .map_err(translate)?;
            for id in gone {
                self.note(Noted { what: What::Removed, changed: ChangedKind::Fact, id });
            }
        }
    }

    /// Those of some facts that a fact which stays contradicts, confirms or refines.
    async fn linked(&self, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
        use sea_orm::JoinType;
        let mut held = HashSet::new();
        macro_rules! referring {
            ($($links:ident),+) => { $({
                let referring = $links::Entity::belongs_to(fact::Entity)
                    .from($links::Column::FactId)
                    .to(fact::Column::Id)
                    .into();
                let rows: Vec<(Uuid, Uuid, String)> = $links::Entity::find()
                    .select_only()
                    .columns([$links::Column::FactId, $links::Column::OtherId])
                    .column(fact::Column::Origin)
                    .join(JoinType::InnerJoin, referring)
                    .filter(id_in($links::Column::OtherId.into_expr(), ids.iter().copied()))
                    .into_tuple()
                    .all(&self.transaction)
                    .await
                    .map_err(translate)?;
                for (referring, referred, origin) in rows {
                    let of_others = self.only_bundled() && origin != Origin::Bundled.code();
                    if of_others || self.seen.contains(&referring) {
                        held.insert(referred);
                    }
                }
            })+ };
        }
        referring!(contradictions, fact_links);
        Ok(held)
    }

    /// Removes entities to which nothing refers. Tells how many something holds.
    async fn prune_subjects(&mut self, kind: Option<SubjectKind>) -> Result<usize> {
        let mut last = Uuid::nil();
        let mut kept = 0;
        loop {
            let mut select = subject::Entity::find()
                .filter(subject::Column::Id.gt(last))
                .order_by_asc(subject::Column::Id)
                .limit(CHUNK as u64);
            if let Some(kind) = kind {
                select = select.filter(subject::Column::Kind.eq(kind.code()));
            }
            if self.only_bundled() {
                select = select.filter(subject::Column::Origin.eq(Origin::Bundled.code()));
            }
            let rows = select.all(&self.transaction).await.map_err(translate)?;
            let Some(end) = rows.last() else { return Ok(kept) };
            last = end.id;
            let unseen: Vec<subject::Model> =
                rows.into_iter().filter(|row| !self.seen.contains(&row.id)).collect();
            let ids: Vec<Uuid> = unseen.iter().map(|row| row.id).collect();
            let held = self.held(&ids, references_to_subjects).await?;
            kept += held.len();
            let gone: Vec<subject::Model> =
                unseen.into_iter().filter(|row| !held.contains(&row.id)).collect();
            subject::Entity::delete_many()
                .filter(id_in(subject::Column::Id.into_expr(), gone.iter().map(|row| row.id)))
                .exec(&self.transaction)
                .await
                .map_err(translate)?;
            for row in gone {
                let kind: SubjectKind = code(&row.kind)?;
                self.subjects.insert(row.id);
                if kind == SubjectKind::Technology {
                    self.touched.insert(row.id);
                }
                self.note(Noted { what: What::Removed, changed: kind.into(), id: row.id });
            }
        }
    }

    /// Those of some ids to which something refers.
    async fn held(
        &self,
        ids: &[Uuid],
        references: fn(&[Uuid]) -> Vec<SelectStatement>,
    ) -> Result<HashSet<Uuid>> {
        use sea_orm::ConnectionTrait;
        let mut held = HashSet::new();
        for statement in references(ids) {
            for row in self.transaction.query_all(&statement).await.map_err(translate)? {
                held.insert(row.try_get_by_index::<Uuid>(0).map_err(translate)?);
            }
        }
        Ok(held)
    }
}

/// The values that a column has among some ids.
fn referring<E: EntityTrait>(column: E::Column, ids: &[Uuid]) -> SelectStatement {
    sea_orm::sea_query::Query::select()
        .distinct()
        .expr(column.into_expr())
        .from(E::default())
        .and_where(id_in(column.into_expr(), ids.iter().copied()))
        .to_owned()
}

fn references_to_facts(ids: &[Uuid]) -> Vec<SelectStatement> {
    vec![referring::<item::Entity>(item::Column::FactId, ids)]
}

fn references_to_subjects(ids: &[Uuid]) -> Vec<SelectStatement> {
    vec![
        referring::<fact::Entity>(fact::Column::SubjectId, ids),
        referring::<fact::Entity>(fact::Column::OrganizationId, ids),
        referring::<fact::Entity>(fact::Column::TeamLanguageId, ids),
        referring::<citation::Entity>(citation::Column::SourceId, ids),
        referring::<relation::Entity>(relation::Column::FromId, ids),
        referring::<relation::Entity>(relation::Column::ToId, ids),
        referring::<named_technology::Entity>(named_technology::Column::TechnologyId, ids),
        referring::<case_study::Entity>(case_study::Column::VendorId, ids),
    ]
}
