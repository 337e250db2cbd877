//! The record of what an import changed.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use stackfit_domain::{Error, Result, change::Revision, code::Code};

use super::{Import, insert_all};
use crate::{catalogue::state, change::row as change, error::translate};

impl Import {
    /// Takes one revision for each change, in one step: writers are ordered by the row that they all update.
    pub(super) async fn record(&mut self) -> Result<()> {
        let changes = std::mem::take(&mut self.changes);
        if changes.is_empty() {
            return Ok(());
        }
        let (first, last) = self.reserve(changes.len()).await?;
        self.last = Some(last);
        let rows = (first..).zip(changes).map(|(revision, (kind, changed, id))| change::ActiveModel {
            revision: Set(revision),
            kind: Set(kind.code().to_owned()),
            at: Set(self.options.now),
            actor: Set(Some(self.options.actor.to_owned())),
            changed: Set(changed.code().to_owned()),
            changed_id: Set(id),
        });
        insert_all(&self.transaction, rows.collect()).await
    }

    /// Moves the catalogue's revision on and hands back the first and the last of the revisions that are now the import's.
    async fn reserve(&self, count: usize) -> Result<(Revision, Revision)> {
        use sea_orm::sea_query::{Expr, ExprTrait};
        let count = i64::try_from(count).map_err(Error::internal)?;
        let updated = state::Entity::update_many()
            .col_expr(state::Column::Revision, Expr::col(state::Column::Revision).add(count))
            .col_expr(state::Column::UpdatedAt, Expr::value(self.options.now))
            .filter(state::Column::Id.eq(state::ONLY))
            .exec_with_returning(&self.transaction)
            .await
            .map_err(translate)?;
        let state = updated.first().ok_or_else(|| Error::internal("the catalogue has no state"))?;
        Ok((state.revision - count + 1, state.revision))
    }
}
