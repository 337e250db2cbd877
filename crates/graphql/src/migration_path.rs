//! Migration paths: ways from one technology to another.

use async_graphql::Context;
use stackfit_domain::{fact::FactKind, id::Id, slug::Slug, subject::Subject};
use stackfit_persistence::{fact::TechnologiesOf, technology::TechnologyById};

use crate::{
    context::loader,
    error::{FieldResult, at, expected},
    fact,
    fact_fields::{fact_object, of_type},
    technology::Technology,
};

fact_object! {
    /// A way from its subject to another technology: what a tool does, and what is left to do by hand.
    MigrationPath {
        scope: Option<String>,
        tool: Option<String>,
        automated: Option<String>,
        by_hand: Option<String>,
    } fields {
        /// Where it leads from.
        async fn from(&self, ctx: &Context<'_>) -> FieldResult<Technology> {
            let found = loader(ctx).load(TechnologyById(self.fact.subject.id)).await.map_err(at(ctx))?;
            expected(found, "the origin of a migration path").map(Technology::from)
        }

        /// Where it leads to.
        async fn to(&self, ctx: &Context<'_>) -> FieldResult<Technology> {
            let named = loader(ctx).load_or_default(TechnologiesOf(self.fact.id)).await.map_err(at(ctx))?;
            let first = named.into_iter().next().map(|named| named.technology);
            expected(first, "the goal of a migration path").map(Technology::from)
        }

        /// The part of an application that is moved. Null when it is the whole, or the source does not say.
        async fn scope(&self) -> Option<&str> {
            self.scope.as_deref()
        }

        /// The tool that helps. Null when there is none.
        async fn tool(&self) -> Option<&str> {
            self.tool.as_deref()
        }

        /// What is moved by itself. Null when nothing is, or the source does not say.
        async fn automated(&self) -> Option<&str> {
            self.automated.as_deref()
        }

        /// What is left to do by hand. Null when the source does not say.
        async fn by_hand(&self) -> Option<&str> {
            self.by_hand.as_deref()
        }
    }
}

/// The ways from a technology, to one other when it is named.
pub(crate) async fn paths(
    ctx: &Context<'_>,
    from: Id<Subject>,
    to: Option<String>,
) -> FieldResult<Vec<MigrationPath>> {
    let to = to.map(|slug| Slug::parse(&slug).map_err(|error| error.named("to")));
    let to = to.transpose().map_err(at(ctx))?;
    let paths: Vec<MigrationPath> = of_type(fact::of_kind(ctx, from, FactKind::Relation).await?);
    let Some(to) = to else { return Ok(paths) };
    let goals = paths.iter().map(|path| loader(ctx).load_or_default(TechnologiesOf(path.fact.id)));
    let goals = futures_util::future::try_join_all(goals).await.map_err(at(ctx))?;
    let leads = paths
        .into_iter()
        .zip(goals)
        .filter(|(_, goals)| goals.iter().any(|named| named.technology.value.slug == to));
    Ok(leads.map(|(path, _)| path).collect())
}
