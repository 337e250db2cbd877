//! Dossiers: all that is known of technologies, read once for each revision of the catalogue and kept in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use moka::{future::Cache, policy::EvictionPolicy};
use sea_orm::{
    AccessMode, ColumnTrait, DatabaseTransaction, DbBackend, EntityTrait, IsolationLevel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select, TransactionOptions,
    TransactionTrait,
    sea_query::{ExprTrait, SimpleExpr},
};
use stackfit_domain::{
    Error, Result,
    change::Revision,
    code::Code,
    confidence::{Evidence as Support, grounds},
    dossier::{Dossier, Dossiers, Evidence, Link, place_figures},
    fact::FactDetail,
    id::Id,
    relation::RelationKind,
    subject::{Subject, SubjectKind},
};
use uuid::Uuid;

use crate::{
    Reader,
    catalogue::state,
    citation::row as citation,
    convert::code,
    error::{in_time, translate},
    fact_row::{self as fact, named_technology},
    platform::row as platform,
    relation::{self, row as link},
    source::row as source,
    technology::{self, row as technology_row},
};

/// The most facts that are kept in memory. More would take more of it than a server should give to one question.
const MAX_FACTS: u64 = 500_000;

/// How long reading them may take. Everybody waits for the same reading, and a connection whose other end is gone stays
/// silent.
const MOST: Duration = Duration::from_secs(30);

/// The dossiers of the latest revision that was asked for.
#[derive(Clone)]
pub(crate) struct Kept(Cache<Revision, Arc<Dossiers>>);

impl Default for Kept {
    fn default() -> Self {
        // The latest is always kept: by how often they were asked for, the one before it would be.
        Self(Cache::builder().max_capacity(1).eviction_policy(EvictionPolicy::lru()).build())
    }
}

impl Reader {
    /// What is known of all technologies, as of the latest revision. Whoever asks while it is being read waits for the
    /// same reading.
    pub async fn dossiers(&self) -> Result<Arc<Dossiers>> {
        let read = async {
            let revision = self.state().await?.revision;
            let read = self.dossiers.0.try_get_with(revision, self.read_dossiers());
            read.await.map_err(|error: Arc<Error>| (*error).clone())
        };
        in_time(MOST, Box::pin(read)).await
    }

    async fn read_dossiers(&self) -> Result<Arc<Dossiers>> {
        let postgres = self.db.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            // All that is read belongs to one revision. SQLite's readers see one anyway.
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let transaction = self.db.begin_with_options(options).await.map_err(translate)?;
        let rows = Rows::read(&transaction).await?;
        transaction.commit().await.map_err(translate)?;
        Ok(Arc::new(rows.put_together()?))
    }
}

/// The facts of which dossiers are made: those about technologies, and all fit rules.
fn meant() -> SimpleExpr {
    let about = fact::Column::SubjectKind.eq(SubjectKind::Technology.code());
    about.or(fact::Column::FitStrength.is_not_null())
}

fn of_fact<E: EntityTrait>(column: E::Column) -> RelationDef {
    E::belongs_to(fact::Entity).from(column).to(fact::Column::Id).into()
}

/// What a citation tells of how a fact is grounded: the fact, the source, its kind, its bias, and whether it supports.
type Citing = (Uuid, Uuid, String, bool, bool);

struct Rows {
    revision: Revision,
    technologies: Vec<technology_row::Model>,
    facts: Vec<fact::Model>,
    citations: Vec<Citing>,
    named: Vec<named_technology::Model>,
    links: Vec<link::Model>,
    platforms: Vec<platform::Model>,
}

impl Rows {
    async fn read(db: &DatabaseTransaction) -> Result<Self> {
        let state = state::Entity::find_by_id(state::ONLY).one(db).await.map_err(translate)?;
        let facts = fact::Entity::find().filter(meant());
        let count = facts.clone().count(db).await.map_err(translate)?;
        if count > MAX_FACTS {
            let message = format!(
                "The catalogue holds {count} facts about technologies; answers are computed from at most {MAX_FACTS}."
            );
            return Err(Error::Costly(message));
        }
        let rules = named_technology::Entity::find()
            .join(JoinType::InnerJoin, of_fact::<named_technology::Entity>(named_technology::Column::FactId))
            .filter(fact::Column::FitStrength.is_not_null());
        let kinds = [RelationKind::Language, RelationKind::RunsOn].map(Code::code);
        let links = link::Entity::find().filter(link::Column::Kind.is_in(kinds));
        Ok(Self {
            revision: state.map_or(0, |state| state.revision),
            technologies: technology_row::Entity::find().all(db).await.map_err(translate)?,
            facts: facts.order_by_asc(fact::Column::CodeKey).all(db).await.map_err(translate)?,
            citations: citations().into_tuple().all(db).await.map_err(translate)?,
            named: rules.all(db).await.map_err(translate)?,
            links: links.all(db).await.map_err(translate)?,
            platforms: platform::Entity::find().all(db).await.map_err(translate)?,
        })
    }

    fn put_together(self) -> Result<Dossiers> {
        let Self { revision, technologies, facts, citations, named, links, platforms } = self;
        let evidence = evidence(facts, citations)?;
        let mut dossiers: HashMap<Id<Subject>, Dossier> = HashMap::new();
        for row in technologies {
            let record = technology::record(row)?;
            dossiers.insert(record.id, Dossier::new(record));
        }
        let by_id: HashMap<Uuid, &Arc<Evidence>> =
            evidence.iter().map(|one| (one.fact.id.uuid(), one)).collect();
        for one in &evidence {
            if let Some(dossier) = dossiers.get_mut(&one.fact.subject.id) {
                dossier.evidence.push(Arc::clone(one));
            }
        }
        add_rules(&mut dossiers, &evidence, &named);
        for row in links {
            let Some(evidence) = by_id.get(&row.fact_id) else { continue };
            let relation = relation::relation(row)?;
            if let Some(dossier) = dossiers.get_mut(&relation.from) {
                let evidence = Arc::clone(evidence);
                dossier.links.push(Link { kind: relation.kind, to: relation.to, evidence });
            }
        }
        for platform::Model { fact_id, platform } in platforms {
            let Some(evidence) = by_id.get(&fact_id) else { continue };
            if let Some(dossier) = dossiers.get_mut(&evidence.fact.subject.id) {
                dossier.platforms.push((code(&platform)?, Arc::clone(evidence)));
            }
        }
        Ok(Dossiers::new(revision, dossiers.into_values().map(sorted).collect()))
    }
}

/// Relations and platforms come in no order of their own; answers are the same every time.
fn sorted(mut dossier: Dossier) -> Dossier {
    dossier.links.sort_by_cached_key(|link| (link.evidence.fact.code.sort_key(), link.to));
    dossier.platforms.sort_by_cached_key(|(platform, evidence)| (*platform, evidence.fact.code.sort_key()));
    dossier
}

fn citations() -> Select<citation::Entity> {
    let source = citation::Entity::belongs_to(source::Entity)
        .from(citation::Column::SourceId)
        .to(source::Column::Id)
        .into();
    citation::Entity::find()
        .join(JoinType::InnerJoin, source)
        .join(JoinType::InnerJoin, of_fact::<citation::Entity>(citation::Column::FactId))
        .filter(meant())
        .select_only()
        .column(citation::Column::FactId)
        .column(citation::Column::SourceId)
        .column(source::Column::Kind)
        .column(source::Column::HasVendorBias)
        .column(citation::Column::Supports)
        .order_by_asc(citation::Column::FactId)
        .order_by_asc(citation::Column::Position)
}

fn evidence(facts: Vec<fact::Model>, citations: Vec<Citing>) -> Result<Vec<Arc<Evidence>>> {
    let mut support: HashMap<Uuid, Vec<Support>> = HashMap::new();
    for (fact, source, kind, has_vendor_bias, supports) in citations {
        let source = Id::from_uuid(source);
        support.entry(fact).or_default().push(Support {
            source,
            kind: code(&kind)?,
            has_vendor_bias,
            supports,
        });
    }
    let mut evidence = Vec::with_capacity(facts.len());
    for row in facts {
        let support = support.remove(&row.id).unwrap_or_default();
        let source = support.first().map(|support| support.source);
        evidence.push(Evidence { fact: fact::fact(row)?, grounds: grounds(&support), source, place: None });
    }
    place_figures(&mut evidence);
    Ok(evidence.into_iter().map(Arc::new).collect())
}

/// A fit rule holds for the technologies that it names, or for its subject when it names none.
fn add_rules(
    dossiers: &mut HashMap<Id<Subject>, Dossier>,
    evidence: &[Arc<Evidence>],
    named: &[named_technology::Model],
) {
    let mut of_rule: BTreeMap<Uuid, Vec<Id<Subject>>> = BTreeMap::new();
    for row in named {
        of_rule.entry(row.fact_id).or_default().push(Id::from_uuid(row.technology_id));
    }
    for one in evidence.iter().filter(|one| matches!(one.fact.detail, FactDetail::FitRule { .. })) {
        let meant = of_rule.remove(&one.fact.id.uuid()).unwrap_or_else(|| vec![one.fact.subject.id]);
        for technology in meant {
            if let Some(dossier) = dossiers.get_mut(&technology) {
                dossier.rules.push(Arc::clone(one));
            }
        }
    }
}
