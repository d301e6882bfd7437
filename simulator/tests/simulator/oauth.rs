//! OAuth of the service account (docs/platform.md, 5).

use reqwest::redirect::Policy;
use serde_json::Value;
use url::Url;
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::Merchant;

use crate::bench::{APPID, Bench, config};

const BACK: &str = "https%3A%2F%2Fshop.example%2Foauth%3Forder%3D1";

fn address(bench: &Bench, query: &str) -> String {
    format!("{}/open.weixin.qq.com/connect/oauth2/authorize?{query}", bench.base)
}

async fn visit(bench: &Bench, query: &str) -> (u16, Option<Url>, String) {
    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let answer = http.get(address(bench, query)).send().await.unwrap();
    let to = answer.headers().get("location").map(|to| Url::parse(to.to_str().unwrap()).unwrap());
    (answer.status().as_u16(), to, answer.text().await.unwrap())
}

async fn code(bench: &Bench, account: &str) -> String {
    let query =
        format!("appid={APPID}&redirect_uri={BACK}&response_type=code&scope=snsapi_base&state=s1&account={account}");
    let (status, to, _) = visit(bench, &query).await;
    let to = to.unwrap();
    let pairs: Vec<_> = to.query_pairs().into_owned().collect();
    assert_eq!((status, to.path(), pairs[0].0.as_str(), pairs[2].1.as_str()), (302, "/oauth", "order", "s1"));
    assert_eq!(pairs[1].0, "code");
    pairs[1].1.clone()
}

async fn exchange(bench: &Bench, appid: &str, secret: &str, code: &str) -> Value {
    let path = "/api.weixin.qq.com/sns/oauth2/access_token";
    bench.get(&format!("{path}?appid={appid}&secret={secret}&code={code}&grant_type=authorization_code")).await
}

#[tokio::test]
async fn a_code_is_an_openid_once() {
    let bench = Bench::new().await;
    let first = code(&bench, "A").await;
    assert_eq!(exchange(&bench, APPID, "c0ffee00c0ffee00c0ffee00c0ffee00", "nothing").await["errcode"], 40029);
    assert_eq!(exchange(&bench, APPID, "wrong", &first).await["errcode"], 40125);
    assert_eq!(exchange(&bench, "wx9", "c0ffee00c0ffee00c0ffee00c0ffee00", &first).await["errcode"], 40013);
    assert_eq!(
        exchange(&bench, "wx0000000000000001", "c0ffee00c0ffee00c0ffee00c0ffee00", &first).await["errcode"],
        40029
    );
    let answer = exchange(&bench, APPID, "c0ffee00c0ffee00c0ffee00c0ffee00", &first).await;
    let openid = answer["openid"].as_str().unwrap_or_else(|| panic!("{answer}"));
    assert!(openid.len() == 28 && openid.starts_with('o'), "{openid}");
    assert_eq!(exchange(&bench, APPID, "c0ffee00c0ffee00c0ffee00c0ffee00", &first).await["errcode"], 40163);
    let of = async |account| {
        exchange(&bench, APPID, "c0ffee00c0ffee00c0ffee00c0ffee00", &code(&bench, account).await).await["openid"]
            .clone()
    };
    assert_eq!(of("A").await, openid);
    assert_ne!(of("B").await, openid);
}

#[tokio::test]
async fn a_code_lives_five_minutes() {
    let bench = Bench::new().await;
    let code = code(&bench, "A").await;
    bench.advance(5 * 60_000).await;
    assert_eq!(exchange(&bench, APPID, "c0ffee00c0ffee00c0ffee00c0ffee00", &code).await["errcode"], 40029);
}

#[tokio::test]
async fn the_address_is_read_in_order() {
    let merchant = Merchant { oauth_domains: Some(vec!["shop.example".to_owned()]), ..Merchant::demo() };
    let bench = Bench::with(Config { merchants: vec![merchant], ..config() }).await;
    let good = format!("appid={APPID}&redirect_uri={BACK}&response_type=code&scope=snsapi_base&state=s1");
    assert_eq!(visit(&bench, &good).await.0, 302);
    for (query, number) in [
        (good.replace(APPID, "wx9"), 10016),
        (good.replace("shop.example", "other.example"), 10003),
        (good.replace("snsapi_base", "snsapi_all"), 10005),
        (good.replace("response_type=code&scope=snsapi_base", "scope=snsapi_base&response_type=code"), 10010),
        (good.replace(BACK, ""), 10011),
        (good.replace(APPID, ""), 10012),
        (good.replace("state=s1", "state=s-1"), 10013),
        (good.replace("&state=s1", ""), 10013),
    ] {
        let (status, to, text) = visit(&bench, &query).await;
        assert_eq!((status, to), (200, None), "{query}");
        assert!(text.contains(&format!("({number})")), "{query} {text}");
    }
}
