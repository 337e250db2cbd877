//! The calendar of support: which release cycles change their status on which days, by what is declared.

use std::{ops::RangeInclusive, sync::Arc};

use chrono::NaiveDate;

use crate::{
    dossier::{Dossier, Dossiers, Evidence},
    fact::FactDetail,
    id::Id,
    release_cycle::SupportStatus,
    subject::Subject,
};

/// A release cycle changes its status.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportTurn {
    /// The fact that declares the cycle.
    pub evidence: Arc<Evidence>,
    /// The first day of the new status.
    pub on: NaiveDate,
    /// The status before.
    pub from: SupportStatus,
    /// The new status.
    pub to: SupportStatus,
}

/// The changes of status within some days, of some technologies or of all, by day; those of one day by slug and code.
/// Cycles count that may be relied upon on `as_of`.
pub fn support_turns(
    dossiers: &Dossiers,
    technologies: Option<&[Id<Subject>]>,
    days: &RangeInclusive<NaiveDate>,
    as_of: NaiveDate,
) -> Vec<SupportTurn> {
    let wanted =
        |dossier: &&Dossier| technologies.is_none_or(|wanted| wanted.contains(&dossier.technology.id));
    let dossiers = dossiers.list().iter().filter(wanted);
    let evidence = dossiers.flat_map(|dossier| &dossier.evidence).filter(|one| one.counts(as_of));
    let mut turns: Vec<SupportTurn> = evidence.flat_map(|one| turns_of(one, days)).collect();
    // The order of dossiers and of their facts stays within a day.
    turns.sort_by_key(|turn| turn.on);
    turns
}

fn turns_of(evidence: &Arc<Evidence>, days: &RangeInclusive<NaiveDate>) -> Vec<SupportTurn> {
    let FactDetail::Release(cycle) = &evidence.fact.detail else { return Vec::new() };
    let Some(before) = days.start().pred_opt() else { return Vec::new() };
    let within = cycle.changes_after(before).filter(|(on, ..)| days.contains(on));
    within.map(|(on, from, to)| SupportTurn { evidence: Arc::clone(evidence), on, from, to }).collect()
}

#[cfg(test)]
mod tests {
    use SupportStatus::{Active, EndOfLife, SecurityOnly};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        dossier::tests::{dossier, evidence, id},
        fact::FactKind,
        release_cycle::tests::{cycle, day},
        technology::TechnologyKind,
    };

    fn catalogue(technologies: &[(&str, &str, &str)]) -> Dossiers {
        let made = technologies.iter().map(|(slug, active, security)| {
            let mut made = dossier(slug, TechnologyKind::BackendFramework);
            let detail = FactDetail::Release(cycle("1", "2025-01-01", active, security));
            made.evidence.push(Arc::new(evidence(&format!("{slug}.cycle"), FactKind::Release, detail)));
            made
        });
        Dossiers::new(1, made.collect())
    }

    #[test]
    fn a_turn_is_told_on_its_first_day_and_in_order() {
        let dossiers =
            catalogue(&[("b", "2026-03-31", "2026-06-30"), ("a", "", "2026-03-31"), ("c", "OPEN", "OPEN")]);
        let (from, to) = (day("2026-04-01"), day("2026-07-01"));
        let turns = support_turns(&dossiers, None, &(from..=to), from);
        let told: Vec<_> = turns
            .iter()
            .map(|turn| (turn.evidence.fact.code.to_string(), turn.on, turn.from, turn.to))
            .collect();
        assert_eq!(
            told,
            [
                ("a.cycle".to_owned(), from, Active, EndOfLife),
                ("b.cycle".to_owned(), from, Active, SecurityOnly),
                ("b.cycle".to_owned(), to, SecurityOnly, EndOfLife),
            ]
        );
        assert_eq!(support_turns(&dossiers, Some(&[id("a")]), &(from..=to), from).len(), 1);
        assert_eq!(support_turns(&dossiers, Some(&[]), &(from..=to), from).len(), 0);
    }

    proptest! {
        #[test]
        fn days_that_follow_one_another_tell_each_turn_once(active in 0i64..400, security in 0i64..400, split in 0i64..900) {
            let start = day("2025-01-01");
            let after = |days| start + chrono::Duration::days(days);
            let (active, security) = (after(active).to_string(), after(active + security).to_string());
            let dossiers = catalogue(&[("a", &active, &security)]);
            let all = support_turns(&dossiers, None, &(start..=after(900)), start);
            let mut parts = support_turns(&dossiers, None, &(start..=after(split)), start);
            parts.extend(support_turns(&dossiers, None, &(after(split + 1)..=after(900)), start));
            prop_assert_eq!(all, parts);
        }
    }
}
