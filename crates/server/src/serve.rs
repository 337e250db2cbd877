//! Serving until told to stop.

use std::sync::Arc;

use stackfit_persistence::Store;
use tokio::{net::TcpListener, signal};

use crate::{
    app::{App, router},
    clock::SystemClock,
    config::Config,
    database::{open, shown},
    start::StartError,
};

/// Opens the database, listens, and serves until a signal says stop.
pub(crate) async fn serve(config: &Config) -> Result<(), StartError> {
    let (address, store) = open(config).await?;
    let listener = listen(config).await?;
    let local = listener.local_addr().map_err(StartError::Served)?;
    tracing::info!(database = shown(&address), "ready at http://{local}, GraphQL at http://{local}/graphql");
    let router = router(App::new(store.clone(), Arc::new(SystemClock)), config);
    axum::serve(listener, router).with_graceful_shutdown(stop()).await.map_err(StartError::Served)?;
    close(store).await;
    Ok(())
}

async fn listen(config: &Config) -> Result<TcpListener, StartError> {
    let address = config.listen;
    let other = address.port().checked_add(1).unwrap_or(8000);
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source, other })
}

/// Waits for the signal that ends the program.
async fn stop() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<Option<()>>();
    tokio::select! {
        () = interrupted => {}
        _ = terminated => {}
    }
    tracing::info!("stopping");
}

async fn close(store: Store) {
    if let Err(error) = store.close().await {
        tracing::warn!(%error, "the database was not closed in good order");
    }
}
