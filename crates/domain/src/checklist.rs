//! Checklists: what to make sure of, item by item.

use crate::{
    Error, Result,
    capability::{Capability, Support, SupportLevel},
    code::Code,
    fact::{Fact, MAX_PARTS},
    id::Id,
    slug::Slug,
    technology::Platform,
    text,
};

/// A checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// Its readable name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The platform it is for.
    pub platform: Option<Platform>,
    /// One sentence that says what it is for.
    pub summary: Option<String>,
}

/// One thing to make sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistItem {
    /// What it is called.
    pub name: String,
    /// The capabilities that together satisfy it.
    pub capabilities: Vec<Capability>,
    /// The fact that it comes from.
    pub fact: Id<Fact>,
}

impl ChecklistItem {
    /// Answers the item from levels of support that facts tell. Without a fact on one of its capabilities the answer
    /// is unknown, unless another capability is known to be missing.
    pub fn answer(&self, told: &[(Capability, SupportLevel)]) -> Support {
        let parts: Vec<Support> =
            self.capabilities.iter().map(|capability| capability.support(told)).collect();
        let is_disputed = parts.iter().any(|part| part.is_disputed);
        let levels = || parts.iter().map(|part| part.level);
        let is_missing = levels().any(|level| level == SupportLevel::None);
        let weakest = levels().max().unwrap_or(SupportLevel::Unknown);
        Support { level: if is_missing { SupportLevel::None } else { weakest }, is_disputed }
    }
}

/// The share of a checklist that is satisfied, from 0 to 1. What is not known is not filled in, but makes a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The share if nothing that is not known were provided.
    pub lowest: f64,
    /// The share if all that is not known were provided natively.
    pub highest: f64,
}

/// Scores the answers to a checklist: each item counts alike, as far as its level
/// [satisfies](SupportLevel::satisfaction) it. Nothing for a checklist without items.
pub fn score(answers: &[SupportLevel]) -> Option<Score> {
    #[expect(clippy::cast_precision_loss, reason = "a checklist has some dozens of items")]
    let items = answers.len() as f64;
    let share = |unknown: f64| {
        answers.iter().map(|level| level.satisfaction().unwrap_or(unknown)).sum::<f64>() / items
    };
    (!answers.is_empty()).then(|| Score { lowest: share(0.0), highest: share(1.0) })
}

/// Ranks by score, by their places: what is satisfied for certain decides, then what may be. Equals share a rank, from
/// 1, and stay in their order. Those without a score come last.
pub fn ranking(scores: &[Option<Score>]) -> Vec<(usize, usize)> {
    let key = |at: usize| scores[at].map_or((-1.0, -1.0), |score| (score.lowest, score.highest));
    let better = |one: usize, other: usize| {
        let ((lowest, highest), (other_lowest, other_highest)) = (key(one), key(other));
        other_lowest.total_cmp(&lowest).then(other_highest.total_cmp(&highest))
    };
    let mut places: Vec<usize> = (0..scores.len()).collect();
    places.sort_by(|one, other| better(*one, *other));
    let mut ranked: Vec<(usize, usize)> = Vec::with_capacity(places.len());
    for place in places {
        let shared = ranked.last().filter(|(last, _)| better(*last, place).is_eq()).map(|(_, rank)| *rank);
        let rank = shared.unwrap_or(ranked.len() + 1);
        ranked.push((place, rank));
    }
    ranked
}

/// A checklist as it is written, with its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChecklist {
    /// The checklist.
    pub checklist: Checklist,
    /// What to make sure of, in order.
    pub items: Vec<ChecklistItem>,
}

impl NewChecklist {
    /// Checks the texts and that every item can be answered.
    pub fn validate(mut self) -> Result<Self> {
        let list = &mut self.checklist;
        list.name = text::line("name", &list.name)?;
        list.summary = text::optional("summary", list.summary.as_deref(), text::paragraph)?;
        if self.items.len() > MAX_PARTS {
            let message = format!("holds {}; allowed are {MAX_PARTS}.", self.items.len());
            return Err(Error::invalid("items", message));
        }
        for item in &mut self.items {
            item.name = text::line("items.name", &item.name)?;
            if item.capabilities.is_empty() {
                let message = format!("`{}` names no capability.", item.name);
                return Err(Error::invalid("items.capabilities", message));
            }
            item.capabilities.sort_unstable_by_key(|capability| capability.code());
            item.capabilities.dedup();
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::VariantArray;

    fn item(capabilities: &[Capability]) -> ChecklistItem {
        let fact = Id::named("F1");
        ChecklistItem { name: "An item".to_owned(), capabilities: capabilities.to_vec(), fact }
    }

    #[test]
    fn an_item_is_as_weak_as_its_weakest_part() {
        let item = item(&[Capability::Analytics, Capability::CrashReporting]);
        let native = (Capability::Analytics, SupportLevel::Native);
        let answer = |told: &[_]| item.answer(told).level;
        assert_eq!(answer(&[native]), SupportLevel::Unknown);
        assert_eq!(
            answer(&[native, (Capability::CrashReporting, SupportLevel::Partial)]),
            SupportLevel::Partial
        );
        assert_eq!(answer(&[(Capability::CrashReporting, SupportLevel::None)]), SupportLevel::None);
    }

    #[test]
    fn where_facts_disagree_the_weaker_counts_and_it_is_said() {
        let item = item(&[Capability::Email]);
        let told = [(Capability::Email, SupportLevel::Native), (Capability::Email, SupportLevel::Extension)];
        assert_eq!(item.answer(&told), Support { level: SupportLevel::Extension, is_disputed: true });
        assert_eq!(item.answer(&told[..1]), Support { level: SupportLevel::Native, is_disputed: false });
    }

    #[test]
    fn what_is_not_known_makes_a_range() {
        use SupportLevel as L;
        assert_eq!(score(&[]), None);
        assert_eq!(score(&[L::Native, L::Unknown]), Some(Score { lowest: 0.5, highest: 1.0 }));
        let mixed = score(&[L::Extension, L::Partial, L::None, L::ThirdParty]);
        assert_eq!(mixed, Some(Score { lowest: 0.4375, highest: 0.4375 }));
    }

    #[test]
    fn equals_share_a_rank() {
        use SupportLevel as L;
        let scores = [&[L::None][..], &[L::Unknown], &[L::Native], &[], &[L::Native]].map(score);
        assert_eq!(ranking(&scores), [(2, 1), (4, 1), (1, 3), (0, 4), (3, 5)]);
    }

    proptest! {
        #[test]
        fn a_known_answer_narrows_the_range(
            levels in prop::collection::vec(0..SupportLevel::VARIANTS.len(), 1..9), at in 0usize..9, level in 0..5usize,
        ) {
            let mut answers: Vec<_> = levels.iter().map(|at| SupportLevel::VARIANTS[*at]).collect();
            let before = score(&answers).unwrap();
            prop_assert!(0.0 <= before.lowest && before.lowest <= before.highest && before.highest <= 1.0);
            let at = at % answers.len();
            if answers[at] == SupportLevel::Unknown {
                answers[at] = SupportLevel::VARIANTS[level];
                let after = score(&answers).unwrap();
                prop_assert!(before.lowest <= after.lowest && after.highest <= before.highest);
            }
        }

        #[test]
        fn more_evidence_on_the_same_capability_never_makes_a_known_answer_stronger(
            levels in prop::collection::vec(0..SupportLevel::VARIANTS.len(), 1..6),
            more in 0..SupportLevel::VARIANTS.len(),
        ) {
            let item = item(&[Capability::Sql]);
            let mut told: Vec<_> = levels.iter().map(|at| (Capability::Sql, SupportLevel::VARIANTS[*at])).collect();
            let before = item.answer(&told).level;
            told.push((Capability::Sql, SupportLevel::VARIANTS[more]));
            prop_assert!(before == SupportLevel::Unknown || item.answer(&told).level >= before);
        }
    }
}
