//! A gate before Postgres: a test shuts it, and the server under test finds no database, as when Postgres is down.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{UnixListener, UnixStream},
    task::{JoinHandle, JoinSet},
};

use crate::postgres::SOCKET;

/// The gate. It has a folder with a socket of its own.
pub struct Gate {
    folder: TempDir,
    to: PathBuf,
    open: Option<JoinHandle<()>>,
}

impl Gate {
    /// An open gate to the socket of a Postgres.
    pub fn to(socket: PathBuf) -> Self {
        let mut gate = Self { folder: tempfile::tempdir().unwrap(), to: socket, open: None };
        gate.open();
        gate
    }

    /// The folder that stands for a host in addresses.
    pub fn host(&self) -> &Path {
        self.folder.path()
    }

    /// Lets connections through.
    pub fn open(&mut self) {
        let listener = UnixListener::bind(self.folder.path().join(SOCKET)).unwrap();
        self.open = Some(tokio::spawn(let_through(listener, self.to.clone())));
    }

    /// Cuts all connections, and lets none through.
    pub async fn shut(&mut self) {
        let open = self.open.take().unwrap();
        open.abort();
        let _ = open.await;
        std::fs::remove_file(self.folder.path().join(SOCKET)).unwrap();
    }
}

async fn let_through(listener: UnixListener, to: PathBuf) {
    // They are cut when this ends.
    let mut connections = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let to = to.clone();
        connections.spawn(async move {
            let mut server = UnixStream::connect(to).await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}
