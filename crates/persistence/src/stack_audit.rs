//! What an audit of a stack needs to know of many technologies, in a constant number of statements.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use stackfit_domain::{
    Result,
    code::Code,
    fact::Fact,
    id::Id,
    relation::{Relation, RelationKind},
    stack_audit::StackTechnology,
    subject::Subject,
};
use uuid::Uuid;

use crate::{
    Reader,
    batch::{BatchKey, id_in},
    error::translate,
    fact_row::{self as fact, not_refuted},
    relation::{self, row as relation_row},
    technology::TechnologyById,
};

impl Reader {
    /// What is known of some technologies: three statements, however many they are.
    pub async fn stack_technologies(
        &self,
        ids: impl IntoIterator<Item = Id<Subject>>,
    ) -> Result<HashMap<Id<Subject>, StackTechnology>> {
        let mut ids: Vec<Uuid> = ids.into_iter().map(Id::uuid).collect();
        ids.sort_unstable();
        ids.dedup();
        let keys = ids.iter().map(|id| TechnologyById(Id::from_uuid(*id))).collect();
        let records = TechnologyById::load(self, keys).await?;
        let mut releases = self.releases(&ids).await?;
        let mut requirements = self.requirements(&ids).await?;
        let known = records.into_iter().map(|(TechnologyById(id), record)| {
            let releases = releases.remove(&id).unwrap_or_default();
            let requirements = requirements.remove(&id).unwrap_or_default();
            (id, StackTechnology::new(record, releases, requirements))
        });
        Ok(known.collect())
    }

    async fn releases(&self, ids: &[Uuid]) -> Result<HashMap<Id<Subject>, Vec<Fact>>> {
        let rows = fact::Entity::find()
            .filter(id_in(fact::Column::SubjectId.into_expr(), ids.iter().copied()))
            .filter(fact::Column::ReleasedOn.is_not_null())
            .filter(not_refuted())
            .order_by_asc(fact::Column::CodeKey)
            .all(&self.db)
            .await
            .map_err(translate)?;
        let mut releases: HashMap<Id<Subject>, Vec<Fact>> = HashMap::new();
        for row in rows {
            let release = fact::fact(row)?;
            releases.entry(release.subject.id).or_default().push(release);
        }
        Ok(releases)
    }

    async fn requirements(&self, ids: &[Uuid]) -> Result<HashMap<Id<Subject>, Vec<(Relation, Fact)>>> {
        let stated = relation_row::Entity::belongs_to(fact::Entity)
            .from(relation_row::Column::FactId)
            .to(fact::Column::Id)
            .into();
        let kinds = [RelationKind::RunsOn.code(), RelationKind::Language.code()];
        let rows = relation_row::Entity::find()
            .join(JoinType::InnerJoin, stated)
            .select_also(fact::Entity)
            .filter(id_in(relation_row::Column::FromId.into_expr(), ids.iter().copied()))
            .filter(relation_row::Column::Kind.is_in(kinds))
            .filter(relation_row::Column::Versions.is_not_null())
            .filter(not_refuted())
            .order_by_asc(fact::Column::CodeKey)
            .order_by_asc(relation_row::Column::Position)
            .all(&self.db)
            .await
            .map_err(translate)?;
        let mut requirements: HashMap<Id<Subject>, Vec<(Relation, Fact)>> = HashMap::new();
        for (row, stating) in rows {
            let Some(stating) = stating else { continue };
            let asserted = relation::relation(row)?;
            requirements.entry(asserted.from).or_default().push((asserted, fact::fact(stating)?));
        }
        Ok(requirements)
    }
}
