//! What Prometheus scrapes, and that the board and the rules ask for nothing else.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[allow(dead_code, reason = "the shop's tests use all of it")]
#[path = "support/bench.rs"]
mod bench;
#[path = "support/demo.rs"]
mod demo;
#[allow(dead_code, reason = "the shop's tests use all of it")]
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/said.rs"]
mod said;

use std::collections::BTreeSet;

use bench::{Bench, native, serve};
use wechat_cashier_merchant::metrics::{self, NAMES};

/// The value of a line.
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|it| it.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{line} in\n{text}")).parse().unwrap()
}

#[tokio::test]
async fn a_payment_is_counted_on_its_way() {
    let handle = metrics::start().unwrap();
    let bench = Bench::new().await;
    let (address, _) = serve(metrics::router(handle, bench.backend.clone())).await;
    let token = bench.order("M20261130001", &["native"]).await;
    let payment = bench.pay("M20261130001", &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.until("M20261130001", "paid").await;
    bench.ask("M20261130001", &token, "").await;
    bench.ask("no-such-order", &token, "").await;

    let answer = bench.http.get(format!("{address}/metrics")).send().await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let text = answer.text().await.unwrap();
    let counted = |name: &str| value(&text, name);
    assert_eq!(counted("wechat_cashier_trades_total{method=\"native\",state=\"taken\"}"), 1.0);
    assert_eq!(counted("wechat_cashier_trades_total{method=\"native\",state=\"paid\"}"), 1.0);
    assert_eq!(counted("wechat_cashier_notifications_total{outcome=\"taken\"}"), 1.0);
    assert_eq!(counted("wechat_cashier_payment_heard_seconds_count{by=\"notification\"}"), 1.0);
    let prepaid = "wechat_cashier_platform_request_seconds_count{call=\"/v3/pay/transactions/native\",outcome=\"ok\"}";
    assert_eq!(counted(prepaid), 1.0);
    let order = "route=\"/api/orders/{order_id}\",method=\"GET\"";
    assert_eq!(counted(&format!("wechat_cashier_http_request_seconds_count{{{order},status=\"2xx\"}}")), 1.0);
    assert_eq!(counted(&format!("wechat_cashier_http_request_seconds_count{{{order},status=\"4xx\"}}")), 1.0);
    assert_eq!(counted("wechat_cashier_database_up"), 1.0);
    for private in ["M20261130001", token.as_str(), "no-such-order"] {
        assert!(!text.contains(private), "{private} in\n{text}");
    }
}

#[test]
fn board_rules_and_document_ask_for_what_there_is() {
    let known: BTreeSet<_> = NAMES.into_iter().collect();
    for (file, text) in [
        ("grafana.json", include_str!("../monitoring/grafana.json")),
        ("alerts.yml", include_str!("../monitoring/alerts.yml")),
        ("merchant.md", include_str!("../../docs/merchant.md")),
    ] {
        let words = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        let asked: BTreeSet<_> = words
            .filter(|word| word.starts_with("wechat_cashier_"))
            .map(|word| ["_bucket", "_count", "_sum"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word))
            .collect();
        assert_eq!(asked.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "{file}");
        let wanted = if file == "alerts.yml" { 7 } else { NAMES.len() };
        assert!(asked.len() >= wanted, "{file}: {asked:?}");
    }
    let board: serde_json::Value = serde_json::from_str(include_str!("../monitoring/grafana.json")).unwrap();
    assert!(board["panels"].as_array().unwrap().len() > 9);
}
