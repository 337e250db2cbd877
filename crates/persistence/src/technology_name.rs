//! The names under which technologies are found.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::ExprTrait,
};
use stackfit_domain::{
    Result,
    code::Code,
    fact::attribute,
    id::Id,
    subject::{Record, Subject},
    technology::Technology,
    technology_name::{Resolution, TechnologyName, TechnologyNameKind, TechnologyReference, near},
};
use uuid::Uuid;

use crate::{
    Reader,
    alias::row as alias,
    batch::{BatchKey, id_in},
    error::translate,
    fact_row::{self as fact, not_refuted},
    import::insert_all,
    technology::{self, TechnologyById, row as technology_row},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "technology_names")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub technology_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name_key: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many names are looked up with one statement: `SQLite` binds at most 32,766 values.
const CHUNK: usize = 8_192;

/// Derives anew under which names some technologies are found.
pub(crate) async fn refresh(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    let among = |column: row::Column| id_in(column.into_expr(), ids.iter().copied());
    row::Entity::delete_many()
        .filter(among(row::Column::TechnologyId))
        .exec(transaction)
        .await
        .map_err(translate)?;
    let mut aliases: HashMap<Uuid, Vec<String>> = HashMap::new();
    let of_technologies = id_in(alias::Column::SubjectId.into_expr(), ids.iter().copied());
    for row in alias::Entity::find().filter(of_technologies).all(transaction).await.map_err(translate)? {
        aliases.entry(row.subject_id).or_default().push(row.alias);
    }
    let mut packages = packages(transaction, ids).await?;
    let of_technologies = id_in(technology_row::Column::Id.into_expr(), ids.iter().copied());
    let rows = technology_row::Entity::find().filter(of_technologies).all(transaction).await;
    let mut names = Vec::new();
    for row in rows.map_err(translate)? {
        let record = technology::record(row)?;
        let id = record.id.uuid();
        let aliases = aliases.remove(&id).unwrap_or_default();
        let packages = packages.remove(&id).unwrap_or_default();
        let of_one = TechnologyName::of(
            &record.value,
            aliases.iter().map(String::as_str),
            packages.iter().map(String::as_str),
        );
        names.extend(of_one.into_iter().map(|TechnologyName { kind, key }| row::ActiveModel {
            technology_id: Set(id),
            kind: Set(kind.code().to_owned()),
            name_key: Set(key),
        }));
    }
    insert_all(transaction, names).await
}

/// The package URLs that facts give to some technologies which no verdict refutes.
async fn packages(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
    let rows: Vec<(Uuid, Option<String>)> = fact::Entity::find()
        .select_only()
        .columns([fact::Column::SubjectId, fact::Column::AttributeValue])
        .filter(id_in(fact::Column::SubjectId.into_expr(), ids.iter().copied()))
        .filter(fact::Column::AttributeName.eq(attribute::PACKAGE))
        .filter(not_refuted())
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    let mut packages: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (technology, purl) in rows {
        packages.entry(technology).or_default().extend(purl);
    }
    Ok(packages)
}

impl Reader {
    /// Which technologies are meant, in the order of what is asked for. As many names as a request may hold take one
    /// statement.
    pub async fn resolve(&self, references: &[TechnologyReference]) -> Result<Vec<Resolution<Id<Subject>>>> {
        let mut keys: Vec<&str> =
            references.iter().flat_map(|reference| &reference.names).map(|name| name.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut having: HashMap<(String, String), Vec<Uuid>> = HashMap::new();
        for keys in keys.chunks(CHUNK) {
            // Filled up to a power of two, so that few distinct statements are prepared.
            let filled = keys.iter().chain(keys.last().into_iter().cycle());
            let filled = filled.take(keys.len().next_power_of_two()).copied();
            let rows = row::Entity::find().filter(row::Column::NameKey.is_in(filled)).all(&self.db).await;
            for row::Model { technology_id, kind, name_key } in rows.map_err(translate)? {
                having.entry((kind, name_key)).or_default().push(technology_id);
            }
        }
        let choose = |reference: &TechnologyReference| {
            let found = reference.choose(|TechnologyName { kind, key }| {
                having.get(&(kind.code().to_owned(), key.clone())).cloned().unwrap_or_default()
            });
            match found {
                Resolution::Known { technology, by } => {
                    Resolution::Known { technology: Id::from_uuid(technology), by }
                }
                Resolution::Ambiguous(several) => {
                    Resolution::Ambiguous(several.into_iter().map(Id::from_uuid).collect())
                }
                Resolution::NotKnown => Resolution::NotKnown,
            }
        };
        Ok(references.iter().map(choose).collect())
    }
}

/// The technologies whose names are spelled most like one that nobody has, the nearest first. Only names are compared
/// that begin with the same two letters, and packages of the same registry and scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NearTechnologies(pub TechnologyReference);

impl BatchKey for NearTechnologies {
    type Value = Vec<Record<Technology>>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut beginnings: Vec<String> = keys.iter().map(|key| key.0.beginning()).collect();
        beginnings.sort_unstable();
        beginnings.dedup();
        let begin = beginnings.iter().fold(Condition::any(), |any, beginning| {
            let after = format!("{beginning}\u{10FFFF}");
            any.add(row::Column::NameKey.gte(beginning.as_str()).and(row::Column::NameKey.lt(after)))
        });
        let not_groups = row::Column::Kind.ne(TechnologyNameKind::PackageGroup.code());
        let rows = row::Entity::find().filter(begin).filter(not_groups).all(&reader.db).await;
        let names: Vec<(String, Uuid)> =
            rows.map_err(translate)?.into_iter().map(|row| (row.name_key, row.technology_id)).collect();
        let nearest: Vec<(Self, Vec<Uuid>)> = keys
            .into_iter()
            .map(|key| {
                let beginning = key.0.beginning();
                let alike = names.iter().filter(|(name, _)| name.starts_with(&beginning));
                let found = near(key.0.key(), alike.map(|(name, whose)| (name.as_str(), *whose)));
                (key, found)
            })
            .collect();
        let ids = nearest.iter().flat_map(|(_, found)| found);
        let ids: Vec<TechnologyById> = ids.map(|id| TechnologyById(Id::from_uuid(*id))).collect();
        let records = TechnologyById::load(reader, ids).await?;
        let record = |id: Uuid| records.get(&TechnologyById(Id::from_uuid(id))).cloned();
        let answer = |(key, found): (Self, Vec<Uuid>)| (key, found.into_iter().filter_map(record).collect());
        Ok(nearest.into_iter().map(answer).collect())
    }
}
