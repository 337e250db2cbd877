//! Release cycles: lines of releases and how long each is supported.

use chrono::NaiveDate;

use crate::{
    Error, Result,
    code::{codes, nearest},
    partial_date::PartialDate,
    text,
};

codes! {
    /// Where a release cycle stands on a day.
    SupportStatus as "support status" {
        /// Announced, not released yet.
        Upcoming,
        /// Bugs are mended.
        Active,
        /// Only security faults are mended.
        SecurityOnly,
        /// Only for those who have extended support, which may cost money.
        ExtendedOnly,
        /// Nothing is mended any more.
        EndOfLife,
        /// Nobody has declared how long it is supported.
        NotDeclared,
    }
}

impl SupportStatus {
    /// Whether somebody mends at least its security faults without further conditions, as far as is declared.
    pub fn is_supported(self) -> bool {
        matches!(self, Self::Active | Self::SecurityOnly | Self::NotDeclared)
    }
}

/// When a phase of support ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SupportEnd {
    /// After this day.
    On(NaiveDate),
    /// It goes on and no end is declared.
    Open,
    /// It is over, and the source does not say since when.
    Ended,
}

impl SupportEnd {
    const OPEN: &'static str = "OPEN";
    const ENDED: &'static str = "ENDED";

    /// Reads a day, `OPEN` or `ENDED`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        match text {
            Self::OPEN => Ok(Self::Open),
            Self::ENDED => Ok(Self::Ended),
            day => PartialDate::parse_day(field, day).map(Self::On).map_err(|_| {
                let hint = nearest(text, [Self::OPEN, Self::ENDED])
                    .map_or(String::new(), |near| format!(" Did you mean {near}?"));
                let shown = text::excerpt(text);
                Error::invalid(
                    field,
                    format!("`{shown}` is neither a day such as 2027-04-30 nor OPEN or ENDED.{hint}"),
                )
            }),
        }
    }

    /// The day, when one is known.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(day),
            Self::Open | Self::Ended => None,
        }
    }

    fn is_over(self, as_of: NaiveDate) -> bool {
        match self {
            Self::On(day) => as_of > day,
            Self::Open => false,
            Self::Ended => true,
        }
    }
}

impl std::fmt::Display for SupportEnd {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::On(day) => write!(formatter, "{day}"),
            Self::Open => formatter.write_str(Self::OPEN),
            Self::Ended => formatter.write_str(Self::ENDED),
        }
    }
}

/// A line of releases and how long it is supported. An end that no source states is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseCycle {
    /// The name of the line, mostly the beginning of its versions: `5.2`.
    pub cycle: String,
    /// The name that its makers gave it.
    pub codename: Option<String>,
    /// The day of its first release; in the future when it is announced.
    pub released_on: NaiveDate,
    /// Whether its makers support it for longer than others.
    pub long_term_support: bool,
    /// Until when bugs are mended.
    pub active_until: Option<SupportEnd>,
    /// Until when security faults are mended.
    pub security_until: Option<SupportEnd>,
    /// Until when extended support mends security faults.
    pub extended_until: Option<SupportEnd>,
    /// Its latest version when it was observed.
    pub latest: Option<String>,
    /// The day of the latest version.
    pub latest_on: Option<NaiveDate>,
}

/// A span of days in which a release cycle has one status; an open end is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportPhase {
    /// The status.
    pub status: SupportStatus,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl ReleaseCycle {
    /// Checks the texts and that the ends follow one another.
    pub fn validate(&self) -> Result<()> {
        text::line("release.cycle", &self.cycle)?;
        text::optional("release.codename", self.codename.as_deref(), text::line)?;
        text::optional("release.latest", self.latest.as_deref(), text::line)?;
        let days = [
            ("releasedOn", Some(self.released_on)),
            ("activeUntil", self.active_until.and_then(SupportEnd::day)),
            ("securityUntil", self.security_until.and_then(SupportEnd::day)),
            ("extendedUntil", self.extended_until.and_then(SupportEnd::day)),
        ];
        // Bugs are not mended any longer than security faults.
        let ends = [
            ("activeUntil", self.active_until),
            ("securityUntil", self.security_until),
            ("extendedUntil", self.extended_until),
        ];
        let given: Vec<_> = ends.into_iter().filter_map(|(name, end)| Some((name, end?))).collect();
        for pair in given.windows(2) {
            if (pair[0].1, pair[1].1) == (SupportEnd::Open, SupportEnd::Ended) {
                let message = format!("cannot be over while {} is open.", pair[0].0);
                return Err(Error::invalid(format!("release.{}", pair[1].0), message));
            }
        }
        let mut before = days[0];
        for (name, day) in days.into_iter().skip(1).filter(|(_, day)| day.is_some()) {
            if day < before.1 {
                let message = format!("lies before {}.", before.0);
                return Err(Error::invalid(format!("release.{name}"), message));
            }
            before = (name, day);
        }
        Ok(())
    }

    /// Where the cycle stands on a day. Extended support counts only while a day is declared for its end.
    pub fn status(&self, as_of: NaiveDate) -> SupportStatus {
        use SupportStatus as S;
        if self.released_on > as_of {
            return S::Upcoming;
        }
        let over = |end: Option<SupportEnd>| end.map(|end| end.is_over(as_of));
        let extended = matches!(self.extended_until, Some(SupportEnd::On(day)) if as_of <= day);
        match (over(self.active_until), over(self.security_until)) {
            (_, Some(true)) | (Some(true), None) if extended => S::ExtendedOnly,
            (_, Some(true)) => S::EndOfLife,
            (Some(false), _) => S::Active,
            (Some(true), Some(false)) => S::SecurityOnly,
            (None, _) if self.security_until.is_some_and(|end| end.day().is_some()) => S::Active,
            (Some(true) | None, _) => S::NotDeclared,
        }
    }

    /// The last day on which the cycle was supported without further conditions, when support is over and the
    /// day is known.
    pub fn ended_on(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        let over = matches!(self.status(as_of), SupportStatus::EndOfLife | SupportStatus::ExtendedOnly);
        let end = self.security_until.or(self.active_until)?;
        end.day().filter(|_| over)
    }

    /// The days on which the status changes by what is declared: the first day of each new status.
    fn turns(&self) -> Vec<NaiveDate> {
        let ends = [self.active_until, self.security_until, self.extended_until];
        let after = ends.into_iter().flatten().filter_map(SupportEnd::day).filter_map(|day| day.succ_opt());
        let mut turns: Vec<NaiveDate> = after.filter(|day| *day > self.released_on).collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    /// The first day after `as_of` on which the status changes, with the new status.
    pub fn next_turn(&self, as_of: NaiveDate) -> Option<(NaiveDate, SupportStatus)> {
        let now = self.status(as_of);
        [self.released_on]
            .into_iter()
            .chain(self.turns())
            .filter(|day| *day > as_of)
            .map(|day| (day, self.status(day)))
            .find(|(_, status)| *status != now)
    }

    /// The changes of its status after a day, by what is declared: the first day of the new status, the status before
    /// and the new one.
    pub fn changes_after(
        &self,
        day: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, SupportStatus, SupportStatus)> {
        let mut from = self.status(day);
        self.phases().into_iter().filter(move |phase| phase.from > day).map(move |phase| {
            let before = std::mem::replace(&mut from, phase.status);
            (phase.from, before, phase.status)
        })
    }

    /// The life of the cycle from its release, phase by phase.
    pub fn phases(&self) -> Vec<SupportPhase> {
        let days = [self.released_on].into_iter().chain(self.turns());
        in_phases(days.map(|day| (day, self.status(day))))
    }
}

/// Phases from the statuses of days in their order: a phase lasts until the day before another status.
pub(crate) fn in_phases(days: impl Iterator<Item = (NaiveDate, SupportStatus)>) -> Vec<SupportPhase> {
    let mut phases: Vec<SupportPhase> = Vec::new();
    for (from, status) in days {
        if let Some(last) = phases.last_mut() {
            if last.status == status {
                continue;
            }
            last.until = from.pred_opt();
        }
        phases.push(SupportPhase { status, from, until: None });
    }
    phases
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub(crate) fn cycle(name: &str, released: &str, active: &str, security: &str) -> ReleaseCycle {
        let end = |text: &str| (!text.is_empty()).then(|| SupportEnd::parse("end", text).unwrap());
        ReleaseCycle {
            cycle: name.to_owned(),
            codename: None,
            released_on: day(released),
            long_term_support: false,
            active_until: end(active),
            security_until: end(security),
            extended_until: None,
            latest: None,
            latest_on: None,
        }
    }

    #[test]
    fn a_line_goes_from_active_to_security_only_to_its_end() {
        let django = cycle("5.2", "2025-04-02", "2025-12-03", "2028-04-30");
        for (on, status) in [
            ("2025-04-01", SupportStatus::Upcoming),
            ("2025-12-03", SupportStatus::Active),
            ("2025-12-04", SupportStatus::SecurityOnly),
            ("2028-04-30", SupportStatus::SecurityOnly),
            ("2028-05-01", SupportStatus::EndOfLife),
        ] {
            assert_eq!(django.status(day(on)), status, "{on}");
        }
        assert_eq!(django.ended_on(day("2028-05-01")), Some(day("2028-04-30")));
        assert_eq!(django.ended_on(day("2026-11-23")), None);
        assert_eq!(django.next_turn(day("2026-11-23")), Some((day("2028-05-01"), SupportStatus::EndOfLife)));
    }

    #[test]
    fn what_nobody_declared_is_not_called_supported_or_ended() {
        let express = cycle("5", "2024-09-09", "", "OPEN");
        assert_eq!(express.status(day("2026-11-23")), SupportStatus::NotDeclared);
        assert_eq!(express.next_turn(day("2026-11-23")), None);
        let open = cycle("1.8", "2025-08-05", "OPEN", "OPEN");
        assert_eq!(open.status(day("2026-11-23")), SupportStatus::Active);
        assert_eq!(cycle("0", "2020-01-01", "", "ENDED").status(day("2026-11-23")), SupportStatus::EndOfLife);
    }

    #[test]
    fn extended_support_counts_only_with_a_declared_end() {
        let mut boot = cycle("3.5", "2025-05-31", "", "2026-06-30");
        boot.extended_until = Some(SupportEnd::On(day("2032-06-30")));
        assert_eq!(boot.status(day("2026-11-23")), SupportStatus::ExtendedOnly);
        assert_eq!(boot.ended_on(day("2026-11-23")), Some(day("2026-06-30")));
        boot.extended_until = Some(SupportEnd::Open);
        assert_eq!(boot.status(day("2026-11-23")), SupportStatus::EndOfLife);
    }

    #[test]
    fn ends_that_do_not_follow_one_another_are_refused() {
        let wrong = cycle("1", "2025-01-01", "2026-01-01", "2025-06-01");
        assert!(wrong.validate().unwrap_err().to_string().starts_with("release.securityUntil: lies before"));
        assert!(SupportEnd::parse("end", "OPN").unwrap_err().to_string().contains("Did you mean OPEN?"));
    }

    proptest! {
        #[test]
        fn phases_cover_every_day_once_and_tell_its_status(active in 0i64..1_500, security in 0i64..1_500, on in 0i64..4_000) {
            let start = day("2020-01-01");
            let after = |days| start + chrono::Duration::days(days);
            let mut line = cycle("1", "2020-01-01", "", "");
            line.active_until = Some(SupportEnd::On(after(active)));
            line.security_until = Some(SupportEnd::On(after(active + security)));
            let on = after(on);
            let holding: Vec<_> = line.phases().into_iter()
                .filter(|phase| phase.from <= on && phase.until.is_none_or(|until| on <= until))
                .collect();
            prop_assert_eq!(holding.len(), 1);
            prop_assert_eq!(holding[0].status, line.status(on));
        }

        #[test]
        fn support_only_ever_shrinks(active in 0i64..1_500, security in 0i64..1_500, on in 0i64..4_000, later in 0i64..400) {
            let start = day("2020-01-01");
            let mut line = cycle("1", "2020-01-01", "", "");
            line.active_until = Some(SupportEnd::On(start + chrono::Duration::days(active)));
            line.security_until = Some(SupportEnd::On(start + chrono::Duration::days(active + security)));
            let at = |days| line.status(start + chrono::Duration::days(days));
            prop_assert!(at(on + later) >= at(on));
        }
    }
}
