//! Robustness: how often each candidate wins over all weightings that agree with the order of importance.
//!
//! Weightings are drawn evenly from all that keep the stated order: what weighs more still weighs more, what weighs
//! the same may come in any order, what weighs nothing still does. The numbers come from a generator with a fixed
//! seed, whose stream is the same everywhere: the same question has the same answer.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use super::{CRITERIA, Scored, Weights};
use crate::dossier::Dossier;

/// The most weightings.
const MAX_WEIGHTINGS: usize = 1_000;
/// The most scores that are computed: of many candidates over fewer weightings.
const MAX_SCORES: usize = 1_000_000;
/// The seed: the same for everyone.
const SEED: u64 = 0x5374_6163_6b66_6974;

/// How a candidate fares.
#[derive(Debug, Clone, PartialEq)]
pub struct RankShare<'a> {
    /// The candidate.
    pub dossier: &'a Dossier,
    /// The share of the weightings under which it wins, from 0 to 1.
    pub first_place_share: f64,
    /// Its mean rank, from 1.
    pub expected_rank: f64,
}

/// How the first `shown` candidates fare among all, and over how many weightings.
pub(super) fn rank_shares<'a>(
    ranked: &[Scored<'a>],
    shown: usize,
    weights: &Weights,
) -> (Vec<RankShare<'a>>, usize) {
    if ranked.is_empty() {
        return (Vec::new(), 0);
    }
    let weightings = (MAX_SCORES / ranked.len()).clamp(1, MAX_WEIGHTINGS);
    let columns = columns(ranked, weights);
    let mut draw = Draw::new(weights);
    let mut wins = vec![0_u32; shown];
    let mut ranks = vec![0_u64; shown];
    let mut scores = vec![0.0; ranked.len()];
    for _ in 0..weightings {
        add_up(&draw.next(), &columns, &mut scores);
        for at in 0..shown {
            let ahead = ahead_of(at, &scores);
            wins[at] += u32::from(ahead == 0);
            ranks[at] += ahead + 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "at most a million ranks of a few thousand")]
    let share = |at: usize| RankShare {
        dossier: ranked[at].dossier,
        first_place_share: f64::from(wins[at]) / weightings as f64,
        expected_rank: ranks[at] as f64 / weightings as f64,
    };
    ((0..shown).map(share).collect(), weightings)
}

/// The values of all candidates under each criterion that weighs something.
fn columns(ranked: &[Scored<'_>], weights: &Weights) -> Vec<(usize, Vec<f64>)> {
    let column = |at: usize| (at, ranked.iter().map(|scored| scored.values[at]).collect());
    (0..CRITERIA).filter(|at| weights[*at] > 0.0).map(column).collect()
}

fn add_up(weights: &Weights, columns: &[(usize, Vec<f64>)], scores: &mut [f64]) {
    scores.fill(0.0);
    for (at, values) in columns {
        for (score, value) in scores.iter_mut().zip(values) {
            *score += weights[*at] * value;
        }
    }
}

/// How many come before a candidate; of equal ones, those that come before it anyway.
fn ahead_of(at: usize, scores: &[f64]) -> u64 {
    let own = scores[at];
    let before = scores[..at].iter().filter(|score| **score >= own).count();
    let after = scores[at + 1..].iter().filter(|score| **score > own).count();
    (before + after) as u64
}

/// Draws weightings that keep an order.
struct Draw {
    generator: ChaCha8Rng,
    /// The criteria that weigh something, the heaviest first, those of equal weight together.
    groups: Vec<Vec<usize>>,
}

impl Draw {
    fn new(weights: &Weights) -> Self {
        let mut order: Vec<usize> = (0..CRITERIA).filter(|at| weights[*at] > 0.0).collect();
        order.sort_by(|left, right| weights[*right].total_cmp(&weights[*left]));
        let groups = order.chunk_by(|left, right| weights[*left].total_cmp(&weights[*right]).is_eq());
        let groups = groups.map(<[usize]>::to_vec).collect();
        Self { generator: ChaCha8Rng::seed_from_u64(SEED), groups }
    }

    /// Evenly from 0 (exclusive) to 1 (inclusive).
    fn uniform(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let share = ((self.generator.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        share
    }

    /// Exponential numbers, divided by their sum, lie evenly on all weightings; sorted, on those of one order.
    fn next(&mut self) -> Weights {
        let count = self.groups.iter().map(Vec::len).sum();
        let mut sizes: Vec<f64> = (0..count).map(|_| -self.uniform().ln()).collect();
        sizes.sort_by(|left, right| right.total_cmp(left));
        let mut sizes = sizes.into_iter();
        let mut weights = [0.0; CRITERIA];
        for group in 0..self.groups.len() {
            self.shuffle(group);
            for at in &self.groups[group] {
                weights[*at] = sizes.next().unwrap_or(0.0);
            }
        }
        weights
    }

    fn shuffle(&mut self, group: usize) {
        for end in (1..self.groups[group].len()).rev() {
            let bound = u64::try_from(end).unwrap_or(0) + 1;
            let other = usize::try_from(self.generator.next_u64() % bound).unwrap_or(0);
            self.groups[group].swap(end, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_weighting_keeps_the_order(list in prop::collection::vec(0u8..4, CRITERIA)) {
            let weights: Weights = std::array::from_fn(|at| f64::from(list[at]));
            let mut draw = Draw::new(&weights);
            for _ in 0..20 {
                let drawn = draw.next();
                for left in 0..CRITERIA {
                    prop_assert_eq!(drawn[left] > 0.0, weights[left] > 0.0);
                    for right in 0..CRITERIA {
                        prop_assert!(weights[left] <= weights[right] || drawn[left] >= drawn[right]);
                    }
                }
            }
        }
    }

    #[test]
    fn equal_weights_come_in_every_order() {
        let mut weights = [0.0; CRITERIA];
        (weights[0], weights[1]) = (1.0, 1.0);
        let mut draw = Draw::new(&weights);
        let first = (0..1_000)
            .filter(|_| {
                let drawn = draw.next();
                drawn[0] > drawn[1]
            })
            .count();
        assert!((400..600).contains(&first), "{first}");
    }
}
