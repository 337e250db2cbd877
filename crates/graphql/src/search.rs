//! Search over everything that has a name, a title or a statement.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject, connection::PageInfo};
use futures_util::future::join_all;
use stackfit_domain::{
    Error, Result,
    fact::FactKind,
    filter::values,
    id::Id,
    page::Page,
    search::{
        Query, Restriction, SearchField, SearchScope,
        highlight::{Fragment as DomainFragment, Highlight as DomainHighlight, highlights},
    },
    subject::SubjectKind,
    technology::TechnologyKind,
};
use stackfit_persistence::search::{Hit, Search};

use crate::{
    coded::{Coded, codes},
    connection::window,
    context::loader,
    error::{FieldResult, Nullable, at},
    id::NodeKey,
    node::{self, Node},
};

/// Which things are searched. All fields that are given must hold together, but for the kinds, of which one does.
#[derive(InputObject)]
pub struct SearchFilter {
    /// Technologies of these kinds. Then nothing else is found, but for facts of the kinds in `factKind`.
    technology_kind: Option<Vec<Coded<TechnologyKind>>>,
    /// Facts of these kinds. Then nothing else is found, but for technologies of the kinds in `technologyKind`.
    fact_kind: Option<Vec<Coded<FactKind>>>,
    /// With `true`, only technologies that were taken out of the lists, and the facts about them; with `false`, or when
    /// left out, none of these.
    archived: Option<bool>,
}

fn restriction(scopes: Option<Vec<Coded<SearchScope>>>, filter: Option<SearchFilter>) -> Result<Restriction> {
    let scopes = scopes.map(|scopes| values("in", codes(scopes))).transpose()?;
    let Some(SearchFilter { technology_kind, fact_kind, archived }) = filter else {
        return Ok(Restriction { scopes, ..Restriction::default() });
    };
    Ok(Restriction {
        scopes,
        technology_kinds: technology_kind
            .map(|kinds| values("filter.technologyKind", codes(kinds)))
            .transpose()?,
        fact_kinds: fact_kind.map(|kinds| values("filter.factKind", codes(kinds))).transpose()?,
        archived: archived.unwrap_or(false),
    })
}

/// A page of what a search finds, the best first.
pub struct SearchConnection {
    edges: Vec<SearchEdge>,
    has_previous: bool,
    has_next: bool,
    search: Arc<Search>,
}

impl SearchConnection {
    fn new(search: Search, page: Page<Hit>) -> Self {
        let search = Arc::new(search);
        let Page { items, has_previous, has_next } = page;
        let edge = |(cursor, hit)| SearchEdge { cursor, hit, search: Arc::clone(&search) };
        Self { edges: items.into_iter().map(edge).collect(), has_previous, has_next, search }
    }
}

/// A page of what a search finds, the best first.
#[Object]
impl SearchConnection {
    /// What is on the page, with how and why it was found.
    async fn edges(&self, ctx: &Context<'_>) -> &[SearchEdge] {
        loader(ctx).list(self.edges.len()).await;
        &self.edges
    }

    /// What is on the page. Null only where something was removed at this very moment.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<Nullable<Node>> {
        loader(ctx).list(self.edges.len()).await;
        join_all(self.edges.iter().map(|edge| node::load(ctx, edge.key()))).await
    }

    /// Where the page lies in the list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// How many things the search finds, whatever the page. Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        let count = loader(ctx).direct().count_search(&self.search).await.map_err(at(ctx))?;
        i32::try_from(count).map_err(|error| at(ctx)(Error::internal(error)))
    }

    /// Other spellings of the query that find something, the most probable first, at most 3. Empty when names know all
    /// of its words. What they find is found already, after what is spelled as it was typed.
    async fn did_you_mean(&self, ctx: &Context<'_>) -> FieldResult<Vec<String>> {
        loader(ctx).direct().suggestions(&self.search).await.map_err(at(ctx))
    }
}

/// One thing that was found, with its place in the list.
pub struct SearchEdge {
    cursor: String,
    hit: Hit,
    search: Arc<Search>,
}

impl SearchEdge {
    /// The key of the thing that was found.
    fn key(&self) -> NodeKey {
        let subject = |kind| NodeKey::subject(kind, Id::from_uuid(self.hit.id));
        match self.hit.scope {
            SearchScope::Technologies => subject(SubjectKind::Technology),
            SearchScope::Facts => NodeKey::Fact(Id::from_uuid(self.hit.id)),
            SearchScope::CaseStudies => subject(SubjectKind::CaseStudy),
            SearchScope::Organizations => subject(SubjectKind::Organization),
            SearchScope::Sources => subject(SubjectKind::Source),
            SearchScope::Terms => subject(SubjectKind::Term),
        }
    }
}

/// One thing that was found, with its place in the list.
#[Object]
impl SearchEdge {
    /// Its place in the list. Opaque; good as `after` or `before` of the same search.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The thing itself. Null only when it was removed at this very moment.
    async fn node(&self, ctx: &Context<'_>) -> Nullable<Node> {
        node::load(ctx, self.key()).await
    }

    /// How it was found, from 0 to 1: 1 when the query is a whole name, alias, slug or code; from 0.7 when all words
    /// stand in names, from 0.5 in titles, from 0.3 in all texts together, and 0.1 when one word is missing. Within
    /// these, words as they were typed come before their forms and beginnings, and these before words that are spelled
    /// nearly so. It is a rule, the same for every query; it does not say how probably the thing is meant.
    async fn score(&self) -> f64 {
        self.hit.tier.score()
    }

    /// The texts in which something fits the query.
    async fn highlights(&self) -> Vec<Highlight> {
        let found = highlights(&self.search.interpretation, &self.hit.texts);
        found.into_iter().map(Highlight::from).collect()
    }
}

/// A text in which something fits the query.
#[derive(SimpleObject)]
pub struct Highlight {
    /// Which text.
    field: Coded<SearchField>,
    /// The text in parts, in order: put together they are the whole text. Plain text, not HTML.
    fragments: Vec<TextFragment>,
}

/// A part of a text.
#[derive(SimpleObject)]
pub struct TextFragment {
    /// The part, as it is written.
    text: String,
    /// Whether it fits the query.
    is_match: bool,
}

impl From<DomainHighlight> for Highlight {
    fn from(highlight: DomainHighlight) -> Self {
        let DomainHighlight { field, fragments } = highlight;
        Self { field: field.into(), fragments: fragments.into_iter().map(TextFragment::from).collect() }
    }
}

impl From<DomainFragment> for TextFragment {
    fn from(fragment: DomainFragment) -> Self {
        let DomainFragment { text, is_match } = fragment;
        Self { text, is_match }
    }
}

/// Search.
#[derive(Default)]
pub(crate) struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Finds things by their names, titles and texts, and by what sources wrote wrong. A word finds its other forms and
    /// what it is the beginning of; one that names do not know also finds words that are spelled nearly so. Everything
    /// that is found has all words of the query, in some form; when nothing has all of them, all but one suffice.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the list are the contract")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What to look for, at most 200 characters and 12 words. It is plain text: quotes and operators mean nothing."
        )]
        query: String,
        #[graphql(name = "in", desc = "Among what; among everything when left out.")] scopes: Option<
            Vec<Coded<SearchScope>>,
        >,
        #[graphql(desc = "Which things; all that are not archived when left out.")] filter: Option<
            SearchFilter,
        >,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<SearchConnection> {
        let window = window(ctx, first, after, last, before)?;
        let query = Query::parse(&query).map_err(at(ctx))?;
        let restriction = restriction(scopes, filter).map_err(at(ctx))?;
        let reader = loader(ctx).direct();
        let interpretation = reader.interpret(query).await.map_err(at(ctx))?;
        let search = Search { interpretation, restriction };
        let page = reader.search(&search, &window).await.map_err(at(ctx))?;
        Ok(SearchConnection::new(search, page))
    }
}
