//! Service-provider mode (docs/platform.md, 7.8): what is other than with a merchant of its own.

mod bills;
mod ids;
mod orders;
mod phone;
mod refunds;

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_simulator::config::Merchant;

use crate::bench::{Answer, Bench};

pub(crate) const SP: &str = "1900000300";
pub(crate) const SP_APPID: &str = "wx3c8d1f60a9b274e5";
/// It has an appid of its own.
pub(crate) const BOOKS: &str = "1900000311";
pub(crate) const BOOKS_APPID: &str = "wx9b5e27d40c81fa36";
/// It has none.
pub(crate) const NOODLES: &str = "1900000312";

const OTHER_SUB: (u16, &str, u32) = (400, "INVALID_REQUEST", 268_447_845);

pub(crate) async fn bench() -> Bench {
    Bench::new().await.for_partner()
}

/// An order for a sub-merchant, as it should be.
pub(crate) fn order(bench: &Bench, number: &str, sub_mchid: &str) -> Value {
    json!({
        "sp_appid": SP_APPID,
        "sp_mchid": SP,
        "sub_mchid": sub_mchid,
        "description": "一本书",
        "out_trade_no": number,
        "notify_url": bench.notify_url,
        "amount": { "total": 100, "currency": "CNY" },
    })
}

/// The same with more in it.
fn with(mut order: Value, more: Value) -> Value {
    let (Value::Object(fields), Value::Object(more)) = (&mut order, more) else { panic!("{order} is no order") };
    fields.extend(more);
    order
}

async fn prepay(bench: &Bench, product: &str, order: &Value) -> Answer {
    bench.call(Method::POST, &format!("/v3/pay/partner/transactions/{product}"), Some(order)).await
}

async fn native(bench: &Bench, number: &str, sub_mchid: &str) -> String {
    let answer = prepay(bench, "native", &order(bench, number, sub_mchid)).await;
    answer.json()["code_url"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

async fn paid(bench: &Bench, number: &str, sub_mchid: &str) {
    native(bench, number, sub_mchid).await;
    bench.pay(number).await;
}

async fn query(bench: &Bench, of: &str, sub_mchid: &str) -> Answer {
    let target = format!("/v3/pay/partner/transactions/{of}?sp_mchid={SP}&sub_mchid={sub_mchid}");
    bench.call(Method::GET, &target, None).await
}

async fn state(bench: &Bench, number: &str, sub_mchid: &str) -> String {
    let answer = query(bench, &format!("out-trade-no/{number}"), sub_mchid).await;
    answer.json()["trade_state"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// `close` or `reverse`.
async fn end(bench: &Bench, how: &str, number: &str, sub_mchid: &str) -> Answer {
    let mut body = json!({ "sp_mchid": SP, "sub_mchid": sub_mchid });
    if how == "reverse" {
        body["sp_appid"] = json!(SP_APPID);
    }
    bench.call(Method::POST, &format!("/v3/pay/partner/transactions/out-trade-no/{number}/{how}"), Some(&body)).await
}

/// The plaintexts that came, opened with the service provider's key.
fn told(bench: &Bench) -> Vec<Value> {
    let came = bench.inbox.came();
    let read = came.iter().map(|came| {
        assert_eq!(bench.holds(&came.headers, &came.body), Ok(()));
        assert_eq!(came.opened_by(&Merchant::demo()), None);
        came.opened_by(&Merchant::demo_partner()).unwrap()
    });
    read.collect()
}

#[track_caller]
fn is(answer: &Answer, (status, code, number): (u16, &str, u32)) {
    assert_eq!(answer.error(), (status, code.to_owned(), Some(number)), "{answer:?}");
}
