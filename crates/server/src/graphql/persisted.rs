//! Documents that are known by their hash: automatic persisted queries.
//!
//! A client sends the hash alone; when the server does not know it, the client sends hash and document together,
//! and from then on the hash suffices. What is kept was found valid, and its whole weight is bounded.

use std::sync::Arc;

use axum::http::StatusCode;
use moka::sync::Cache;
use serde_json::Value;
use sha2::{Digest, Sha256};
use stackfit_graphql::Response;

use super::{
    reply::Reply,
    request::GraphqlRequest,
    trusted::{Mode, Trusted},
};

/// The SHA-256 of a document.
type Hash = [u8; 32];

/// The documents that clients brought with their hash.
#[derive(Debug, Clone)]
pub(crate) struct Persisted {
    /// Nothing when they are not kept.
    documents: Option<Cache<Hash, Arc<str>>>,
}

/// A document that is to be executed.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: Arc<str>,
    /// The hash under which it is to be kept, when it is valid.
    pub(super) to_keep: Option<Hash>,
}

impl Persisted {
    /// Keeps documents up to a weight in bytes; none when that is 0.
    pub(crate) fn new(bytes: u64) -> Self {
        let weigh = |_: &Hash, text: &Arc<str>| {
            u32::try_from(text.len() + size_of::<Hash>() + 100).unwrap_or(u32::MAX)
        };
        let documents = (bytes > 0).then(|| Cache::builder().weigher(weigh).max_capacity(bytes).build());
        Self { documents }
    }

    /// Keeps a valid document.
    pub(super) fn keep(&self, hash: Hash, text: Arc<str>) {
        if let Some(documents) = &self.documents {
            documents.insert(hash, text);
        }
    }

    /// Finds the document that a request means.
    pub(super) fn find(&self, request: &GraphqlRequest, trusted: &Trusted) -> Result<Found, Reply> {
        let named = Named::of(request)?;
        // A client that names its document may leave the text empty; without a name an empty text is a mistake.
        let text = request.query.as_deref().filter(|text| named.is_none() || !text.is_empty());
        let trusted = trusted.current();
        if let Some(known) = named.as_ref().and_then(|named| trusted.by_id(&named.id)) {
            return match text {
                Some(text) if *text != *known => Err(mismatch()),
                _ => Ok(Found { text: known, to_keep: None }),
            };
        }
        match (text, named) {
            (Some(text), _) if trusted.mode == Mode::Enforce && !trusted.knows(text) => Err(refuse(
                "QUERY_NOT_IN_SAFELIST",
                "This server executes only the documents that it was given, and this is none of them.",
            )),
            (None, Some(_)) if trusted.mode == Mode::Enforce => Err(refuse(
                "PERSISTED_QUERY_NOT_IN_LIST",
                "This server executes only the documents that it was given, and none has this id.",
            )),
            (Some(text), named) => {
                trusted.report(text);
                let to_keep =
                    named.map(|named| named.checked(text)).transpose()?.filter(|_| self.documents.is_some());
                Ok(Found { text: text.into(), to_keep })
            }
            (None, Some(named)) => self.by_hash(&named),
            (None, None) => {
                let message = "The request has no document: it must have the text `query`, or the extension `persistedQuery`.";
                Err(Reply::refuse(StatusCode::BAD_REQUEST, message))
            }
        }
    }

    fn by_hash(&self, named: &Named) -> Result<Found, Reply> {
        let Some(documents) = &self.documents else {
            return Err(told("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"));
        };
        let found = named.hash().and_then(|hash| documents.get(&hash));
        let found = found.ok_or_else(|| told("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"))?;
        Ok(Found { text: found, to_keep: None })
    }
}

/// How a request names its document: Apollo's extension `persistedQuery`.
struct Named {
    id: String,
}

impl Named {
    fn of(request: &GraphqlRequest) -> Result<Option<Self>, Reply> {
        let bad = |message: &str| Err(Reply::refuse(StatusCode::BAD_REQUEST, message));
        let fields = match request.extensions.get("persistedQuery") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Object(fields)) => fields,
            Some(_) => return bad("`extensions.persistedQuery` must be an object."),
        };
        if fields.get("version").and_then(Value::as_u64) != Some(1) {
            return bad(
                "Unsupported persisted query version: `extensions.persistedQuery.version` must be 1.",
            );
        }
        match fields.get("sha256Hash").and_then(Value::as_str) {
            Some(id) if (1..=200).contains(&id.len()) => Ok(Some(Self { id: id.to_owned() })),
            _ => bad("`extensions.persistedQuery.sha256Hash` must be a text of 1 to 200 bytes."),
        }
    }

    /// The id as a hash, which it need not be: documents that are given can have any id.
    fn hash(&self) -> Option<Hash> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let pair = |pair: &[u8]| match *pair {
            [high, low] => Some(digit(high)? * 16 + digit(low)?),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = self.id.as_bytes().chunks(2).map(pair).collect();
        bytes?.try_into().ok()
    }

    /// The hash, when it is that of the text.
    fn checked(&self, text: &str) -> Result<Hash, Reply> {
        let own: Hash = Sha256::digest(text).into();
        if self.hash() == Some(own) {
            return Ok(own);
        }
        Err(mismatch())
    }
}

fn mismatch() -> Reply {
    Reply::refuse(StatusCode::BAD_REQUEST, "provided sha does not match query")
}

fn refuse(code: &str, message: &str) -> Reply {
    Reply::new(StatusCode::BAD_REQUEST, Response::error(code, message))
}

/// An answer that clients understand: they send the document with the next request.
fn told(code: &str, message: &str) -> Reply {
    Reply::new(StatusCode::OK, Response::error(code, message))
}
