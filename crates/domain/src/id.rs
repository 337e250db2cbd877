//! Identifiers. An id is typed by what it identifies, so that one cannot be passed for another.
//!
//! Ids of curated things are derived from their stable names: the same catalogue has the same ids on every
//! server, and a client's stored id stays good when a database is built anew.

use std::{fmt, hash::Hash, marker::PhantomData};

use uuid::Uuid;

/// The namespace under which names become ids. Changing it would change every id that clients have stored.
const NAMESPACE: Uuid = Uuid::from_u128(0x7374_6163_6b66_6974_6964_7330_3030_3031);

/// Something that has ids of its own.
pub trait Identified {
    /// The prefix under which names become ids.
    const SPACE: &'static str;
}

/// The id of a `T`.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Wraps a stored id.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare id, for storage.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl<T: Identified> Id<T> {
    /// The id that belongs to a stable name (a slug or a code).
    pub fn named(name: &str) -> Self {
        let text = format!("{}:{name}", T::SPACE);
        Self::from_uuid(Uuid::new_v5(&NAMESPACE, text.as_bytes()))
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Id({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fact::Fact, subject::Subject};

    #[test]
    fn the_same_name_gives_the_same_id_in_one_space_only() {
        assert_eq!(Id::<Fact>::named("F1"), Id::<Fact>::named("F1"));
        assert_ne!(Id::<Fact>::named("F1"), Id::<Fact>::named("F2"));
        assert_ne!(Id::<Fact>::named("django").uuid(), Id::<Subject>::named("django").uuid());
    }
}
