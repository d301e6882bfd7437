//! The allow-list: where the payer may be sent, and what may be drawn as a QR.

use crate::contract::Address;

use super::Options;

/// What a Native QR's content begins with. A `code_url` is otherwise opaque (facts section 3).
pub const QR_SCHEME: &str = "weixin://";

/// The longest `code_url`, in bytes (APIv3: string\[1,512\], facts section 3).
pub const QR_CONTENT_MAX: usize = 512;

/// Origins of WeChat's own that payments lead through: the H5 middle page (facts section 4) and OAuth (section 5).
pub const NAVIGABLE_ORIGINS: [&str; 2] = ["https://wx.tenpay.com", "https://open.weixin.qq.com"];

/// Whether this may be drawn as a payable QR.
pub(super) fn qr(content: &str) -> bool {
    content.len() > QR_SCHEME.len() && content.len() <= QR_CONTENT_MAX && content.starts_with(QR_SCHEME)
}

/// The address as the payer may be sent to it; None when the allow-list has no place for it.
pub(super) fn navigation(options: &Options, address: &str) -> Option<String> {
    let page = Address::resolve(&options.page_url, "")?;
    let to = Address::resolve(&options.page_url, address)?;
    // `null` is the origin of `javascript:`, `data:` and other schemes that have none; `blob:` borrows one.
    let allowed = to.origin != "null"
        && to.href.starts_with(&to.origin)
        && (to.origin == page.origin
            || NAVIGABLE_ORIGINS.contains(&to.origin.as_str())
            || options.allowed_origins.contains(&to.origin));
    allowed.then_some(to.href)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wechats_own_scheme_is_drawn() {
        assert!(qr("weixin://wxpay/bizpayurl?pr=Zim81N5zz"));
        assert!(qr("weixin://pay.weixin.qq.com/bizpayurl/up?pr=NwY5Mz9&groupid=00"));
        for refused in ["", "weixin://", "https://evil.example/", " weixin://wxpay/x", "WEIXIN://wxpay/x"] {
            assert!(!qr(refused), "{refused}");
        }
        assert!(!qr(&["weixin://", &"x".repeat(QR_CONTENT_MAX)].concat()));
    }

    #[test]
    fn only_listed_origins_are_gone_to() {
        let options = Options {
            page_url: "https://pay.example/cashier/?order=1".to_owned(),
            allowed_origins: vec!["https://shop.example".to_owned()],
            ..Options::default()
        };
        let to = |address| navigation(&options, address);
        assert_eq!(to("/thanks").as_deref(), Some("https://pay.example/thanks"));
        assert_eq!(to("https://shop.example/orders/1").as_deref(), Some("https://shop.example/orders/1"));
        assert!(to("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1").is_some());
        for refused in [
            "https://evil.example/",
            "https://shop.example.evil.example/",
            "https://shop.example@evil.example/",
            "https://shop.example:8443/",
            "http://shop.example/",
            "//evil.example/",
            "\\\\evil.example/",
            "java\nscript:alert(1)",
            "javascript:alert(1)",
            "data:text/html,x",
            "blob:https://shop.example/1",
            "weixin://wxpay/bizpayurl?pr=1",
        ] {
            assert_eq!(to(refused), None, "{refused}");
        }
    }
}
