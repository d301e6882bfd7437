//! Calls that are dropped halfway.

use std::time::Duration;

use tokio::time::timeout;
use wechat_cashier_merchant::store::{Change, Saved};

use crate::home::{Home, entry, order};

crate::on_both!(is_written_whole_or_not_at_all);

async fn is_written_whole_or_not_at_all(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    // Ends at every step of a save, and then after it.
    let mut limit = Duration::ZERO;
    let mut done = 0;
    while done < 5 {
        let row = store.load("A").await.unwrap().unwrap();
        let entries: Vec<_> = (0..5).map(|number| entry(number, "saved")).collect();
        let change = Change { entries, ..Change::of(row.clone()) };
        match timeout(limit, store.save(&change)).await {
            Ok(saved) => {
                assert_eq!(saved.unwrap(), Saved::Yes);
                done += 1;
            }
            Err(_) => limit += Duration::from_micros(200),
        }
        // The next writer waits for what is left of the one before.
        let now = loop {
            let now = store.load("A").await.unwrap().unwrap();
            if store.save(&Change::of(now.clone())).await.unwrap() == Saved::Yes {
                break now;
            }
        };
        assert!([row.version, row.version + 1].contains(&now.version), "{} after {}", now.version, row.version);
        let written = store.entries("A").await.unwrap().len();
        assert_eq!(written % 5, 0);
    }
}
