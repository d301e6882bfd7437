//! The page's own address.

use wasm_bindgen::JsValue;

use crate::core::{Options, RETURNED};

impl Options {
    /// With what the page's address says: the address itself, and whether the payer comes back from paying this order or from
    /// a login. For an order, so that is to be named before.
    ///
    /// The `code` and `state` of a login are the backend's. They are taken out of what the payer sees, and shares, and
    /// reloads: a code works once (field problem 18). So is the mark of the way back, which speaks of this one visit.
    #[must_use]
    pub fn with_page_address(mut self) -> Self {
        let Some(window) = web_sys::window() else { return self };
        let href = window.location().href().unwrap_or_default();
        let (href, given_fragment) = href.split_once('#').unwrap_or((&href, ""));
        href.clone_into(&mut self.page_url);
        let Ok(url) = web_sys::Url::new(href) else { return self };
        let query = url.search_params();
        self.returned =
            !self.order_id.is_empty() && query.get(RETURNED).is_some_and(|order_id| order_id == self.order_id);
        if self.returned {
            query.delete(RETURNED);
            self.page_url = url.href();
        }
        let logged_in = query.has("code") && query.has("state");
        if logged_in {
            self.login_url = Some(self.page_url);
            query.delete("code");
            query.delete("state");
            self.page_url = url.href();
        }
        // What WeChat's login puts behind its own address stays behind all that it leads to.
        let fragment = if given_fragment == "wechat_redirect" { "" } else { given_fragment };
        if (logged_in || self.returned || fragment != given_fragment)
            && let Ok(history) = window.history()
        {
            // What a router of the page's keeps there is its own.
            let kept = history.state().unwrap_or(JsValue::NULL);
            let between = if fragment.is_empty() { "" } else { "#" };
            let shown = [&self.page_url, between, fragment].concat();
            // Refused only to pages without an address of their own, where there is nothing to hide.
            let _ = history.replace_state_with_url(&kept, "", Some(&shown));
        }
        self
    }
}
