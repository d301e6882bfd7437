//! The bodies as JSON: fields in this order, what is not given left out.

use serde::Serialize;

use crate::wechat_pay::payee::Ids;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(flatten)]
    pub(super) ids: Ids<'a>,
    pub(super) description: &'a str,
    pub(super) out_trade_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_expire: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attach: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notify_url: Option<&'a str>,
    pub(super) amount: AmountBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payer: Option<PayerBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scene_info: Option<Scene<'a>>,
}

#[derive(Serialize)]
pub(super) struct AmountBody<'a> {
    pub(super) total: i64,
    pub(super) currency: &'a str,
}

#[derive(Default, Serialize)]
pub(super) struct PayerBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) openid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sp_openid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sub_openid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_code: Option<&'a str>,
}

#[derive(Default, Serialize)]
pub(super) struct Scene<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payer_client_ip: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_ip: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) store_info: Option<Store<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) h5_info: Option<H5Info>,
}

#[derive(Serialize)]
pub(super) struct Store<'a> {
    pub(super) id: &'a str,
}

#[derive(Serialize)]
pub(super) struct H5Info {
    pub(super) r#type: &'static str,
}
