//! The record of what an import changed.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use stackfit_domain::{
    Error, Result,
    catalogue::Names,
    change::{
        ChangeKind, ChangedKind, FieldChange, Revision,
        altered::{Reference, Thing, altered},
    },
    code::Code,
};
use uuid::Uuid;

use super::{Import, insert_all, position};
use crate::{
    catalogue::state,
    change::{field, row as change},
    error::translate,
    stored,
};

/// A change that is yet to be recorded.
pub(super) struct Noted {
    pub(super) what: What,
    pub(super) changed: ChangedKind,
    pub(super) id: Uuid,
}

/// What was done, with what is needed to tell it.
pub(super) enum What {
    Created,
    Updated(BeforeAfter),
    Removed,
}

impl What {
    pub(super) fn updated(before: Thing, after: Thing) -> Self {
        Self::Updated(BeforeAfter { before, after })
    }

    fn kind(&self) -> ChangeKind {
        match self {
            Self::Created => ChangeKind::Created,
            Self::Updated(_) => ChangeKind::Updated,
            Self::Removed => ChangeKind::Removed,
        }
    }
}

pub(super) struct BeforeAfter {
    before: Thing,
    after: Thing,
}

impl BeforeAfter {
    fn references(&self) -> Vec<Reference> {
        [self.before.references(), self.after.references()].concat()
    }

    /// Whether all that it refers to is known.
    fn is_named(&self, names: &Names) -> bool {
        self.references().into_iter().all(|reference| match reference {
            Reference::Subject(id) => names.slugs.contains_key(&id),
            Reference::Fact(id) => names.codes.contains_key(&id),
        })
    }
}

/// A recorded change with what it altered.
pub(super) type Altered = (Revision, BeforeAfter);

impl Import {
    /// Takes one revision for each change, in one step: writers are ordered by the row that they all update.
    pub(super) async fn record(&mut self) -> Result<()> {
        let changes = std::mem::take(&mut self.changes);
        if changes.is_empty() {
            return Ok(());
        }
        let (first, last) = self.reserve(changes.len()).await?;
        self.last = Some(last);
        let (mut rows, mut altered) = (Vec::with_capacity(changes.len()), Vec::new());
        for (revision, Noted { what, changed, id }) in (first..).zip(changes) {
            rows.push(change::ActiveModel {
                revision: Set(revision),
                kind: Set(what.kind().code().to_owned()),
                at: Set(self.options.now),
                actor: Set(Some(self.options.actor.to_owned())),
                changed: Set(changed.code().to_owned()),
                changed_id: Set(id),
            });
            if let What::Updated(both) = what {
                altered.push((revision, both));
            }
        }
        insert_all(&self.transaction, rows).await?;
        self.record_fields(altered).await
    }

    /// Records which fields were altered. What refers to something that is yet to come waits for it.
    async fn record_fields(&mut self, altered: Vec<Altered>) -> Result<()> {
        if altered.is_empty() {
            return Ok(());
        }
        let names = self.names(&altered).await?;
        let (ready, waiting): (Vec<_>, Vec<_>) =
            altered.into_iter().partition(|(_, both)| both.is_named(&names));
        self.unnamed.extend(waiting);
        insert_all(&self.transaction, field_rows(&ready, &names)?).await
    }

    /// Records the fields of the changes that waited, when all has come and nothing is removed yet.
    pub(super) async fn record_unnamed(&mut self) -> Result<()> {
        let altered = std::mem::take(&mut self.unnamed);
        let names = self.names(&altered).await?;
        insert_all(&self.transaction, field_rows(&altered, &names)?).await
    }

    /// The names of what some changes refer to, as far as it is stored.
    async fn names(&self, altered: &[Altered]) -> Result<Names> {
        let (mut subjects, mut facts) = (HashSet::new(), HashSet::new());
        for reference in altered.iter().flat_map(|(_, both)| both.references()) {
            match reference {
                Reference::Subject(id) => subjects.insert(id.uuid()),
                Reference::Fact(id) => facts.insert(id.uuid()),
            };
        }
        let (subjects, facts) = (Vec::from_iter(subjects), Vec::from_iter(facts));
        Ok(Names {
            slugs: stored::slugs(&self.transaction, &subjects).await?,
            codes: stored::codes(&self.transaction, &facts).await?,
            ..Names::default()
        })
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

/// The rows of the fields that some changes altered.
fn field_rows(changes: &[Altered], names: &Names) -> Result<Vec<field::ActiveModel>> {
    let mut rows = Vec::new();
    for (revision, both) in changes {
        let fields = altered(&both.before, &both.after, names);
        for (at, FieldChange { field, before, after }) in fields.into_iter().enumerate() {
            rows.push(field::ActiveModel {
                revision: Set(*revision),
                position: Set(position(at)?),
                field: Set(field),
                before: Set(before),
                after: Set(after),
            });
        }
    }
    Ok(rows)
}
