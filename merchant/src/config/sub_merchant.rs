//! What a shop is to a service provider: `sub_mchid`, `sub_appid` and its secret.

use super::reader::Reader;
use super::rules::{appid, is_made};
use super::secret::Secret;
use super::shop::Table;
use super::wechat_pay::{Mode, app_secret};

/// A shop as a service provider's sub-merchant; empty, where the merchant takes the money itself.
#[derive(Debug)]
pub(super) struct SubMerchant {
    pub(super) mchid: Option<String>,
    pub(super) appid: Option<String>,
    pub(super) app_secret: Option<Secret>,
}

impl SubMerchant {
    /// Reads what there has to be, and refuses what would count for nothing.
    pub(super) fn read(reader: &mut Reader<'_>, table: Table, mode: Option<Mode>) -> Self {
        let number = "the sub-merchant's number (特约商户号): 8 to 10 digits";
        let mchid = reader.optional(&table.key("sub_mchid"), number, |given| {
            given.text().filter(|text| is_made(text, 8..=10, |byte| byte.is_ascii_digit())).map(ToOwned::to_owned)
        });
        let of = "an appid of the sub-merchant's own: wx and 16 hexadecimal digits";
        let own_appid = reader.optional(&table.key("sub_appid"), of, |given| appid(given.text()?));
        let secret = reader.secret(&app_secret(&table.key("sub_app_secret")));
        let parts = ["sub_mchid", "sub_appid", "sub_app_secret", "sub_app_secret_file"];
        match mode {
            Some(Mode::Direct) => {
                for key in parts.map(|part| table.key(part)) {
                    if reader.given(&key).is_some() {
                        let wanted =
                            "nothing, unless wechat_pay.mode is \"partner\": the merchant takes the money itself";
                        reader.fault(&key, wanted, "something");
                    }
                }
            }
            Some(Mode::Partner) if reader.given(&table.key("sub_mchid")).is_none() => {
                reader.missing(&table.key("sub_mchid"), number);
            }
            _ => {}
        }
        if secret.is_some() && own_appid.is_none() && reader.given(&table.key("sub_appid")).is_none() {
            reader.missing(&table.key("sub_appid"), "the appid whose secret sub_app_secret_file is");
        }
        Self { mchid, appid: own_appid, app_secret: secret }
    }
}
