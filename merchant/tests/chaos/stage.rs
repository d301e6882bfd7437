//! The whole run: what is there, what goes wrong meanwhile, and the end of it.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use wechat_cashier_merchant::store;
use wechat_cashier_simulator::config::SignatureClock;

use crate::balancer::Balancer;
use crate::book::{Book, now};
use crate::judge::{Judge, Ledger};
use crate::merchant::Merchant;
use crate::payer;
use crate::plan::{Database, Plan};
use crate::postgres::Server;
use crate::report::{self, Figures, Outage};
use crate::shop::{Said, Shop, pause};
use crate::told::Told;

/// The order by which it is asked whether the backend answers.
const PROBE: &str = "chaos-probe";
/// What a page and a shop wait for an answer.
const WAITS: Duration = Duration::from_secs(15);
/// In the end all has to be settled within this time. An order lives little more than a minute.
const SETTLES_WITHIN: Duration = Duration::from_secs(180);
/// So many differences are printed.
const PRINTED: usize = 40;
/// What WeChat Pay tells again by its plan within this time it tells at once in the end.
const TOLD_WITHIN_MS: i64 = 6 * 60 * 60 * 1000;

/// The backends' `queries_per_second` is 50, saved up for a second; a second of the clock sees both.
const QUERIES_MAX: u64 = 100;

/// What goes wrong at WeChat Pay, and how often.
fn faults() -> Value {
    json!([
        { "kind": "notify_lost", "probability": 0.3 },
        { "kind": "notify_doubled", "probability": 0.3 },
        { "kind": "notify_late", "ms": 4_000, "probability": 0.2 },
        { "kind": "notify_late", "ms": 20_000, "probability": 0.1 },
        { "kind": "notify_bad_signature", "probability": 0.03 },
        { "kind": "answer_late", "ms": 1_500, "probability": 0.06 },
        { "kind": "answer_late", "ms": 6_000, "probability": 0.02 },
        { "kind": "answer_cut", "probability": 0.04 },
        { "kind": "connection_dropped", "probability": 0.04 },
        { "kind": "fails_before", "status": 500, "probability": 0.04 },
        { "kind": "fails_after", "status": 503, "probability": 0.04 },
        { "kind": "rate_limited", "probability": 0.04 },
    ])
}

/// Plays a run, prints its figures, and fails where anything is not as it should be.
pub(crate) async fn play(plan: Plan) {
    let began = Instant::now();
    let folder = tempfile::Builder::new().prefix("chaos-").tempdir().unwrap();
    let server = match plan.database {
        Database::Sqlite => None,
        Database::Postgres => Some(Arc::new(tokio::task::spawn_blocking(Server::new).await.unwrap())),
    };
    let database = match &server {
        Some(server) => server.database(),
        None => format!("sqlite:{}", folder.path().join("orders.db").display()),
    };
    let simulator = simulated(plan.seed).await;
    let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(WAITS).build().unwrap();
    let (balancer, merchant) = Balancer::new().await;
    let shop = Arc::new(Shop { http, merchant, simulator, book: Book::default(), takes_long: plan.runs_out });
    let platform = shop.simulated(Method::GET, "/simulator/platform", None).await.body;
    let (told, webhooks_url) = Told::listen().await;
    let mut merchants = Vec::new();
    for number in 0..plan.instances {
        let folder = folder.path().join(number.to_string());
        let merchant = Merchant::new(&folder, (&shop.merchant, &webhooks_url), &database, &shop.simulator, &platform);
        merchant.listens(&shop).await;
        balancer.add(&merchant.base);
        merchants.push(merchant);
    }
    let probe = shop.order(PROBE, 1, 3_600).await;
    let said = shop.simulated(Method::PUT, "/simulator/faults", Some(&faults())).await;
    assert_eq!(said.status, 200, "{said:?}");

    let merchants = Arc::new(Mutex::new(merchants));
    let (over, _) = watch::channel(false);
    let (quiet, _) = watch::channel(false);
    let payers = plan.payers();
    let visits: Vec<_> = (0..)
        .zip(payers)
        .map(|(number, payer)| {
            tokio::spawn(payer::comes(Arc::clone(&shop), number, payer, plan.seed, over.subscribe()))
        })
        .collect();
    let killer =
        tokio::spawn(kills(plan.clone(), Arc::clone(&shop), Arc::clone(&merchants), probe.clone(), quiet.subscribe()));
    let watcher = tokio::spawn(watches(Arc::clone(&shop), over.subscribe()));
    let outage = match (plan.outage, server.clone()) {
        (Some((after, lasts)), Some(server)) => {
            tokio::time::sleep(after).await;
            Some(stops(&shop, &merchants, server, lasts, &probe).await)
        }
        _ => None,
    };
    for visit in visits {
        visit.await.unwrap();
    }
    // The kills go on until the last payer has gone.
    quiet.send_replace(true);
    killer.await.unwrap();
    shop.simulated(Method::DELETE, "/simulator/faults", None).await;

    let ended = Instant::now();
    if !plan.runs_out {
        close_what_is_left(&shop).await;
    }
    shop.as_shop(Method::POST, &format!("/admin/v1/orders/{PROBE}/close"), None).await;
    let judge = Judge::new(Arc::clone(&shop), Arc::clone(&told));
    let ledger = settle(&shop, &judge).await;
    over.send_replace(true);
    watcher.await.unwrap();
    let mut wrong = judge.differences(&ledger).await;
    wrong.extend(shop.book.all_wrong());
    let (webhooks, webhooks_again, not_genuine) = told.count();
    wrong.extend(not_genuine);

    let mut merchants = merchants.lock().await;
    for merchant in &mut *merchants {
        wrong.extend(merchant.has_ended().map(|how| format!("the backend has ended by itself: {how}")));
        merchant.end().await;
    }
    let url = database.strip_prefix("sqlite:").unwrap_or(&database);
    let unmatched = store::open(url).await.unwrap().list_unmatched(10).await.unwrap();
    wrong.extend(unmatched.into_iter().map(|entry| format!("it fits no order: {}", entry.body)));
    let log: String = merchants.iter().map(Merchant::log).collect();
    wrong.extend(log.lines().filter(|line| line.contains("panicked")).map(str::to_owned));
    crate::said::Said::by_this_process().also(&log);

    let requests = shop.simulated(Method::GET, "/simulator/requests", None).await.body;
    let most = requests["most_queries_in_a_second"].as_u64().unwrap();
    if most > QUERIES_MAX {
        wrong.push(format!("{most} queries came in one second, though {QUERIES_MAX} may at most"));
    }
    report::print(&Figures {
        plan: &plan,
        orders: &shop.book.orders(),
        ledger: &ledger,
        lives: &merchants.iter().flat_map(|merchant| merchant.lives.clone()).collect::<Vec<_>>(),
        errors: &balancer.errors(),
        webhooks: (webhooks, webhooks_again),
        outage: outage.as_ref(),
        requests: &requests,
        took: began.elapsed(),
        settled_after: ended.elapsed(),
        differences: wrong.len(),
    });
    if !wrong.is_empty() || std::env::var_os("CHAOS_KEEP").is_some() {
        let kept: PathBuf = folder.keep();
        wrong.iter().take(PRINTED).for_each(|wrong| println!("{wrong}"));
        println!("the backend's log and database are in {}", kept.display());
    }
    assert!(wrong.is_empty(), "{} things are not as they should be", wrong.len());
}

/// A WeChat Pay in this process, which nobody kills. Its address.
pub(crate) async fn simulated(seed: u64) -> String {
    let config = wechat_cashier_simulator::Config {
        seed: Some(seed),
        // It tells early in the end what it would tell within hours, and signs by the true time all the same.
        signature_clock: SignatureClock::Machine,
        ..Default::default()
    };
    let mut config = config;
    config.merchants[0].public_key_percent = 100;
    let routes = wechat_cashier_simulator::app(config).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

/// Kills the backend at random moments, until all is quiet or it was killed often enough.
async fn kills(
    plan: Plan,
    shop: Arc<Shop>,
    merchants: Arc<Mutex<Vec<Merchant>>>,
    probe: String,
    mut quiet: watch::Receiver<bool>,
) {
    let mut random = fastrand::Rng::with_seed(plan.seed ^ 0x9);
    for _ in 0..plan.kills {
        let lives = Duration::from_millis(random.u64(plan.lives_ms.clone()));
        tokio::select! {
            () = tokio::time::sleep(lives) => {}
            _ = quiet.wait_for(|quiet| *quiet) => return,
        }
        let mut merchants = merchants.lock().await;
        let victim = random.usize(..merchants.len());
        let merchant = &mut merchants[victim];
        if let Some(how) = merchant.has_ended() {
            shop.book.wrong(format!("the backend has ended by itself: {how}"));
        }
        let started_at = merchant.kill().await;
        merchant.answers(&shop, (PROBE, &probe), started_at).await;
    }
}

/// Looks for orders that can be paid twice at a time.
async fn watches(shop: Arc<Shop>, mut over: watch::Receiver<bool>) {
    let mut seen = BTreeSet::new();
    while !*over.borrow_and_update() {
        seen.extend(Ledger::read(&shop).await.doubled(now()));
        tokio::select! {
            () = pause(300..600) => {}
            _ = over.changed() => {}
        }
    }
    seen.into_iter().for_each(|doubled| shop.book.wrong(doubled));
}

/// PostgreSQL stops. Nobody kills the backend meanwhile: it has to live through it.
async fn stops(
    shop: &Shop,
    merchants: &Mutex<Vec<Merchant>>,
    server: Arc<Server>,
    lasts: Duration,
    probe: &str,
) -> Outage {
    let mut merchants = merchants.lock().await;
    let stopping = Arc::clone(&server);
    tokio::task::spawn_blocking(move || stopping.stop()).await.unwrap();
    let stopped_at = now();
    let url = format!("{}/api/orders/{PROBE}", shop.merchant);
    let ask =
        async || crate::shop::send(shop.http.get(&url).bearer_auth(probe)).await.map(|Said { status, .. }| status);
    let mut unavailable = 0;
    let ends = tokio::time::Instant::now() + lasts;
    while tokio::time::Instant::now() < ends {
        match ask().await {
            Some(503) => unavailable += 1,
            other => shop.book.wrong(format!("without PostgreSQL a page is answered {other:?}, not 503")),
        }
        pause(100..300).await;
    }
    for how in merchants.iter_mut().filter_map(Merchant::has_ended) {
        shop.book.wrong(format!("the backend has ended without PostgreSQL: {how}"));
    }
    let started_at = now();
    tokio::task::spawn_blocking(move || server.start()).await.unwrap();
    let merchant = &mut merchants[0];
    merchant.answers(shop, (PROBE, probe), started_at).await;
    let answered_at = merchant.lives.pop().map_or(i64::MAX, |life| life.answered_at);
    Outage { stopped_at, started_at, answered_at, unavailable }
}

/// The shop wants nothing any more.
async fn close_what_is_left(shop: &Shop) {
    for order_id in shop.book.orders().keys() {
        let path = format!("/admin/v1/orders/{order_id}/close");
        while shop.as_shop(Method::POST, &path, None).await.is_none_or(|said| said.status != 200) {
            pause(50..200).await;
        }
    }
}

/// Watches until backend and books agree, or for as long as that may take. Where only what WeChat Pay has still to tell is left
/// to wait for, its clock is turned on.
pub(crate) async fn settle(shop: &Shop, judge: &Judge) -> Ledger {
    let last = Instant::now() + SETTLES_WITHIN;
    loop {
        let ledger = Ledger::read(shop).await;
        if ledger.has_ended() && !ledger.has_told() && judge.has_ended().await {
            let on = json!({ "advance_ms": TOLD_WITHIN_MS });
            shop.simulated(Method::POST, "/simulator/clock", Some(&on)).await;
        } else if (ledger.has_told() && judge.differences(&ledger).await.is_empty()) || Instant::now() > last {
            return ledger;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
