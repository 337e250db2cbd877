//! Lists as Relay connections.

use std::borrow::Cow;

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName, connection::PageInfo};
use futures_util::future::BoxFuture;
use stackfit_domain::{
    Error, Result,
    page::{Page, Window},
};

use crate::{
    context::loader,
    error::{FieldResult, at},
    loader::Loader,
};

/// Counts a list. It runs only when the count is asked for.
type Count = Box<dyn Fn(Loader) -> BoxFuture<'static, Result<i64>> + Send + Sync>;

/// A page of a list, with what is needed to go on.
pub struct Connection<T: OutputType> {
    edges: Vec<Edge<T>>,
    has_previous: bool,
    has_next: bool,
    count: Count,
}

/// One thing on the page, with its place in the list.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Edge<T: OutputType> {
    /// Its place in the list. Opaque; good as `after` or `before` of this list in this order. `changes` goes on by
    /// revision instead.
    cursor: String,
    /// The thing itself.
    node: T,
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType + Clone> Connection<T> {
    /// A connection from a page, and how to count its list.
    pub(crate) fn new<U>(
        page: Page<U>,
        wrap: impl Fn(U) -> T,
        count: impl Fn(Loader) -> BoxFuture<'static, Result<i64>> + Send + Sync + 'static,
    ) -> Self {
        let Page { items, has_previous, has_next } = page;
        let edges = items.into_iter().map(|(cursor, item)| Edge { cursor, node: wrap(item) }).collect();
        Self { edges, has_previous, has_next, count: Box::new(count) }
    }
}

/// What every connection answers, whatever else it does.
impl<T: OutputType + Clone> Connection<T> {
    pub(crate) async fn edges(&self, ctx: &Context<'_>) -> &[Edge<T>] {
        loader(ctx).list(self.edges.len()).await;
        &self.edges
    }

    pub(crate) async fn nodes(&self, ctx: &Context<'_>) -> Vec<T> {
        loader(ctx).list(self.edges.len()).await;
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    pub(crate) fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    pub(crate) async fn total_count(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        let count = (self.count)(loader(ctx).clone()).await.map_err(at(ctx))?;
        i32::try_from(count).map_err(|error| at(ctx)(Error::internal(error)))
    }
}

/// A page of a list, with what is needed to go on.
#[Object(name_type)]
impl<T: OutputType + Clone> Connection<T> {
    /// The things on the page with their places, in order.
    #[graphql(name = "edges")]
    async fn edges_field(&self, ctx: &Context<'_>) -> &[Edge<T>] {
        self.edges(ctx).await
    }

    /// The things on the page, in order.
    #[graphql(name = "nodes")]
    async fn nodes_field(&self, ctx: &Context<'_>) -> Vec<T> {
        self.nodes(ctx).await
    }

    /// Where the page lies in the list.
    #[graphql(name = "pageInfo")]
    async fn page_info_field(&self) -> PageInfo {
        self.page_info()
    }

    /// How many things the whole list holds, whatever the page. Counted only when asked for.
    #[graphql(name = "totalCount")]
    async fn total_count_field(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        self.total_count(ctx).await
    }
}

/// The arguments that every list takes, checked.
pub(crate) fn window(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> FieldResult<Window> {
    Window::new(first, after, last, before).map_err(at(ctx))
}
