//! How long the server waits for a client that does not read what it is sent.

use std::{future::Ready, io, pin::Pin, time::Duration};

use axum_server::accept::Accept;
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

/// Accepts connections that are cut off when nothing can be written to them for a time. What is written leaves at once.
#[derive(Clone, Copy)]
pub(crate) struct WriteTimeout(Duration);

impl WriteTimeout {
    pub(crate) fn new(most: Duration) -> Self {
        Self(most)
    }
}

impl<S> Accept<TcpStream, S> for WriteTimeout {
    type Stream = Pin<Box<TimeoutStream<TcpStream>>>;
    type Service = S;
    type Future = Ready<io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let accepted = stream.set_nodelay(true).map(|()| {
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(self.0));
            (Box::pin(stream), service)
        });
        std::future::ready(accepted)
    }
}
