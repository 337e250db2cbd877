//! Which kinds of fact are known of a subject.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect};
use stackfit_domain::{
    Result,
    code::Code,
    fact::{FactDetail, FactKind},
    id::Id,
    subject::{Subject, SubjectKind},
    verdict::Verdict,
};
use strum::VariantArray;
use uuid::Uuid;

use crate::{
    Reader,
    batch::{BatchKey, id_in},
    case_study::row as case_study,
    convert::code,
    error::translate,
    fact_row as fact,
    technology::row as technology,
};

/// The kinds of fact known of a subject; facts that only say that nothing is known do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KnownKindsOf(pub Id<Subject>);

/// A fact that says something, in the form that its kind has: a capability or a figure that is not named in its
/// typed detail cannot be found as one.
fn informing() -> Condition {
    let silent = Verdict::VARIANTS.iter().filter(|verdict| !verdict.informs());
    let typed = [FactKind::Capability.code(), FactKind::Metric.code()];
    let plain = FactDetail::Statement.name();
    Condition::all()
        .add(fact::Column::Verdict.is_not_in(silent.map(|verdict| verdict.code())))
        .add(Condition::any().add(fact::Column::Kind.is_not_in(typed)).add(fact::Column::Detail.ne(plain)))
}

impl BatchKey for KnownKindsOf {
    type Value = BTreeSet<FactKind>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let rows: Vec<(Uuid, String)> = fact::Entity::find()
            .select_only()
            .column(fact::Column::SubjectId)
            .column(fact::Column::Kind)
            .distinct()
            .filter(informing())
            .filter(id_in(fact::Column::SubjectId.into_expr(), ids))
            .into_tuple()
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut sets: HashMap<Self, Self::Value> = HashMap::new();
        for (subject, kind) in rows {
            sets.entry(Self(Id::from_uuid(subject))).or_default().insert(code(&kind)?);
        }
        Ok(sets)
    }
}

/// For the catalogue as a whole: each technology and case study with the kinds of fact known of it.
pub type KnownKinds =
    Vec<(SubjectKind, Option<stackfit_domain::technology::TechnologyKind>, BTreeSet<FactKind>)>;

impl Reader {
    /// What is known of every technology and every case study.
    pub async fn known_kinds(&self) -> Result<KnownKinds> {
        let mut known = self.known_of_technologies().await?;
        known.extend(self.known_of_case_studies().await?);
        Ok(known)
    }

    async fn known_of_technologies(&self) -> Result<KnownKinds> {
        let relation = technology::Entity::belongs_to(fact::Entity)
            .from(technology::Column::Id)
            .to(fact::Column::SubjectId)
            .on_condition(|_, _| informing())
            .into();
        let rows: Vec<(Uuid, String, Option<String>)> = technology::Entity::find()
            .join(JoinType::LeftJoin, relation)
            .select_only()
            .column(technology::Column::Id)
            .column_as(technology::Column::Kind, "technology_kind")
            .column_as(fact::Column::Kind, "fact_kind")
            .distinct()
            .filter(technology::Column::Archived.eq(false))
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(translate)?;
        let mut sets: HashMap<Uuid, (String, BTreeSet<FactKind>)> = HashMap::new();
        for (id, technology, kind) in rows {
            let entry = sets.entry(id).or_insert_with(|| (technology, BTreeSet::new()));
            if let Some(kind) = kind {
                entry.1.insert(code(&kind)?);
            }
        }
        sets.into_values()
            .map(|(kind, known)| Ok((SubjectKind::Technology, Some(code(&kind)?), known)))
            .collect()
    }

    async fn known_of_case_studies(&self) -> Result<KnownKinds> {
        let relation = case_study::Entity::belongs_to(fact::Entity)
            .from(case_study::Column::Id)
            .to(fact::Column::SubjectId)
            .on_condition(|_, _| informing())
            .into();
        let rows: Vec<(Uuid, Option<String>)> = case_study::Entity::find()
            .join(JoinType::LeftJoin, relation)
            .select_only()
            .column(case_study::Column::Id)
            .column_as(fact::Column::Kind, "fact_kind")
            .distinct()
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(translate)?;
        let mut sets: HashMap<Uuid, BTreeSet<FactKind>> = HashMap::new();
        for (id, kind) in rows {
            let known = sets.entry(id).or_default();
            if let Some(kind) = kind {
                known.insert(code(&kind)?);
            }
        }
        Ok(sets.into_values().map(|known| (SubjectKind::CaseStudy, None, known)).collect())
    }
}
