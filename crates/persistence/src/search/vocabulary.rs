//! The vocabulary: all words that documents hold, and in how many they stand.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, Order, QueryFilter, Set,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, OnConflict, Query, SelectStatement, UnionType},
};
use stackfit_domain::{
    Result,
    search::{
        Interpretation, MAX_FORMS, Query as SearchQuery, SearchScope, VocabularyWord, anchors,
        document::{Place, SearchText, places},
        words::stem,
    },
};

use crate::error::translate;
use row::Column;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_words")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: String,
        pub stem: String,
        pub reversed: String,
        pub names: i64,
        pub titles: i64,
        pub documents: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The most words that are compared with one that may be misspelled.
const MAX_COMPARED: u64 = 1_000;
/// The last character: no word comes after a beginning that is followed by it.
const LAST: char = '\u{10ffff}';
/// How many words are written with one statement.
const CHUNK: usize = 4_000;

/// Reads a query in words of the vocabulary: one statement for all of its words.
pub(super) async fn interpret(db: &impl ConnectionTrait, query: SearchQuery) -> Result<Interpretation> {
    let selects = query.words.iter().flat_map(|word| candidates(word)).enumerate().map(|(at, select)| {
        // A part of a union with an order and a limit of its own is a table of its own.
        Query::select().column(Asterisk).from_subquery(select, Alias::new(format!("words_{at}"))).to_owned()
    });
    let union = selects.reduce(|mut union, select| union.union(UnionType::All, select).to_owned());
    let mut words = BTreeSet::new();
    if let Some(union) = union {
        for row in db.query_all(&union).await.map_err(translate)? {
            words.insert(VocabularyWord {
                word: row.try_get_by_index(0).map_err(translate)?,
                names: row.try_get_by_index(1).map_err(translate)?,
                titles: row.try_get_by_index(2).map_err(translate)?,
                documents: row.try_get_by_index(3).map_err(translate)?,
            });
        }
    }
    let words: Vec<VocabularyWord> = words.into_iter().collect();
    Ok(Interpretation::new(query, &words))
}

/// The words that one may mean: itself, those of the same stem, those that it is the beginning of, and those that it may
/// be a misspelling of.
fn candidates(word: &str) -> Vec<SelectStatement> {
    let usual = |select: &mut SelectStatement, limit: u64| {
        select
            .order_by(Column::Names, Order::Desc)
            .order_by(Column::Documents, Order::Desc)
            .order_by(Column::Word, Order::Asc)
            .limit(limit)
            .to_owned()
    };
    let forms = MAX_FORMS as u64;
    let mut selects = vec![
        words().and_where(Expr::col(Column::Word).eq(word)).to_owned(),
        usual(words().and_where(Expr::col(Column::Stem).eq(stem(word))), forms),
        usual(begins(&mut words(), Column::Word, word), forms),
    ];
    if let Some(anchors) = anchors(word) {
        let end: String = anchors.end.chars().rev().collect();
        for (column, part) in [(Column::Word, anchors.beginning), (Column::Reversed, end)] {
            let mut select = words();
            let (from, to) = anchors.length;
            select.and_where(Expr::cust(format!("length(word) BETWEEN {from} AND {to}")));
            selects.push(usual(begins(&mut select, column, &part), MAX_COMPARED));
        }
    }
    selects
}

fn words() -> SelectStatement {
    let columns = [Column::Word, Column::Names, Column::Titles, Column::Documents];
    Query::select().columns(columns).from(row::Entity).to_owned()
}

fn begins<'a>(select: &'a mut SelectStatement, column: Column, part: &str) -> &'a mut SelectStatement {
    select.and_where(Expr::col(column).gte(part)).and_where(Expr::col(column).lt(format!("{part}{LAST}")))
}

/// In how many more documents words stand, or fewer.
#[derive(Default)]
pub(super) struct Changes(HashMap<String, [i64; 3]>);

impl Changes {
    /// Notes a document that is there now (1), or that is gone (-1).
    pub(super) fn note(&mut self, scope: SearchScope, texts: &[SearchText], by: i64) {
        for (word, place) in places(scope, texts) {
            let [names, titles, documents] = self.0.entry(word).or_default();
            *documents += by;
            if place <= Place::Title {
                *titles += by;
            }
            if place == Place::Name {
                *names += by;
            }
        }
    }

    /// Writes them, and takes away words that stand nowhere any more.
    pub(super) async fn write(self, transaction: &DatabaseTransaction) -> Result<()> {
        let changed: Vec<(String, [i64; 3])> =
            self.0.into_iter().filter(|(_, counts)| *counts != [0; 3]).collect();
        for changed in changed.chunks(CHUNK) {
            let rows = changed.iter().map(|(word, [names, titles, documents])| row::ActiveModel {
                word: Set(word.clone()),
                stem: Set(stem(word)),
                reversed: Set(word.chars().rev().collect()),
                names: Set(*names),
                titles: Set(*titles),
                documents: Set(*documents),
            });
            row::Entity::insert_many(rows)
                .on_conflict(adding())
                .exec_without_returning(transaction)
                .await
                .map_err(translate)?;
        }
        row::Entity::delete_many()
            .filter(Expr::col(Column::Documents).lte(0))
            .exec(transaction)
            .await
            .map_err(translate)?;
        Ok(())
    }
}

/// What is written is added to what is there.
fn adding() -> OnConflict {
    let sum = |column: Column| {
        let added = Expr::col((Alias::new("excluded"), column));
        (column, Expr::col((row::Entity, column)).add(added))
    };
    OnConflict::column(Column::Word)
        .values([Column::Names, Column::Titles, Column::Documents].map(sum))
        .to_owned()
}
