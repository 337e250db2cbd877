//! Rows of facts, and of what belongs to them, from the domain's catalogue.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, Set};
use stackfit_domain::{
    Result,
    catalogue::Catalogue,
    checklist::{ChecklistItem, NewChecklist},
    citation::{Citation, Erratum},
    code::Code,
    fact::{Fact, NamedTechnology, NewFact},
    id::Id,
    relation::Relation,
    subject::{Subject, SubjectKind},
};

use super::{insert_all, position};
use crate::{
    checklist::{item, item_capability},
    citation::{errata, row as citation},
    fact::contradictions,
    fact_row::{self as fact, named_technology},
    platform::row as platform,
    relation::row as relation,
};

/// The rows of all tables that hold facts.
#[derive(Default)]
struct Rows {
    facts: Vec<fact::ActiveModel>,
    citations: Vec<citation::ActiveModel>,
    errata: Vec<errata::ActiveModel>,
    contradictions: Vec<contradictions::ActiveModel>,
    relations: Vec<relation::ActiveModel>,
    platforms: Vec<platform::ActiveModel>,
    technologies: Vec<named_technology::ActiveModel>,
    items: Vec<item::ActiveModel>,
    capabilities: Vec<item_capability::ActiveModel>,
}

pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut rows = Rows::default();
    for new in &catalogue.facts {
        rows.add(new, now)?;
    }
    for list in &catalogue.checklists {
        rows.add_items(list)?;
    }
    let Rows {
        facts,
        citations,
        errata,
        contradictions,
        relations,
        platforms,
        technologies,
        items,
        capabilities,
    } = rows;
    insert_all(transaction, facts).await?;
    insert_all(transaction, citations).await?;
    insert_all(transaction, errata).await?;
    insert_all(transaction, contradictions).await?;
    insert_all(transaction, relations).await?;
    insert_all(transaction, platforms).await?;
    insert_all(transaction, technologies).await?;
    insert_all(transaction, items).await?;
    insert_all(transaction, capabilities).await
}

impl Rows {
    fn add(&mut self, new: &NewFact, now: DateTime<Utc>) -> Result<()> {
        let NewFact { fact, citations, errata, contradicts, relations, platforms, technologies } = new;
        self.facts.push(fact::ActiveModel { updated_at: Set(now), ..fact::active(fact)? });
        for (at, citation) in citations.iter().enumerate() {
            self.citations.push(citation_row(fact, at, citation)?);
        }
        for (at, erratum) in errata.iter().enumerate() {
            self.errata.push(erratum_row(fact, at, erratum)?);
        }
        self.contradictions.extend(contradicts.iter().map(|other| contradictions::ActiveModel {
            fact_id: Set(fact.id.uuid()),
            other_id: Set(Id::<Fact>::named(other.as_str()).uuid()),
        }));
        for (at, relation) in relations.iter().enumerate() {
            self.relations.push(relation_row(fact, at, relation)?);
        }
        self.platforms.extend(platforms.iter().map(|value| platform::ActiveModel {
            fact_id: Set(fact.id.uuid()),
            platform: Set(value.code().to_owned()),
        }));
        for (at, NamedTechnology { place, technology }) in technologies.iter().enumerate() {
            self.technologies.push(named_technology::ActiveModel {
                fact_id: Set(fact.id.uuid()),
                position: Set(position(at)?),
                place: Set(*place),
                technology_id: Set(technology.uuid()),
            });
        }
        Ok(())
    }

    fn add_items(&mut self, list: &NewChecklist) -> Result<()> {
        let NewChecklist { checklist, items } = list;
        let checklist = Subject::new(SubjectKind::Checklist, checklist.slug.clone()).id().uuid();
        for (at, ChecklistItem { name, capabilities, fact }) in items.iter().enumerate() {
            self.items.push(item::ActiveModel {
                checklist_id: Set(checklist),
                position: Set(position(at)?),
                name: Set(name.clone()),
                fact_id: Set(fact.uuid()),
            });
            for capability in capabilities {
                self.capabilities.push(item_capability::ActiveModel {
                    checklist_id: Set(checklist),
                    position: Set(position(at)?),
                    capability: Set(capability.code().to_owned()),
                });
            }
        }
        Ok(())
    }
}

fn citation_row(fact: &Fact, at: usize, value: &Citation) -> Result<citation::ActiveModel> {
    let Citation { source, locator, retrieved_on, supports } = value;
    Ok(citation::ActiveModel {
        fact_id: Set(fact.id.uuid()),
        position: Set(position(at)?),
        source_id: Set(source.uuid()),
        locator: Set(locator.clone()),
        retrieved_on: Set(*retrieved_on),
        supports: Set(*supports),
    })
}

fn erratum_row(fact: &Fact, at: usize, value: &Erratum) -> Result<errata::ActiveModel> {
    let Erratum { wrote, correct, reason } = value;
    Ok(errata::ActiveModel {
        fact_id: Set(fact.id.uuid()),
        position: Set(position(at)?),
        wrote: Set(wrote.clone()),
        correct: Set(correct.clone()),
        reason: Set(reason.clone()),
    })
}

fn relation_row(fact: &Fact, at: usize, value: &Relation) -> Result<relation::ActiveModel> {
    let Relation { kind, from, to } = value;
    Ok(relation::ActiveModel {
        fact_id: Set(fact.id.uuid()),
        position: Set(position(at)?),
        kind: Set(kind.code().to_owned()),
        from_id: Set(from.uuid()),
        to_id: Set(to.uuid()),
    })
}
