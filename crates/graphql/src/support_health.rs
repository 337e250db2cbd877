//! Support health of technologies.

use async_graphql::{Context, Object};
use chrono::NaiveDate;
use stackfit_domain::{
    fact::FactKind,
    id::Id,
    release_cycle::{ReleaseCycle as Cycle, SupportStatus},
    subject::Subject,
    support_health::{
        HealthReason as DomainReason, HealthReasonKind, SupportEvent as DomainEvent,
        SupportHealth as DomainHealth, support_health,
    },
    text,
};

use crate::{
    coded::Coded,
    context::day,
    error::{FieldResult, at},
    fact,
    fact_fields::of_type,
    release_cycle::ReleaseCycle,
    scalar::Date,
};

/// Where a technology, or one version of it, stands with its support on a day. Computed from its release cycles that
/// no verdict refutes.
pub struct SupportHealth {
    as_of: NaiveDate,
    health: DomainHealth,
    cycles: Vec<ReleaseCycle>,
}

/// Where a technology, or one version of it, stands with its support on a day. Computed from its release cycles that
/// no verdict refutes.
#[Object]
impl SupportHealth {
    /// The status of `currentCycle`. `NOT_DECLARED` when there is none.
    async fn status(&self) -> Coded<SupportStatus> {
        self.health.status.into()
    }

    /// The share of the next two years for which at least security fixes are declared, from 0 to 1. Null when no end
    /// is declared or nothing is known.
    async fn score(&self) -> Option<f64> {
        self.health.score
    }

    /// The day.
    async fn as_of(&self) -> Date {
        Date(self.as_of)
    }

    /// The cycle that is judged: that of the version asked about, else the newest that is supported, failing that the
    /// newest with extended support, the newest that has ended, the next to come. Null when none is known.
    async fn current_cycle(&self) -> Option<ReleaseCycle> {
        self.health.current.map(|at| self.cycles[at].clone())
    }

    /// The next change of its status that is declared. Null when none is.
    async fn next_event(&self) -> Option<SupportEvent> {
        self.health.next_event.map(|event| SupportEvent { event, cycle: self.cycles[event.cycle].clone() })
    }

    /// Why it is judged so, the most important first. Never empty.
    async fn reasons(&self) -> Vec<HealthReason> {
        let cycles =
            |reason: &DomainReason| reason.cycles.iter().map(|at| self.cycles[*at].clone()).collect();
        let reason = |reason: &DomainReason| HealthReason { cycles: cycles(reason), reason: reason.clone() };
        self.health.reasons.iter().map(reason).collect()
    }

    /// The supported cycles that came out after the judged one, the nearest first: where to go from here.
    async fn upgrade_path(&self) -> Vec<ReleaseCycle> {
        self.health.upgrade_path.iter().map(|at| self.cycles[*at].clone()).collect()
    }
}

/// A change of the status of a release cycle that is declared for a day.
#[derive(Clone)]
pub struct SupportEvent {
    pub(crate) event: DomainEvent,
    pub(crate) cycle: ReleaseCycle,
}

/// A change of the status of a release cycle that is declared for a day.
#[Object]
impl SupportEvent {
    /// The cycle whose status changes. Its `subject` is the technology.
    async fn cycle(&self) -> &ReleaseCycle {
        &self.cycle
    }

    /// The first day of the new status.
    async fn on(&self) -> Date {
        Date(self.event.on)
    }

    /// The status before.
    async fn from(&self) -> Coded<SupportStatus> {
        self.event.from.into()
    }

    /// The status from that day on.
    async fn to(&self) -> Coded<SupportStatus> {
        self.event.to.into()
    }
}

/// One reason why the support of a technology is judged as it is.
#[derive(Clone)]
pub struct HealthReason {
    pub(crate) reason: DomainReason,
    pub(crate) cycles: Vec<ReleaseCycle>,
}

/// One reason why the support of a technology is judged as it is.
#[Object]
impl HealthReason {
    /// Which reason.
    async fn kind(&self) -> Coded<HealthReasonKind> {
        self.reason.kind.into()
    }

    /// The reason in a sentence.
    async fn message(&self) -> &str {
        &self.reason.message
    }

    /// The facts that it rests on. Empty when it rests on what the catalogue does not know.
    async fn facts(&self) -> &[ReleaseCycle] {
        &self.cycles
    }
}

pub(crate) async fn health(
    ctx: &Context<'_>,
    technology: Id<Subject>,
    as_of: Option<Date>,
    version: Option<String>,
) -> FieldResult<SupportHealth> {
    let as_of = day(ctx, as_of);
    let version = version.as_deref().map(|text| text::line("version", text)).transpose().map_err(at(ctx))?;
    let mut cycles: Vec<ReleaseCycle> = of_type(fact::of_kind(ctx, technology, FactKind::Release).await?);
    cycles.retain(|cycle| !cycle.fact.verdict.refutes());
    let known: Vec<Cycle> = cycles.iter().map(|cycle| cycle.cycle.clone()).collect();
    let health = support_health(&known, version.as_deref(), as_of);
    Ok(SupportHealth { as_of, health, cycles })
}
