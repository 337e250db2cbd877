//! Sources.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use futures_util::FutureExt;
use stackfit_domain::{
    partial_date::DatePrecision,
    slug::Slug,
    source::{Location, Source as DomainSource, SourceKind},
    subject::{Record, SubjectKind},
};
use stackfit_persistence::fact::FactsParent;

use crate::{
    coded::Coded,
    connection::{Connection, window},
    context::{by_slug, loader},
    error::{FieldResult, Nullable, at},
    fact::{self, Fact, FactFilter},
    id::NodeKey,
    scalar::{Date, Url},
};

/// A page, a dataset or a person that facts are cited to.
#[derive(Clone)]
pub struct Source(Arc<Record<DomainSource>>);

impl From<Record<DomainSource>> for Source {
    fn from(record: Record<DomainSource>) -> Self {
        Self(Arc::new(record))
    }
}

/// A page, a dataset or a person that facts are cited to.
#[Object]
impl Source {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::subject(SubjectKind::Source, self.0.id).encode()
    }

    /// Readable, stable name.
    async fn slug(&self) -> &str {
        self.0.value.slug.as_str()
    }

    /// What kind of source it is: its trust depends on that.
    async fn kind(&self) -> Coded<SourceKind> {
        self.0.value.kind.into()
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.0.value.title
    }

    /// Who publishes it. Null when not known.
    async fn publisher(&self) -> Option<&str> {
        self.0.value.publisher.as_deref()
    }

    /// Its address. Null when it has none: `noUrlReason` says why.
    async fn url(&self) -> Option<Url> {
        match &self.0.value.location {
            Location::Url(url) => Some(Url(url.clone())),
            Location::Nowhere(_) => None,
        }
    }

    /// Why no address is known. Null when there is one.
    async fn no_url_reason(&self) -> Option<&str> {
        match &self.0.value.location {
            Location::Url(_) => None,
            Location::Nowhere(reason) => Some(reason),
        }
    }

    /// When it was published: the last day of what is known. Null when nobody knows.
    async fn published_on(&self) -> Option<Date> {
        self.0.value.published_on.map(|date| Date(date.last_day()))
    }

    /// How exactly `publishedOn` is known. Null when it is not known at all.
    async fn published_precision(&self) -> Option<Coded<DatePrecision>> {
        self.0.value.published_on.map(|date| date.precision().into())
    }

    /// What to know of how it was read: the age of the copy, what was missing. Null when there is nothing to say.
    async fn note(&self) -> Option<&str> {
        self.0.value.note.as_deref()
    }

    /// Whether its publisher gains from what it says.
    async fn has_vendor_bias(&self) -> bool {
        self.0.value.has_vendor_bias
    }

    /// The facts that cite it, by code.
    async fn facts(
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
        fact::page_of(ctx, FactsParent::Citing(self.0.id), filter, window).await
    }
}

/// Lookups and lists of sources.
#[derive(Default)]
pub(crate) struct SourceQuery;

#[Object]
impl SourceQuery {
    /// A source by its slug. Null when there is none.
    async fn source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug.")] slug: String,
    ) -> Nullable<Source> {
        let find = |slug: Slug| async move { loader(ctx).direct().source(slug.as_str()).await };
        by_slug("slug", &slug, find, Source::from).await
    }

    /// Sources by slug.
    async fn sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Source>> {
        let window = window(ctx, first, after, last, before)?;
        let page = loader(ctx).direct().sources(&window).await.map_err(at(ctx))?;
        Ok(Connection::new(page, Source::from, |loader| {
            async move { loader.direct().count_sources().await }.boxed()
        }))
    }
}
