//! Facts: lookups, lists and the relations that lead to them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryTrait, sea_query::SelectStatement};
use stackfit_domain::{
    Result,
    code::Code,
    fact::{Fact, FactKind, FactLinkKind},
    filter::{FactTest, Filter},
    fit_rule::UseCase,
    id::Id,
    page::{Page, Window},
    subject::{Record, Subject},
    technology::Technology,
};
use uuid::Uuid;

use crate::{
    Reader,
    batch::{
        BatchKey, Linked, MAX_LIST, Share, by_parent, count_by_parent, group, id_in, links, pages_by_parent,
    },
    citation::row as citation,
    cursor::KeyValue,
    error::translate,
    fact_filter::condition,
    fact_row::{self as row, fact, named_singly, named_technology as named},
    keyset::{self, Key, List},
    technology::{self, row as technology_row},
};

pub(crate) mod contradictions {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contradictions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub other_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Facts that confirm or refine other facts.
pub(crate) mod fact_links {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub other_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Facts are listed by code, `F9` before `F10`.
pub(crate) fn list() -> List<row::Entity> {
    List {
        name: "facts".to_owned(),
        keys: vec![
            Key {
                column: row::Column::CodeKey,
                descending: false,
                value: |row| KeyValue::Text(row.code_key.clone()),
            },
            Key { column: row::Column::Id, descending: false, value: |row| KeyValue::Id(row.id) },
        ],
    }
}

fn share(parted_by: Option<row::Column>) -> Share<row::Column> {
    Share { orders: vec![(row::Column::CodeKey, Order::Asc)], limit: MAX_LIST, parted_by }
}

fn all(rows: Vec<row::Model>) -> Result<Vec<Fact>> {
    rows.into_iter().map(fact).collect()
}

impl Reader {
    /// Checks the cursors of a window on a list of facts, before it is loaded together with others.
    pub fn check_fact_window(&self, window: &Window) -> Result<()> {
        list().within(&self.cursors, window).map(|_| ())
    }

    /// A fact by its code.
    pub async fn fact(&self, code: &str) -> Result<Option<Fact>> {
        let found = row::Entity::find().filter(row::Column::Code.eq(code)).one(&self.db).await;
        found.map_err(translate)?.map(fact).transpose()
    }

    /// A page of facts.
    pub async fn facts(&self, filter: &Filter<FactTest>, window: &Window) -> Result<Page<Fact>> {
        let select = row::Entity::find().filter(condition(filter, self.today));
        keyset::page(&self.db, &self.cursors, select, &list(), window).await?.try_map(fact)
    }

    /// How many facts pass a filter.
    pub async fn count_facts(&self, filter: &Filter<FactTest>) -> Result<i64> {
        self.count(row::Entity::find().filter(condition(filter, self.today))).await
    }

    /// The fit rules of a use case, of all and of teams when none is given, by code.
    pub async fn fit_rules(&self, use_case: Option<UseCase>) -> Result<Vec<Fact>> {
        use sea_orm::{QueryOrder, QuerySelect};
        let mut rules = row::Entity::find().filter(row::Column::Kind.eq(FactKind::FitRule.code()));
        if let Some(use_case) = use_case {
            rules = rules.filter(row::Column::UseCase.eq(use_case.code()));
        }
        let rows = rules.order_by_asc(row::Column::CodeKey).limit(MAX_LIST).all(&self.db).await;
        all(rows.map_err(translate)?)
    }
}

/// A fact by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FactById(pub Id<Fact>);

impl BatchKey for FactById {
    type Value = Fact;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Fact>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let rows = row::Entity::find()
            .filter(id_in(row::Column::Id.into_expr(), ids))
            .all(&reader.db)
            .await
            .map_err(translate)?;
        rows.into_iter().map(|row| Ok((Self(Id::from_uuid(row.id)), fact(row)?))).collect()
    }
}

/// To what a page of facts belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactsParent {
    /// The facts about a subject.
    About(Id<Subject>),
    /// The facts that cite a source.
    Citing(Id<Subject>),
    /// The adoptions by an organisation.
    AdoptionsBy(Id<Subject>),
    /// The adoptions of a technology, those with several candidates included when asked for.
    AdoptionsOf(Id<Subject>, bool),
}

impl FactsParent {
    fn id(self) -> Uuid {
        match self {
            Self::About(id) | Self::Citing(id) | Self::AdoptionsBy(id) | Self::AdoptionsOf(id, _) => {
                id.uuid()
            }
        }
    }

    /// The statement that links parents of this sort with their facts.
    fn links(self, parents: impl Iterator<Item = Uuid>) -> SelectStatement {
        match self {
            Self::About(_) => links::<row::Entity>(row::Column::SubjectId, row::Column::Id, parents),
            Self::Citing(_) => {
                links::<citation::Entity>(citation::Column::SourceId, citation::Column::FactId, parents)
            }
            Self::AdoptionsBy(_) => {
                links::<row::Entity>(row::Column::OrganizationId, row::Column::Id, parents)
            }
            Self::AdoptionsOf(_, uncertain) => adoptions_of(parents, uncertain),
        }
    }

    /// Parents of the same sort are loaded together.
    fn sort(self) -> (u8, bool) {
        match self {
            Self::About(_) => (0, false),
            Self::Citing(_) => (1, false),
            Self::AdoptionsBy(_) => (2, false),
            Self::AdoptionsOf(_, uncertain) => (3, uncertain),
        }
    }
}

fn adoptions_of(parents: impl Iterator<Item = Uuid>, uncertain: bool) -> SelectStatement {
    use sea_orm::QuerySelect;
    let adoptions = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Kind.eq(FactKind::Adoption.code()))
        .into_query();
    let mut links = links::<named::Entity>(named::Column::TechnologyId, named::Column::FactId, parents);
    links.and_where(named::Column::FactId.in_subquery(adoptions));
    if !uncertain {
        links.and_where(named::Column::FactId.in_subquery(named_singly()));
    }
    links
}

/// A page of the facts that belong to something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactsOf {
    /// To what they belong.
    pub parent: FactsParent,
    /// Which of them.
    pub filter: Filter<FactTest>,
    /// Which page.
    pub window: Window,
}

impl BatchKey for FactsOf {
    type Value = Page<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Page<Fact>>> {
        let mut pages = HashMap::new();
        for ((_, filter, window), keys) in
            group(keys, |key| (key.parent.sort(), key.filter.clone(), key.window.clone()))
        {
            let links = keys[0].parent.links(keys.iter().map(|key| key.parent.id()));
            let select = row::Entity::find().filter(condition(&filter, reader.today));
            let linked = Linked { select, key: row::Column::Id, links };
            let mut found =
                pages_by_parent(reader, keys.iter().map(|key| key.parent.id()), linked, &list(), &window)
                    .await?;
            for key in keys {
                let page = found.remove(&key.parent.id()).unwrap_or_else(Page::empty);
                pages.insert(key, page.try_map(fact)?);
            }
        }
        Ok(pages)
    }
}

/// How many facts belong to something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactCountOf {
    /// To what they belong.
    pub parent: FactsParent,
    /// Which of them.
    pub filter: Filter<FactTest>,
}

impl BatchKey for FactCountOf {
    type Value = i64;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, i64>> {
        let mut counts = HashMap::new();
        for ((_, filter), keys) in group(keys, |key| (key.parent.sort(), key.filter.clone())) {
            let links = keys[0].parent.links(keys.iter().map(|key| key.parent.id()));
            let select = row::Entity::find().filter(condition(&filter, reader.today));
            let linked = Linked { select, key: row::Column::Id, links };
            let found = count_by_parent(&reader.db, linked).await?;
            for key in keys {
                let count = found.get(&key.parent.id()).copied().unwrap_or(0);
                counts.insert(key, count);
            }
        }
        Ok(counts)
    }
}

/// The facts of one kind about a subject, by code, at most [`MAX_LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FactsOfKind {
    /// About what.
    pub subject: Id<Subject>,
    /// Of which kind.
    pub kind: FactKind,
}

impl BatchKey for FactsOfKind {
    type Value = Vec<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Fact>>> {
        let mut kinds: Vec<&str> = keys.iter().map(|key| key.kind.code()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut parents: Vec<Uuid> = keys.iter().map(|key| key.subject.uuid()).collect();
        parents.sort_unstable();
        parents.dedup();
        let select = row::Entity::find().filter(row::Column::Kind.is_in(kinds));
        let links = links::<row::Entity>(row::Column::SubjectId, row::Column::Id, parents);
        let rows = by_parent(
            &reader.db,
            Linked { select, key: row::Column::Id, links },
            share(Some(row::Column::Kind)),
        )
        .await?;
        let mut lists: HashMap<Self, Vec<Fact>> = HashMap::new();
        for fact in all(rows.into_values().flatten().collect())? {
            lists.entry(Self { subject: fact.subject.id, kind: fact.kind }).or_default().push(fact);
        }
        Ok(lists)
    }
}

/// The fit rules that name a technology, by code, at most [`MAX_LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FitRulesOf(pub Id<Subject>);

impl BatchKey for FitRulesOf {
    type Value = Vec<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Fact>>> {
        let parents = keys.iter().map(|key| key.0.uuid());
        let select = row::Entity::find().filter(row::Column::Kind.eq(FactKind::FitRule.code()));
        let links = links::<named::Entity>(named::Column::TechnologyId, named::Column::FactId, parents);
        let rows = by_parent(&reader.db, Linked { select, key: row::Column::Id, links }, share(None)).await?;
        rows.into_iter().map(|(parent, rows)| Ok((Self(Id::from_uuid(parent)), all(rows)?))).collect()
    }
}

/// The facts that contradict a fact, by code, at most [`MAX_LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContradictionsOf(pub Id<Fact>);

impl BatchKey for ContradictionsOf {
    type Value = Vec<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Fact>>> {
        let parents = keys.iter().map(|key| key.0.uuid());
        let links = links::<contradictions::Entity>(
            contradictions::Column::FactId,
            contradictions::Column::OtherId,
            parents,
        );
        let linked = Linked { select: row::Entity::find(), key: row::Column::Id, links };
        let rows = by_parent(&reader.db, linked, share(None)).await?;
        rows.into_iter().map(|(parent, rows)| Ok((Self(Id::from_uuid(parent)), all(rows)?))).collect()
    }
}

/// The facts that a fact confirms or refines, or those that do so to it, by code, at most [`MAX_LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkedFacts {
    /// The fact.
    pub fact: Id<Fact>,
    /// What is done.
    pub kind: FactLinkKind,
    /// Whether the facts asked for do it to the fact, and not the fact to them.
    pub backwards: bool,
}

impl BatchKey for LinkedFacts {
    type Value = Vec<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Fact>>> {
        let mut found = HashMap::new();
        for ((kind, backwards), keys) in group(keys, |key| (key.kind, key.backwards)) {
            let (from, to) = (fact_links::Column::FactId, fact_links::Column::OtherId);
            let (parent, child) = if backwards { (to, from) } else { (from, to) };
            let mut links =
                links::<fact_links::Entity>(parent, child, keys.iter().map(|key| key.fact.uuid()));
            links.and_where(fact_links::Column::Kind.eq(kind.code()));
            let linked = Linked { select: row::Entity::find(), key: row::Column::Id, links };
            for (parent, rows) in by_parent(&reader.db, linked, share(None)).await? {
                found.insert(Self { fact: Id::from_uuid(parent), kind, backwards }, all(rows)?);
            }
        }
        Ok(found)
    }
}

/// A technology with its place in the list that a fact gives.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedTechnology {
    /// The place, from 1; several may share one.
    pub place: i32,
    /// The technology.
    pub technology: Record<Technology>,
}

/// The technologies that a fact names, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TechnologiesOf(pub Id<Fact>);

impl BatchKey for TechnologiesOf {
    type Value = Vec<PlacedTechnology>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        use sea_orm::{JoinType, QueryOrder, QuerySelect};
        let ids = keys.iter().map(|key| key.0.uuid());
        let technology = named::Entity::belongs_to(technology_row::Entity)
            .from(named::Column::TechnologyId)
            .to(technology_row::Column::Id)
            .into();
        let rows = named::Entity::find()
            .join(JoinType::InnerJoin, technology)
            .select_also(technology_row::Entity)
            .filter(id_in(named::Column::FactId.into_expr(), ids))
            .order_by_asc(named::Column::Position)
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Self::Value> = HashMap::new();
        for (named::Model { fact_id, position: _, place, technology_id: _ }, technology) in rows {
            let Some(technology) = technology else { continue };
            let technology = technology::record(technology)?;
            lists
                .entry(Self(Id::from_uuid(fact_id)))
                .or_default()
                .push(PlacedTechnology { place, technology });
        }
        Ok(lists)
    }
}
