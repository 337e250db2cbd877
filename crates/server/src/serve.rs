//! Serving until told to stop.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use axum_server::{Handle, Server};
use stackfit_persistence::Store;

use crate::{
    app::{App, router},
    clock::SystemClock,
    config::Config,
    database::{open, shown},
    start::StartError,
    write_timeout::WriteTimeout,
};

/// The largest head of a request that is read, in bytes.
const MAX_HEAD: u32 = 64 * 1024;
/// The most requests at once on one connection of HTTP/2.
const MAX_STREAMS: u32 = 100;

/// Opens the database, listens, and serves until a signal says stop.
pub(crate) async fn serve(config: Config) -> Result<(), StartError> {
    let (address, store) = open(&config).await?;
    let listener = listen(&config)?;
    let local = listener.local_addr().map_err(StartError::Served)?;
    let stop = stop().map_err(StartError::Served)?;
    let app = App::new(store.clone(), Arc::new(SystemClock), config).map_err(StartError::Config)?;
    tracing::info!(database = shown(&address), "ready at http://{local}, GraphQL at http://{local}/graphql");
    run(listener, app, stop).await.map_err(StartError::Served)?;
    close(store).await;
    Ok(())
}

/// Serves until it is told to stop. Then nobody is let in any more, streams are told goodbye, and answers that are under
/// way may end.
///
/// # Errors
/// When the listener cannot be used.
pub async fn run(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let server = server(listener, &app.settings)?;
    let handle = Handle::new();
    let attending = tokio::spawn(app.clone().attend());
    let stopping = tokio::spawn({
        let (handle, app) = (handle.clone(), app.clone());
        async move {
            stop.await;
            handle.graceful_shutdown(Some(app.settings.request_timeout()));
            app.end_streams().await;
        }
    });
    let done = server.handle(handle).serve(router(app).into_make_service()).await;
    // Sockets are no longer the server's when they were upgraded: they are waited for here.
    let ended = done.is_err() || stopping.await.is_ok();
    attending.abort();
    if ended { done } else { Err(std::io::Error::other("stopping did not go in good order")) }
}

/// A server that waits for slow clients only so long.
fn server(listener: TcpListener, config: &Config) -> std::io::Result<Server<SocketAddr, WriteTimeout>> {
    let timeout = config.header_timeout();
    let acceptor = WriteTimeout::new(config.write_timeout());
    let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor).first_request_timeout(timeout);
    let builder = server.http_builder();
    builder.http1().header_read_timeout(timeout).max_buf_size(MAX_HEAD as usize).preserve_header_case(true);
    builder
        .http2()
        .keep_alive_interval(timeout)
        .keep_alive_timeout(timeout)
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD);
    Ok(server)
}

fn listen(config: &Config) -> Result<TcpListener, StartError> {
    let address = config.listen;
    let other = address.port().checked_add(1).unwrap_or(8000);
    TcpListener::bind(address).map_err(|source| StartError::Listen { address, source, other })
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
