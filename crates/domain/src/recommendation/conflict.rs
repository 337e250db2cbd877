//! Conflicts: when nothing is feasible, which constraints rule everything out together, and which to give up.

/// The most sets of each sort that are told, the smallest first.
const MAX_SETS: usize = 20;

/// Why nothing is feasible. Constraints are told by their place from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflicts {
    /// The smallest sets of constraints that no technology passes together: without any one of its members, a set
    /// would let something through.
    pub minimal: Vec<Vec<usize>>,
    /// The smallest sets of constraints without which some technology passes.
    pub relaxations: Vec<Vec<usize>>,
}

/// Each technology breaks some constraints, one bit each. Giving up what one of them breaks lets it through; a set of
/// constraints that meets what each of them breaks lets nothing through.
pub(super) fn conflicts(broken: &[u32]) -> Conflicts {
    let relaxations = minimal(broken.to_vec());
    let mut hitting = if relaxations.is_empty() { Vec::new() } else { vec![0] };
    for set in &relaxations {
        hitting = minimal(hitting.iter().flat_map(|partial| extended(*partial, *set)).collect());
    }
    Conflicts { minimal: told(hitting), relaxations: told(relaxations) }
}

/// A set made to meet another one: as it is when it does, else with each member of the other.
fn extended(partial: u32, set: u32) -> Vec<u32> {
    if partial & set != 0 {
        return vec![partial];
    }
    bits(set).into_iter().map(|bit| partial | 1 << bit).collect()
}

/// Those sets that contain no other, the smallest first.
fn minimal(mut sets: Vec<u32>) -> Vec<u32> {
    sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
    sets.dedup();
    let mut kept: Vec<u32> = Vec::new();
    for set in sets {
        if kept.iter().all(|smaller| smaller & set != *smaller) {
            kept.push(set);
        }
    }
    kept
}

fn bits(set: u32) -> Vec<usize> {
    (0..u32::BITS).filter(|bit| set >> bit & 1 == 1).map(|bit| bit as usize).collect()
}

fn told(sets: Vec<u32>) -> Vec<Vec<usize>> {
    sets.into_iter().take(MAX_SETS).map(bits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_constraints_that_each_let_something_through_conflict_together() {
        let found = conflicts(&[0b01, 0b10]);
        assert_eq!(found.minimal, [vec![0, 1]]);
        assert_eq!(found.relaxations, [vec![0], vec![1]]);
    }

    proptest! {
        #[test]
        fn sets_are_conflicts_or_relaxations_and_minimal(broken in prop::collection::vec(1u32..256, 1..12)) {
            let found = conflicts(&broken);
            let mask = |set: &[usize]| set.iter().fold(0u32, |mask, at| mask | 1 << at);
            let infeasible = |kept: u32| broken.iter().all(|set| set & kept != 0);
            for set in &found.minimal {
                let set = mask(set);
                prop_assert!(infeasible(set));
                for bit in bits(set) {
                    prop_assert!(!infeasible(set & !(1 << bit)));
                }
            }
            for set in &found.relaxations {
                let set = mask(set);
                prop_assert!(!infeasible(0xff & !set));
                for bit in bits(set) {
                    prop_assert!(infeasible(0xff & !(set & !(1 << bit))));
                }
            }
            prop_assert!(!found.minimal.is_empty() && !found.relaxations.is_empty());
        }
    }
}
