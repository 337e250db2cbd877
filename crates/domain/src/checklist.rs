//! Checklists: what to make sure of, item by item.

use crate::{
    Error, Result,
    capability::{Capability, SupportLevel},
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

/// How far something satisfies an item of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// How it is provided: as weak as the weakest of the capabilities that the item needs together.
    pub level: SupportLevel,
    /// Whether facts disagree on one of the capabilities. The weaker level counts then.
    pub is_disputed: bool,
}

impl ChecklistItem {
    /// Answers the item from levels of support that facts tell. Without a fact on one of its capabilities the answer
    /// is unknown, unless another capability is known to be missing.
    pub fn answer(&self, told: &[(Capability, SupportLevel)]) -> Answer {
        let mut is_disputed = false;
        let levels = self.capabilities.iter().map(|capability| {
            let mut levels: Vec<SupportLevel> =
                told.iter().filter(|(of, _)| of == capability).map(|(_, level)| *level).collect();
            levels.retain(|level| *level != SupportLevel::Unknown);
            is_disputed |= levels.iter().any(|level| *level != levels[0]);
            levels.into_iter().max().unwrap_or(SupportLevel::Unknown)
        });
        let levels: Vec<SupportLevel> = levels.collect();
        let level = if levels.contains(&SupportLevel::None) {
            SupportLevel::None
        } else {
            levels.into_iter().max().unwrap_or(SupportLevel::Unknown)
        };
        Answer { level, is_disputed }
    }
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
        assert_eq!(item.answer(&told), Answer { level: SupportLevel::Extension, is_disputed: true });
        assert_eq!(item.answer(&told[..1]), Answer { level: SupportLevel::Native, is_disputed: false });
    }

    proptest! {
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
