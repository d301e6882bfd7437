//! A PostgreSQL that stops, and one that goes silent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use wechat_cashier_merchant::store::{self, Change, OpenError, Row, Saved, Store, StoreError};

use crate::home::{at, due, order};
use crate::postgres::Server;

/// How long a call may take: its limit, and what a busy machine adds.
const LIMIT: Duration = Duration::from_secs(5);

/// Every kind of call, more of them than there are connections.
async fn calls(store: &Arc<dyn Store>) -> Vec<Result<(), StoreError>> {
    let calls = (0..30).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let began = Instant::now();
            let result = match number % 5 {
                0 => store.load("A").await.map(drop),
                1 => store.save(&Change::of(Row { version: -1, ..order("A") })).await.map(drop),
                2 => store.claim_due(at(0), at(1), 1).await.map(drop),
                3 => store.take_login("state", at(0)).await.map(drop),
                _ => store.ping().await,
            };
            assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
            result
        })
    });
    join_all(calls).await.into_iter().map(Result::unwrap).collect()
}

async fn open(url: &str) -> (Result<Arc<dyn Store>, OpenError>, Duration) {
    let began = Instant::now();
    (store::open(url).await, began.elapsed())
}

fn all_pass(results: Vec<Result<(), StoreError>>) {
    for result in results {
        let error = result.unwrap_err();
        assert!(error.is_passing(), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn faults_pass_and_the_store_goes_on() {
    let server = Server::new();
    let url = server.database();
    let store = store::open(&url).await.unwrap();
    assert_eq!(store.insert(&due("A", 10)).await.unwrap(), Saved::Yes);
    // All connections are there.
    for result in calls(&store).await {
        result.unwrap();
    }

    server.stop();
    all_pass(calls(&store).await);
    let (opened, took) = open(&url).await;
    let error = opened.unwrap_err();
    assert!(error.is_passing() && took < LIMIT, "{error} after {took:?}");
    assert!(error.to_string().contains("postgres://postgres@localhost/test0"), "{error}");
    server.start();
    assert_eq!(store.load("A").await.unwrap().unwrap().version, 0);
    for result in calls(&store).await {
        result.unwrap();
    }

    let frozen = server.freeze();
    all_pass(calls(&store).await);
    // The calls of before do not stand in the way of others: each has left its connection.
    let (results, (opened, took)) = tokio::join!(calls(&store), open(&url));
    all_pass(results);
    let error = opened.unwrap_err();
    assert!(error.is_passing() && took < LIMIT, "{error} after {took:?}");
    drop(frozen);
    assert_eq!(store.save(&due("A", 20)).await.unwrap(), Saved::Yes);
    for result in calls(&store).await {
        result.unwrap();
    }
    assert_eq!(store.load("A").await.unwrap(), Some(Row { version: 1, ..due("A", 20).row }));
}
