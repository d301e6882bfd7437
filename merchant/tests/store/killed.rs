//! A process that is killed while it writes to SQLite.

use std::env;
use std::io::{BufRead, BufReader, Write, stdout};
use std::process::{Command, Stdio};

use wechat_cashier_merchant::store::{Change, Row, Saved};

use crate::home::{Home, entry, order};

/// Names the database to the process that is to be killed: this test, once more.
const VICTIM: &str = "STORE_TEST_VICTIM";
/// What it says of each order that is saved.
const SAVED: &str = "saved order ";

#[tokio::test]
async fn nothing_that_was_saved_is_lost() {
    if let Ok(url) = env::var(VICTIM) {
        return write_for_ever(&url).await;
    }
    let home = Home::sqlite();
    let mut saved = Vec::new();
    for lines in [1, 40, 7] {
        let mut victim = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "killed::nothing_that_was_saved_is_lost"])
            .env(VICTIM, &home.url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(victim.stdout.take().unwrap()).lines();
        let mut ids = said.by_ref().filter_map(|line| Some(line.unwrap().split_once(SAVED)?.1.to_owned()));
        saved.extend(ids.by_ref().take(lines));
        victim.kill().unwrap();
        victim.wait().unwrap();
        // What it said before it was dead.
        saved.extend(ids);
    }

    let store = home.open().await;
    assert!(saved.len() >= 48);
    for order_id in &saved {
        assert_eq!(store.load(order_id).await.unwrap(), Some(Row { version: 1, ..order(order_id) }));
        assert_eq!(store.entries(order_id).await.unwrap(), [entry(1, "made"), entry(2, "saved")]);
    }
}

async fn write_for_ever(url: &str) {
    let store = wechat_cashier_merchant::store::open(url).await.unwrap();
    for number in 0.. {
        let order_id = format!("{}-{number}", std::process::id());
        let made = Change { entries: vec![entry(1, "made")], ..Change::of(order(&order_id)) };
        assert_eq!(store.insert(&made).await.unwrap(), Saved::Yes);
        let change = Change { entries: vec![entry(2, "saved")], ..Change::of(order(&order_id)) };
        assert_eq!(store.save(&change).await.unwrap(), Saved::Yes);
        // One write, so that no line is cut.
        stdout().write_all(format!("{SAVED}{order_id}\n").as_bytes()).unwrap();
    }
}
