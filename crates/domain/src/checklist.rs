//! Checklists: what to make sure of, item by item.

use crate::{
    Error, Result,
    capability::Capability,
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
        }
        Ok(self)
    }
}
