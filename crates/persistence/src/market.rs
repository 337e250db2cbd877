//! Market figures by segment.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use stackfit_domain::{Result, fact::Fact};

use crate::{Reader, batch::MAX_LIST, error::translate, fact_row as row};

impl Reader {
    /// The figures of a segment, by year and code.
    pub async fn market_figures(&self, segment: &str) -> Result<Vec<Fact>> {
        let rows = row::Entity::find()
            .filter(row::Column::MarketSegment.eq(segment))
            .order_by_asc(row::Column::MarketYear)
            .order_by_asc(row::Column::CodeKey)
            .limit(MAX_LIST)
            .all(&self.db)
            .await;
        rows.map_err(translate)?.into_iter().map(row::fact).collect()
    }
}
