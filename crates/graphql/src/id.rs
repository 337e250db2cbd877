//! Global ids: one opaque text for everything that `node` finds.
//!
//! An id holds a tag for the sort of thing and the thing's own id. It is not secret and not signed: whoever makes
//! one up finds nothing.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use stackfit_domain::{
    Error, Result,
    change::Revision,
    fact::Fact,
    id::Id,
    subject::{Subject, SubjectKind, SubjectRef},
};
use uuid::Uuid;

/// What a global id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKey {
    Subject(SubjectRef),
    Fact(Id<Fact>),
    Change(Revision),
}

/// The tags are stored in clients: a tag never changes its meaning.
const TAGS: [(u8, SubjectKind); 7] = [
    (1, SubjectKind::Technology),
    (2, SubjectKind::Organization),
    (3, SubjectKind::CaseStudy),
    (4, SubjectKind::Source),
    (5, SubjectKind::Term),
    (6, SubjectKind::SelectionCriterion),
    (7, SubjectKind::Checklist),
];
const FACT_TAG: u8 = 20;
const CHANGE_TAG: u8 = 21;

impl NodeKey {
    /// The key of a subject.
    pub(crate) fn subject(kind: SubjectKind, id: Id<Subject>) -> Self {
        Self::Subject(SubjectRef { kind, id })
    }

    /// The global id.
    pub(crate) fn encode(self) -> ID {
        let (tag, rest) = match self {
            Self::Subject(SubjectRef { kind, id }) => {
                let tag = TAGS.iter().find(|(_, other)| *other == kind).map_or(0, |(tag, _)| *tag);
                (tag, id.uuid().as_bytes().to_vec())
            }
            Self::Fact(id) => (FACT_TAG, id.uuid().as_bytes().to_vec()),
            Self::Change(revision) => (CHANGE_TAG, revision.to_be_bytes().to_vec()),
        };
        let mut bytes = vec![tag];
        bytes.extend(rest);
        ID(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a global id. `argument` is the name under which it was sent.
    pub(crate) fn decode(argument: &str, id: &ID) -> Result<Self> {
        Self::try_decode(id).ok_or_else(|| {
            Error::invalid(argument, "is not an id of this API: take one from the `id` field of a node.")
        })
    }

    fn try_decode(id: &ID) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?;
        let (tag, rest) = bytes.split_first()?;
        if *tag == CHANGE_TAG {
            return Some(Self::Change(Revision::from_be_bytes(rest.try_into().ok()?)));
        }
        let uuid = Uuid::from_slice(rest).ok()?;
        if *tag == FACT_TAG {
            return Some(Self::Fact(Id::from_uuid(uuid)));
        }
        let (_, kind) = TAGS.iter().find(|(other, _)| other == tag)?;
        Some(Self::subject(*kind, Id::from_uuid(uuid)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn reads_back_what_it_writes() {
        let mut keys = vec![NodeKey::Fact(Id::named("F1")), NodeKey::Change(42)];
        for kind in SubjectKind::VARIANTS {
            keys.push(NodeKey::subject(*kind, Id::named("x")));
        }
        for key in keys {
            assert_eq!(NodeKey::decode("id", &key.encode()), Ok(key));
        }
    }

    #[test]
    fn refuses_what_is_no_id() {
        let long = "A".repeat(100_000);
        for text in ["", "1", "django", "AAAA", "AQ", "____", "é", long.as_str()] {
            let error = NodeKey::decode("ids", &ID(text.to_owned())).unwrap_err().to_string();
            assert!(error.starts_with("ids: is not an id"), "{error}");
        }
    }
}
