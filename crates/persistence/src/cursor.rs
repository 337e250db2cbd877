//! Cursors: where a page ends, in a form that clients can keep and cannot forge.
//!
//! A cursor holds the values of the columns by which its list is ordered, and a keyed digest over them and the
//! list's name and order. One that was altered, or comes from another list or order, is refused. The key is
//! stored with the catalogue, so all servers of one database accept each other's cursors.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use stackfit_domain::{Error, Result};
use uuid::Uuid;

/// How much of the digest a cursor carries: enough that guessing is hopeless.
const DIGEST_LENGTH: usize = 12;
/// No cursor of ours is longer.
const MAX_LENGTH: usize = 2_000;

/// The value of one column by which a list is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyValue {
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "i")]
    Integer(i64),
    #[serde(rename = "d")]
    Time(DateTime<Utc>),
    #[serde(rename = "u")]
    Id(Uuid),
    #[serde(rename = "c")]
    Date(NaiveDate),
}

impl From<KeyValue> for sea_orm::Value {
    fn from(value: KeyValue) -> Self {
        match value {
            KeyValue::Text(text) => text.into(),
            KeyValue::Integer(number) => number.into(),
            KeyValue::Time(time) => time.into(),
            KeyValue::Id(id) => id.into(),
            KeyValue::Date(day) => day.into(),
        }
    }
}

/// Signs and checks cursors.
#[derive(Clone)]
pub(crate) struct CursorKey(Hmac<Sha256>);

impl CursorKey {
    pub(crate) fn new(key: Uuid) -> Result<Self> {
        Hmac::new_from_slice(key.as_bytes()).map(Self).map_err(Error::internal)
    }

    /// The cursor of a row in a list.
    pub(crate) fn sign(&self, list: &str, values: &[KeyValue]) -> Result<String> {
        let body = serde_json::to_vec(values).map_err(Error::internal)?;
        let mut bytes = self.digest(list, &body);
        bytes.extend(body);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The values that a cursor of this list holds. `argument` is the name under which it was sent.
    pub(crate) fn open(&self, argument: &str, list: &str, cursor: &str) -> Result<Vec<KeyValue>> {
        self.try_open(list, cursor).ok_or_else(|| {
            Error::invalid(
                argument,
                "is not a cursor of this list: take one from its pageInfo or edges, with the same ordering.",
            )
        })
    }

    fn try_open(&self, list: &str, cursor: &str) -> Option<Vec<KeyValue>> {
        if cursor.len() > MAX_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (digest, body) = bytes.split_at_checked(DIGEST_LENGTH)?;
        self.mac(list, body).verify_truncated_left(digest).ok()?;
        serde_json::from_slice(body).ok()
    }

    fn digest(&self, list: &str, body: &[u8]) -> Vec<u8> {
        let digest = self.mac(list, body).finalize().into_bytes();
        digest.into_iter().take(DIGEST_LENGTH).collect()
    }

    fn mac(&self, list: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(list.as_bytes());
        mac.update(&[0]);
        mac.update(body);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> CursorKey {
        CursorKey::new(Uuid::from_u128(7)).unwrap()
    }

    #[test]
    fn opens_what_it_signed() {
        let values = vec![
            KeyValue::Text("django".into()),
            KeyValue::Integer(3),
            KeyValue::Id(Uuid::from_u128(1)),
            KeyValue::Time(DateTime::UNIX_EPOCH),
        ];
        let cursor = key().sign("technologies", &values).unwrap();
        assert_eq!(key().open("after", "technologies", &cursor), Ok(values));
    }

    #[test]
    fn refuses_what_was_altered_or_comes_from_elsewhere() {
        let cursor = key().sign("technologies", &[KeyValue::Text("django".into())]).unwrap();
        assert!(key().open("after", "facts", &cursor).is_err());
        let other = CursorKey::new(Uuid::from_u128(8)).unwrap();
        assert!(other.open("after", "technologies", &cursor).is_err());
        for at in 0..cursor.len() {
            let mut altered = cursor.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(key().open("after", "technologies", &altered).is_err(), "{at}");
        }
        for garbage in ["", "?", "AAAA", &"A".repeat(5_000)] {
            let error = key().open("after", "technologies", garbage).unwrap_err().to_string();
            assert!(error.starts_with("after: is not a cursor"), "{error}");
        }
    }
}
