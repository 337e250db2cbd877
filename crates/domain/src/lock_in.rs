//! Lock-in: what makes it hard, or easy, to leave a provider.
//!
//! The score of a dimension is from 0 (nothing binds) to 1 (everything does). Each piece of evidence says 1 when it
//! raises lock-in, 0 when it lowers it, ½ when it does both, and weighs as much as its
//! [confidence](crate::confidence). What they say together is their weighted mean; how far it can be relied upon is
//! `c = 1 − ∏ (1 − confidence)`. What cannot be relied upon counts for ½, so that
//!
//! `score = c × mean + (1 − c) × ½`
//!
//! Weak evidence therefore stays near the middle. A dimension without evidence has no score: unknown is not freedom.
//! The overall score is the mean of the dimensions that have one. Beside it stands the range in which it would lie if
//! the others were known: with all of them at 0, and with all of them at 1.

use strum::VariantArray;

use crate::code::codes;

codes! {
    /// What binds an application to a provider.
    LockInDimension as "lock-in dimension" {
        /// The form of the data and how it gets out.
        Data,
        /// The interface against which the application is written.
        Api,
        /// The accounts of the users.
        Auth,
        /// Code that runs on the provider's side.
        Functions,
        /// How it is billed.
        Pricing,
        /// Under which terms the software may be used.
        License,
        /// Where it can run.
        Hosting,
        /// What the team learns that is good elsewhere.
        Skills,
    }
}

codes! {
    /// What a piece of evidence does to lock-in.
    LockInEffect as "lock-in effect" {
        /// It makes leaving harder.
        Raises,
        /// It makes leaving easier.
        Lowers,
        /// It does both; the statement says how.
        Mixed,
    }
}

impl LockInEffect {
    /// What evidence with this effect says of lock-in, from 0 to 1.
    pub fn weight(self) -> f64 {
        match self {
            Self::Raises => 1.0,
            Self::Mixed => 0.5,
            Self::Lowers => 0.0,
        }
    }
}

/// One piece of evidence that no verdict refutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// What binds an application.
    pub dimension: LockInDimension,
    /// What it does to it.
    pub effect: LockInEffect,
    /// How far it may be relied upon, from 0 to 1.
    pub confidence: f64,
}

/// How strongly one thing binds.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionScore {
    /// What binds an application.
    pub dimension: LockInDimension,
    /// How strongly, from 0 to 1; absent without evidence.
    pub score: Option<f64>,
    /// How far the evidence together may be relied upon, from 0 to 1.
    pub confidence: f64,
    /// Why, in a sentence.
    pub reason: String,
}

/// How strongly a provider binds an application.
#[derive(Debug, Clone, PartialEq)]
pub struct LockInScore {
    /// Every dimension.
    pub dimensions: Vec<DimensionScore>,
    /// The mean of those that have a score, from 0 to 1; absent when none has one.
    pub overall: Option<f64>,
    /// The mean if those without evidence did not bind at all.
    pub lowest: f64,
    /// The mean if those without evidence bound entirely.
    pub highest: f64,
    /// Why, in a sentence.
    pub reason: String,
}

/// Scores a provider by the evidence about it.
pub fn score(evidence: &[Evidence]) -> LockInScore {
    let dimensions: Vec<DimensionScore> =
        LockInDimension::VARIANTS.iter().map(|dimension| of_dimension(*dimension, evidence)).collect();
    let known: Vec<f64> = dimensions.iter().filter_map(|dimension| dimension.score).collect();
    let sum: f64 = known.iter().sum();
    let (all, scored) = (count(dimensions.len()), count(known.len()));
    LockInScore {
        overall: (!known.is_empty()).then(|| sum / scored),
        lowest: sum / all,
        highest: (sum + (all - scored)) / all,
        reason: format!("{} of {} dimensions have evidence.", known.len(), dimensions.len()),
        dimensions,
    }
}

#[expect(clippy::cast_precision_loss, reason = "evidence is counted in dozens")]
fn count(number: usize) -> f64 {
    number as f64
}

fn of_dimension(dimension: LockInDimension, evidence: &[Evidence]) -> DimensionScore {
    let about: Vec<&Evidence> = evidence.iter().filter(|one| one.dimension == dimension).collect();
    let weight: f64 = about.iter().map(|one| one.confidence).sum();
    let confidence = 1.0 - about.iter().map(|one| 1.0 - one.confidence).product::<f64>();
    let said: f64 = about.iter().map(|one| one.confidence * one.effect.weight()).sum();
    let score = (weight > 0.0).then(|| confidence * (said / weight) + (1.0 - confidence) * 0.5);
    DimensionScore { dimension, score, confidence, reason: reason(&about) }
}

fn reason(about: &[&Evidence]) -> String {
    if about.is_empty() {
        return "There is no evidence, which is not freedom.".to_owned();
    }
    let of = |effect, says: &str| {
        let count = about.iter().filter(|one| one.effect == effect).count();
        (count > 0).then(|| format!("{count} {says}"))
    };
    let parts = [
        of(LockInEffect::Raises, "raising it"),
        of(LockInEffect::Mixed, "doing both"),
        of(LockInEffect::Lowers, "lowering it"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("Evidence: {}; each weighed by its confidence.", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn evidence(dimension: LockInDimension, effect: LockInEffect, confidence: f64) -> Evidence {
        Evidence { dimension, effect, confidence }
    }

    fn some_evidence() -> impl Strategy<Value = Vec<Evidence>> {
        let one = (0..LockInDimension::VARIANTS.len(), 0..LockInEffect::VARIANTS.len(), 0.0..=1.0f64);
        prop::collection::vec(one, 0..12).prop_map(|all| {
            let of = |(dimension, effect, confidence): (usize, usize, f64)| {
                evidence(LockInDimension::VARIANTS[dimension], LockInEffect::VARIANTS[effect], confidence)
            };
            all.into_iter().map(of).collect()
        })
    }

    #[test]
    fn unknown_is_not_freedom() {
        let nothing = score(&[]);
        assert_eq!(nothing.overall, None);
        assert!((nothing.lowest, nothing.highest) == (0.0, 1.0));
        assert!(nothing.dimensions.iter().all(|dimension| dimension.score.is_none()));
        let worthless = score(&[evidence(LockInDimension::Api, LockInEffect::Lowers, 0.0)]);
        assert_eq!(worthless.overall, None, "evidence without any confidence is none");
    }

    #[test]
    fn weak_evidence_stays_near_the_middle() {
        let of = |effect, confidence| {
            score(&[evidence(LockInDimension::Api, effect, confidence)]).overall.unwrap()
        };
        assert!((of(LockInEffect::Raises, 0.8) - 0.9).abs() < 1e-12);
        assert!((of(LockInEffect::Lowers, 0.2) - 0.4).abs() < 1e-12);
        assert!((of(LockInEffect::Mixed, 0.8) - 0.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn scores_lie_between_0_and_1_and_in_their_range(all in some_evidence()) {
            let told = score(&all);
            let range = -1e-9..=1.0 + 1e-9;
            prop_assert!(told.lowest <= told.highest && range.contains(&told.lowest) && range.contains(&told.highest));
            for score in told.dimensions.iter().filter_map(|dimension| dimension.score).chain(told.overall) {
                prop_assert!(range.contains(&score), "{score}");
            }
        }

        #[test]
        fn what_raises_never_lowers_and_what_lowers_never_raises(
            all in some_evidence(), dimension in 0..LockInDimension::VARIANTS.len(), confidence in 0.001..=1.0f64,
        ) {
            let dimension = LockInDimension::VARIANTS[dimension];
            let of = |all: &[Evidence]| {
                score(all).dimensions.into_iter().find(|one| one.dimension == dimension).unwrap().score
            };
            let with = |effect| of(&[&all[..], &[evidence(dimension, effect, confidence)]].concat()).unwrap();
            if let Some(before) = of(&all) {
                prop_assert!(with(LockInEffect::Raises) >= before - 1e-9);
                prop_assert!(with(LockInEffect::Lowers) <= before + 1e-9);
            }
            prop_assert!(with(LockInEffect::Raises) >= 0.5 || of(&all).is_some());
        }
    }
}
