//! The page's own address.

use wasm_bindgen::JsValue;

use crate::core::{Options, RETURNED};

impl Options {
    /// With what the page's address says: the address itself, and whether the payer comes back from paying or from a login.
    ///
    /// The `code` and `state` of a login are the backend's. They are taken out of what the payer sees, and shares, and
    /// reloads: a code works once (field problem 18).
    #[must_use]
    pub fn with_page_address(mut self) -> Self {
        let Some(window) = web_sys::window() else { return self };
        let href = window.location().href().unwrap_or_default();
        let (href, fragment) = href.split_once('#').unwrap_or((&href, ""));
        href.clone_into(&mut self.page_url);
        let Ok(url) = web_sys::Url::new(href) else { return self };
        let query = url.search_params();
        self.returned = query.has(RETURNED);
        let logged_in = query.has("code") && query.has("state");
        if logged_in {
            query.delete("code");
            query.delete("state");
            self.login_url = Some(href.to_owned());
            self.page_url = url.href();
        }
        // What WeChat's login puts behind its own address stays behind all that it leads to.
        if (logged_in || fragment == "wechat_redirect")
            && let Ok(history) = window.history()
        {
            // Refused only to pages without an address of their own, where there is nothing to hide.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&self.page_url));
        }
        self
    }
}
