//! Lists of technologies with facets.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName, connection::PageInfo};
use stackfit_domain::{
    Error,
    facet::{Bucket, TechnologyFacet},
    filter::{Filter, TechnologyTest, values},
    technology::TechnologyKind,
};
use strum::VariantArray;

use crate::{
    coded::{Coded, codes},
    connection::{Connection, Edge},
    context::loader,
    error::{FieldResult, at},
};

/// A page of technologies, with what is needed to go on, and how the whole list is spread.
pub struct TechnologyPage<T: OutputType> {
    pub(crate) page: Connection<T>,
    pub(crate) kinds: &'static [TechnologyKind],
    pub(crate) filter: Arc<Filter<TechnologyTest>>,
}

impl<T: OutputType> TypeName for TechnologyPage<T> {
    fn type_name() -> Cow<'static, str> {
        Connection::<T>::type_name()
    }
}

/// A page of technologies, with what is needed to go on, and how the whole list is spread.
#[Object(name_type)]
impl<T: OutputType + Clone> TechnologyPage<T> {
    /// The things on the page with their places, in order.
    async fn edges(&self, ctx: &Context<'_>) -> &[Edge<T>] {
        self.page.edges(ctx).await
    }

    /// The things on the page, in order.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<T> {
        self.page.nodes(ctx).await
    }

    /// Where the page lies in the list.
    async fn page_info(&self) -> PageInfo {
        self.page.page_info()
    }

    /// How many things the whole list holds, whatever the page. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        self.page.total_count(ctx).await
    }

    /// How the technologies of the whole list, whatever the page, are spread over the values of some of their
    /// properties.
    async fn facets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Over which; over all when left out.")] names: Option<Vec<Coded<TechnologyFacet>>>,
    ) -> FieldResult<Vec<Facet>> {
        let names = names.map_or_else(|| TechnologyFacet::VARIANTS.to_vec(), codes);
        let names = values("names", names).map_err(at(ctx))?;
        let found = loader(ctx).direct().facets(&names, self.kinds, &self.filter).await.map_err(at(ctx))?;
        found.into_iter().map(Facet::try_from).collect::<Result<_, Error>>().map_err(at(ctx))
    }
}

impl TryFrom<(TechnologyFacet, Vec<Bucket>)> for Facet {
    type Error = Error;

    fn try_from((name, buckets): (TechnologyFacet, Vec<Bucket>)) -> Result<Self, Error> {
        let buckets = buckets.into_iter().map(FacetBucket::try_from).collect::<Result<_, Error>>()?;
        Ok(Self { name: name.into(), buckets })
    }
}

/// How the technologies of a list are spread over the values of one property. A technology with several values is
/// counted under each, one without any under none.
#[derive(SimpleObject)]
pub struct Facet {
    /// Which property.
    name: Coded<TechnologyFacet>,
    /// The values that occur, the most frequent first, at most 100.
    buckets: Vec<FacetBucket>,
}

/// A value with how many technologies of the list have it.
#[derive(SimpleObject)]
pub struct FacetBucket {
    /// The value: a code or a slug, good in the filter of the list.
    value: String,
    /// How many technologies have it.
    count: i32,
}

impl TryFrom<Bucket> for FacetBucket {
    type Error = Error;

    fn try_from(bucket: Bucket) -> Result<Self, Error> {
        let Bucket { value, count } = bucket;
        Ok(Self { value, count: i32::try_from(count).map_err(Error::internal)? })
    }
}
