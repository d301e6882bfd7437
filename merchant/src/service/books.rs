//! Whose numbers have a bill: the merchant's own, or of a service provider each sub-merchant's.

use super::Backend;

impl Backend {
    /// The numbers that have a bill each: every sub-merchant's, or None: the merchant's own.
    #[must_use]
    pub fn books(&self) -> Vec<Option<String>> {
        let subs = self.wechat_pay().sub_mchids();
        match subs.is_empty() {
            true => vec![None],
            false => subs.into_iter().map(|sub_mchid| Some(sub_mchid.to_owned())).collect(),
        }
    }

    /// In which of them a shop's orders are.
    #[must_use]
    pub fn book_of(&self, shop: &str) -> Option<&str> {
        self.wechat_pay().sub_of(shop).map(|sub| sub.mchid.as_str())
    }
}
