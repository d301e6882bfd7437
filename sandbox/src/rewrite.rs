//! What is changed in the merchant's answers on their way to the page: what the shop's order says, and faults that a
//! merchant backend can have and ours has not.

use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use crate::state::{Changed, ChangedPayment, State};

/// An answer about an order, or an event.
pub(crate) fn order(answer: &mut Value, state: &State, order_id: &str, now: Timestamp) {
    let Some(fields) = answer.as_object_mut().filter(|fields| fields.contains_key("order_id")) else { return };
    if !state.orders.get(order_id).is_some_and(|order| order.events) {
        fields.remove("events_url");
    }
    let Some(changed) = state.changed.get(order_id) else { return };
    sooner(&mut answer["expires_at"], changed.ends_at);
    if let Some(given) = answer.get_mut("payment").filter(|given| given.is_object()) {
        payment(given, changed);
        let is_over = |ends_at: Option<Timestamp>| ends_at.is_some_and(|at| at <= now);
        if is_over(changed.ends_at) || is_over(of(given, changed).and_then(|of| of.ends_at)) {
            *given = Value::Null;
        }
    }
}

/// A payment, alone or in an order.
pub(crate) fn payment(given: &mut Value, changed: &Changed) {
    sooner(&mut given["expires_at"], changed.ends_at);
    let Some(of) = of(given, changed) else { return };
    sooner(&mut given["expires_at"], of.ends_at);
    if let Some(params) = given.pointer_mut("/action/params").and_then(Value::as_object_mut) {
        for (name, value) in &of.params {
            match value {
                Some(value) => params.insert(name.clone(), json!(value)),
                None => params.remove(name),
            };
        }
    }
}

fn of<'a>(given: &Value, changed: &'a Changed) -> Option<&'a ChangedPayment> {
    changed.payments.get(given["payment_id"].as_str()?)
}

fn sooner(field: &mut Value, ends_at: Option<Timestamp>) {
    let said = field.as_str().and_then(Timestamp::parse);
    if let Some(at) = ends_at.filter(|at| said.is_none_or(|said| *at < said)) {
        *field = json!(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::ShopOrder;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn an_answer_says_what_was_changed_in_it() {
        let mut state = State::default();
        let shop = ShopOrder { number: 1, token: String::new(), lang: "en".to_owned(), events: false };
        state.orders.insert("T1".to_owned(), shop);
        let params = [("timeStamp".to_owned(), None), ("nonceStr".to_owned(), Some("n".to_owned()))].into();
        let of = ChangedPayment { ends_at: Some(at("2026-01-01T00:00:10Z")), params };
        let payments = [("p1".to_owned(), of)].into();
        state.changed.insert("T1".to_owned(), Changed { ends_at: None, payments });
        let answer = json!({
            "order_id": "T1", "status": "paid", "events_url": "/events", "expires_at": "2026-01-01T00:15:00Z",
            "payment": {
                "payment_id": "p1", "expires_at": "2026-01-01T00:15:00Z",
                "action": { "type": "invoke_jsapi", "params": { "timeStamp": "1", "nonceStr": "m", "package": "p" } },
            },
        });
        let rewritten = |state: &State, now| {
            let mut answer = answer.clone();
            order(&mut answer, state, "T1", at(now));
            answer
        };
        let said = rewritten(&state, "2026-01-01T00:00:09Z");
        assert_eq!(said.get("events_url"), None);
        assert_eq!((&said["status"], &said["expires_at"]), (&json!("paid"), &answer["expires_at"]));
        assert_eq!(said["payment"]["action"]["params"], json!({ "nonceStr": "n", "package": "p" }));
        assert_eq!(said["payment"]["expires_at"], json!(at("2026-01-01T00:00:10Z")));
        assert_eq!(rewritten(&state, "2026-01-01T00:00:10Z")["payment"], Value::Null);
    }
}
