//! Support health: where a technology stands with its release cycles on a day, why, what comes next and where to go.

use chrono::{Days, NaiveDate};

use crate::{
    code::codes,
    release_cycle::{ReleaseCycle, SupportPhase, SupportStatus, in_phases},
    version,
};

/// How far ahead support counts in full for the score, in days: two years, about what a team needs to plan, pay for
/// and carry out a large upgrade.
pub const FULL_SCORE_DAYS: i64 = 730;
/// How near an end must be to be a reason of its own, in days: half a year.
pub const SOON_DAYS: u64 = 180;

codes! {
    /// Why a technology's support is judged as it is.
    HealthReasonKind as "health reason" {
        /// The catalogue has no release cycle of it.
        NoCycleKnown,
        /// No release cycle matches the version that was asked about.
        VersionNotKnown,
        /// The version in use was not told.
        VersionNotGiven,
        /// The catalogue knows nothing of the name.
        NameNotKnown,
        /// The name stands for several technologies.
        NameAmbiguous,
        /// Bugs of the cycle are mended.
        ActivelySupported,
        /// Only security faults of the cycle are mended.
        SecurityFixesOnly,
        /// Only those who have extended support get the cycle mended.
        ExtendedSupportOnly,
        /// Support of the cycle is over.
        SupportEnded,
        /// The cycle is announced and not released.
        NotReleased,
        /// Nobody has declared when support of the cycle ends.
        EndNotDeclared,
        /// The status changes within half a year.
        ChangesSoon,
        /// A newer cycle is supported.
        NewerCycle,
    }
}

/// One reason, with the cycles that it rests on by their place in the list that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReason {
    /// Which reason.
    pub kind: HealthReasonKind,
    /// The reason in a sentence.
    pub message: String,
    /// The cycles that it rests on.
    pub cycles: Vec<usize>,
}

/// A change of status that is declared for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportEvent {
    /// The cycle whose status changes, by its place in the list that was judged.
    pub cycle: usize,
    /// The first day of the new status.
    pub on: NaiveDate,
    /// The status before.
    pub from: SupportStatus,
    /// The status from that day on.
    pub to: SupportStatus,
}

/// Where a technology, or one version of it, stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportHealth {
    /// The status of the judged cycle; not declared when there is none.
    pub status: SupportStatus,
    /// The share of the next two years for which at least security fixes are declared, from 0 to 1; absent when no
    /// end is declared.
    pub score: Option<f64>,
    /// The judged cycle, by its place in the list.
    pub current: Option<usize>,
    /// The next declared change of its status.
    pub next_event: Option<SupportEvent>,
    /// Why.
    pub reasons: Vec<HealthReason>,
    /// The supported cycles that came out after the judged one, the nearest first.
    pub upgrade_path: Vec<usize>,
}

/// The cycle that stands for a technology on a day: the newest that is supported; failing that the newest with
/// extended support, the newest that has ended, the next to come.
pub fn current_cycle(cycles: &[ReleaseCycle], as_of: NaiveDate) -> Option<usize> {
    let rank = |status: SupportStatus| match status {
        SupportStatus::Active | SupportStatus::SecurityOnly | SupportStatus::NotDeclared => 3,
        SupportStatus::ExtendedOnly => 2,
        SupportStatus::EndOfLife => 1,
        SupportStatus::Upcoming => 0,
    };
    let newest = |left: usize, right: usize| {
        let (left, right) = (&cycles[left], &cycles[right]);
        left.released_on.cmp(&right.released_on).then_with(|| version::compare(&left.cycle, &right.cycle))
    };
    (0..cycles.len()).max_by(|left, right| {
        rank(cycles[*left].status(as_of)).cmp(&rank(cycles[*right].status(as_of))).then_with(|| {
            let upcoming = cycles[*left].status(as_of) == SupportStatus::Upcoming;
            if upcoming { newest(*right, *left) } else { newest(*left, *right) }
        })
    })
}

/// Where a technology stands from day to day: the status of its [current cycle](current_cycle), phase by phase. Before
/// the first phase, and without any cycle, nothing is declared.
pub fn support_timeline(cycles: &[ReleaseCycle]) -> Vec<SupportPhase> {
    let mut turns: Vec<NaiveDate> =
        cycles.iter().flat_map(|cycle| cycle.phases().into_iter().map(|phase| phase.from)).collect();
    turns.push(NaiveDate::MIN);
    turns.sort_unstable();
    turns.dedup();
    in_phases(turns.into_iter().map_while(|day| {
        let at = current_cycle(cycles, day)?;
        Some((day, cycles[at].status(day)))
    }))
}

/// The cycle to which a version belongs: the one named like it, or the longest name that begins it.
pub fn cycle_of_version(cycles: &[ReleaseCycle], version: &str) -> Option<usize> {
    let version = version.trim().trim_start_matches('v');
    let begins = |cycle: &str| {
        version.strip_prefix(cycle).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
    };
    (0..cycles.len()).filter(|at| begins(&cycles[*at].cycle)).max_by_key(|at| cycles[*at].cycle.len())
}

/// Judges the release cycles of a technology, or the cycle of one version.
pub fn support_health(cycles: &[ReleaseCycle], version: Option<&str>, as_of: NaiveDate) -> SupportHealth {
    let current = match version {
        Some(version) => cycle_of_version(cycles, version),
        None => current_cycle(cycles, as_of),
    };
    let Some(at) = current else {
        return unknown(cycles, version);
    };
    let cycle = &cycles[at];
    let status = cycle.status(as_of);
    let next_event = cycle.next_turn(as_of).map(|(on, to)| SupportEvent { cycle: at, on, from: status, to });
    let upgrade_path = upgrade_path(cycles, at, as_of);
    let mut reasons = vec![main_reason(cycle, at, as_of)];
    reasons.extend(next_event.filter(|event| soon(event.on, as_of)).map(|event| changes_soon(cycle, event)));
    if let Some(newest) = upgrade_path.last() {
        let message = format!("{} is newer and supported.", cycles[*newest].cycle);
        reasons.push(HealthReason { kind: HealthReasonKind::NewerCycle, message, cycles: vec![*newest] });
    }
    SupportHealth { status, score: score(cycle, as_of), current, next_event, reasons, upgrade_path }
}

fn unknown(cycles: &[ReleaseCycle], version: Option<&str>) -> SupportHealth {
    let (kind, message) = match version.filter(|_| !cycles.is_empty()) {
        Some(version) => {
            let shown = crate::text::excerpt(version);
            (HealthReasonKind::VersionNotKnown, format!("No release cycle of the catalogue holds {shown}."))
        }
        None => (HealthReasonKind::NoCycleKnown, "The catalogue has no release cycle of it.".to_owned()),
    };
    SupportHealth {
        status: SupportStatus::NotDeclared,
        score: None,
        current: None,
        next_event: None,
        reasons: vec![HealthReason { kind, message, cycles: vec![] }],
        upgrade_path: vec![],
    }
}

pub(crate) fn soon(on: NaiveDate, as_of: NaiveDate) -> bool {
    as_of.checked_add_days(Days::new(SOON_DAYS)).is_some_and(|horizon| on <= horizon)
}

fn changes_soon(cycle: &ReleaseCycle, event: SupportEvent) -> HealthReason {
    let what = match event.to {
        SupportStatus::Upcoming | SupportStatus::NotDeclared => "changes",
        SupportStatus::Active => "is released",
        SupportStatus::SecurityOnly => "gets security fixes only",
        SupportStatus::ExtendedOnly => "is left to extended support",
        SupportStatus::EndOfLife => "is no longer supported",
    };
    let message = format!("From {} on {} {what}.", event.on, cycle.cycle);
    HealthReason { kind: HealthReasonKind::ChangesSoon, message, cycles: vec![event.cycle] }
}

fn main_reason(cycle: &ReleaseCycle, at: usize, as_of: NaiveDate) -> HealthReason {
    use crate::release_cycle::SupportEnd;
    let name = &cycle.cycle;
    let until = |end: Option<SupportEnd>| match end.and_then(SupportEnd::day) {
        Some(day) => format!("until {day}"),
        None => "with no declared end".to_owned(),
    };
    let (kind, message) = match cycle.status(as_of) {
        SupportStatus::Active => {
            let end = until(cycle.active_until.or(cycle.security_until));
            (HealthReasonKind::ActivelySupported, format!("{name} is actively supported {end}."))
        }
        SupportStatus::SecurityOnly => {
            let end = until(cycle.security_until);
            (HealthReasonKind::SecurityFixesOnly, format!("{name} gets security fixes only, {end}."))
        }
        SupportStatus::ExtendedOnly => {
            let end = until(cycle.extended_until);
            (HealthReasonKind::ExtendedSupportOnly, format!("{name} has extended support only, {end}."))
        }
        SupportStatus::EndOfLife => {
            let end = cycle.ended_on(as_of).map_or("on an unknown day".to_owned(), |day| format!("on {day}"));
            (HealthReasonKind::SupportEnded, format!("Support of {name} ended {end}."))
        }
        SupportStatus::Upcoming => {
            (HealthReasonKind::NotReleased, format!("{name} comes out on {}.", cycle.released_on))
        }
        SupportStatus::NotDeclared => {
            (HealthReasonKind::EndNotDeclared, format!("Nobody has declared how long {name} is supported."))
        }
    };
    HealthReason { kind, message, cycles: vec![at] }
}

fn score(cycle: &ReleaseCycle, as_of: NaiveDate) -> Option<f64> {
    use crate::release_cycle::SupportEnd;
    match cycle.status(as_of) {
        SupportStatus::EndOfLife | SupportStatus::ExtendedOnly => Some(0.0),
        SupportStatus::Upcoming | SupportStatus::NotDeclared => None,
        SupportStatus::Active | SupportStatus::SecurityOnly => {
            let end = cycle.security_until.or(cycle.active_until).and_then(SupportEnd::day)?;
            let days = (end - as_of).num_days().clamp(0, FULL_SCORE_DAYS);
            #[expect(clippy::cast_precision_loss, reason = "at most two years of days")]
            let share = days as f64 / FULL_SCORE_DAYS as f64;
            Some((share * 1_000.0).round() / 1_000.0)
        }
    }
}

fn upgrade_path(cycles: &[ReleaseCycle], from: usize, as_of: NaiveDate) -> Vec<usize> {
    let origin = &cycles[from];
    let later = |cycle: &ReleaseCycle| {
        cycle.released_on > origin.released_on
            && version::compare(&cycle.cycle, &origin.cycle).is_gt()
            && cycle.status(as_of).is_supported()
    };
    let mut path: Vec<usize> = (0..cycles.len()).filter(|at| later(&cycles[*at])).collect();
    path.sort_by_key(|at| cycles[*at].released_on);
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release_cycle::tests::{cycle, day};
    use proptest::prelude::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

    fn django() -> Vec<ReleaseCycle> {
        vec![
            cycle("6.1", "2026-08-05", "2027-04-30", "2027-12-31"),
            cycle("6.0", "2025-12-03", "2026-08-04", "2027-04-30"),
            cycle("5.2", "2025-04-02", "2025-12-03", "2028-04-30"),
            cycle("4.2", "2023-04-03", "2023-12-04", "2026-04-07"),
        ]
    }

    #[test]
    fn the_newest_supported_cycle_stands_for_a_technology() {
        let health = support_health(&django(), None, TODAY);
        assert_eq!((health.status, health.current), (SupportStatus::Active, Some(0)));
        assert_eq!(health.next_event.unwrap().on, day("2027-05-01"));
        assert_eq!(health.upgrade_path, Vec::<usize>::new());
        let kinds: Vec<_> = health.reasons.iter().map(|reason| reason.kind).collect();
        assert_eq!(kinds, [HealthReasonKind::ActivelySupported, HealthReasonKind::ChangesSoon]);
    }

    #[test]
    fn an_ended_version_is_told_when_it_ended_and_where_to_go() {
        let health = support_health(&django(), Some("4.2.16"), TODAY);
        assert_eq!(health.status, SupportStatus::EndOfLife);
        assert_eq!(health.score, Some(0.0));
        assert!(health.reasons[0].message.contains("2026-04-07"), "{:?}", health.reasons);
        assert_eq!(health.upgrade_path, [2, 1, 0]);
    }

    #[test]
    fn a_short_lived_release_does_not_hide_a_supported_one() {
        let java = [cycle("26", "2026-03-23", "", "2026-09-15"), cycle("25", "2025-09-23", "", "2031-09-30")];
        let health = support_health(&java, None, TODAY);
        assert_eq!((health.status, health.current), (SupportStatus::Active, Some(1)));
        assert_eq!(health.score, Some(1.0));
    }

    #[test]
    fn of_what_is_to_come_the_next_stands() {
        let lines = [cycle("2", "2027-01-01", "", ""), cycle("1", "2026-12-01", "", "")];
        let health = support_health(&lines, None, TODAY);
        assert_eq!((health.status, health.current), (SupportStatus::Upcoming, Some(1)));
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert_eq!(support_health(&[], None, TODAY).reasons[0].kind, HealthReasonKind::NoCycleKnown);
        let health = support_health(&django(), Some("7"), TODAY);
        assert_eq!(health.reasons[0].kind, HealthReasonKind::VersionNotKnown);
        assert_eq!(health.status, SupportStatus::NotDeclared);
    }

    #[test]
    fn a_version_belongs_to_the_longest_name_that_begins_it() {
        let lines = [cycle("5", "2020-01-01", "", ""), cycle("5.2", "2021-01-01", "", "")];
        assert_eq!(cycle_of_version(&lines, "5.2.17"), Some(1));
        assert_eq!(cycle_of_version(&lines, "v5.20"), Some(0));
        assert_eq!(cycle_of_version(&lines, "52"), None);
    }

    proptest! {
        #[test]
        fn the_score_never_rises_as_time_goes_by(security in 0i64..2_000, at in 0i64..2_000, later in 0i64..400) {
            let start = day("2020-01-01");
            let end = (start + chrono::Duration::days(security)).to_string();
            let lines = [cycle("1", "2020-01-01", "", &end)];
            let score = |days| support_health(&lines, None, start + chrono::Duration::days(days)).score;
            prop_assert!(score(at + later) <= score(at));
            prop_assert!((0.0..=1.0).contains(&score(at).unwrap()));
        }

        #[test]
        fn the_timeline_tells_what_the_health_of_each_day_tells(as_of in 0i64..4_000) {
            let as_of = day("2020-01-01") + chrono::Duration::days(as_of);
            let lines = django();
            let holding: Vec<_> = support_timeline(&lines).into_iter()
                .filter(|phase| phase.from <= as_of && phase.until.is_none_or(|until| as_of <= until))
                .collect();
            prop_assert_eq!(holding.len(), 1);
            prop_assert_eq!(holding[0].status, support_health(&lines, None, as_of).status);
        }

        #[test]
        fn every_step_of_an_upgrade_is_newer_and_supported(as_of in 0i64..3_000) {
            let as_of = day("2022-01-01") + chrono::Duration::days(as_of);
            let lines = django();
            for from in &lines {
                let health = support_health(&lines, Some(&from.cycle), as_of);
                for step in health.upgrade_path {
                    prop_assert!(lines[step].released_on > from.released_on);
                    prop_assert!(lines[step].status(as_of).is_supported());
                }
            }
        }
    }
}
