//! What single methods of WeChat Pay need: `[wechat_pay.h5]`, `[wechat_pay.payment_code]`, `[wechat_pay.mini_program]`.

use std::net::IpAddr;

use wechat_cashier::contract::Method;

use super::reader::Reader;
use super::rules::{address, appid};
use super::shop::short;

/// What an H5 payment tells of the page (`scene_info.h5_info`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct H5 {
    /// The page's name.
    pub app_name: Option<String>,
    /// The page's address.
    pub app_url: Option<String>,
}

/// What a payment by payment code tells of the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentCode {
    /// `scene_info.store_info.id`: WeChat Pay's number of the shop (门店).
    pub store_id: Option<String>,
    /// `scene_info.store_info.out_id`: the merchant's own number of it.
    pub store_out_id: Option<String>,
    /// `scene_info.device_id`: the till.
    pub device_id: Option<String>,
    /// `scene_info.device_ip`: its address.
    pub device_ip: Option<IpAddr>,
}

/// The mini-program with whose native page a payer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniProgram {
    /// Its appid, another than the service account's.
    pub appid: String,
    /// The path of its page that pays.
    pub path: String,
}

impl H5 {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let name = "a name of at most 64 characters";
        let app_name = reader.optional("wechat_pay.h5.app_name", name, |given| short(given, 64));
        let app_url = reader.optional("wechat_pay.h5.app_url", "an address of at most 128 characters", |given| {
            let text = short(given, 128)?;
            address(&text).map(|_| text)
        });
        Self { app_name, app_url }
    }
}

impl PaymentCode {
    /// None where the method is off.
    pub(super) fn read(reader: &mut Reader<'_>, methods: &[Method]) -> Option<Self> {
        let text = "a text of at most 32 characters";
        let mut named = |key: &str| reader.optional(key, text, |given| short(given, 32));
        let store_id = named("wechat_pay.payment_code.store_id");
        let store_out_id = named("wechat_pay.payment_code.store_out_id");
        let device_id = named("wechat_pay.payment_code.device_id");
        let device_ip =
            reader.optional("wechat_pay.payment_code.device_ip", "an IP address", |given| given.text()?.parse().ok());
        if !methods.contains(&Method::PaymentCode) {
            return None;
        }
        if store_id.is_none() && store_out_id.is_none() {
            let wanted = "this or store_out_id, for payment_code is in wechat_pay.methods and WeChat Pay wants a shop";
            reader.missing("wechat_pay.payment_code.store_id", wanted);
        }
        Some(Self { store_id, store_out_id, device_id, device_ip })
    }
}

impl MiniProgram {
    /// None where the method is off.
    pub(super) fn read(reader: &mut Reader<'_>, methods: &[Method]) -> Option<Self> {
        let expected = "the mini-program's appid: wx and 16 hexadecimal digits";
        let of = reader.optional("wechat_pay.mini_program.appid", expected, |given| appid(given.text()?));
        let page = "the path of the mini-program's pay page, such as /pages/pay/index";
        let path = reader.optional("wechat_pay.mini_program.path", page, |given| {
            let path = short(given, 128)?;
            (path.starts_with('/') && !path.contains(['?', '#', ' '])).then_some(path)
        });
        if !methods.contains(&Method::MiniProgram) {
            return None;
        }
        for (key, wanted, is_set) in [
            ("wechat_pay.mini_program.appid", expected, of.is_some()),
            ("wechat_pay.mini_program.path", page, path.is_some()),
        ] {
            // One that is wrong has its fault already.
            if !is_set && reader.given(key).is_none() {
                reader.missing(key, wanted);
            }
        }
        Some(Self { appid: of?, path: path? })
    }
}
