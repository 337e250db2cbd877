//! Backends as a Service.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error, Result,
    filter::{self, Filter, TechnologyTest},
    page::{MAX_PAGE, Window},
    slug::Slug,
    subject::{Record, Subject, SubjectKind},
    technology::Technology as DomainTechnology,
};
use stackfit_persistence::technology::TechnologyById;

use crate::{
    checklist::{self, ChecklistResult},
    context::loader,
    cost::{self, CostEstimate},
    error::{FieldResult, Nullable, nullable},
    facet::TechnologyPage,
    hosting::{self, Hosting},
    lock_in::{self, LockInReport},
    migration_path::{self, MigrationPath},
    price::{self, PricePlan},
    scalar::Date,
    technology::{BAAS_PROVIDERS, ListArguments, TechnologyFilter, TechnologyOrder, by_slug, page},
    technology_fields::judged_object,
    usage::UsageInput,
};

judged_object! {
    /// A Backend as a Service: a hosted backend that an application uses instead of one of its own.
    BaasProvider fields {
        /// Who can run it, according to facts that are not refuted. Empty when no source at hand says.
        async fn hosting(&self, ctx: &Context<'_>) -> FieldResult<Vec<Hosting>> {
            hosting::hosting(ctx, self.0.id).await
        }

        /// The plans that customers choose from, by code, at most 100. Empty when no source at hand names one.
        async fn plans(&self, ctx: &Context<'_>) -> FieldResult<Vec<PricePlan>> {
            price::plans(ctx, self.0.id).await
        }

        /// What a usage costs with it in a month. Null when no source at hand names a plan that holds on the day.
        async fn cost_estimate(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "How much is used.")] usage: UsageInput,
            #[graphql(desc = "The day on which the prices must hold; today when left out.")] as_of: Option<Date>,
        ) -> Nullable<CostEstimate> {
            cost::cost_estimate(ctx, self.0.id, usage, as_of).await
        }

        /// What makes leaving it hard or easy.
        async fn lock_in(&self, ctx: &Context<'_>) -> FieldResult<LockInReport> {
            lock_in::report(ctx, self.0.id).await
        }

        /// The ways from it to other technologies, by code.
        async fn migration_paths(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "To this technology only, by slug.")] to: Option<String>,
        ) -> FieldResult<Vec<MigrationPath>> {
            migration_path::paths(ctx, self.0.id, to).await
        }

        /// How it answers a checklist. Null when there is no such checklist.
        async fn checklist(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The slug of the checklist.")] slug: String,
        ) -> Nullable<ChecklistResult> {
            nullable(checklist::result(ctx, self.0.id, &slug).await, |result| result)
        }
    }
}

fn wrap(record: Record<DomainTechnology>) -> BaasProvider {
    BaasProvider(Arc::new(record))
}

/// Some Backends as a Service by slug, in this order, each once. One that is not there is refused.
pub(crate) async fn by_slugs(ctx: &Context<'_>, slugs: Vec<String>) -> Result<Vec<Record<DomainTechnology>>> {
    let slugs = filter::values("slugs", slugs)?;
    let load = |(at, text): (usize, &String)| {
        let field = format!("slugs[{at}]");
        let slug = Slug::parse(text).map_err(|error| error.named(&field));
        async move {
            let id = Subject::new(SubjectKind::Technology, slug?.clone()).id();
            let found = loader(ctx).load(TechnologyById(id)).await?;
            let found = found.filter(|record| BAAS_PROVIDERS.contains(&record.value.kind));
            found.ok_or_else(|| Error::invalid(field, "names no Backend as a Service of the catalogue."))
        }
    };
    try_join_all(slugs.iter().enumerate().map(load)).await
}

/// The Backends as a Service that are asked for by slug, all that are not archived, by name, when none is.
pub(crate) async fn asked(
    ctx: &Context<'_>,
    slugs: Option<Vec<String>>,
) -> Result<Vec<Record<DomainTechnology>>> {
    if let Some(slugs) = slugs {
        return by_slugs(ctx, slugs).await;
    }
    let window = Window::new(Some(MAX_PAGE), None, None, None)?;
    let listed = Filter::Test(TechnologyTest::Archived(false));
    let page = loader(ctx).direct().technologies(BAAS_PROVIDERS, &listed, &[], &window).await?;
    if page.has_next {
        let message = format!("must be given: there are more than {MAX_PAGE} Backends as a Service.");
        return Err(Error::invalid("slugs", message));
    }
    Ok(page.items.into_iter().map(|(_, record)| record).collect())
}

/// Lookups and lists of Backends as a Service.
#[derive(Default)]
pub(crate) struct BaasProviderQuery;

#[Object]
impl BaasProviderQuery {
    /// A Backend as a Service by its slug. Null when there is none, or when the slug names another kind of
    /// technology.
    async fn baas_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug, as in `google-firebase`.")] slug: String,
    ) -> Nullable<BaasProvider> {
        nullable(by_slug(ctx, BAAS_PROVIDERS, &slug).await, wrap)
    }

    /// Backends as a Service.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the list are the contract")]
    async fn baas_providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which providers; all that are not archived when left out.")] filter: Option<
            TechnologyFilter,
        >,
        #[graphql(desc = "In which order, the most important key first, at most 4; by name when left out.")]
        order_by: Option<Vec<TechnologyOrder>>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<TechnologyPage<BaasProvider>> {
        let arguments = ListArguments { filter, order_by, first, after, last, before };
        page(ctx, BAAS_PROVIDERS, arguments, wrap).await
    }
}
