//! Addresses in the backend's answers.

/// An address, read by the rules of the WHATWG URL Standard: by the browser's own `URL` there, by the `url` crate natively.
///
/// Reading one is the same for the same text everywhere, so this is no way round the core's purity; a reader of our own,
/// on which the allow-list would rest, is what we do not want.
///
/// ```
/// use wechat_cashier::contract::Address;
///
/// let back = Address::resolve("https://shop.example/pay/?order=1", "/orders/1").unwrap();
/// assert_eq!((back.href.as_str(), back.origin.as_str()), ("https://shop.example/orders/1", "https://shop.example"));
/// // A user name that looks like a host fools nobody.
/// let trick = Address::resolve("https://shop.example/", "https://wx.tenpay.com@evil.example/").unwrap();
/// assert_eq!(trick.origin, "https://evil.example");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The whole address, absolute and normalised.
    pub href: String,
    /// Scheme, host and port; `null` for schemes that have none, such as `weixin:` or `javascript:`.
    pub origin: String,
}

impl Address {
    /// Reads `text` relative to the page at `base`. None when it is no address.
    pub fn resolve(base: &str, text: &str) -> Option<Self> {
        #[cfg(target_arch = "wasm32")]
        {
            let url = web_sys::Url::new_with_base(text, base).ok()?;
            Some(Self { href: url.href(), origin: url.origin() })
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            let url = url::Url::parse(base).ok()?.join(text).ok()?;
            Some(Self { origin: url.origin().ascii_serialization(), href: url.into() })
        }
    }
}
