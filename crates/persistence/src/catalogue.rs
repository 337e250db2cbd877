//! The catalogue as a whole: its state and how much it holds.

use sea_orm::EntityTrait;
use stackfit_domain::{Result, change::Revision};

use crate::{
    Reader, case_study, checklist, error::translate, fact_row, organization, selection_criterion, source,
    technology, term,
};

pub(crate) mod state {
    use sea_orm::entity::prelude::*;

    /// The id of the only row.
    pub const ONLY: i32 = 1;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalogue_state")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub revision: i64,
        pub updated_at: Option<DateTimeUtc>,
        pub cursor_key: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where the catalogue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The number of the last change.
    pub revision: Revision,
    /// When it was made.
    pub updated_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The technologies.
    Technologies,
    /// The organisations.
    Organizations,
    /// The case studies.
    CaseStudies,
    /// The sources.
    Sources,
    /// The facts.
    Facts,
    /// The terms.
    Terms,
    /// The criteria of selection.
    SelectionCriteria,
    /// The checklists.
    Checklists,
}

impl Reader {
    /// Where the catalogue stands.
    pub async fn state(&self) -> Result<State> {
        let row = state::Entity::find_by_id(state::ONLY).one(&self.db).await.map_err(translate)?;
        let (revision, updated_at) = row.map_or((0, None), |row| (row.revision, row.updated_at));
        Ok(State { revision, updated_at })
    }

    /// How many of something the catalogue holds.
    pub async fn count_all(&self, what: Counted) -> Result<i64> {
        match what {
            Counted::Technologies => self.count(technology::row::Entity::find()).await,
            Counted::Organizations => self.count(organization::row::Entity::find()).await,
            Counted::CaseStudies => self.count(case_study::row::Entity::find()).await,
            Counted::Sources => self.count(source::row::Entity::find()).await,
            Counted::Facts => self.count(fact_row::Entity::find()).await,
            Counted::Terms => self.count(term::row::Entity::find()).await,
            Counted::SelectionCriteria => self.count(selection_criterion::row::Entity::find()).await,
            Counted::Checklists => self.count(checklist::row::Entity::find()).await,
        }
    }
}
