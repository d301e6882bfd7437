//! One release after another: each instance is replaced while payers pay. No caller sees a failure, and no page misses that it
//! is paid, though it only listens.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;

use crate::balancer::Balancer;
use crate::book::Book;
use crate::judge::Judge;
use crate::merchant::Merchant;
use crate::payer::{Visit, wants};
use crate::postgres::Server;
use crate::shop::{Asked, Shop, pause};
use crate::stage::{settle, simulated};
use crate::told::Told;

/// How many payers come, and within which time.
const PAYERS: u64 = 24;
const SPAN_MS: u64 = 9_000;
/// A page that only listens is told within this time that it is paid: the notification comes at once here, and a stream that has
/// ended is opened again.
const TOLD_WITHIN: Duration = Duration::from_secs(15);
/// A browser opens a stream again after some seconds (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
const AGAIN_MS: std::ops::Range<u64> = 1_000..3_000;
const SEED: u64 = 20_261_130;

pub(crate) async fn play() {
    let folder = tempfile::Builder::new().prefix("rolling-").tempdir().unwrap();
    let server = tokio::task::spawn_blocking(Server::new).await.unwrap();
    let database = server.database();
    let simulator = simulated(SEED).await;
    let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let (balancer, merchant) = Balancer::new().await;
    let shop = Arc::new(Shop { http, merchant, simulator, book: Book::default(), takes_long: false });
    let platform = shop.simulated(Method::GET, "/simulator/platform", None).await.body;
    let (told, webhooks_url) = Told::listen().await;
    let starts = async |number: u32| {
        let folder = folder.path().join(number.to_string());
        let merchant = Merchant::new(&folder, (&shop.merchant, &webhooks_url), &database, &shop.simulator, &platform);
        merchant.listens(&shop).await;
        balancer.add(&merchant.base);
        while !balancer.is_ready(&merchant.base) {
            pause(20..40).await;
        }
        merchant
    };
    let mut old = vec![starts(0).await, starts(1).await];
    let payers: Vec<_> = (0..PAYERS).map(|number| tokio::spawn(pays(Arc::clone(&shop), number))).collect();
    let mut replaced = Vec::new();
    for number in 2..4 {
        pause(SPAN_MS / 4..SPAN_MS / 3).await;
        replaced.push(starts(number).await);
        let mut before = old.remove(0);
        assert_eq!(before.stop().await, "exit status: 0", "{}", before.log());
        balancer.remove(&before.base);
    }
    for payer in payers {
        payer.await.unwrap();
    }
    assert_eq!(balancer.errors(), [], "a caller saw a failure");
    let judge = Judge::new(Arc::clone(&shop), told);
    let ledger = settle(&shop, &judge).await;
    assert_eq!(judge.differences(&ledger).await, [""; 0]);
    assert_eq!(shop.book.all_wrong(), [""; 0]);
}

/// Orders, pays, and listens until the page is told.
async fn pays(shop: Arc<Shop>, number: u64) {
    pause(0..SPAN_MS).await;
    let order_id = format!("rolling-{number:04}");
    let token = shop.order(&order_id, 1 + number, 600).await;
    let order = shop.read(&order_id, &token, false).await.unwrap();
    let events = order["events_url"].as_str().unwrap().to_owned();
    let listens = tokio::spawn(listens(shop.http.clone(), events));
    let visit = Visit { shop: Arc::clone(&shop), order_id, token, account: format!("payer {number}") };
    let Asked::Given(payment) =
        shop.ask(&visit.order_id, &visit.token, &crate::payer::new_key(), &wants("native", None)).await
    else {
        panic!("{} cannot be paid", visit.order_id)
    };
    pause(200..2_000).await;
    let scan_id = visit.opens(&payment).await.unwrap();
    assert!(visit.confirms(&scan_id).await);
    let told = tokio::time::timeout(TOLD_WITHIN, listens).await;
    assert!(told.is_ok_and(|told| told.is_ok()), "{} is paid, and its page is not told", visit.order_id);
    // What it was shown stands in the book too.
    assert_eq!(shop.read(&visit.order_id, &visit.token, false).await.unwrap()["status"], "paid");
}

/// A page that never asks: it listens, again when the stream ends, until it hears that it is paid.
async fn listens(http: Client, events: String) {
    loop {
        let mut stream = http.get(&events).send().await.unwrap();
        assert_eq!(stream.status(), 200);
        let mut text = String::new();
        while let Ok(Some(chunk)) = stream.chunk().await {
            text += &String::from_utf8_lossy(&chunk);
            let mut said =
                text.lines().filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data:")?.trim()).ok());
            if said.any(|order| order["status"] == "paid") {
                return;
            }
        }
        pause(AGAIN_MS).await;
    }
}
