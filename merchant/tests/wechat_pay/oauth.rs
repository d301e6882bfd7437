//! The way to an openid.

use std::time::Duration;

use url::Url;
use wechat_cashier_merchant::wechat_pay::oauth::{OAuth, OAuthError, OAuthSettings};

use crate::platform::{Reply, start};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn oauth(oauth_base: Url) -> OAuth {
    OAuth::new(OAuthSettings {
        authorize_base: Url::parse("https://open.weixin.qq.com").unwrap(),
        oauth_base,
        appid: "wx520c15f417810387".to_owned(),
        secret: SECRET.to_owned().into(),
        timeout: Duration::from_secs(5),
    })
    .unwrap()
}

/// The example of WeChat's documentation.
#[test]
fn the_address_is_in_the_order_that_wechat_demands() {
    let oauth = oauth(Url::parse("https://api.weixin.qq.com").unwrap());
    assert_eq!(
        oauth.authorize_url("https://chong.qq.com/php/index.php?d=&c=wxAdapter&m=mobileDeal a", "123"),
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx520c15f417810387&redirect_uri=https%3A%2F%2Fchong.qq.com%2Fphp%2F\
         index.php%3Fd%3D%26c%3DwxAdapter%26m%3DmobileDeal%20a&response_type=code&scope=snsapi_base&state=123#wechat_redirect"
    );
}

#[tokio::test]
async fn a_code_is_exchanged_and_each_no_is_named() {
    let (platform, url) = start().await;
    let oauth = oauth(url);
    // WeChat's JSON comes as text.
    platform.reply(
        Reply::unsigned(200, r#"{"access_token":"t","openid":"oUpF8uMuAJO","scope":"snsapi_base"}"#)
            .with("Content-Type", "text/plain"),
    );
    assert_eq!(oauth.openid("a&b").await, Ok("oUpF8uMuAJO".to_owned()));
    let asked = platform.asked().pop().unwrap();
    assert_eq!(
        asked.target,
        format!(
            "/sns/oauth2/access_token?appid=wx520c15f417810387&secret={SECRET}&code=a%26b&grant_type=authorization_code"
        )
    );
    for (body, error) in [
        (r#"{"errcode":40029,"errmsg":"invalid code"}"#, OAuthError::CodeUnusable { errcode: 40029 }),
        (r#"{"errcode":40163,"errmsg":"code been used"}"#, OAuthError::CodeUnusable { errcode: 40163 }),
        (r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#, OAuthError::Credentials { errcode: 40125 }),
        (r#"{"errcode":-1,"errmsg":"system error"}"#, OAuthError::Busy { errcode: -1 }),
        (r#"{"errcode":50000}"#, OAuthError::Other { errcode: 50000 }),
        (r#"{"openid":"o1","is_snapshotuser":1}"#, OAuthError::Snapshot),
    ] {
        platform.reply(Reply::unsigned(200, body));
        assert_eq!(oauth.openid("1").await, Err(error));
    }
    for reply in [Reply::unsigned(200, "{}"), Reply::unsigned(200, "<html>"), Reply::unsigned(502, "")] {
        platform.reply(reply);
        assert!(matches!(oauth.openid("1").await, Err(OAuthError::Failed(_))));
    }
}

#[tokio::test]
async fn the_app_secret_is_in_no_error_and_no_debug() {
    // Nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let oauth = oauth(Url::parse(&format!("http://{free}")).unwrap());
    let error = oauth.openid("thecode").await.unwrap_err();
    for told in [error.to_string(), format!("{error:?}"), format!("{oauth:?}")] {
        assert!(!told.contains(SECRET) && !told.contains("thecode"), "{told}");
    }
}
