//! Loads relations in batches, for one request.
//!
//! Resolvers ask for one key each and wait. When every one of them waits and nothing is being loaded, all keys
//! that were asked for go out together, one statement for each sort of key, whatever the number of rows. No
//! timer decides when, so the number of statements depends on the query alone, and dropping the request drops
//! what it was loading. A key that was loaded once is not loaded again in the same request.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    future::Future,
    ops::Deref,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context as TaskContext, Poll},
};

use futures_channel::oneshot;
use futures_util::{FutureExt, Stream, future::BoxFuture, stream::FuturesUnordered};
use stackfit_domain::{Error, Result};
use stackfit_persistence::{Reader, batch::BatchKey};

/// How many relations one request may follow. A page of 100 things with ten relations each follows 1,000.
const MAX_LOADS: usize = 50_000;
/// How many things the lists of one request may hold together.
const MAX_LISTED: usize = 50_000;
/// The most keys that are loaded with one statement: SQLite binds at most 32,766 values.
const MAX_BATCH: usize = 8_192;

/// Loads relations in batches, for one request.
#[derive(Clone)]
pub(crate) struct Loader {
    reader: Reader,
    loads: Arc<AtomicUsize>,
    listed: Arc<AtomicUsize>,
    direct: Arc<AtomicUsize>,
    slots: Arc<Mutex<HashMap<TypeId, Box<dyn AnySlot>>>>,
}

impl Loader {
    pub(crate) fn new(reader: Reader) -> Self {
        Self {
            reader,
            loads: Arc::default(),
            listed: Arc::default(),
            direct: Arc::default(),
            slots: Arc::default(),
        }
    }

    /// What the loader reads from, for what needs no query.
    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Answers queries that are not batched. While one is under way no batch goes out: what it finds may ask for
    /// more of the same.
    pub(crate) fn direct(&self) -> Direct<'_> {
        self.direct.fetch_add(1, Ordering::Relaxed);
        Direct(self)
    }

    /// What is loaded for a key; nothing when there is none.
    pub(crate) async fn load<K: BatchKey>(&self, key: K) -> Result<Option<K::Value>> {
        if self.loads.fetch_add(1, Ordering::Relaxed) >= MAX_LOADS {
            // The request as a whole is refused: nobody waits for this answer.
            return std::future::pending().await;
        }
        let answer = {
            let mut slots = self.lock();
            let slot = slots.entry(TypeId::of::<K>()).or_insert_with(|| Box::new(Slot::<K>::default()));
            let slot = slot.as_any().downcast_mut::<Slot<K>>();
            slot.ok_or_else(|| Error::internal("a slot holds keys of another type"))?.ask(key)
        };
        match answer {
            Answer::Known(value) => value,
            Answer::Awaited(receiver) => {
                receiver.await.map_err(|_| Error::internal("a batch was dropped"))?
            }
        }
    }

    /// What is loaded for a key, or the empty value.
    pub(crate) async fn load_or_default<K: BatchKey<Value: Default>>(&self, key: K) -> Result<K::Value> {
        Ok(self.load(key).await?.unwrap_or_default())
    }

    /// Runs something that loads, and loads for it; refuses it when it follows too many relations.
    pub(crate) fn drive<F: Future>(&self, future: F) -> Drive<F> {
        Drive { future: Box::pin(future), loader: self.clone(), batches: FuturesUnordered::new() }
    }

    /// Counts the things of a list that is about to be handed out.
    pub(crate) async fn list(&self, things: usize) {
        if self.listed.fetch_add(things, Ordering::Relaxed) + things > MAX_LISTED {
            // As above.
            std::future::pending::<()>().await;
        }
    }

    fn refusal(&self) -> Option<Error> {
        let exceeds = |count: &AtomicUsize, most: usize| count.load(Ordering::Relaxed) > most;
        let what = if exceeds(&self.loads, MAX_LOADS) {
            format!("follows more than {MAX_LOADS} relations")
        } else if exceeds(&self.listed, MAX_LISTED) {
            format!("lists more than {MAX_LISTED} things")
        } else {
            return None;
        };
        Some(Error::Costly(format!("The document {what}. Ask for fewer things at once, or nest less deep.")))
    }

    fn dispatch(&self, batches: &FuturesUnordered<BoxFuture<'static, Batch>>) -> bool {
        let mut slots = self.lock();
        let mut any = false;
        for slot in slots.values_mut() {
            if let Some(batch) = slot.dispatch(&self.reader) {
                batches.push(batch);
                any = true;
            }
        }
        any
    }

    fn deliver(&self, batch: Batch) {
        if let Some(slot) = self.lock().get_mut(&batch.sort) {
            (batch.complete)(slot.as_mut());
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TypeId, Box<dyn AnySlot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A query that is under way and not batched.
pub(crate) struct Direct<'a>(&'a Loader);

impl Deref for Direct<'_> {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.0.reader
    }
}

impl Drop for Direct<'_> {
    fn drop(&mut self) {
        self.0.direct.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A future together with the batches that it waits for.
pub(crate) struct Drive<F: Future> {
    future: Pin<Box<F>>,
    loader: Loader,
    batches: FuturesUnordered<BoxFuture<'static, Batch>>,
}

impl<F: Future> Future for Drive<F> {
    type Output = Result<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            if let Poll::Ready(output) = this.future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            if let Some(error) = this.loader.refusal() {
                return Poll::Ready(Err(error));
            }
            // Keys go out only when nothing is being read: those who wait for it may ask for more of the same.
            let reading = !this.batches.is_empty() || this.loader.direct.load(Ordering::Relaxed) > 0;
            if !reading && !this.loader.dispatch(&this.batches) {
                return Poll::Pending;
            }
            let mut delivered = false;
            while let Poll::Ready(Some(batch)) = Pin::new(&mut this.batches).poll_next(context) {
                this.loader.deliver(batch);
                delivered = true;
            }
            if !delivered || !this.batches.is_empty() {
                return Poll::Pending;
            }
        }
    }
}

enum Answer<V> {
    Known(Result<Option<V>>),
    Awaited(oneshot::Receiver<Result<Option<V>>>),
}

enum Entry<V> {
    Known(Result<Option<V>>),
    Awaited(Vec<oneshot::Sender<Result<Option<V>>>>),
}

/// The keys of one sort.
struct Slot<K: BatchKey> {
    entries: HashMap<K, Entry<K::Value>>,
    queued: Vec<K>,
}

impl<K: BatchKey> Default for Slot<K> {
    fn default() -> Self {
        Self { entries: HashMap::new(), queued: Vec::new() }
    }
}

impl<K: BatchKey> Slot<K> {
    fn ask(&mut self, key: K) -> Answer<K::Value> {
        match self.entries.get_mut(&key) {
            Some(Entry::Known(value)) => Answer::Known(value.clone()),
            Some(Entry::Awaited(senders)) => {
                let (sender, receiver) = oneshot::channel();
                senders.push(sender);
                Answer::Awaited(receiver)
            }
            None => {
                let (sender, receiver) = oneshot::channel();
                self.entries.insert(key.clone(), Entry::Awaited(vec![sender]));
                self.queued.push(key);
                Answer::Awaited(receiver)
            }
        }
    }

    fn answer(&mut self, keys: Vec<K>, mut found: Result<HashMap<K, K::Value>>) {
        for key in keys {
            let value = match &mut found {
                Ok(found) => Ok(found.remove(&key)),
                Err(error) => Err(error.clone()),
            };
            if let Some(Entry::Awaited(senders)) = self.entries.insert(key, Entry::Known(value.clone())) {
                for sender in senders {
                    // Whoever asked may have gone away with its field.
                    let _ = sender.send(value.clone());
                }
            }
        }
    }
}

async fn load_all<K: BatchKey>(reader: &Reader, keys: &[K]) -> Result<HashMap<K, K::Value>> {
    let mut found = HashMap::with_capacity(keys.len());
    for chunk in keys.chunks(MAX_BATCH) {
        found.extend(K::load(reader, chunk.to_vec()).await?);
    }
    Ok(found)
}

/// Gives a slot the answers that it waits for.
type Complete = Box<dyn FnOnce(&mut dyn AnySlot) + Send>;

/// The answer to a batch, on its way to the slot that asked.
struct Batch {
    sort: TypeId,
    complete: Complete,
}

trait AnySlot: Send {
    fn as_any(&mut self) -> &mut dyn Any;
    fn dispatch(&mut self, reader: &Reader) -> Option<BoxFuture<'static, Batch>>;
}

impl<K: BatchKey> AnySlot for Slot<K> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn dispatch(&mut self, reader: &Reader) -> Option<BoxFuture<'static, Batch>> {
        if self.queued.is_empty() {
            return None;
        }
        let keys = std::mem::take(&mut self.queued);
        let reader = reader.clone();
        let load = async move {
            let found = load_all(&reader, &keys).await;
            let complete = move |slot: &mut dyn AnySlot| {
                if let Some(slot) = slot.as_any().downcast_mut::<Self>() {
                    slot.answer(keys, found);
                }
            };
            Batch { sort: TypeId::of::<K>(), complete: Box::new(complete) }
        };
        Some(load.boxed())
    }
}
