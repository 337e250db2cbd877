//! Migration paths: ways from one technology to another, alone and one after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{id::Id, subject::Subject};

/// The most steps of a route.
pub const MAX_HOPS: usize = 5;
/// The most routes that are told.
pub const MAX_ROUTES: usize = 20;

/// A way that a fact tells of, from one technology to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Where it leads from.
    pub from: Id<Subject>,
    /// Where it leads to.
    pub to: Id<Subject>,
}

/// One step of a route: the ways that lead from one technology to the next, by their places.
pub type Step = Vec<usize>;

/// The routes from one technology to another, with at most `max_hops` steps, the shortest first, at most
/// [`MAX_ROUTES`]. No route comes to the same technology twice. Of routes that are as long as each other, the one whose
/// first ways come first in the list is told first.
pub fn routes(ways: &[Way], from: Id<Subject>, to: Id<Subject>, max_hops: usize) -> Vec<Vec<Step>> {
    let left = hops_left(ways, to);
    let onward = by(ways, |way| way.from);
    let mut found = Vec::new();
    let mut begun: VecDeque<Vec<Id<Subject>>> = VecDeque::from([vec![from]]);
    // Routes are prolonged in the order of their length, and only towards the goal.
    while let Some(places) = begun.pop_front() {
        let hops = places.len() - 1;
        let Some(last) = places.last() else { continue };
        if *last == to {
            if hops > 0 {
                found.push(steps(ways, &places));
            }
            if found.len() == MAX_ROUTES {
                break;
            }
            continue;
        }
        let reaches = |next: &Id<Subject>| left.get(next).is_some_and(|left| hops + 1 + left <= max_hops);
        let mut seen = BTreeSet::new();
        for way in onward.get(last).into_iter().flatten() {
            if !places.contains(&way.to) && reaches(&way.to) && seen.insert(way.to) {
                begun.push_back([&places[..], &[way.to]].concat());
            }
        }
        begun.truncate(MAX_BEGUN);
    }
    found
}

/// The most routes that are thought of at a time: with more, the last ones are given up.
const MAX_BEGUN: usize = 10_000;

fn by(ways: &[Way], end: fn(&Way) -> Id<Subject>) -> BTreeMap<Id<Subject>, Vec<Way>> {
    let mut grouped: BTreeMap<Id<Subject>, Vec<Way>> = BTreeMap::new();
    for way in ways {
        grouped.entry(end(way)).or_default().push(*way);
    }
    grouped
}

/// The fewest steps from each technology to the goal.
fn hops_left(ways: &[Way], to: Id<Subject>) -> BTreeMap<Id<Subject>, usize> {
    let back = by(ways, |way| way.to);
    let mut left = BTreeMap::from([(to, 0)]);
    let mut reached = VecDeque::from([to]);
    while let Some(at) = reached.pop_front() {
        let hops = left[&at] + 1;
        for way in back.get(&at).into_iter().flatten() {
            left.entry(way.from).or_insert_with(|| {
                reached.push_back(way.from);
                hops
            });
        }
    }
    left
}

fn steps(ways: &[Way], places: &[Id<Subject>]) -> Vec<Step> {
    let step = |pair: &[Id<Subject>]| {
        let leads = |at: &usize| ways[*at] == Way { from: pair[0], to: pair[1] };
        (0..ways.len()).filter(leads).collect()
    };
    places.windows(2).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: u8) -> Id<Subject> {
        Id::named(&number.to_string())
    }

    fn ways(pairs: &[(u8, u8)]) -> Vec<Way> {
        pairs.iter().map(|(from, to)| Way { from: id(*from), to: id(*to) }).collect()
    }

    #[test]
    fn the_shortest_comes_first_and_parallel_ways_are_one_step() {
        let ways = ways(&[(1, 2), (2, 3), (1, 3), (1, 3), (3, 1), (3, 3)]);
        assert_eq!(routes(&ways, id(1), id(3), 5), [vec![vec![2, 3]], vec![vec![0], vec![1]]]);
        assert_eq!(routes(&ways, id(1), id(3), 1), [vec![vec![2, 3]]]);
        assert!(routes(&ways, id(1), id(9), 5).is_empty());
        assert!(routes(&ways, id(3), id(3), 5).is_empty(), "a way to itself is no route to another");
    }

    #[test]
    fn a_dense_graph_is_no_burden() {
        let pairs: Vec<(u8, u8)> = (0..40).flat_map(|from| (0..40).map(move |to| (from, to))).collect();
        assert_eq!(routes(&ways(&pairs), id(0), id(1), MAX_HOPS).len(), MAX_ROUTES);
    }

    proptest! {
        #[test]
        fn routes_lead_from_one_to_the_other_without_a_cycle(
            pairs in prop::collection::vec((0u8..7, 0u8..7), 0..16), hops in 1usize..=MAX_HOPS,
        ) {
            let ways = ways(&pairs);
            let found = routes(&ways, id(0), id(1), hops);
            prop_assert!(found.is_sorted_by_key(Vec::len));
            for route in &found {
                prop_assert!(route.len() <= hops);
                let mut places = vec![id(0)];
                for step in route {
                    prop_assert!(!step.is_empty());
                    prop_assert!(step.iter().all(|at| ways[*at].from == *places.last().unwrap()));
                    prop_assert!(step.iter().all(|at| ways[*at].to == ways[step[0]].to));
                    prop_assert!(!places.contains(&ways[step[0]].to));
                    places.push(ways[step[0]].to);
                }
                prop_assert_eq!(places.last(), Some(&id(1)));
            }
            let direct = pairs.contains(&(0, 1));
            prop_assert_eq!(found.first().is_some_and(|route| route.len() == 1), direct);
        }
    }
}
