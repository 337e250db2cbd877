//! Rows of subjects: one for each thing that facts are about.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, SimpleExpr},
};
use stackfit_domain::subject::SubjectKind;

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subjects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub slug: String,
        pub origin: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The condition that `column` refers to a subject with one of the slugs, of one kind or of any.
pub(crate) fn slug_in(column: SimpleExpr, kind: Option<SubjectKind>, slugs: &[String]) -> SimpleExpr {
    use stackfit_domain::code::Code;
    let mut subjects = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Slug.is_in(slugs.iter().map(String::as_str)));
    if let Some(kind) = kind {
        subjects = subjects.filter(row::Column::Kind.eq(kind.code()));
    }
    column.in_subquery(subjects.into_query())
}
