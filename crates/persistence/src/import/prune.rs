//! Removing what an import did not name.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SelectStatement};
use stackfit_domain::{
    Result,
    change::{ChangeKind, ChangedKind},
    code::Code,
    origin::Origin,
    subject::SubjectKind,
};
use uuid::Uuid;

use super::Import;
use crate::{
    batch::id_in,
    case_study::row as case_study,
    checklist::item,
    citation::row as citation,
    convert::code,
    error::translate,
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
        self.prune_subjects(None).await
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
            let held = self.held(&unseen, references_to_facts).await?;
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
                self.note(ChangeKind::Removed, ChangedKind::Fact, id);
            }
        }
    }

    async fn prune_subjects(&mut self, kind: Option<SubjectKind>) -> Result<()> {
        let mut last = Uuid::nil();
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
            let Some(end) = rows.last() else { return Ok(()) };
            last = end.id;
            let unseen: Vec<subject::Model> =
                rows.into_iter().filter(|row| !self.seen.contains(&row.id)).collect();
            let ids: Vec<Uuid> = unseen.iter().map(|row| row.id).collect();
            let held = self.held(&ids, references_to_subjects).await?;
            if kind.is_none() {
                self.summary.kept.entities += held.len();
            }
            let gone: Vec<subject::Model> =
                unseen.into_iter().filter(|row| !held.contains(&row.id)).collect();
            subject::Entity::delete_many()
                .filter(id_in(subject::Column::Id.into_expr(), gone.iter().map(|row| row.id)))
                .exec(&self.transaction)
                .await
                .map_err(translate)?;
            for row in gone {
                let kind: SubjectKind = code(&row.kind)?;
                if kind == SubjectKind::Technology {
                    self.touched.insert(row.id);
                }
                self.note(ChangeKind::Removed, kind.into(), row.id);
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
