//! Keys that are good for a part.

use reqwest::Method;
use serde_json::json;

use crate::bench::{ADMIN_KEY, Bench, READ_KEY, send};

#[tokio::test]
async fn a_key_does_what_it_is_good_for_and_no_more() {
    let bench = Bench::new().await;
    bench.order("K20261130001", &["native"]).await;
    let call = async |method: Method, path: &str, key: &str| {
        let request = bench.http.request(method, format!("{}/admin/v1/orders{path}", bench.merchant)).bearer_auth(key);
        send(request.body(json!({}).to_string())).await
    };
    assert_eq!(call(Method::GET, "/K20261130001", READ_KEY).await.status, 200);
    for (method, path) in
        [(Method::POST, ""), (Method::POST, "/K20261130001/close"), (Method::POST, "/K20261130001/mini-program")]
    {
        let refused = call(method, path, READ_KEY).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["code"]),
            (401, &json!("unauthorized")),
            "{path}: {refused:?}"
        );
        assert_eq!(refused.body["detail"], "the key bookkeeping is not good for orders: shop.keys");
    }
    assert_eq!(call(Method::GET, "/K20261130001", "nobody-has-this-key-0123456789abcdef").await.status, 401);
    assert_eq!(call(Method::POST, "/K20261130001/close", ADMIN_KEY).await.status, 200);
}
