//! The catalogue as a whole.

use async_graphql::{Context, Object, SimpleObject};
use stackfit_domain::{
    Error,
    catalogue::DATA_LICENCE,
    coverage::{Coverage as DomainCoverage, by_kind, expected, mean_percent},
};
use stackfit_persistence::catalogue::{Counted, State};

use crate::{
    context::loader,
    coverage::KindCoverage,
    error::{FieldResult, at},
    scalar::DateTime,
};

/// The catalogue as a whole: where it stands, what it holds, and how much of what one would expect.
pub struct Catalogue(State);

/// The catalogue as a whole: where it stands, what it holds, and how much of what one would expect.
#[Object]
impl Catalogue {
    /// The number of the last change. An answer of the same revision and the same day (UTC) is the same answer.
    #[expect(clippy::unused_async, reason = "fields are asynchronous")]
    async fn revision(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        i32::try_from(self.0.revision).map_err(|error| at(ctx)(Error::internal(error)))
    }

    /// When the last change was made. Null when nothing was ever written.
    async fn updated_at(&self) -> Option<DateTime> {
        self.0.updated_at.map(DateTime)
    }

    /// How much it holds. Each count is made only when asked for.
    async fn counts(&self) -> CatalogueCounts {
        CatalogueCounts
    }

    /// What is known of its technologies and case studies, out of what one would expect.
    async fn coverage(&self, ctx: &Context<'_>) -> FieldResult<CatalogueCoverage> {
        let known = loader(ctx).direct().known_kinds().await.map_err(at(ctx))?;
        let coverages: Vec<DomainCoverage> = known
            .into_iter()
            .map(|(kind, technology, known)| DomainCoverage::of(expected(kind, technology), &known))
            .collect();
        Ok(CatalogueCoverage {
            percent: mean_percent(&coverages),
            kinds: by_kind(&coverages).into_iter().map(KindCoverage::from).collect(),
        })
    }

    /// The licence under which the data may be used, as an SPDX identifier.
    async fn licence(&self) -> &'static str {
        DATA_LICENCE
    }
}

/// How much of everything the catalogue holds.
pub struct CatalogueCounts;

async fn count(ctx: &Context<'_>, what: Counted) -> FieldResult<i32> {
    let count = loader(ctx).direct().count_all(what).await.map_err(at(ctx))?;
    i32::try_from(count).map_err(|error| at(ctx)(Error::internal(error)))
}

/// How much of everything the catalogue holds.
#[Object]
impl CatalogueCounts {
    /// Technologies, those archived included.
    async fn technologies(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::Technologies).await
    }

    /// Organisations.
    async fn organizations(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::Organizations).await
    }

    /// Case studies.
    async fn case_studies(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::CaseStudies).await
    }

    /// Sources.
    async fn sources(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::Sources).await
    }

    /// Facts.
    async fn facts(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::Facts).await
    }

    /// Terms.
    async fn terms(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::Terms).await
    }

    /// Criteria of selection.
    async fn selection_criteria(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::SelectionCriteria).await
    }

    /// Checklists.
    async fn checklists(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, Counted::Checklists).await
    }
}

/// How much is known of the technologies and case studies of the catalogue.
#[derive(SimpleObject)]
pub struct CatalogueCoverage {
    /// The mean of the shares known of each technology and case study, in per cent.
    percent: f64,
    /// Kind by kind, those that are expected of something.
    kinds: Vec<KindCoverage>,
}

/// The root of the catalogue.
#[derive(Default)]
pub(crate) struct CatalogueQuery;

#[Object]
impl CatalogueQuery {
    /// The catalogue as a whole.
    async fn catalogue(&self, ctx: &Context<'_>) -> FieldResult<Catalogue> {
        loader(ctx).direct().state().await.map(Catalogue).map_err(at(ctx))
    }
}
