//! Sensitivity: the smallest change of one weight that makes another candidate win.
//!
//! The lead of the winner over a candidate is a straight line in the weight of each criterion, so the weight at which
//! it vanishes is computed, not searched for.

use strum::VariantArray;

use super::{CRITERIA, Scored, Weights};
use crate::{dossier::Dossier, selection_criterion::Criterion};

/// The weight of a criterion at which another candidate draws level with the winner; any further and it wins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flip {
    /// Which criterion.
    pub criterion: Criterion,
    /// Its weight as given.
    pub from_weight: f64,
    /// The weight at which both are level, on the scale of the weights given.
    pub to_weight: f64,
    /// The candidate that wins beyond, by its place from 0.
    pub winner: usize,
}

/// The smallest changes, by criterion. A criterion that no change of makes another win is left out.
pub(super) fn flips<'a>(ranked: &[Scored<'a>], weights: &Weights) -> Vec<(Flip, &'a Dossier)> {
    let values: Vec<[f64; CRITERIA]> = ranked.iter().map(|scored| scored.values).collect();
    let of = |at: usize| flip(&values, weights, at).map(|flip| (flip, ranked[flip.winner].dossier));
    (0..CRITERIA).filter_map(of).collect()
}

/// The change for one criterion, where the first candidate wins.
pub(super) fn flip(values: &[[f64; CRITERIA]], weights: &Weights, at: usize) -> Option<Flip> {
    let (winner, others) = values.split_first()?;
    let rest: f64 =
        weights.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, weight)| weight).sum();
    let change = |other: &[f64; CRITERIA]| {
        let lead: f64 = (0..CRITERIA).map(|at| weights[at] * (winner[at] - other[at])).sum();
        let gain = other[at] - winner[at];
        let change = lead.max(0.0) / gain;
        let to = weights[at] + change;
        // Below nothing no weight goes, and without any weight nobody wins.
        let possible = gain > 0.0 || (gain < 0.0 && to >= 0.0 && rest > 0.0);
        possible.then_some((change, gain))
    };
    let changes = others.iter().enumerate().filter_map(|(place, other)| Some((place + 1, change(other)?)));
    let nearest = changes.min_by(|(_, left), (_, right)| {
        // Of those that draw level at the same weight, the one that gains most wins beyond it.
        left.0.abs().total_cmp(&right.0.abs()).then_with(|| right.1.abs().total_cmp(&left.1.abs()))
    });
    let (winner, (change, _)) = nearest?;
    let criterion = Criterion::VARIANTS[at];
    Some(Flip { criterion, from_weight: weights[at], to_weight: weights[at] + change, winner })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn winner(values: &[[f64; CRITERIA]], weights: &Weights) -> usize {
        let score = |values: &[f64; CRITERIA]| super::super::score(weights, values);
        (0..values.len())
            .max_by(|left, right| {
                score(&values[*left]).total_cmp(&score(&values[*right])).then_with(|| right.cmp(left))
            })
            .unwrap()
    }

    fn numbers(range: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = [f64; CRITERIA]> {
        prop::collection::vec(range, CRITERIA)
            .prop_map(|list| std::array::from_fn(|at| f64::from(list[at]) / 10.0))
    }

    proptest! {
        #[test]
        fn the_flip_really_flips_and_a_hair_less_does_not(
            mut values in prop::collection::vec(numbers(-10..=10), 2..8),
            weights in numbers(0..=30),
            at in 0..CRITERIA,
        ) {
            prop_assume!(weights.iter().sum::<f64>() > 0.0);
            let first = winner(&values, &weights);
            values.swap(0, first);
            let at_weight = |weight: f64| {
                let mut changed = weights;
                changed[at] = weight;
                winner(&values, &changed)
            };
            let Some(flip) = flip(&values, &weights, at) else {
                for weight in [0.0, 0.5, 1.0, 10.0, 1e3, 1e6] {
                    let mut changed = weights;
                    changed[at] = weight;
                    prop_assume!(changed.iter().sum::<f64>() > 0.0);
                    // Whoever is as good in everything may stand beside the winner, never before it.
                    let best = super::super::score(&changed, &values[at_weight(weight)]);
                    prop_assert!(best - super::super::score(&changed, &values[0]) < 1e-9);
                }
                return Ok(());
            };
            let change = flip.to_weight - flip.from_weight;
            let further = flip.from_weight + change * (1.0 + 1e-6) + change.signum() * 1e-9;
            if further >= 0.0 && change.abs() > 1e-9 {
                prop_assert_ne!(at_weight(further), 0);
                prop_assert_eq!(at_weight(flip.from_weight + change * (1.0 - 1e-6)), 0);
            }
        }
    }
}
