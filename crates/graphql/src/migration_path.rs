//! Migration paths: ways from one technology to another.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error,
    fact::FactKind,
    id::Id,
    migration_path::{MAX_HOPS, Way, routes},
    slug::Slug,
    subject::{Record, Subject, SubjectKind},
    technology::Technology as DomainTechnology,
};
use stackfit_persistence::{
    fact::{FactsOfKind, TechnologiesOf},
    technology::TechnologyById,
};

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
    let goals = try_join_all(goals).await.map_err(at(ctx))?;
    let leads = paths
        .into_iter()
        .zip(goals)
        .filter(|(_, goals)| goals.iter().any(|named| named.technology.value.slug == to));
    Ok(leads.map(|(path, _)| path).collect())
}

/// A route from one technology to another, step by step.
#[derive(SimpleObject)]
pub struct MigrationRoute {
    /// The steps, the first one first. Never empty.
    steps: Vec<MigrationStep>,
}

/// One step of a route: from one technology to the next.
#[derive(SimpleObject)]
pub struct MigrationStep {
    /// Where it leads from.
    from: Technology,
    /// Where it leads to.
    to: Technology,
    /// The ways that facts which no verdict refutes tell of, by code: what is automated, and what is left to do by hand.
    /// Never empty.
    paths: Vec<MigrationPath>,
}

/// How many technologies are looked at for routes.
const MAX_REACHED: usize = 500;

/// The technologies that were reached, and the ways between them.
#[derive(Default)]
struct Reached {
    technologies: HashMap<Id<Subject>, Record<DomainTechnology>>,
    ways: Vec<Way>,
    paths: Vec<MigrationPath>,
}

impl Reached {
    /// Adds the ways from some technologies, and answers with the technologies that they reach anew.
    async fn follow(
        &mut self,
        ctx: &Context<'_>,
        from: Vec<Id<Subject>>,
    ) -> stackfit_domain::Result<Vec<Id<Subject>>> {
        let loads = from
            .into_iter()
            .map(|subject| loader(ctx).load_or_default(FactsOfKind { subject, kind: FactKind::Relation }));
        let facts = try_join_all(loads).await?.into_iter().flatten().collect();
        let mut paths: Vec<MigrationPath> = of_type(facts);
        paths.retain(|path| !path.fact.verdict.refutes());
        let goals = paths.iter().map(|path| loader(ctx).load_or_default(TechnologiesOf(path.fact.id)));
        let goals = try_join_all(goals).await?;
        let mut reached = Vec::new();
        for (path, goal) in paths.into_iter().zip(goals) {
            let Some(goal) = goal.into_iter().next().map(|named| named.technology) else { continue };
            self.ways.push(Way { from: path.fact.subject.id, to: goal.id });
            self.paths.push(path);
            self.technologies.entry(goal.id).or_insert_with(|| {
                reached.push(goal.id);
                goal
            });
        }
        if self.technologies.len() > MAX_REACHED {
            let message = format!("More than {MAX_REACHED} technologies can be reached. Ask for fewer hops.");
            return Err(Error::Costly(message));
        }
        Ok(reached)
    }

    fn step(&self, places: &[usize]) -> stackfit_domain::Result<MigrationStep> {
        let technology = |id: Id<Subject>| {
            let found = self.technologies.get(&id).cloned();
            found.map(Technology::from).ok_or_else(|| Error::internal("a way leads from nowhere"))
        };
        let Way { from, to } = self.ways[places[0]];
        let paths = places.iter().map(|place| self.paths[*place].clone()).collect();
        Ok(MigrationStep { from: technology(from)?, to: technology(to)?, paths })
    }
}

async fn find_routes(
    ctx: &Context<'_>,
    [from, to]: [String; 2],
    max_hops: usize,
) -> stackfit_domain::Result<Vec<MigrationRoute>> {
    let named = |argument: &'static str, text: String| async move {
        let slug = Slug::parse(&text).map_err(|error| error.named(argument))?;
        let id = Subject::new(SubjectKind::Technology, slug).id();
        let found = loader(ctx).load(TechnologyById(id)).await?;
        found.ok_or_else(|| Error::invalid(argument, "names no technology of the catalogue."))
    };
    let (from, to) = futures_util::future::try_join(named("from", from), named("to", to)).await?;
    let (start, goal) = (from.id, to.id);
    if start == goal {
        return Err(Error::invalid("to", "must be another technology than `from`."));
    }
    let mut reached = Reached::default();
    reached.technologies.insert(start, from);
    let mut next = vec![start];
    for _ in 0..max_hops {
        // What lies behind the goal is on no route to it.
        next.retain(|id| *id != goal);
        if next.is_empty() {
            break;
        }
        next = reached.follow(ctx, next).await?;
    }
    let found = routes(&reached.ways, start, goal, max_hops).into_iter().map(|steps| {
        let steps: stackfit_domain::Result<Vec<MigrationStep>> =
            steps.iter().map(|places| reached.step(places)).collect();
        Ok(MigrationRoute { steps: steps? })
    });
    found.collect()
}

/// Routes over several technologies.
#[derive(Default)]
pub(crate) struct MigrationPathQuery;

#[Object]
impl MigrationPathQuery {
    /// The routes from one technology to another over those between, the shortest first, at most 20. No route comes to
    /// the same technology twice. Empty when no source at hand tells of one within so many steps.
    async fn migration_routes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where they lead from, by slug.")] from: String,
        #[graphql(desc = "Where they lead to, by slug.")] to: String,
        #[graphql(desc = "How many steps they may have, from 1 to 5.", default = 3)] max_hops: i32,
    ) -> FieldResult<Vec<MigrationRoute>> {
        let hops = usize::try_from(max_hops).ok().filter(|hops| (1..=MAX_HOPS).contains(hops));
        let hops = hops.ok_or_else(|| Error::invalid("maxHops", format!("must be from 1 to {MAX_HOPS}.")));
        let hops = hops.map_err(at(ctx))?;
        find_routes(ctx, [from, to], hops).await.map_err(at(ctx))
    }
}
