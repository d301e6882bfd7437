//! The trade bill: asked for, downloaded, unzipped, and with faults in it.

use std::io::Read;

use reqwest::Method;
use serde_json::json;
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::Merchant;

use crate::bench::{APPID, Answer, Bench, MCHID, OTHER_MCHID, config};

const HOUR_MS: i64 = 60 * 60 * 1000;
const ALL: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const ALL_TOTALS: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

/// A bench whose clock stands at this time in China.
async fn at(time: &str) -> Bench {
    let bench = Bench::new().await;
    set(&bench, time).await;
    bench
}

async fn set(bench: &Bench, time: &str) {
    bench.post("/simulator/clock", json!({ "set": format!("{time}+08:00"), "freeze": true })).await;
}

async fn ask(bench: &Bench, query: &str) -> Answer {
    bench.call(Method::GET, &format!("/v3/bill/tradebill?{query}"), None).await
}

/// The file of a bill, which is held against its hash by whoever reads it.
async fn file(bench: &Bench, query: &str) -> Vec<u8> {
    let told = ask(bench, query).await.json();
    let url = told["download_url"].as_str().unwrap_or_else(|| panic!("{told}"));
    let target = url.strip_prefix(&bench.base).unwrap();
    let authorization = bench.authorization("GET", target, "").await;
    let request = bench.http.get(url).header("authorization", authorization).header("accept", "*/*");
    let answer = request.header("user-agent", "test").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let signed = answer.headers().keys().any(|name| name.as_str().starts_with("wechatpay-"));
    assert!(!signed, "the file is signed: {:?}", answer.headers());
    answer.bytes().await.unwrap().to_vec()
}

async fn lines(bench: &Bench, query: &str) -> Vec<String> {
    let text = String::from_utf8(file(bench, query).await).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap().strip_suffix("\r\n").unwrap().to_owned();
    text.split("\r\n").map(str::to_owned).collect()
}

#[tokio::test]
async fn a_day_is_told_in_the_documented_form() {
    let bench = at("2026-11-29T23:59:58").await;
    for number in ["order-1", "order-2"] {
        bench.native(number).await;
    }
    bench.pay("order-1").await;
    set(&bench, "2026-11-30T00:00:00").await;
    bench.pay("order-2").await;
    set(&bench, "2026-12-01T10:00:00").await;

    let id = bench.trade("order-1").await["transaction_id"].as_str().unwrap().to_owned();
    let openid = bench.trade("order-1").await["payer_openid"].as_str().unwrap().to_owned();
    let row = format!(
        "`2026-11-29 23:59:58,`{APPID},`{MCHID},`0,`,`{id},`order-1,`{openid},`NATIVE,`SUCCESS,`OTHERS,`CNY,`1.00,`0.00,\
         `0,`0,`0.00,`0.00,`,`,`一杯茶,`,`0.01000,`0.60%,`1.00,`0.00,`"
    );
    let expected = [ALL, &row, ALL_TOTALS, "`1,`1.00,`0.00,`0.00,`0.01000,`1.00,`0.00"];
    assert_eq!(lines(&bench, "bill_date=2026-11-29").await, expected);
    let success = lines(&bench, "bill_date=2026-11-30&bill_type=SUCCESS").await;
    assert_eq!(success[0].split(',').count(), 20);
    assert!(success[1].starts_with("`2026-11-30 00:00:00,") && success[1].contains("`order-2,"), "{success:?}");
    assert_eq!(success[3], "`1,`1.00,`0.01000,`1.00");

    let mut unzipped = Vec::new();
    let zipped = file(&bench, "bill_date=2026-11-29&tar_type=GZIP").await;
    flate2::read::GzDecoder::new(&*zipped).read_to_end(&mut unzipped).unwrap();
    assert_eq!(unzipped, file(&bench, "bill_date=2026-11-29").await);
}

#[tokio::test]
async fn a_reversed_payment_by_code_has_a_line_of_each() {
    let bench = at("2026-11-29T12:00:00").await;
    let code = bench.get("/wechat/payment-code?account=A").await["code"].clone();
    let mut order = bench.order("till-1");
    order["payer"] = json!({ "auth_code": code });
    order["scene_info"] = json!({ "store_info": { "id": "1" } });
    order.as_object_mut().unwrap().remove("notify_url");
    let paid = bench.call(Method::POST, "/v3/pay/transactions/codepay", Some(&order)).await;
    assert_eq!(paid.json()["trade_state"], "SUCCESS", "{paid:?}");
    bench.advance(20_000).await;
    let target = "/v3/pay/transactions/out-trade-no/till-1/reverse";
    bench.call(Method::POST, target, Some(&json!({ "appid": APPID, "mchid": MCHID }))).await;
    set(&bench, "2026-11-30T10:00:00").await;
    let all = lines(&bench, "bill_date=2026-11-29&bill_type=ALL").await;
    assert!(all[1].contains("`MICROPAY,`SUCCESS,") && all[2].contains("`MICROPAY,`REVOKED,"), "{all:?}");
    assert_eq!(all[4], "`2,`1.00,`1.00,`0.00,`0.00000,`1.00,`1.00");
    let refunds = lines(&bench, "bill_date=2026-11-29&bill_type=REFUND").await;
    assert_eq!((refunds.len(), refunds[0].split(',').count()), (4, 29));
}

#[tokio::test]
async fn a_bill_is_there_from_ten_on_for_three_months() {
    let bench = at("2026-11-29T12:00:00").await;
    bench.native("order-1").await;
    bench.pay("order-1").await;
    let error = async |time: &str, query: &str| {
        set(&bench, time).await;
        ask(&bench, query).await.error()
    };
    let of = |status, code: &str, number| (status, code.to_owned(), Some(number));
    let date = "bill_date=2026-11-29";
    let creating = of(400, "STATEMENT_CREATING", 268_435_461);
    assert_eq!(error("2026-11-30T09:59:59", date).await, creating);
    let (none, wrong) = (of(400, "NO_STATEMENT_EXIST", 268_435_461), of(400, "INVALID_REQUEST", 268_435_461));
    assert_eq!(error("2026-11-29T23:00:00", date).await, wrong);
    assert_eq!(error("2027-02-28T10:00:00", date).await, wrong);
    assert_eq!(error("2026-12-02T10:00:00", "bill_date=2026-11-30").await, none);
    assert_eq!(error("2026-12-02T10:00:00", "bill_date=2026-11-29&bill_type=REFUND").await, none);
    set(&bench, "2027-02-27T10:00:00").await;
    assert_eq!(ask(&bench, date).await.status, 200);

    let param = of(400, "PARAM_ERROR", 268_435_461);
    for query in ["", "bill_date=20261129", "bill_date=2026-11-29&bill_type=all", "bill_date=2026-11-29&tar_type=ZIP"] {
        assert_eq!(ask(&bench, query).await.error(), param, "{query}");
    }
    let other = ask(&bench, "bill_date=2026-11-29&sub_mchid=1900000111").await;
    assert_eq!(other.error(), of(403, "NO_AUTH", 268_435_461));
    let unknown = ask(&bench, "bill_date=2026-11-29&account_type=BASIC").await;
    assert_eq!(unknown.error(), of(400, "PARAM_ERROR", 270_924_358));
}

#[tokio::test]
async fn the_address_ends_and_is_the_merchants_alone() {
    let bench = at("2026-11-29T12:00:00").await;
    bench.native("order-1").await;
    bench.pay("order-1").await;
    set(&bench, "2026-11-30T10:00:00").await;
    let told = ask(&bench, "bill_date=2026-11-29").await.json();
    let target = told["download_url"].as_str().unwrap().strip_prefix(&bench.base).unwrap().to_owned();
    let get = async |target: &str| bench.try_call(Method::GET, target, None, &[]).await.unwrap();
    let good = get(&target).await;
    assert_eq!((good.status, bench.is_signed(&good)), (200, Err("unsigned")));
    let unsigned = bench.send(Method::GET, &target, &[("user-agent", "test"), ("accept", "*/*")], String::new()).await;
    assert_eq!(unsigned.unwrap().status, 401);
    assert_eq!(get("/v3/billdownload/file?token=none").await.error().1, "INVALID_REQUEST");
    bench.advance(5 * 60 * 1000).await;
    let ended = get(&target).await;
    assert_eq!((ended.status, bench.is_signed(&ended)), (400, Err("unsigned")));
}

#[tokio::test]
async fn anothers_address_is_refused() {
    let other = Merchant { mchid: OTHER_MCHID.to_owned(), ..Merchant::demo() };
    let bench = Bench::with(Config { merchants: vec![Merchant::demo(), other], ..config() }).await;
    set(&bench, "2026-11-29T12:00:00").await;
    bench.native("order-1").await;
    bench.pay("order-1").await;
    bench.advance(24 * HOUR_MS).await;
    let told = ask(&bench, "bill_date=2026-11-29").await.json();
    let target = told["download_url"].as_str().unwrap().strip_prefix(&bench.base).unwrap();
    let mine = bench.authorization("GET", target, "").await;
    let theirs = mine.replace(MCHID, OTHER_MCHID);
    let headers = [("authorization", theirs.as_str()), ("user-agent", "test"), ("accept", "*/*")];
    let answer = bench.send(Method::GET, target, &headers, String::new()).await.unwrap();
    assert_eq!((answer.status, answer.error().1), (403, "NO_AUTH".to_owned()));
}

#[tokio::test]
async fn faults_are_in_the_bill_that_is_asked_for() {
    let bench = at("2026-11-29T12:00:00").await;
    for number in ["order-1", "order-2", "order-3"] {
        bench.native(number).await;
        bench.pay(number).await;
    }
    set(&bench, "2026-11-30T10:00:00").await;
    bench
        .faults(json!([
            { "kind": "bill_line_missing", "out_trade_no": "order-1" },
            { "kind": "bill_wrong_amount", "out_trade_no": "order-2", "total": 7 },
            { "kind": "bill_wrong_state", "out_trade_no": "order-3", "state": "ODD" },
            { "kind": "bill_line_foreign", "as_out_trade_no": "foreign-1", "total": 9 },
        ]))
        .await;
    let all = lines(&bench, "bill_date=2026-11-29").await;
    assert_eq!(all.len(), 6);
    assert!(all[1].contains("`order-2,") && all[1].contains("`0.07,`0.00,`"), "{all:?}");
    assert!(all[2].contains("`order-3,") && all[2].contains("`ODD,"), "{all:?}");
    assert!(all[3].contains("`foreign-1,"), "{all:?}");
    assert_eq!(all[5], "`3,`1.16,`0.00,`0.00,`0.01000,`1.16,`0.00");

    bench.faults(json!([])).await;
    let whole = file(&bench, "bill_date=2026-11-29").await;
    bench.faults(json!([{ "kind": "bill_spoilt", "times": 1 }])).await;
    let spoilt = file(&bench, "bill_date=2026-11-29").await;
    let differ: Vec<_> = whole.iter().zip(&spoilt).filter(|(one, other)| one != other).collect();
    assert_eq!((whole.len(), differ.len()), (spoilt.len(), 1));
}

#[tokio::test]
async fn what_moved_on_the_account_adds_up() {
    let bench = at("2026-11-28T12:00:00").await;
    bench.native("order-0").await;
    bench.pay("order-0").await;
    set(&bench, "2026-11-29T12:00:00").await;
    bench.native("order-1").await;
    bench.pay("order-1").await;
    set(&bench, "2026-11-30T10:00:00").await;
    let told = bench.call(Method::GET, "/v3/bill/fundflowbill?bill_date=2026-11-29", None).await.json();
    let target = told["download_url"].as_str().unwrap_or_else(|| panic!("{told}")).strip_prefix(&bench.base).unwrap();
    let answer = bench.try_call(Method::GET, target, None, &[]).await.unwrap();
    let id = bench.trade("order-1").await["transaction_id"].as_str().unwrap().to_owned();
    let lines: Vec<_> = answer.text.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
    assert_eq!(lines[0].split(',').count(), 11);
    let end = format!("`{MCHID}API,`,`order-1");
    let begin = format!("`2026-11-29 12:00:00,`{id},`{id}");
    assert_eq!(lines[1], format!("{begin}0000,`交易,`交易,`收入,`1.00,`1.99,{end}"));
    assert_eq!(lines[2], format!("{begin}0001,`交易,`扣除交易手续费,`支出,`0.01,`1.98,{end}"));
    assert_eq!(lines[3..], ["资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", "`2,`1,`1.00,`1,`0.01", ""]);
    let fees = bench.call(Method::GET, "/v3/bill/fundflowbill?bill_date=2026-11-29&account_type=FEES", None).await;
    assert_eq!(fees.error().1, "NO_STATEMENT_EXIST");
    let other = bench.call(Method::GET, "/v3/bill/fundflowbill?bill_date=2026-11-29&bill_type=ALL", None).await;
    assert_eq!(other.error(), (400, "PARAM_ERROR".to_owned(), Some(270_924_358)));
}
