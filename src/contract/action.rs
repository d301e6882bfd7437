//! What the payer's page must do for a payment.

use serde::{Serialize, Serializer};

use super::json::{At, Decode, Written, deserialize};
use super::texts::texts;

/// What the payer's page must do for a payment. In JSON, an object with a `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Draw `content` as a QR, letter for letter: a `code_url` is opaque, and one extra character makes WeChat call the
    /// code expired.
    ShowQr {
        /// What the QR says.
        content: String,
    },
    /// Call `WeixinJSBridge.invoke('getBrandWCPayRequest', params)`.
    InvokeJsapi {
        /// The six parameters, minted and signed by the backend.
        params: JsapiParams,
    },
    /// Go to `url`: H5, OAuth, or one of the merchant's other methods.
    Redirect {
        /// Where to.
        url: String,
    },
    /// Open the mini-program's native pay page.
    OpenMiniProgram {
        /// Its path, such as `/pages/pay?order=1`.
        path: String,
    },
    /// Nothing: the payment is being confirmed (payment code).
    Wait {},
}

/// The parameters of `getBrandWCPayRequest`, APIv3
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4012791857>). All are strings, and their case matters.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct JsapiParams {
    /// The same appid that the prepay request named.
    pub app_id: String,
    /// Seconds since 1970, as a string.
    pub time_stamp: String,
    /// At most 32 characters.
    pub nonce_str: String,
    /// `prepay_id=` and the prepay id.
    pub package: String,
    /// `RSA`.
    pub sign_type: String,
    /// base64 of the RSA-SHA256 signature over the first four.
    pub pay_sign: String,
}

impl Decode for Action {
    fn decode(at: &At<'_>) -> Self {
        if !at.is_object("an object with a `type`") {
            return Self::Wait {};
        }
        let kind: String = at.field("type");
        // An empty one is missing as well: a browser takes it for the address of the page itself.
        let address = |name| match at.optional(name) {
            Some(Written(address)) => address,
            None => {
                needs(at, &kind, name);
                String::new()
            }
        };
        match kind.as_str() {
            "show_qr" => Self::ShowQr { content: address("content") },
            "redirect" => Self::Redirect { url: address("url") },
            "open_mini_program" => Self::OpenMiniProgram { path: address("path") },
            "invoke_jsapi" => match at.optional("params") {
                Some(params) => Self::InvokeJsapi { params },
                None => {
                    needs(at, &kind, "params");
                    Self::Wait {}
                }
            },
            "wait" => Self::Wait {},
            other => {
                const KNOWN: &str = "show_qr, invoke_jsapi, redirect, open_mini_program, wait";
                at.wrong(&["unknown type \"", other, "\", expected one of ", KNOWN]);
                Self::Wait {}
            }
        }
    }
}

fn needs(at: &At<'_>, kind: &str, field: &str) {
    at.missing(field, &[", which `", kind, "` needs"].concat());
}

impl Decode for JsapiParams {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        Self {
            app_id: at.field("appId"),
            time_stamp: at.field("timeStamp"),
            nonce_str: at.field("nonceStr"),
            package: at.field("package"),
            sign_type: at.field("signType"),
            pay_sign: at.field("paySign"),
        }
    }
}

impl Serialize for JsapiParams {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        texts(
            serializer,
            &[
                ("appId", Some(&self.app_id)),
                ("timeStamp", Some(&self.time_stamp)),
                ("nonceStr", Some(&self.nonce_str)),
                ("package", Some(&self.package)),
                ("signType", Some(&self.sign_type)),
                ("paySign", Some(&self.pay_sign)),
            ],
        )
    }
}

deserialize!(Action, JsapiParams);
