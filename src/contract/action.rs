//! What the payer's page must do for a payment.

use serde::{Deserialize, Serialize};

/// What the payer's page must do for a payment. In JSON, an object with a `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", try_from = "ActionObject")]
#[cfg_attr(feature = "schema", schemars(!try_from))]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", expecting = "an object")]
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

/// Every field that any action has. It is read first, so that a wrong field is named by its own path, which serde's
/// tagged enums cannot do; then the type says which fields must be there.
#[derive(Deserialize)]
#[serde(expecting = "an object with a `type`")]
struct ActionObject {
    r#type: String,
    content: Option<String>,
    params: Option<JsapiParams>,
    url: Option<String>,
    path: Option<String>,
}

impl TryFrom<ActionObject> for Action {
    type Error = String;

    fn try_from(object: ActionObject) -> Result<Self, String> {
        let ActionObject { r#type, content, params, url, path } = object;
        let missing = |field: &str| ["missing field `", field, "`, which `", &r#type, "` needs"].concat();
        match r#type.as_str() {
            "show_qr" => Ok(Self::ShowQr { content: content.ok_or_else(|| missing("content"))? }),
            "invoke_jsapi" => Ok(Self::InvokeJsapi { params: params.ok_or_else(|| missing("params"))? }),
            "redirect" => Ok(Self::Redirect { url: url.ok_or_else(|| missing("url"))? }),
            "open_mini_program" => Ok(Self::OpenMiniProgram { path: path.ok_or_else(|| missing("path"))? }),
            "wait" => Ok(Self::Wait {}),
            other => Err([
                "unknown type \"",
                other,
                "\", expected one of show_qr, invoke_jsapi, redirect, open_mini_program, wait",
            ]
            .concat()),
        }
    }
}
