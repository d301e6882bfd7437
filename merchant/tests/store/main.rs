//! Every query of the store, against SQLite and PostgreSQL. Which of the two a test fails for is in its name.

#![cfg(unix)] // PostgreSQL is stopped by signals.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "../support/postgres.rs"]
mod postgres;

mod claims;
mod dropped;
mod funnel;
mod home;
mod instances;
mod killed;
mod lists;
mod locked;
mod logins;
mod orders;
mod payments;
mod reconciliations;
mod saves;
mod server;
mod shops;
mod tables;
mod webhooks;

/// Tests for both databases: each is a function of a [`home::Home`].
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                super::$name($crate::home::Home::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                super::$name($crate::home::Home::postgres()).await;
            })+
        }
    };
}
use on_both;
