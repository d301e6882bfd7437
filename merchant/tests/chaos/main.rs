//! The backend is killed again and again while payers pay at a WeChat Pay that loses, doubles and delays what it tells, and
//! answers late, half or not at all. In the end every order has to be what WeChat Pay's books say.
//!
//! `cargo test` plays a few payments; `cargo xtask chaos` plays as many as one likes, and prints how soon all was well again.
//! docs/chaos.md says what it does and has the last run.
//!
//! | file | what |
//! |---|---|
//! | `plan.rs` | how much of everything |
//! | `stage.rs` | the simulated WeChat Pay, the database, and what goes wrong |
//! | `merchant.rs` | the backend's process, killed and started |
//! | `balancer.rs` | what stands in front of several of them |
//! | `rolling.rs` | one release after another, with nobody noticing |
//! | `payer.rs`, `till.rs`, `doubled.rs` | what payers do |
//! | `shop.rs` | calls of the backend, as the shop and the page make them |
//! | `book.rs`, `told.rs` | what was asked, answered and shown; what the shop was told |
//! | `judge.rs`, `differs.rs` | hold the backend's orders against WeChat Pay's books and what was shown |
//! | `report.rs` | what is printed |

#![cfg(unix)] // PostgreSQL is stopped by signals.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]
#![expect(clippy::print_stdout, reason = "the figures are what the run is for")]

#[path = "../support/demo.rs"]
mod demo;
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/said.rs"]
mod said;

mod balancer;
mod book;
mod differs;
mod doubled;
mod judge;
mod merchant;
mod payer;
mod plan;
mod report;
mod rolling;
mod shop;
mod stage;
mod till;
mod told;

use plan::{Database, Plan};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_sqlite() {
    stage::play(Plan::of(Database::Sqlite)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_postgres() {
    stage::play(Plan::of(Database::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_on_postgres() {
    stage::play(Plan { instances: 2, ..Plan::of(Database::Postgres) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replaced_one_by_one() {
    rolling::play().await;
}
