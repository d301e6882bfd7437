//! The ways to pay that the shop offers.

use wechat_cashier::contract::{Method, MethodOffer};

use super::language::Language;

/// All of them, unless an order says otherwise.
pub(crate) fn all(language: Language) -> Vec<MethodOffer> {
    let (alipay, unionpay) = match language {
        Language::Mainland => ("支付宝", "云闪付"),
        Language::HongKong => ("支付寶", "雲閃付"),
        Language::English => ("Alipay", "UnionPay"),
    };
    let own = |id: &str, label: &str| MethodOffer {
        method: Method::Merchant(id.to_owned()),
        label: Some(label.to_owned()),
        icon_url: Some(format!("/assets/{id}.svg")),
    };
    let wechat = [Method::Native, Method::Jsapi, Method::H5, Method::MiniProgram, Method::PaymentCode];
    wechat.into_iter().map(MethodOffer::from).chain([own("alipay", alipay), own("unionpay", unionpay)]).collect()
}
