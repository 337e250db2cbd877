//! The record of changes.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use futures_util::{FutureExt, Stream, StreamExt};
use stackfit_domain::{
    Error,
    change::{Change as DomainChange, ChangeKind, ChangedKind, FieldChange as DomainFieldChange},
    filter::{ChangeTest, Filter, values},
    id::Id,
    subject::{SubjectKind, SubjectRef},
};
use stackfit_guard::Field;
use stackfit_persistence::change::FieldsOf;

use crate::{
    coded::{Coded, codes},
    connection::{Connection, window},
    context::loader,
    error::{FieldResult, Nullable, at},
    filter::{Combined, Parts, read},
    id::NodeKey,
    node::{self, Node},
    scalar::DateTime,
    subscription::{Live, argument, event},
};

/// One change of one thing in the catalogue.
#[derive(Clone)]
pub struct Change(Arc<DomainChange>);

impl From<DomainChange> for Change {
    fn from(change: DomainChange) -> Self {
        Self(Arc::new(change))
    }
}

impl Change {
    /// The key of the thing that was changed.
    fn key(&self) -> NodeKey {
        let subject = |kind| NodeKey::Subject(SubjectRef { kind, id: Id::from_uuid(self.0.id) });
        match self.0.changed {
            ChangedKind::Fact => NodeKey::Fact(Id::from_uuid(self.0.id)),
            ChangedKind::Technology => subject(SubjectKind::Technology),
            ChangedKind::Organization => subject(SubjectKind::Organization),
            ChangedKind::CaseStudy => subject(SubjectKind::CaseStudy),
            ChangedKind::Source => subject(SubjectKind::Source),
            ChangedKind::Term => subject(SubjectKind::Term),
            ChangedKind::SelectionCriterion => subject(SubjectKind::SelectionCriterion),
            ChangedKind::Checklist => subject(SubjectKind::Checklist),
        }
    }
}

fn revision(ctx: &Context<'_>, number: i64) -> FieldResult<i32> {
    i32::try_from(number).map_err(|error| at(ctx)(Error::internal(error)))
}

/// One change of one thing in the catalogue.
#[Object]
impl Change {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::Change(self.0.revision).encode()
    }

    /// Its number. Revisions have no gaps and never appear out of order.
    #[expect(clippy::unused_async, reason = "fields are asynchronous")]
    async fn revision(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        revision(ctx, self.0.revision)
    }

    /// What was done.
    async fn kind(&self) -> Coded<ChangeKind> {
        self.0.kind.into()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who did it: `bundled` for the catalogue of the program, `import` for other files. Null when nobody was noted.
    async fn actor(&self) -> Option<&str> {
        self.0.actor.as_deref()
    }

    /// Which kind of thing was changed.
    async fn changed(&self) -> Coded<ChangedKind> {
        self.0.changed.into()
    }

    /// The global id of the thing that was changed, also when it is no longer there.
    async fn subject_id(&self) -> ID {
        self.key().encode()
    }

    /// The thing that was changed, as it is now. Null when it is no longer there.
    async fn subject(&self, ctx: &Context<'_>) -> Nullable<Node> {
        node::load(ctx, self.key()).await
    }

    /// Each field that was altered, in a fixed order, when the kind is `UPDATED`. Empty for something new and for
    /// something that was taken away.
    async fn fields(&self, ctx: &Context<'_>) -> FieldResult<Vec<FieldChange>> {
        let fields = loader(ctx).load_or_default(FieldsOf(self.0.revision)).await.map_err(at(ctx))?;
        Ok(fields.into_iter().map(FieldChange::from).collect())
    }
}

/// One field that a change altered, with its values as texts: written as the schema writes them, things by their slugs
/// and facts by their codes, lists with a line for each entry. What is longer than 2,000 characters, as long lists can be,
/// is cut and ends with `…`.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// The name of the field, as the type of the thing that was changed has it. Besides, `__typename` when a fact is of
    /// another type than before, `rank` for its place in its source, and `aliases` for other names, whatever has them.
    field: String,
    /// Its value before. Null when there was none.
    before: Option<String>,
    /// Its value after. Null when there is none.
    after: Option<String>,
}

impl From<DomainFieldChange> for FieldChange {
    fn from(change: DomainFieldChange) -> Self {
        let DomainFieldChange { field, before, after } = change;
        Self { field, before, after }
    }
}

/// Which changes. All fields that are given must hold together.
#[derive(InputObject, Clone)]
pub struct ChangeFilter {
    /// All of these hold.
    and: Option<Vec<ChangeFilter>>,
    /// At least one of these holds. An empty list lets nothing through.
    or: Option<Vec<ChangeFilter>>,
    /// This does not hold.
    not: Option<Box<ChangeFilter>>,
    /// It is of one of these kinds.
    kind: Option<Vec<Coded<ChangeKind>>>,
    /// One of these kinds of thing was changed.
    changed: Option<Vec<Coded<ChangedKind>>>,
}

impl Combined for ChangeFilter {
    type Test = ChangeTest;

    fn into_parts(self) -> stackfit_domain::Result<Parts<Self>> {
        let Self { and, or, not, kind, changed } = self;
        let mut tests = Vec::new();
        tests.extend(kind.map(|list| values("filter.kind", codes(list))).transpose()?.map(ChangeTest::Kind));
        tests.extend(
            changed.map(|list| values("filter.changed", codes(list))).transpose()?.map(ChangeTest::Changed),
        );
        Ok(Parts { and, or, not, tests })
    }
}

/// Subscriptions to changes.
#[derive(Default)]
pub(crate) struct ChangeSubscription;

#[Object]
impl ChangeSubscription {
    /// Tells the changes of the catalogue in the order of their revisions, without gap or repeat: first those after a
    /// revision, then each one when it is made. Whoever was cut off subscribes again with the last revision that was
    /// told as `after`, here or at another server of the same catalogue, and misses nothing.
    #[expect(unused_variables, reason = "they are read where the events come from")]
    async fn catalogue_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which changes; all when left out.")] filter: Option<ChangeFilter>,
        #[graphql(
            desc = "Begin after this revision, 0 for the first; with the next change when left out. A revision that the catalogue has not reached is BAD_USER_INPUT."
        )]
        after: Option<i32>,
    ) -> Change {
        event(ctx)
    }
}

/// The events that a field asks for.
pub(crate) async fn events(
    field: &Field,
    live: &Live,
) -> stackfit_domain::Result<impl Stream<Item = stackfit_domain::Result<Change>> + use<>> {
    let filter: Filter<ChangeTest> = read(argument::<Option<ChangeFilter>>(field, "filter")?)?;
    let after = argument::<Option<i32>>(field, "after")?.map(i64::from);
    let feed = live.store.feed();
    let after = feed.begin(after).await?;
    Ok(feed.changes(after, filter).map(|change| change.map(Change)))
}

/// Lists of changes.
#[derive(Default)]
pub(crate) struct ChangeQuery;

#[Object]
impl ChangeQuery {
    /// The changes of the catalogue after a revision, in the order in which they happened. To read on, give the
    /// revision of the last change as `after`; `totalCount` counts those after it.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Begin after this revision; with the first change when left out.")] after: Option<
            i32,
        >,
        #[graphql(desc = "Which changes; all when left out.")] filter: Option<ChangeFilter>,
        #[graphql(desc = "How many, at most 100; 20 when left out.")] first: Option<i32>,
    ) -> FieldResult<Connection<Change>> {
        let after = after.unwrap_or(0);
        if after < 0 {
            let message = format!("is a revision, from 0, not {after}.");
            return Err(at(ctx)(Error::invalid("after", message)));
        }
        let window = window(ctx, first, None, None, None)?;
        let filter: Filter<ChangeTest> = read(filter).map_err(at(ctx))?;
        let after = i64::from(after);
        let page = loader(ctx).direct().changes(after, &filter, &window).await.map_err(at(ctx))?;
        Ok(Connection::new(page, Change::from, move |loader| {
            let filter = filter.clone();
            async move { loader.direct().count_changes(after, &filter).await }.boxed()
        }))
    }
}
