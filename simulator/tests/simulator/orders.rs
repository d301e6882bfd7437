//! The rules of orders, on the ledger alone.

use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;
use wechat_cashier_simulator::ledger::{Key, Ledger, Order, Outcome, Refused, TradeState, TradeType};

const APPID: &str = "wx7e0a5b3c19d2f846";
const START: Timestamp = Timestamp::from_millis(1_796_000_000_000);
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn after(ms: i64) -> Timestamp {
    Timestamp::from_millis(START.millis() + ms)
}

fn key() -> Key {
    Key::new("1900000109", "order-1")
}

fn order(trade_type: TradeType) -> Order {
    Order {
        key: key(),
        appid: APPID.to_owned(),
        sub: None,
        trade_type,
        description: "tea".to_owned(),
        attach: None,
        total: 100,
        currency: "CNY".to_owned(),
        openid: None,
        notify_url: Some("https://shop.example/n".to_owned()),
        device_id: None,
        time_expire: None,
        body: json!({ "total": 100 }),
    }
}

fn state(ledger: &Ledger, now: Timestamp) -> TradeState {
    ledger.query(&key(), now).unwrap().trade_state
}

fn pay(ledger: &mut Ledger, by: &str, account: &str, now: Timestamp) -> Result<(), &'static str> {
    let bill = ledger.open(by, account, now, false).map_err(|said| said.text)?;
    ledger.pay(&bill.scan_id, Outcome::Pay, now, false).map(|_| ()).map_err(|said| said.text)
}

#[test]
fn the_same_order_again_gives_a_fresh_code_and_the_old_one_dies() {
    let mut ledger = Ledger::new(1);
    let old = ledger.prepay(order(TradeType::Native), START).unwrap();
    let new = ledger.prepay(order(TradeType::Native), after(MINUTE)).unwrap();
    assert_ne!(old, new);
    assert_eq!(pay(&mut ledger, &old, "A", after(MINUTE)), Err("二维码已过期"));
    assert_eq!(pay(&mut ledger, &new, "A", after(MINUTE)), Ok(()));
    let paid = ledger.query(&key(), after(MINUTE)).unwrap();
    assert_eq!((paid.trade_state, paid.payer.as_deref()), (TradeState::Success, Some("A")));
    assert_eq!(ledger.transaction(paid.transaction_id.as_deref().unwrap()).map(|trade| &trade.key), Some(&key()));
    assert_eq!(ledger.take_untold(), [key()]);
    assert_eq!(ledger.take_untold(), []);
}

#[test]
fn a_number_keeps_its_parameters_and_its_type() {
    let mut ledger = Ledger::new(1);
    ledger.prepay(order(TradeType::Native), START).unwrap();
    let other: fn(Order) -> Order = |order| Order { body: json!({ "total": 101 }), ..order };
    assert_eq!(ledger.prepay(other(order(TradeType::Native)), START), Err(Refused::OtherParameters));
    assert_eq!(ledger.prepay(order(TradeType::Mweb), START), Err(Refused::OtherTradeType));
    // Another merchant's number is another one.
    let theirs = Order { key: Key::new("1900000110", "order-1"), ..other(order(TradeType::Native)) };
    assert!(ledger.prepay(theirs, START).is_ok());
}

#[test]
fn what_is_paid_closed_or_expired_is_ordered_no_more() {
    let mut ledger = Ledger::new(1);
    let code = ledger.prepay(order(TradeType::Native), START).unwrap();
    pay(&mut ledger, &code, "A", START).unwrap();
    assert_eq!(ledger.prepay(order(TradeType::Native), START), Err(Refused::OrderPaid));
    assert_eq!(ledger.close(&key(), None, START), Err(Refused::OrderPaid));
    assert_eq!(pay(&mut ledger, &code, "A", START), Err("该订单已支付"));

    let mut ledger = Ledger::new(1);
    let code = ledger.prepay(order(TradeType::Native), START).unwrap();
    assert_eq!((ledger.close(&key(), None, START), ledger.close(&key(), None, START)), (Ok(()), Ok(())));
    assert_eq!(ledger.prepay(order(TradeType::Native), START), Err(Refused::OrderClosed));
    assert_eq!(pay(&mut ledger, &code, "A", START), Err("该订单已失效"));
    assert_eq!(state(&ledger, START), TradeState::Closed);

    let mut ledger = Ledger::new(1);
    let short = Order { time_expire: Some(after(10 * MINUTE)), ..order(TradeType::Native) };
    let code = ledger.prepay(short.clone(), START).unwrap();
    assert!(ledger.prepay(short.clone(), after(10 * MINUTE - 1)).is_ok());
    assert_eq!(ledger.prepay(short, after(10 * MINUTE)), Err(Refused::OrderClosed));
    assert_eq!(pay(&mut ledger, &code, "A", after(10 * MINUTE)), Err("该订单已失效"));
    // It can no longer be paid, but nobody has closed it.
    assert_eq!(state(&ledger, after(10 * MINUTE)), TradeState::NotPay);
    assert_eq!(state(&ledger, after(7 * DAY)), TradeState::Closed);
}

#[test]
fn a_time_to_pay_is_at_least_a_minute() {
    let mut ledger = Ledger::new(1);
    let past = Order { time_expire: Some(after(-DAY)), ..order(TradeType::Native) };
    ledger.prepay(past, START).unwrap();
    assert_eq!(ledger.query(&key(), START).unwrap().time_expire, after(MINUTE));
}

#[test]
fn a_number_closed_unused_is_spoilt() {
    let mut ledger = Ledger::new(1);
    assert_eq!(ledger.close(&key(), None, START), Ok(()));
    assert_eq!(ledger.query(&key(), START), None);
    assert_eq!(ledger.prepay(order(TradeType::Native), START), Err(Refused::OtherParameters));
}

#[test]
fn each_handle_has_its_life() {
    for (trade_type, life, said) in [
        (TradeType::Native, 2 * HOUR, "二维码已过期"),
        (TradeType::Mweb, 5 * MINUTE, "支付请求已失效,请重新发起支付"),
        (TradeType::Jsapi, 2 * HOUR, "该订单已失效"),
    ] {
        let mut ledger = Ledger::new(1);
        let handle = ledger.prepay(order(trade_type), START).unwrap();
        assert_eq!(pay(&mut ledger, &handle, "A", after(life)), Err(said), "{trade_type:?}");
        assert_eq!(pay(&mut ledger, &handle, "A", after(life - 1)), Ok(()), "{trade_type:?}");
    }
}

#[test]
fn the_account_that_opened_it_first_pays() {
    for (trade_type, said) in
        [(TradeType::Native, "商家订单信息有误,请重新下单支付"), (TradeType::Mweb, "签名验证失败")]
    {
        let mut ledger = Ledger::new(1);
        let handle = ledger.prepay(order(trade_type), START).unwrap();
        ledger.open(&handle, "A", START, false).unwrap();
        assert_eq!(pay(&mut ledger, &handle, "B", START), Err(said), "{trade_type:?}");
        // A fresh one is nobody's.
        let handle = ledger.prepay(order(trade_type), START).unwrap();
        assert_eq!(pay(&mut ledger, &handle, "B", START), Ok(()), "{trade_type:?}");
    }
}

#[test]
fn jsapi_is_paid_by_the_openid_in_the_order() {
    let mut ledger = Ledger::new(1);
    let code = ledger.authorize(APPID, "C", START);
    let openid = ledger.exchange(APPID, &code, START).unwrap();
    let ours = |openid: &str| Order { openid: Some(openid.to_owned()), ..order(TradeType::Jsapi) };
    assert_eq!(ledger.prepay(ours("nobody's"), START), Err(Refused::OpenidUnknown));
    let other_app = Order { appid: "wx0000000000000001".to_owned(), ..ours(&openid) };
    assert_eq!(ledger.prepay(other_app, START), Err(Refused::OpenidUnknown));
    let handle = ledger.prepay(ours(&openid), START).unwrap();
    assert_eq!(pay(&mut ledger, &handle, "A", START), Err("下单账号与支付账号不一致"));
    assert_eq!(pay(&mut ledger, &handle, "C", START), Ok(()));
    assert_eq!(ledger.query(&key(), START).unwrap().payer_openid, Some(openid));
}

#[test]
fn cancelling_and_a_wrong_password_leave_a_trade_unpaid() {
    let mut ledger = Ledger::new(1);
    let code = ledger.prepay(order(TradeType::Native), START).unwrap();
    let bill = ledger.scan(&code, "A", START, false).unwrap();
    for outcome in [Outcome::Cancel, Outcome::WrongPassword] {
        ledger.pay(&bill.scan_id, outcome, START, false).unwrap();
        assert_eq!(state(&ledger, START), TradeState::NotPay);
    }
    assert_eq!(ledger.scan(&format!("{code} "), "A", START, false).map_err(|said| said.text), Err("二维码已过期"));
}

#[test]
fn an_unpaid_trade_tells_only_its_state() {
    let mut ledger = Ledger::new(1);
    let attached = Order { attach: Some("order".to_owned()), ..order(TradeType::Native) };
    let code = ledger.prepay(attached, START).unwrap();
    let names = |view: &Value| view.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let view = ledger.query(&key(), START).unwrap().view();
    assert_eq!(names(&view), ["amount", "appid", "mchid", "out_trade_no", "trade_state", "trade_state_desc"]);
    pay(&mut ledger, &code, "A", START).unwrap();
    let view = ledger.query(&key(), START).unwrap().view();
    assert_eq!((&view["attach"], &view["trade_type"]), (&json!("order"), &json!("NATIVE")));
    assert_eq!(view["amount"], json!({ "total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY" }));
    assert!(view["success_time"].as_str().unwrap().ends_with("+08:00"));
    assert_eq!(view["transaction_id"].as_str().unwrap().len(), 28);
}

#[test]
fn the_same_seed_gives_the_same_codes() {
    let code = |seed| Ledger::new(seed).prepay(order(TradeType::Native), START).unwrap();
    assert_eq!(code(1), code(1));
    assert_ne!(code(1), code(2));
}
