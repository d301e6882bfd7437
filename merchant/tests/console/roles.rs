//! What each key is good for: what it is not, is neither shown nor done.

use reqwest::StatusCode;
use wechat_cashier_merchant::config::{Scope, Secret, ShopKey};

use crate::bench::{ADMIN_KEY, Bench, READ_KEY};
use crate::visit::{Visit, hidden, paid, text};

const DESK_KEY: &str = "desk-key-of-the-tests-0123456789abcdef";
const TILL_KEY: &str = "till-key-of-the-tests-0123456789abcdef";

/// An instance with a key for orders and one for refunds.
async fn with_keys(bench: &Bench) -> String {
    bench
        .otherwise(|config| {
            for (name, key, scope) in [("desk", DESK_KEY, Scope::Orders), ("till", TILL_KEY, Scope::Refund)] {
                crate::said::Said::by_this_process().secret(key);
                let scopes = vec![Scope::Read, scope];
                config.shops[0].keys.push(ShopKey { name: name.to_owned(), key: Secret::new(key.to_owned()), scopes });
            }
        })
        .await
}

const CLOSE: &str = "/console/orders/K20261130001/close";
const REFUND: &str = "/console/orders/K20261130002/refund?number=K20261130002";
const CONFIRMED: &str = "/console/orders/K20261130002/refund/confirmed";

#[tokio::test]
async fn what_a_key_is_not_good_for_is_neither_shown_nor_done() {
    let bench = Bench::new().await;
    let at = with_keys(&bench).await;
    bench.order("K20261130001", &["native"]).await;
    paid(&bench, "K20261130002").await;
    for (key, closes, refunds) in
        [(READ_KEY, false, false), (DESK_KEY, true, false), (TILL_KEY, false, true), (ADMIN_KEY, true, true)]
    {
        let visit = Visit::at(&bench, &at);
        visit.log_in(key).await;
        let (open, came) =
            (visit.page("/console/orders/K20261130001").await, visit.page("/console/orders/K20261130002").await);
        assert_eq!(open.contains(CLOSE), closes, "{key} sees the close");
        assert_eq!(came.contains("/refund?number="), refunds, "{key} sees the refund");
        let days = visit.page("/console/days").await;
        assert_eq!(days.contains("type=\"date\""), closes, "{key} sees what compares");
        let token = hidden(crate::visit::form_of(&came, "/console/logout")).remove(0).1;
        let form =
            [("token", &*token), ("number", "K20261130002"), ("what", "part"), ("amount", "0.01"), ("key", "k1")];
        let refused = |is_good: bool, status: StatusCode, what: &str| {
            assert_eq!(status != StatusCode::FORBIDDEN, is_good, "{key}: {what}: {status}");
        };
        refused(refunds, visit.get(REFUND).await.status, "the form");
        if !refunds {
            refused(false, visit.post(CONFIRMED, &form).await.status, "the refund");
            refused(false, visit.post("/console/orders/K20261130002/refund", &form).await.status, "the question");
        }
        if !closes {
            let came = visit.post(CLOSE, &form).await;
            refused(false, came.status, "the close");
            assert!(text(&came.text).contains("not good for “orders”"), "{}", came.text);
            refused(false, visit.post("/console/webhooks/msg_1/resend", &form).await.status, "the resend");
            refused(false, visit.post("/console/days", &form).await.status, "the comparison");
        }
    }
    let order = bench.backend.order("K20261130002").await.unwrap();
    assert_eq!((order.refunds.len(), order.closed_at), (0, None));
    assert_eq!(bench.backend.order("K20261130001").await.unwrap().closed_at, None);
}
