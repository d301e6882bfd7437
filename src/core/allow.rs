//! The allow-list: where the payer may be sent, and what may be drawn as a QR.

use crate::contract::Address;

use super::Options;

/// What a Native QR's content begins with. A `code_url` is otherwise opaque (docs/platform.md, 3).
pub const QR_SCHEME: &str = "weixin://";

/// The longest `code_url`, in bytes (APIv3: string\[1,512\], docs/platform.md, 3).
pub const QR_CONTENT_MAX: usize = 512;

/// Where the H5 middle page is (docs/platform.md, 4).
const H5_ORIGIN: &str = "https://wx.tenpay.com";

/// Origins of WeChat's own that payments lead through: the H5 middle page (docs/platform.md, 4) and OAuth
/// (docs/platform.md, 5).
pub const NAVIGABLE_ORIGINS: [&str; 2] = [H5_ORIGIN, "https://open.weixin.qq.com"];

/// Whether this may be drawn as a payable QR.
pub(super) fn qr(content: &str) -> bool {
    content.len() > QR_SCHEME.len() && content.len() <= QR_CONTENT_MAX && content.starts_with(QR_SCHEME)
}

/// Whether this may be drawn as a payable QR for a method of the merchant's own: an `https:` address of an origin that the
/// integrator lists. It is drawn as it is written, and read by who knows what app: so it must be written in the one way that
/// all read alike.
pub(super) fn merchant_qr(options: &Options, content: &str) -> bool {
    // Without a base: what is drawn must be a whole address by itself.
    let address = Address::resolve(content, "").filter(|_| content.len() <= QR_CONTENT_MAX);
    let as_written = |origin: &str| {
        let rest = content.strip_prefix(origin);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
            && !content.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
    };
    address.is_some_and(|to| {
        to.origin.starts_with("https:") && options.allowed_origins.contains(&to.origin) && as_written(&to.origin)
    })
}

/// The address of the H5 middle page: `https://wx.tenpay.com` alone, or an origin that the integrator lists, where a
/// simulated one stands. Not the page's own origin: a backend that answers with one of its own pages has made a mistake.
pub(super) fn h5(options: &Options, address: &str) -> Option<String> {
    let to = Address::resolve(&options.page_url, address)?;
    (to.origin == H5_ORIGIN || options.allowed_origins.contains(&to.origin)).then_some(to.href)
}

/// The address as the payer may be sent to it; None when the allow-list has no place for it.
pub(super) fn navigation(options: &Options, address: &str) -> Option<String> {
    listed(options, address, &NAVIGABLE_ORIGINS)
}

/// The way back to the shop, as the payer may be sent there. Not the cashier's own page, to which templates lead that write
/// `#` or `?` for nothing: from there it would go on to there. A fragment may be a route of the page's.
pub(super) fn way_back(options: &Options, address: &str) -> Option<String> {
    let to = navigation(options, address)?;
    let page = Address::resolve(&options.page_url, "")?.href;
    let is_route = |fragment: &str| fragment.starts_with(['/', '!']);
    let is_own = to
        .strip_prefix(&page)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('#').is_some_and(|fragment| !is_route(fragment)));
    (!is_own && !matches!(address.trim_ascii(), "?" | "." | "./")).then_some(to)
}

/// The address as telemetry may be sent to it: of the page's own origin, of the backend's, or of one that the integrator
/// lists. How payers fare in a shop is no business of WeChat's.
pub(super) fn telemetry(options: &Options, address: &str) -> Option<String> {
    listed(options, address, &[&backend(options)])
}

/// The address as it may be listened to: of the same origins.
pub(super) fn events(options: &Options, address: &str) -> Option<String> {
    telemetry(options, address)
}

/// Whether this may be shown as a picture: of the web, or written out in the address itself.
pub(super) fn picture(options: &Options, address: &str) -> bool {
    // A server that draws the page may not know the page's own address.
    let base = if options.page_url.is_empty() { "https://page.invalid/" } else { &options.page_url };
    address.starts_with("data:image/") || Address::resolve(base, address).is_some()
}

/// The origin of the backend.
fn backend(options: &Options) -> String {
    Address::resolve(&options.page_url, &options.api).map(|api| api.origin).unwrap_or_default()
}

/// The whole address, if it is of the page's own origin, of one that the integrator lists, or of one of `more`.
fn listed(options: &Options, address: &str, more: &[&str]) -> Option<String> {
    let page = Address::resolve(&options.page_url, "")?;
    let to = Address::resolve(&options.page_url, address)?;
    let allowed =
        to.origin == page.origin || more.contains(&to.origin.as_str()) || options.allowed_origins.contains(&to.origin);
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
        let options = Options { allowed_origins: vec!["https://qr.95516.com".to_owned()], ..Options::default() };
        for drawn in ["/00010000/62", "", "?id=1", "#1", "/支付?a=b#c", "//x/../y", "/https://evil.example@x"] {
            assert!(merchant_qr(&options, &["https://qr.95516.com", drawn].concat()), "{drawn}");
        }
        for refused in [
            "https://qr.95516.com.evil.example/",
            "http://qr.95516.com/",
            "https://evil.example@qr.95516.com/",
            "blob:https://qr.95516.com/1",
            "/00010000",
            "weixin://wxpay/x",
            "",
            // What a payer's app reads in it may be another place than what a browser reads.
            "https:\\\\qr.95516.com\\x",
            "https:qr.95516.com/x",
            "https:/qr.95516.com/x",
            "https:///qr.95516.com/x",
            "https://QR.95516.com/x",
            "HTTPS://qr.95516.com/x",
            "https://qr.95516.com:443/x",
            "https://qr.95516.com\\x",
            "https://qr.95516.com/\\evil.example",
            "https://qr.95\t516.com/x",
            "https://qr.95516.com/\nx",
            "https://qr.95516.com/x y",
            "https://qr.95516.com/\u{a0}",
            "https://qr.95516.com/\u{85}",
            "https://qr.95516.com/\u{7f}",
            " https://qr.95516.com/x",
            "https://qr.95516.com/x ",
            "https://%71r.95516.com/x",
            "https://qr。95516.com/x",
        ] {
            assert!(!merchant_qr(&options, refused), "{refused}");
        }
        let plain = Options { allowed_origins: vec!["http://qr.95516.com".to_owned()], ..Options::default() };
        assert!(!merchant_qr(&plain, "http://qr.95516.com/1"), "whatever is listed");
        assert!(!qr(&["weixin://", &"x".repeat(QR_CONTENT_MAX)].concat()));
    }

    #[test]
    fn h5_goes_to_wechats_middle_page_only() {
        let page_url = "https://pay.example/cashier/?order=1".to_owned();
        let options = Options { page_url, ..Options::default() };
        assert!(h5(&options, "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1").is_some());
        let refused = [
            "https://open.weixin.qq.com/",
            "/pay",
            "http://wx.tenpay.com/",
            "weixin://wap/pay?prepayid=1",
            "//evil.example",
            "blob:https://wx.tenpay.com/1",
            "filesystem:https://wx.tenpay.com/temporary/1",
            "https://evil.example@wx.tenpay.com/",
            "https://:x@wx.tenpay.com/",
            "https://user@wx.tenpay.com:443/",
            "null",
            "undefined",
        ];
        for refused in refused {
            assert_eq!(h5(&options, refused), None, "{refused}");
        }
        let simulated = Options { allowed_origins: vec!["https://pay.example".to_owned()], ..options };
        assert_eq!(h5(&simulated, "/wx.tenpay.com/").as_deref(), Some("https://pay.example/wx.tenpay.com/"));
    }

    #[test]
    fn only_listed_origins_are_gone_to() {
        let options = Options {
            page_url: "https://pay.example/cashier/?order=1".to_owned(),
            allowed_origins: vec!["https://shop.example".to_owned()],
            ..Options::default()
        };
        let to = |address: &str| navigation(&options, address);
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
            "filesystem:https://pay.example/temporary/1",
            "https://evil.example@shop.example/",
            "https://pay.example:secret@pay.example/",
            "null",
            " undefined ",
            "weixin://wxpay/bizpayurl?pr=1",
        ] {
            assert_eq!(to(refused), None, "{refused}");
            assert_eq!(telemetry(&options, refused), None, "{refused}");
        }
        assert_eq!(telemetry(&options, "/telemetry").as_deref(), Some("https://pay.example/telemetry"));
        assert_eq!(telemetry(&options, "https://shop.example/t?o=1").as_deref(), Some("https://shop.example/t?o=1"));
        let elsewhere = Options { api: "https://api.example/v1".to_owned(), ..options.clone() };
        assert!(events(&elsewhere, "https://api.example/v1/events?t=1").is_some());
        assert!(telemetry(&elsewhere, "https://api.example/telemetry").is_some());
        assert_eq!(navigation(&elsewhere, "https://api.example/"), None, "the payer is not led to the backend");
        assert_eq!(events(&options, "https://api.example/events"), None);
        for picture_of in ["/logo.png", "logo.png", "https://cdn.example/logo.png", "data:image/png;base64,AA=="] {
            assert!(picture(&options, picture_of) && picture(&Options::default(), picture_of), "{picture_of}");
        }
        for refused in ["javascript:alert(1)", "data:text/html,x", "blob:https://shop.example/1", "undefined"] {
            assert!(!picture(&options, refused) && !picture(&Options::default(), refused), "{refused}");
        }
        for wechats in NAVIGABLE_ORIGINS {
            assert!(to(wechats).is_some());
            assert_eq!(telemetry(&options, wechats), None, "{wechats}");
        }
    }
}
