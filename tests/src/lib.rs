//! What the end-to-end tests need: a server in this process on a database of its own, and the real program.

#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

pub mod app;
pub mod database;
pub mod gate;
pub mod live;
pub mod postgres;
pub mod program;
pub mod soak;

pub use app::TestApp;
pub use database::Engine;

/// The SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    use sha2::Digest;
    let digits = sha2::Sha256::digest(text).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Runs each test on SQLite and on Postgres.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)+) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($app: $crate::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                test($crate::TestApp::new($crate::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                test($crate::TestApp::new($crate::Engine::Postgres).await).await;
            }
        }
    )+ };
}
