//! How the payer's phone is set up: one phone for each sandbox.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How the payer's phone is set up. The page of the emulator reads it; the platform asks only for what is its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneSettings {
    /// Whose WeChat it is.
    pub account: String,
    /// What the page inside takes itself to be in. None: the browser's own user agent.
    pub system: Option<System>,
    /// When `WeixinJSBridge` is there.
    pub bridge: Bridge,
    /// How late, with `late`.
    pub late_ms: u32,
    /// A `pre_verify_jsapi:ok` comes before the answer (WeChat 8.0.16, docs/platform.md, 1.3).
    pub pre_verify: bool,
    /// The name of the answer's result.
    pub key: AnswerKey,
    /// How the answer's result begins.
    pub spelling: Spelling,
    /// What the callback is told in place of a pay sheet. None: the sheet decides.
    pub answer: Option<String>,
    /// How many times; 0: always.
    pub answer_count: u32,
    /// The bridge never calls back.
    pub silent: bool,
    /// WeChat closes the page after success (点金计划, field problem 13).
    pub close_after_pay: bool,
    /// WeChat's text size.
    pub font_percent: u16,
    /// What OAuth does.
    pub oauth: Oauth,
    /// Where OAuth leads back to.
    pub oauth_to: OauthTo,
    /// Whether the JS-SDK can be loaded.
    pub jssdk: Jssdk,
    /// The merchant's 支付授权目录, as paths; `/` is the whole domain. None: all.
    pub pay_directories: Option<Vec<String>>,
    /// Every payment by code asks for the password, not only the large ones.
    pub ask_password: bool,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        Self {
            account: "A".to_owned(),
            system: None,
            bridge: Bridge::Ready,
            late_ms: 1500,
            pre_verify: false,
            key: AnswerKey::Snake,
            spelling: Spelling::Documented,
            answer: None,
            answer_count: 1,
            silent: false,
            close_after_pay: false,
            font_percent: 100,
            oauth: Oauth::Silent,
            oauth_to: OauthTo::Merchant,
            jssdk: Jssdk::Works,
            pay_directories: Some(["/wechat/cashier/", "/cashier/", "/"].map(str::to_owned).to_vec()),
            ask_password: false,
        }
    }
}

/// Where the page inside the phone is opened (docs/platform.md, 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    Android,
    Ios,
    Harmony,
    Windows,
    Mac,
    Wecom,
    MiniProgram,
    PhoneBrowser,
    IphoneBrowser,
    TabletBrowser,
    Alipay,
    Unionpay,
    Qq,
}

/// When `WeixinJSBridge` is there (docs/platform.md, 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bridge {
    /// Before the page's scripts.
    Ready,
    /// So long after the page has loaded.
    Late,
    /// Never.
    Missing,
    /// Its event comes twice, and so does every answer.
    Doubled,
}

/// The name of the answer's result: both are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerKey {
    /// `err_msg`.
    #[serde(rename = "err_msg")]
    Snake,
    /// `errMsg`.
    #[serde(rename = "errMsg")]
    Camel,
}

/// How the answer's result begins: all are seen (field problem 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spelling {
    /// As documented.
    #[serde(rename = "get_brand_wcpay_request")]
    Documented,
    /// As the call is spelt.
    #[serde(rename = "getBrandWCPayRequest")]
    Call,
    /// As the JS-SDK has it.
    #[serde(rename = "chooseWXPay")]
    Jssdk,
}

/// What OAuth does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oauth {
    /// It leads back at once, as `snsapi_base` does.
    Silent,
    /// It asks the payer first.
    Ask,
    /// It shows error 10003.
    Fail,
}

/// Where OAuth leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OauthTo {
    /// To the merchant's own endpoint.
    Merchant,
    /// To the page itself, with `code` and `state` in its address.
    Page,
    /// To a merchant that accepts no code.
    Loop,
}

/// Whether `/assets/jssdk.js` is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Jssdk {
    /// It is.
    Works,
    /// 404.
    Missing,
}

impl PhoneSettings {
    /// These settings with some of them changed. The error names the first that is unknown or cannot have its value.
    pub(crate) fn changed(&self, changes: Map<String, Value>) -> Result<Self, String> {
        let mut settings = self.clone();
        for (name, value) in changes {
            let mut json = serde_json::to_value(&settings).map_err(|error| error.to_string())?;
            json[&name] = value;
            settings = serde_json::from_value(json).map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(settings)
    }
}
