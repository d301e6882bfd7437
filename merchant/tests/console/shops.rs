//! Several shops at one console: each sees and does what is its own, and nothing tells it of the others.

use reqwest::StatusCode;

use crate::bench::{Bench, native, secret};
use crate::visit::{Visit, text};

pub(crate) const SHOPS: &str = r#"
[[shops]]
id = "tea"
name = "Tea House"
admin_key_file = "tea.admin.key"
token_key_file = "tea.token.key"
[[shops]]
id = "cake"
name = "Cake House"
admin_key_file = "cake.admin.key"
token_key_file = "cake.token.key"
"#;

#[tokio::test]
async fn each_shop_sees_and_does_its_own_alone() {
    let bench = Bench::of_shops(SHOPS, "", |_| {}).await;
    let key = |shop: &str| secret(&format!("{shop}.admin.key"));
    for (shop, order_id) in [("tea", "TEA-000001"), ("cake", "CAKE-00001")] {
        let token = bench.order_by(&key(shop), order_id, &["native"]).await;
        let payment = bench.pay(order_id, &token, "key-1", &native()).await;
        bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
        bench.until(order_id, "paid").await;
    }
    let door = Visit::new(&bench).page("/console/login").await;
    assert!(!door.contains("Tea House") && !door.contains("Cake House"), "{door}");

    let tea = Visit::by(&bench, &key("tea")).await;
    let list = tea.page("/console/").await;
    assert!(list.contains("Tea House") && list.contains("TEA-000001") && !list.contains("CAKE-00001"), "{list}");
    assert!(!tea.page("/console/?number=CAKE-00001").await.contains("/console/orders/CAKE-00001"));
    assert!(tea.page("/console/webhooks").await.contains("Tea House"));
    let said = text(&tea.page("/console/unmatched").await);
    assert!(said.contains("Several shops are served here"), "{said}");

    // What is another's is not there, to look at or to change.
    for path in ["/console/orders/CAKE-00001", "/console/orders/CAKE-00001/refund?number=CAKE-00001"] {
        assert_eq!(tea.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let own = tea.page("/console/orders/TEA-000001/refund?number=TEA-000001").await;
    let fields = [("number", "CAKE-00001"), ("what", "whole"), ("key", "key-of-the-test")];
    let hidden = crate::visit::hidden(crate::visit::form_of(&own, "/console/logout"));
    let (_, token) = hidden.iter().find(|(name, _)| name == "token").unwrap();
    let mut form = vec![("token", token.as_str())];
    form.extend(fields);
    for path in ["close", "refund", "refund/confirmed"] {
        let came = tea.post(&format!("/console/orders/CAKE-00001/{path}"), &form).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{path}: {came:?}");
    }
    let cake = bench.backend.order("CAKE-00001").await.unwrap();
    assert_eq!((cake.refunds.len(), cake.closed_at), (0, None));
}
