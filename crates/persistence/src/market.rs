//! Market figures by segment.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use stackfit_domain::{Result, fact::Fact, slug::Slug};

use crate::{
    Reader,
    batch::{BatchKey, MAX_LIST, limited},
    convert::slug,
    error::translate,
    fact_row as row,
};

/// The most figures of one segment that are loaded.
pub const MAX_FIGURES: usize = 1_000;

impl Reader {
    /// The segments of which there are figures, by slug, at most [`MAX_LIST`].
    pub async fn market_segments(&self) -> Result<Vec<Slug>> {
        let segments: Vec<String> = row::Entity::find()
            .filter(row::Column::MarketSegment.is_not_null())
            .select_only()
            .column(row::Column::MarketSegment)
            .distinct()
            .order_by_asc(row::Column::MarketSegment)
            .limit(MAX_LIST)
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(translate)?;
        // The collation of the column is that of the database.
        let mut segments: Vec<Slug> = segments.iter().map(|segment| slug(segment)).collect::<Result<_>>()?;
        segments.sort_unstable();
        Ok(segments)
    }
}

/// The figures of a segment, by year and code, at most one more than [`MAX_FIGURES`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MarketFiguresOf(pub Slug);

impl BatchKey for MarketFiguresOf {
    type Value = Vec<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Fact>>> {
        let segments = keys.iter().map(|key| key.0.as_str());
        let rows = row::Entity::find().filter(row::Column::MarketSegment.is_in(segments)).into_query();
        let parts = [row::Column::MarketSegment.into_expr()];
        let orders = [row::Column::MarketYear, row::Column::CodeKey, row::Column::Id];
        let orders = orders.map(|column| (column.into_expr(), Order::Asc));
        let limit = u64::try_from(MAX_FIGURES + 1).unwrap_or(u64::MAX);
        let mut lists: HashMap<Self, Vec<Fact>> = HashMap::new();
        for found in reader.db.query_all(&limited(rows, parts, orders, limit)).await.map_err(translate)? {
            let model = row::Model::from_query_result(&found, "").map_err(translate)?;
            let Some(segment) = model.market_segment.as_deref() else { continue };
            lists.entry(Self(slug(segment)?)).or_default().push(row::fact(model)?);
        }
        Ok(lists)
    }
}
