//! Freshness: how old the observation behind a fact is, measured by how fast its kind of fact changes.

use chrono::{Days, NaiveDate};

use crate::{code::codes, fact::FactKind};

codes! {
    /// How old the observation behind a fact is.
    Freshness as "freshness" {
        /// Not older than the shelf life of its kind.
        Fresh,
        /// Older than the shelf life, not older than twice.
        Aging,
        /// Older than twice the shelf life.
        Stale,
        /// It is not known when it was observed.
        Unknown,
    }
}

impl Freshness {
    /// How far the age lets a fact be believed, from 0 to 1: the last factor of
    /// [confidence](crate::confidence).
    pub fn weight(self) -> f64 {
        match self {
            Self::Fresh => 1.0,
            Self::Aging => 0.85,
            Self::Stale | Self::Unknown => 0.6,
        }
    }
}

/// For how many days an observation of this kind stays fresh. Prices and releases change within a quarter,
/// measurements within half a year, features within a year, judgements within two, definitions and what has
/// already happened hardly ever.
pub fn shelf_life_days(kind: FactKind) -> u64 {
    match kind {
        FactKind::Release | FactKind::Price => 90,
        FactKind::Metric => 180,
        FactKind::Capability | FactKind::Ranking | FactKind::Market => 365,
        FactKind::Attribute
        | FactKind::Pro
        | FactKind::Con
        | FactKind::Benefit
        | FactKind::Claim
        | FactKind::Adoption
        | FactKind::Recommendation => 730,
        FactKind::FitRule => 1_095,
        FactKind::Relation | FactKind::Outcome => 1_825,
        FactKind::Definition | FactKind::Criterion | FactKind::Event | FactKind::Defect => 3_650,
    }
}

/// The freshness on `today` of a fact of `kind` that was observed on a day.
pub fn freshness(kind: FactKind, observed_on: Option<NaiveDate>, today: NaiveDate) -> Freshness {
    let Some(observed_on) = observed_on else {
        return Freshness::Unknown;
    };
    let age = (today - observed_on).num_days().max(0).unsigned_abs();
    let life = shelf_life_days(kind);
    if age <= life {
        Freshness::Fresh
    } else if age <= 2 * life {
        Freshness::Aging
    } else {
        Freshness::Stale
    }
}

/// The observation days, from (exclusive) and to (inclusive), that have a freshness on `today`; an absent end
/// is open. Nothing for [`Freshness::Unknown`], which has no day.
pub fn observed_between(
    kind: FactKind,
    wanted: Freshness,
    today: NaiveDate,
) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
    let life = shelf_life_days(kind);
    let ago = |days: u64| today.checked_sub_days(Days::new(days + 1)).unwrap_or(NaiveDate::MIN);
    match wanted {
        Freshness::Fresh => Some((Some(ago(life)), None)),
        Freshness::Aging => Some((Some(ago(2 * life)), Some(ago(life)))),
        Freshness::Stale => Some((None, Some(ago(2 * life)))),
        Freshness::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::VariantArray;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

    #[test]
    fn a_feature_of_2023_is_stale_in_2026_and_a_definition_is_not() {
        let observed = NaiveDate::from_ymd_opt(2023, 12, 31);
        assert_eq!(freshness(FactKind::Capability, observed, TODAY), Freshness::Stale);
        assert_eq!(freshness(FactKind::Claim, observed, TODAY), Freshness::Aging);
        assert_eq!(freshness(FactKind::Definition, observed, TODAY), Freshness::Fresh);
        assert_eq!(freshness(FactKind::Definition, None, TODAY), Freshness::Unknown);
    }

    proptest! {
        #[test]
        fn facts_only_grow_older(kind in 0..FactKind::VARIANTS.len(), age in 0u64..9_000, more in 0u64..9_000) {
            let kind = FactKind::VARIANTS[kind];
            let at = |days| freshness(kind, TODAY.checked_sub_days(Days::new(days)), TODAY);
            prop_assert!(at(age + more) >= at(age));
        }

        #[test]
        fn the_days_of_a_freshness_are_exactly_those_that_have_it(kind in 0..FactKind::VARIANTS.len(), age in 0u64..9_000) {
            let kind = FactKind::VARIANTS[kind];
            let day = TODAY.checked_sub_days(Days::new(age)).unwrap();
            for wanted in [Freshness::Fresh, Freshness::Aging, Freshness::Stale] {
                let (after, until) = observed_between(kind, wanted, TODAY).unwrap();
                let inside = after.is_none_or(|after| day > after) && until.is_none_or(|until| day <= until);
                prop_assert_eq!(inside, freshness(kind, Some(day), TODAY) == wanted);
            }
        }
    }
}
