//! The index of marks: what is written into it, and expressions as each database reads them.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    sea_query::{Alias, Expr, ExprTrait, IntoIden, Query},
};
use stackfit_domain::{
    Error, Result,
    search::{document::SearchText, expression::Expression},
};
use uuid::Uuid;

use super::{
    documents::{About, about},
    row,
    vocabulary::Changes,
};
use crate::{batch::id_in, convert::code, error::translate};

/// The full-text index of `SQLite`. Postgres keeps marks in a column of the documents.
pub(super) const SQLITE_TABLE: &str = "search_index";
/// How many subjects are indexed together, with the facts about them.
const CHUNK: usize = 2_000;
/// How many documents are written with one statement: `SQLite` binds at most 32,766 values.
const ROWS: usize = 5_000;

/// Makes anew what is searched of some subjects and of the facts about them. What is gone is not found any more.
pub(crate) async fn refresh(transaction: &DatabaseTransaction, subjects: &[Uuid]) -> Result<()> {
    let mut words = Changes::default();
    for ids in subjects.chunks(CHUNK) {
        remove(transaction, ids, &mut words).await?;
        let mut found = about(transaction, ids).await?;
        // FTS5 keeps what is new in memory only as long as numbers ascend.
        found.sort_by_cached_key(|about| about.document.number());
        for About { document, .. } in &found {
            words.note(document.scope, &document.texts, 1);
        }
        for found in found.chunks(ROWS) {
            insert(transaction, found).await?;
        }
    }
    words.write(transaction).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        // What waits to be sorted into the index would be read by every search.
        let tidy = "SELECT gin_clean_pending_list('search_documents_by_marks')";
        transaction.execute_unprepared(tidy).await.map_err(translate)?;
    }
    Ok(())
}

async fn remove(transaction: &DatabaseTransaction, ids: &[Uuid], words: &mut Changes) -> Result<()> {
    let about = || id_in(row::Column::SubjectId.into_expr(), ids.iter().copied());
    let rows = row::Entity::find().filter(about()).all(transaction).await.map_err(translate)?;
    for row in &rows {
        words.note(code(&row.scope)?, &texts(&row.texts)?, -1);
    }
    if transaction.get_database_backend() == DbBackend::Sqlite {
        for rows in rows.chunks(ROWS) {
            let mut delete = Query::delete();
            let numbers = rows.iter().map(|row| row.number);
            delete
                .from_table(Alias::new(SQLITE_TABLE))
                .and_where(Expr::col(Alias::new("rowid")).is_in(numbers));
            transaction.execute(&delete).await.map_err(translate)?;
        }
    }
    row::Entity::delete_many().filter(about()).exec(transaction).await.map_err(translate)?;
    Ok(())
}

async fn insert(transaction: &DatabaseTransaction, found: &[About]) -> Result<()> {
    use row::Column as C;
    let is_postgres = transaction.get_database_backend() == DbBackend::Postgres;
    let mut documents = Query::insert();
    let columns = [C::Number, C::SubjectId, C::Scope, C::ThingId, C::Texts].map(IntoIden::into_iden);
    let marks = is_postgres.then(|| Alias::new("marks").into_iden());
    documents.into_table(row::Entity).columns(columns.into_iter().chain(marks));
    let mut index = Query::insert();
    index.into_table(Alias::new(SQLITE_TABLE)).columns([Alias::new("rowid"), Alias::new("marks")]);
    for About { subject, document } in found {
        let marks: Vec<String> = document.marks().into_iter().collect();
        let marks = marks.join(" ");
        let texts = serde_json::to_string(&document.texts).map_err(Error::internal)?;
        let number = document.number();
        let mut values = vec![
            Expr::val(number),
            Expr::val(*subject),
            Expr::val(stackfit_domain::code::Code::code(document.scope)),
            Expr::val(document.id),
            Expr::val(texts),
        ];
        if is_postgres {
            values.push(Expr::cust_with_values("array_to_tsvector(string_to_array($1, ' '))", [marks]));
        } else {
            index.values([Expr::val(number), Expr::val(marks)]).map_err(Error::internal)?;
        }
        documents.values(values).map_err(Error::internal)?;
    }
    transaction.execute(&documents).await.map_err(translate)?;
    if !is_postgres {
        transaction.execute(&index).await.map_err(translate)?;
    }
    Ok(())
}

/// Reads the texts of a document.
pub(super) fn texts(stored: &str) -> Result<Vec<SearchText>> {
    serde_json::from_str(stored).map_err(Error::internal)
}

/// An expression as Postgres reads it: a `tsquery`.
pub(super) fn of_postgres(expression: &Expression) -> String {
    match expression {
        Expression::Mark(mark) => format!("'{mark}'"),
        Expression::All(parts) => joined(parts, " & ", of_postgres),
        Expression::Any(parts) => joined(parts, " | ", of_postgres),
        Expression::Except(part, other) => format!("({} & !{})", of_postgres(part), of_postgres(other)),
    }
}

/// An expression as the full-text index of `SQLite` reads it.
pub(super) fn of_sqlite(expression: &Expression) -> String {
    match expression {
        Expression::Mark(mark) => format!("\"{mark}\""),
        Expression::All(parts) => joined(parts, " AND ", of_sqlite),
        Expression::Any(parts) => joined(parts, " OR ", of_sqlite),
        Expression::Except(part, other) => format!("({} NOT {})", of_sqlite(part), of_sqlite(other)),
    }
}

fn joined(parts: &[Expression], sign: &str, write: fn(&Expression) -> String) -> String {
    let parts: Vec<String> = parts.iter().map(write).collect();
    format!("({})", parts.join(sign))
}
