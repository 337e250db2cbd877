//! Organisations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use stackfit_domain::{
    organization::Organization as DomainOrganization,
    slug::Slug,
    subject::{Record, SubjectKind},
};
use stackfit_persistence::{case_study::CaseStudiesParent, fact::FactsParent};

use crate::{
    case_study::CaseStudy,
    connection::{Connection, window},
    context::{by_slug, loader},
    error::{FieldResult, Nullable},
    fact::{self, Fact, FactFilter},
    fact_types::Adoption,
    id::NodeKey,
    scalar::Url,
    technology_fields::{adoptions, aliases, case_studies},
};

/// An organisation that builds, uses, sells or measures technologies.
#[derive(Clone)]
pub struct Organization(Arc<Record<DomainOrganization>>);

impl From<Record<DomainOrganization>> for Organization {
    fn from(record: Record<DomainOrganization>) -> Self {
        Self(Arc::new(record))
    }
}

/// An organisation that builds, uses, sells or measures technologies.
#[Object]
impl Organization {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::subject(SubjectKind::Organization, self.0.id).encode()
    }

    /// Readable, stable name.
    async fn slug(&self) -> &str {
        self.0.value.slug.as_str()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.value.name
    }

    /// One sentence that says what it is. Null when nobody has written it yet.
    async fn summary(&self) -> Option<&str> {
        self.0.value.summary.as_deref()
    }

    /// Other names and misspellings under which it is looked for.
    async fn aliases(&self, ctx: &Context<'_>) -> FieldResult<Vec<String>> {
        aliases(ctx, self.0.id).await
    }

    /// Country, as ISO 3166 alpha-2. Null when not known.
    async fn country(&self) -> Option<&str> {
        self.0.value.country.as_ref().map(stackfit_domain::organization::CountryCode::as_str)
    }

    /// Industry, as a code such as `HEALTHCARE`. Null when not known.
    async fn industry(&self) -> Option<&str> {
        self.0.value.industry.as_ref().map(stackfit_domain::organization::Industry::as_str)
    }

    /// Its own site. Null when none is known.
    async fn homepage(&self) -> Option<Url> {
        self.0.value.homepage.clone().map(Url)
    }

    /// What it uses, by code of the fact; a source may not say which of several candidates.
    async fn adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Adoption>> {
        let window = window(ctx, first, after, last, before)?;
        adoptions(ctx, FactsParent::AdoptionsBy(self.0.id), window).await
    }

    /// The case studies that it built, by title.
    async fn case_studies(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<CaseStudy>> {
        let window = window(ctx, first, after, last, before)?;
        case_studies(ctx, CaseStudiesParent::Vendor(self.0.id), window).await
    }

    /// The facts about it, by code: what is claimed of it and by it.
    async fn claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which facts; all when left out.")] filter: Option<FactFilter>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Fact>> {
        let window = window(ctx, first, after, last, before)?;
        fact::page_of(ctx, FactsParent::About(self.0.id), filter, window).await
    }
}

/// Lookups of organisations.
#[derive(Default)]
pub(crate) struct OrganizationQuery;

#[Object]
impl OrganizationQuery {
    /// An organisation by its slug. Null when there is none.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug, as in `mozilla`.")] slug: String,
    ) -> Nullable<Organization> {
        let find = |slug: Slug| async move { loader(ctx).direct().organization(slug.as_str()).await };
        by_slug("slug", &slug, find, Organization::from).await
    }
}
