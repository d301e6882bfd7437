//! The bill of a day: published ones, what is refused, and how it is asked for and downloaded.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::http::HeaderValue;
use proptest::prelude::*;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::day::Day;
use wechat_cashier_merchant::wechat_pay::bill::{Bill, BillState, read};
use wechat_cashier_merchant::wechat_pay::{Error, Unverified};

use crate::platform::{MCHID, Reply, connected};

/// A line of `TestDownloadForClient` in gunsluo/wechatpay-go, with the totals of one: it has neither a mark nor CR.
const GO: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
`2021-01-28 17:07:11,`wx81be3101902f7cb2,`1601959334,`0,`,`4200000925202101284997714292,`S20210128170702357723,`ofyak5qR_1wYsC99CsWA6R9MJazA,`NATIVE,`SUCCESS,`OTHERS,`CNY,`0.01,`0.00,`0,`0,`0.00,`0.00,`,`,`for testing,`cipher code,`0.00000,`1.00%,`0.01,`0.00,`
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`1,`0.01,`0.00,`0.00,`0.00000,`0.01,`0.00
";

/// A refund and a payment as a PHP program quotes them from a bill, with the totals of these two: what was attached has quotes.
const PHP: &str = r#"交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
`2024-07-09 16:47:58,`wxe1696e7c7db8e7f4,`1579507281,`0,`,`4200002166202406250324636876,`5617363390111199232,`oVgfJ5d35c6iAXrRCnfhOGF9aHT8,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50302709992024070991956632208,`5622435300878286848,`50.00,`0.00,`ORIGINAL,`SUCCESS,`2024-06-28 18:30 客户付款,`{"statement_id":"5617363390111199232"},`-0.27000,`0.54%,`0.00,`50.00,`
`2024-07-09 10:06:33,`wxe1696e7c7db8e7f4,`1579507281,`0,`,`4200002360202407091150650780,`5622334254839656448,`oVgfJ5TrnzDOSuaxbFc33mw-5LUY,`JSAPI,`SUCCESS,`OTHERS,`CNY,`60.00,`0.00,`0,`0,`0.00,`0.00,`,`,`2024-07-10 13:50 客户付款,`{"statement_id":"5622334254839656448"},`0.32000,`0.54%,`60.00,`0.00,`
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`2,`60.00,`50.00,`0.00,`0.05000,`60.00,`50.00
"#;

/// WeChat Pay's own example, of APIv2 and before 2018: other names, fewer columns, colons of full width
/// (<https://pay.weixin.qq.com/wiki/doc/api/native.php?chapter=9_6>).
const OLD: &str = "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率\r
`2014-11-10 16：33：45,`wx2421b1c4370ec43b,`10000100,`0,`1000,`1001690740201411100005734289,`1415640626,`085e9858e3ba5186aafcbaed1,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`被扫支付测试,`订单额外描述,`0,`0.60%\r
`2014-11-10 16：46：14,`wx2421b1c4370ec43b,`10000100,`0,`1000,`1002780740201411100005729794,`1415635270,`085e9858e90ca40c0b5aee463,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`被扫支付测试,`订单额外描述,`0,`0.60%\r
总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额\r
`2,`0.02,`0.0,`0.0,`0\r
";

#[test]
fn published_bills_are_read() {
    let row = &read(GO.as_bytes()).unwrap().rows[0];
    assert_eq!((row.line, row.total, row.currency.code()), (2, 1, "CNY"));
    assert_eq!(row.transaction_id, "4200000925202101284997714292");
    assert_eq!(row.out_trade_no, "S20210128170702357723");
    assert_eq!((&row.state, &row.refund, row.mchid.as_str()), (&BillState::Success, &None, "1601959334"));
    assert_eq!(Some(row.at), Timestamp::parse("2021-01-28T09:07:11Z"));

    let rows = read(PHP.as_bytes()).unwrap().rows;
    let refund = rows[0].refund.as_ref().unwrap();
    assert_eq!((&rows[0].state, rows[0].total, refund.amount), (&BillState::Refund, 0, 5000));
    assert_eq!(refund.refund_id.as_deref(), Some("50302709992024070991956632208"));
    assert_eq!(refund.out_refund_no.as_deref(), Some("5622435300878286848"));
    assert_eq!((refund.status.as_str(), rows[1].total), ("SUCCESS", 6000));

    let rows = read(OLD.as_bytes()).unwrap().rows;
    let (totals, numbers): (Vec<_>, Vec<_>) = rows.iter().map(|row| (row.total, row.out_trade_no.as_str())).unzip();
    assert_eq!((totals, numbers), (vec![1, 1], vec!["1415640626", "1415635270"]));
    assert_eq!(rows[0].at, Timestamp::parse("2014-11-10T08:33:45Z").unwrap());
}

#[test]
fn marks_and_ends_of_lines_make_no_difference() {
    let marked = format!("\u{feff}{}", PHP.replace('\n', "\r\n"));
    assert_eq!(read(marked.as_bytes()), read(PHP.as_bytes()));
    let (names, rest) = PHP.split_once('\n').unwrap();
    let names: Vec<_> = names.split(',').map(|name| format!("`{name}")).collect();
    assert_eq!(read(format!("{}\n{rest}\n\n", names.join(",")).as_bytes()), read(PHP.as_bytes()));
}

#[test]
fn what_is_wrong_is_named_by_line_and_column() {
    for (from, to, expected) in [
        ("`60.00,`0.00,`\n", "`60.001,`0.00,`\n", "line 3, column 订单金额: is no amount in that currency"),
        ("`50.00,`0.00,`ORIGINAL", "`5O.00,`0.00,`ORIGINAL", "line 2, column 退款金额: is no amount in that currency"),
        ("2024-07-09 10:06:33", "2024-07-32 10:06:33", "line 3, column 交易时间: is no time"),
        ("`JSAPI,`SUCCESS", "`JSAPI,`", "line 3, column 交易状态: is empty"),
        ("`OTHERS,`CNY,`60", "`OTHERS,`RMB,`60", "line 3, column 货币种类: is no currency of ISO 4217"),
        ("`5622334254839656448", "`", "line 3, column 商户订单号: is empty"),
        ("`JSAPI,`SUCCESS", "`SUCCESS", "line 3: has 26 values under 27 names"),
        ("微信订单号,", "", "line 1, column 微信订单号: is missing"),
        ("微信订单号,", "商户号,", "line 1, column 商户号: is there twice"),
        ("`2,`60.00", "`3,`60.00", "line 5, column 总交易单数: is not the number of the lines, which is 2"),
        ("`2,`60.00", "`2,`60.01", "line 5, column 应结订单总金额: is not the sum of 应结订单金额"),
        ("`60.00,`50.00\n", "`60.00,`50.01\n", "line 5, column 申请退款总金额: is not the sum of 申请退款金额"),
        ("`0.05000,`60.00,`50.00\n", "`0.05000,`60.00,`50.00\nmore\n", "line 6: stands behind the totals"),
    ] {
        assert!(PHP.contains(from), "{from}");
        let fault = read(PHP.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert_eq!(fault.to_string(), format!("the bill, {expected}"), "{to}");
    }
    let cut = PHP.split_once("总交易单数").unwrap().0;
    assert_eq!(
        read(cut.as_bytes()).unwrap_err().to_string(),
        "the bill, line 3: the file ends here, without its totals"
    );
    assert_eq!(read(b"").unwrap_err().to_string(), "the bill, line 1: the file is empty");
    assert_eq!(read(b"a\n\xff\n").unwrap_err().to_string(), "the bill, line 2: is not UTF-8");
}

/// A bill with these amounts and these words of the merchant's own, as the platform writes it.
fn written(amounts: &[(i64, String)]) -> String {
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let mut text = "\u{feff}交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,商品名称,订单金额\r\n".to_owned();
    for (number, (fen, name)) in amounts.iter().enumerate() {
        let total = yuan(*fen);
        text += &format!("`2026-11-29 10:00:00,`{MCHID},`42{number},`T-{number},`SUCCESS,`CNY,`{name},`{total}\r\n");
    }
    let sum = yuan(amounts.iter().map(|(fen, _)| fen).sum());
    text + &format!("总交易单数,订单总金额\r\n`{},`{sum}\r\n", amounts.len())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_amount_and_number_comes_out_as_it_was(
        amounts in prop::collection::vec((0_i64..100_000_000_000, "[^`\\r\\n\\p{C}]{0,20}"), 0..20)
    ) {
        let bill = read(written(&amounts).as_bytes()).unwrap();
        let totals: Vec<_> = bill.rows.iter().map(|row| row.total).collect();
        prop_assert_eq!(totals, amounts.iter().map(|(fen, _)| *fen).collect::<Vec<_>>());
        for (number, row) in bill.rows.iter().enumerate() {
            prop_assert_eq!(&row.out_trade_no, &format!("T-{}", number));
            prop_assert_eq!(row.line, number + 2);
        }
    }

    #[test]
    fn no_text_makes_it_fail_otherwise_than_by_a_fault(text in "[`,\"0-9.a-z\\r\\n-]{0,80}") {
        let (names, totals) = GO.split_once('\n').unwrap();
        let _ = read(text.as_bytes());
        let _ = read(format!("{names}\n{text}\n{totals}").as_bytes());
    }

    #[test]
    fn an_amount_that_is_changed_is_never_read(fen in 0_i64..1_000_000, other in 0_i64..1_000_000) {
        prop_assume!(fen != other);
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let text = written(&[(fen, String::new()), (7, String::new())]);
        let row = format!("`,`{}\r\n`2026", yuan(fen));
        prop_assert!(text.contains(&row));
        let changed = text.replacen(&row, &format!("`,`{}\r\n`2026", yuan(other)), 1);
        prop_assert!(read(changed.as_bytes()).is_err());
    }
}

fn told(file: &str, url: &str) -> String {
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, file.as_bytes());
    let hash: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    serde_json::json!({ "hash_type": "SHA1", "hash_value": hash, "download_url": url }).to_string()
}

const URL: &str = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=a-b_c&tartype=gzip";

fn day() -> Day {
    Day::parse("2026-11-29").unwrap()
}

#[tokio::test]
async fn a_bill_is_asked_for_and_downloaded_by_signed_requests() {
    let (platform, client) = connected().await;
    let file = written(&[(1999, "茶, 250 g".to_owned())]);
    platform.reply(Reply::signed(200, &told(&file, URL)));
    platform.reply(Reply::unsigned(200, &file));
    let bill = client.of(None).trade_bill(day()).await.unwrap();
    assert_eq!((bill.rows.len(), bill.rows[0].total), (1, 1999));
    let asked = platform.asked();
    assert_eq!(asked[0].target, "/v3/bill/tradebill?bill_date=2026-11-29&bill_type=ALL&tar_type=GZIP");
    assert_eq!(
        (&asked[0].headers["accept"], &asked[1].headers["accept"]),
        (&HeaderValue::from_static("application/json"), &HeaderValue::from_static("*/*"))
    );
    // The host of the configuration is asked, whichever the address names.
    assert_eq!(asked[1].target, "/v3/billdownload/file?token=a-b_c&tartype=gzip");
    assert_ne!(asked[0].verified(), asked[1].verified());
}

#[tokio::test]
async fn a_day_without_payments_has_an_empty_bill() {
    let (platform, client) = connected().await;
    let none = r#"{"code":"NO_STATEMENT_EXIST","message":"请求的账单文件不存在"}"#;
    platform.reply(Reply::signed(400, none));
    assert_eq!(client.of(None).trade_bill(day()).await, Ok(Bill::default()));
    // What nobody has signed is not believed to be empty.
    platform.reply(Reply::unsigned(400, none));
    assert!(matches!(client.of(None).trade_bill(day()).await, Err(Error::NotVerified { .. })));
    platform.reply(Reply::signed(400, r#"{"code":"STATEMENT_CREATING","message":"账单生成中"}"#));
    assert!(
        matches!(client.of(None).trade_bill(day()).await, Err(Error::Refused(refusal)) if refusal.code == "STATEMENT_CREATING")
    );
}

#[tokio::test]
async fn what_is_not_the_file_whose_hash_was_signed_is_refused() {
    let (platform, client) = connected().await;
    let file = written(&[(1999, String::new())]);
    for bit in (0..file.len() * 8).step_by(97) {
        let mut reply = Reply::unsigned(200, &file);
        reply.body[bit / 8] ^= 1 << (bit % 8);
        platform.reply(Reply::signed(200, &told(&file, URL)));
        platform.reply(reply);
        assert_eq!(
            client.of(None).trade_bill(day()).await,
            Err(Error::NotVerified { why: Unverified::Hash, status: 200, claims: None }),
            "bit {bit}"
        );
    }
}

#[tokio::test]
async fn nobody_else_is_sent_anything_and_no_other_call_is_made() {
    let (platform, client) = connected().await;
    for url in [
        "https://evil.example/v3/billdownload/file?token=a",
        "https://api.mch.weixin.qq.com.evil.example/v3/billdownload/file?token=a",
        "http://api.mch.weixin.qq.com/v3/billdownload/file?token=a",
        "https://api.mch.weixin.qq.com/v3/certificates",
        "/v3/billdownload/file?token=a",
    ] {
        platform.reply(Reply::signed(200, &told("", url)));
        let refused = client.of(None).trade_bill(day()).await;
        assert!(matches!(refused, Err(Error::Unreadable { .. })), "{url}: {refused:?}");
        assert_eq!(platform.asked().len(), 1, "{url}");
    }
}

#[tokio::test]
async fn a_bill_of_another_merchant_day_or_status_is_none() {
    let (platform, client) = connected().await;
    let file = written(&[(1999, String::new())]);
    let others = [file.replace(MCHID, "1900000000"), file.replace("2026-11-29", "2026-11-28")];
    for other in &others {
        platform.reply(Reply::signed(200, &told(other, URL)));
        platform.reply(Reply::unsigned(200, other));
        assert!(matches!(client.of(None).trade_bill(day()).await, Err(Error::Unreadable { .. })));
    }
    platform.reply(Reply::signed(200, &told(&file, URL)));
    platform.reply(Reply::unsigned(400, r#"{"code":"INVALID_REQUEST","message":"参数错误"}"#));
    let ended = client.of(None).trade_bill(day()).await;
    assert!(matches!(&ended, Err(Error::Unreadable { why }) if why.contains("INVALID_REQUEST")), "{ended:?}");
    platform.reply(Reply::signed(200, &told(&file, URL)));
    platform.reply(Reply::unsigned(503, ""));
    assert_eq!(client.of(None).trade_bill(day()).await, Err(Error::Unavailable { status: 503 }));
}
