//! Serving until told to stop.

use std::sync::Arc;

use stackfit_persistence::Store;
use tokio::net::TcpListener;

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
    let stop = stop().map_err(StartError::Served)?;
    tracing::info!(database = shown(&address), "ready at http://{local}, GraphQL at http://{local}/graphql");
    let router = router(App::new(store.clone(), Arc::new(SystemClock)), config);
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let stop = async move {
        stop.await;
        // Nobody listens when the server has ended by itself.
        let _ = stopping.send(());
    };
    let grace = config.request_timeout();
    let overdue = async move {
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(stop) => served.map_err(StartError::Served)?,
        () = overdue => tracing::warn!("connections that did not end are dropped"),
    }
    close(store).await;
    Ok(())
}

async fn listen(config: &Config) -> Result<TcpListener, StartError> {
    let address = config.listen;
    let other = address.port().checked_add(1).unwrap_or(8000);
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source, other })
}

/// Waits for a signal that ends the program. It listens for them from the moment it is called.
#[cfg(unix)]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}

/// Waits for the signal that ends the program.
#[cfg(not(unix))]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping");
    })
}

async fn close(store: Store) {
    if let Err(error) = store.close().await {
        tracing::warn!(%error, "the database was not closed in good order");
    }
}
