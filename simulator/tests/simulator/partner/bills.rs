//! A service provider's bills: of all its sub-merchants, or of one.

use serde_json::json;

use super::*;
use crate::bench::MCHID;

async fn set(bench: &Bench, time: &str) {
    bench.post("/simulator/clock", json!({ "set": format!("{time}+08:00"), "freeze": true })).await;
}

async fn ask(bench: &Bench, query: &str) -> Answer {
    bench.call(Method::GET, &format!("/v3/bill/{query}"), None).await
}

/// The lines of the file, but for the names and the totals.
async fn lines(bench: &Bench, query: &str) -> Vec<Vec<String>> {
    let told = ask(bench, query).await.json();
    let target = told["download_url"].as_str().unwrap_or_else(|| panic!("{told}")).strip_prefix(&bench.base).unwrap();
    let text = bench.try_call(Method::GET, target, None, &[]).await.unwrap().text;
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with('`')).collect();
    let cells = |row: &&str| row.trim_start_matches('`').split(",`").map(str::to_owned).collect();
    rows[..rows.len() - 1].iter().map(cells).collect()
}

/// A day with two payments and a refund, asked about on the next.
async fn day() -> Bench {
    let bench = bench().await;
    set(&bench, "2026-11-29T12:00:00").await;
    paid(&bench, "books-1", BOOKS).await;
    bench.advance(1000).await;
    paid(&bench, "noodles-1", NOODLES).await;
    bench.advance(1000).await;
    let refund = json!({
        "sub_mchid": BOOKS, "out_trade_no": "books-1", "out_refund_no": "r1",
        "amount": { "refund": 40, "total": 100, "currency": "CNY" },
    });
    assert_eq!(bench.call(Method::POST, "/v3/refund/domestic/refunds", Some(&refund)).await.status, 200);
    set(&bench, "2026-11-30T10:00:00").await;
    bench
}

#[tokio::test]
async fn the_trade_bill_has_all_sub_merchants_or_one() {
    let bench = day().await;
    let of = |rows: Vec<Vec<String>>| -> Vec<_> {
        rows.into_iter().map(|row| (row[3].clone(), row[6].clone(), row[9].clone())).collect()
    };
    let row = |sub: &str, number: &str, state: &str| (sub.to_owned(), number.to_owned(), state.to_owned());
    let books = [row(BOOKS, "books-1", "SUCCESS"), row(BOOKS, "books-1", "REFUND")];
    let noodles = row(NOODLES, "noodles-1", "SUCCESS");
    let all = lines(&bench, "tradebill?bill_date=2026-11-29").await;
    assert!(all.iter().all(|row| row.len() == 27 && row[1] == SP_APPID && row[2] == SP), "{all:?}");
    assert_eq!(all[0][7], bench.trade("books-1").await["payer_openid"].as_str().unwrap());
    assert_eq!(of(all), [books[0].clone(), noodles.clone(), books[1].clone()]);
    let date = "tradebill?bill_date=2026-11-29";
    assert_eq!(of(lines(&bench, &format!("{date}&sub_mchid={BOOKS}")).await), books);
    assert_eq!(of(lines(&bench, &format!("{date}&sub_mchid={NOODLES}")).await), [noodles]);
    // What the faults do is told of the sub-merchant that was asked for.
    bench.faults(json!([{ "kind": "bill_line_foreign", "as_out_trade_no": "foreign-1" }])).await;
    let rows = of(lines(&bench, &format!("{date}&sub_mchid={NOODLES}")).await);
    assert_eq!(rows[1], row(NOODLES, "foreign-1", "SUCCESS"));
}

#[tokio::test]
async fn a_bill_is_of_a_sub_merchant_of_its_own() {
    let bench = day().await;
    for bill in ["tradebill", "fundflowbill"] {
        let date = format!("{bill}?bill_date=2026-11-29");
        let none = (400, "NO_STATEMENT_EXIST", 268_435_461);
        is(&ask(&bench, &format!("{bill}?bill_date=2026-11-28&sub_mchid={BOOKS}")).await, none);
        is(&ask(&bench, &format!("{date}&sub_mchid=1900000399")).await, (403, "NO_AUTH", 268_443_701));
        is(&ask(&bench, &format!("{date}&sub_mchid={SP}")).await, (400, "PARAM_ERROR", 268_443_705));
        is(&ask(&bench, &format!("{date}&mchid={MCHID}")).await, (400, "PARAM_ERROR", 270_924_358));
    }
}

#[tokio::test]
async fn money_moves_on_the_sub_merchants_account() {
    let bench = day().await;
    // Nothing moves on the service provider's own.
    let none = (400, "NO_STATEMENT_EXIST", 268_435_461);
    is(&ask(&bench, "fundflowbill?bill_date=2026-11-29").await, none);
    let moves = async |sub_mchid: &str| -> Vec<(String, String)> {
        let rows = lines(&bench, &format!("fundflowbill?bill_date=2026-11-29&sub_mchid={sub_mchid}")).await;
        rows.into_iter().map(|row| (row[6].clone(), row[7].clone())).collect()
    };
    let pair = |amount: &str, balance: &str| (amount.to_owned(), balance.to_owned());
    assert_eq!(moves(NOODLES).await, [pair("1.00", "1.00"), pair("0.01", "0.99")]);
    assert_eq!(moves(BOOKS).await, [pair("1.00", "1.00"), pair("0.01", "0.99"), pair("0.40", "0.59")]);
}
