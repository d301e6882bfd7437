//! One order: what the backend says of it, what WeChat Pay's books say, and what its pages were shown.

use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::book::Kept;
use crate::judge::Trade;

/// The trades that the backend waits for.
pub(crate) fn open_numbers(view: &Value) -> impl Iterator<Item = &Value> {
    let is_open = |trade: &&Value| ["taken", "open", "user_paying"].iter().any(|state| trade["state"] == *state);
    view["trades"].as_array().into_iter().flatten().filter(is_open).map(|trade| &trade["out_trade_no"])
}

/// What a trade at the backend says of money: number, transaction, second, whether it went back.
type Money = (String, String, i64, bool);

fn money_of(trade: &Value) -> Option<Money> {
    let receipt = &trade["state"]["paid"];
    let at = Timestamp::parse(receipt["success_time"].as_str()?).unwrap().millis();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some((text(&trade["out_trade_no"]), text(&receipt["transaction_id"]), at / 1000, receipt["refunded"] == true))
}

fn money(trade: &Trade, went_back: bool) -> Money {
    let at = trade.success_time.unwrap_or_default() / 1000;
    (trade.out_trade_no.clone(), trade.transaction_id.clone(), at, went_back)
}

/// One order: what the backend says, what WeChat Pay's books say, what was shown.
pub(crate) fn differs(view: &Value, trades: &[&Trade], kept: &Kept) -> Vec<String> {
    let mut differs = Vec::new();
    let with = |state: &str| trades.iter().filter(|trade| trade.trade_state == state).copied().collect::<Vec<_>>();
    let (paid, paid_back) = (with("SUCCESS"), with("REFUND"));
    let known: Vec<&Value> = view["trades"].as_array().into_iter().flatten().collect();
    let told: Vec<Money> = known.iter().filter_map(|trade| money_of(trade)).collect();

    for trade in trades {
        let (number, state) = (&trade.out_trade_no, &trade.trade_state);
        if !trade.has_ended() {
            differs.push(format!("{number} can still be paid"));
        }
        if !known.iter().any(|known| known["out_trade_no"] == number.as_str()) {
            differs.push(format!("WeChat Pay has {number} ({state}), and the backend does not know it"));
        }
    }
    for money in paid.iter().map(|trade| money(trade, false)).filter(|money| !told.contains(money)) {
        differs.push(format!("paid at WeChat Pay, not so at the backend: {money:?}"));
    }
    let booked = |money: &&Money| {
        paid.iter().any(|trade| self::money(trade, false) == **money)
            || paid_back.iter().any(|trade| self::money(trade, true) == **money)
    };
    for money in told.iter().filter(|money| !booked(money)) {
        differs.push(format!("paid at the backend, not so at WeChat Pay: {money:?}"));
    }
    for number in open_numbers(view) {
        differs.push(format!("the backend still waits for {number}"));
    }
    let expected = match (paid.is_empty(), told.is_empty()) {
        (false, _) => "paid",
        (true, false) => "refunded",
        (true, true) => "closed",
    };
    if view["status"] != expected {
        differs.push(format!("is {} at the backend, and should be {expected}", view["status"]));
    }
    differs.extend(odd(view, &paid));
    differs.extend(wrongly_shown(kept, &paid, &paid_back));
    differs
}

/// Each payment after the first is named for a person, and nothing else is.
fn odd(view: &Value, paid: &[&Trade]) -> Vec<String> {
    let odd: Vec<&Value> = view["needs_attention"].as_array().into_iter().flatten().map(|odd| &odd["what"]).collect();
    let twice: Vec<&Value> =
        odd.iter().map(|what| &what["paid_twice"]["receipt"]["transaction_id"]).filter(|id| id.is_string()).collect();
    let mut differs: Vec<String> = odd
        .iter()
        .filter(|what| what["paid_twice"].is_null() && what["paid_late"].is_null())
        .map(|what| format!("needs attention: {what}"))
        .collect();
    let named = paid.iter().filter(|trade| twice.iter().any(|id| **id == trade.transaction_id.as_str())).count();
    if named != paid.len().saturating_sub(1) || twice.len() != named {
        differs.push(format!("{} payments at WeChat Pay, {} named as second ones", paid.len(), twice.len()));
    }
    differs
}

fn wrongly_shown(kept: &Kept, paid: &[&Trade], paid_back: &[&Trade]) -> Vec<String> {
    let mut differs = Vec::new();
    let first = paid.iter().chain(paid_back).filter_map(|trade| trade.success_time).min();
    match (kept.shown_paid_at(), first) {
        (Some(at), Some(first)) if at < first => differs.push(format!("shown paid {} ms too early", first - at)),
        (Some(_), None) => differs.push("shown paid, and nobody paid it".to_owned()),
        (None, Some(_)) if !paid.is_empty() => differs.push("paid, and never shown so".to_owned()),
        _ => {}
    }
    for pair in kept.shown.windows(2) {
        let (before, after) = (pair[0].1.as_str(), pair[1].1.as_str());
        let may_follow = match before {
            "paid" => after == "refunded" && !paid_back.is_empty(),
            "refunded" => false,
            "closed" => ["paid", "refunded"].contains(&after),
            _ => true,
        };
        if !may_follow {
            differs.push(format!("shown {before}, then {after}"));
        }
    }
    differs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::judge::Ledger;

    use super::*;

    const SECOND: i64 = 1_000_000;

    fn trade(number: &str, state: &str) -> Trade {
        let is_paid = ["SUCCESS", "REFUND"].contains(&state);
        Trade {
            out_trade_no: number.to_owned(),
            order_id: "A".to_owned(),
            trade_type: "NATIVE".to_owned(),
            trade_state: state.to_owned(),
            transaction_id: if is_paid { format!("42-{number}") } else { String::new() },
            success_time: is_paid.then_some(SECOND * 1000 + 250),
            time_expire: i64::MAX,
            is_told: true,
            untold: 0,
        }
    }

    fn receipt(number: &str, refunded: bool) -> Value {
        let at = Timestamp::from_millis(SECOND * 1000).to_rfc3339();
        json!({ "transaction_id": format!("42-{number}"), "success_time": at, "refunded": refunded })
    }

    /// What the backend says: numbers with their states, and the second payments.
    fn view(status: &str, trades: &[(&str, Value)], twice: &[&str]) -> Value {
        let trades: Vec<_> = trades.iter().map(|(no, state)| json!({ "out_trade_no": no, "state": state })).collect();
        let odd: Vec<_> =
            twice.iter().map(|no| json!({ "what": { "paid_twice": { "receipt": receipt(no, false) } } })).collect();
        json!({ "status": status, "trades": trades, "needs_attention": odd })
    }

    fn shown(statuses: &[&str]) -> Kept {
        let after = |(at, status): (i64, &&str)| (SECOND * 1000 + 1000 + at, (*status).to_owned());
        Kept { shown: (0..).zip(statuses).map(after).collect(), ..Kept::default() }
    }

    #[test]
    fn what_agrees_is_not_named() {
        let paid = |no| json!({ "paid": receipt(no, false) });
        let two = [("A", paid("A")), ("A-2", paid("A-2"))];
        let books = [trade("A", "SUCCESS"), trade("A-2", "SUCCESS")];
        let both = view("paid", &two, &["A-2"]);
        assert!(differs(&both, &[&books[0], &books[1]], &shown(&["pending", "closed", "paid"])).is_empty());
        let closed = view("closed", &[("A", json!("closed"))], &[]);
        assert!(differs(&closed, &[&trade("A", "CLOSED")], &shown(&["pending", "closed"])).is_empty());
        // Reversed before the backend heard that it was paid, or after.
        let refunded = view("refunded", &[("A", json!({ "paid": receipt("A", true) }))], &[]);
        assert!(differs(&refunded, &[&trade("A", "REFUND")], &shown(&["pending", "paid", "refunded"])).is_empty());
        assert!(differs(&closed, &[&trade("A", "REFUND")], &shown(&["pending", "closed"])).is_empty());
    }

    #[test]
    fn whatever_differs_is_named() {
        let paid = json!({ "paid": receipt("A", false) });
        let as_paid = view("paid", &[("A", paid.clone())], &[]);
        let as_closed = view("closed", &[("A", json!("closed"))], &[]);
        let (books, closed) = (trade("A", "SUCCESS"), trade("A", "CLOSED"));
        let second = trade("A-2", "SUCCESS");
        let other_id = Trade { transaction_id: "43".to_owned(), ..books.clone() };
        let other_second = Trade { success_time: Some(SECOND * 1000 + 1000), ..books.clone() };
        let (open, waits) = (trade("A", "NOTPAY"), view("pending", &[("A", json!("open"))], &[]));
        let unknown_second =
            view("paid", &[("A", paid.clone()), ("A-2", json!({ "paid": receipt("A-2", false) }))], &[]);
        let before = Kept { shown: vec![(SECOND * 1000, "paid".to_owned())], ..Kept::default() };
        let ok = shown(&["pending", "paid"]);
        for (what, view, books, kept) in [
            ("lost money", &as_closed, vec![&books], &ok),
            ("money of nobody's", &as_paid, vec![&closed], &ok),
            ("another transaction", &as_paid, vec![&other_id], &ok),
            ("another second", &as_paid, vec![&other_second], &ok),
            ("an unknown number", &as_paid, vec![&books, &second], &ok),
            ("a second payment that nobody is told of", &unknown_second, vec![&books, &second], &ok),
            ("it can still be paid", &as_closed, vec![&open], &shown(&["closed"])),
            ("it is still waited for", &waits, vec![&closed], &shown(&["pending"])),
            ("shown too early", &as_paid, vec![&books], &before),
            ("never shown", &as_paid, vec![&books], &shown(&["pending"])),
            ("shown and taken back", &as_paid, vec![&books], &shown(&["paid", "pending", "paid"])),
            ("shown, and nobody paid", &as_closed, vec![&closed], &shown(&["paid"])),
        ] {
            assert!(!differs(view, &books, kept).is_empty(), "{what}");
        }
    }

    #[test]
    fn two_numbers_that_can_be_paid_are_named() {
        let of = |states: [&str; 2]| Ledger { trades: vec![trade("A", states[0]), trade("A-2", states[1])] };
        assert_eq!(of(["NOTPAY", "USERPAYING"]).doubled(0).len(), 1);
        assert!(of(["CLOSED", "NOTPAY"]).doubled(0).is_empty());
        assert!(of(["NOTPAY", "NOTPAY"]).doubled(i64::MAX).is_empty());
    }
}
