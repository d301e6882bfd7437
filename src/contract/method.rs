//! Ways to pay.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::json::{At, Decode, deserialize};

/// A way to pay an order, by its id: `native`, `jsapi`, `h5`, `mini_program`, `payment_code`, or any other for one of the
/// merchant's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub enum Method {
    /// `native`: a QR that the payer scans with WeChat.
    Native,
    /// `jsapi`: inside WeChat, through `WeixinJSBridge`.
    Jsapi,
    /// `h5`: from a phone's own browser, by way of `wx.tenpay.com`.
    H5,
    /// `mini_program`: in a native page of the merchant's mini-program.
    MiniProgram,
    /// `payment_code`: the payer's 18 digits, read by a till's scanner (付款码).
    PaymentCode,
    /// Any other id: the merchant's own.
    Merchant(String),
}

impl Method {
    /// The id in JSON.
    pub fn id(&self) -> &str {
        match self {
            Self::Native => "native",
            Self::Jsapi => "jsapi",
            Self::H5 => "h5",
            Self::MiniProgram => "mini_program",
            Self::PaymentCode => "payment_code",
            Self::Merchant(id) => id,
        }
    }
}

impl From<String> for Method {
    fn from(id: String) -> Self {
        match id.as_str() {
            "native" => Self::Native,
            "jsapi" => Self::Jsapi,
            "h5" => Self::H5,
            "mini_program" => Self::MiniProgram,
            "payment_code" => Self::PaymentCode,
            _ => Self::Merchant(id),
        }
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl Decode for Method {
    fn decode(at: &At<'_>) -> Self {
        String::decode(at).into()
    }
}

/// A method as an order offers it: in JSON its id alone (`"native"`), or an object with the merchant's label and icon.
/// One of the merchant's own with no label cannot be shown: it cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "OfferSchema"))]
pub struct MethodOffer {
    /// Which way to pay.
    pub method: Method,
    /// The merchant's name for it, as the payer reads it.
    pub label: Option<String>,
    /// Address of a picture for it.
    pub icon_url: Option<String>,
}

impl From<Method> for MethodOffer {
    fn from(method: Method) -> Self {
        Self { method, label: None, icon_url: None }
    }
}

/// A method with the merchant's words for it.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "the shape of the JSON, for its schema alone")]
struct OfferObject {
    /// Which way to pay.
    id: Method,
    /// The merchant's name for it, as the payer reads it. A method of the merchant's own needs one.
    label: Option<String>,
    /// Address of a picture for it, which may be relative to the page.
    icon_url: Option<String>,
}

#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the shape of the JSON, for its schema alone")]
enum OfferSchema {
    Id(Method),
    Object(OfferObject),
}

impl Serialize for MethodOffer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.label.is_none() && self.icon_url.is_none() {
            return self.method.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.method)?;
        if let Some(label) = &self.label {
            map.serialize_entry("label", label)?;
        }
        if let Some(icon_url) = &self.icon_url {
            map.serialize_entry("icon_url", icon_url)?;
        }
        map.end()
    }
}

impl Decode for MethodOffer {
    fn decode(at: &At<'_>) -> Self {
        let offer = match at.text() {
            Some(id) => Method::from(id.to_owned()).into(),
            None => {
                at.is_object("a method's id, such as \"native\", or an object {\"id\", \"label\", \"icon_url\"}");
                Self { method: at.field("id"), label: at.if_readable("label"), icon_url: at.address("icon_url") }
            }
        };
        if let (Method::Merchant(id), None) = (&offer.method, &offer.label) {
            at.missing("label", &[", which \"", id, "\" needs as a method of your own"].concat());
        }
        offer
    }
}

deserialize!(Method, MethodOffer);
