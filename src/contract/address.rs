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
/// // Nothing but the web, and nobody's name or password.
/// for refused in ["javascript:alert(1)", "blob:https://shop.example/1", "https://wx.tenpay.com@evil.example/", "null"] {
///     assert_eq!(Address::resolve("https://shop.example/", refused), None);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The whole address, absolute and normalised.
    pub href: String,
    /// Scheme, host and port.
    pub origin: String,
}

impl Address {
    /// Reads `text` relative to the page at `base`. None when it is no address of the web (`http:` or `https:`), when it names a
    /// user or a password, and for the words `null` and `undefined`, which a template writes by mistake.
    pub fn resolve(base: &str, text: &str) -> Option<Self> {
        if matches!(text.trim_ascii(), "null" | "undefined") {
            return None;
        }
        #[cfg(target_arch = "wasm32")]
        let (href, origin, is_plain) = {
            let url = web_sys::Url::new_with_base(text, base).ok()?;
            (url.href(), url.origin(), url.username().is_empty() && url.password().is_empty())
        };
        #[cfg(not(target_arch = "wasm32"))]
        let (href, origin, is_plain) = {
            let url = url::Url::parse(base).ok()?.join(text).ok()?;
            let is_plain = url.username().is_empty() && url.password().is_none();
            (url.as_str().to_owned(), url.origin().ascii_serialization(), is_plain)
        };
        let is_of_the_web = ["https://", "http://"].into_iter().any(|start| href.starts_with(start));
        (is_of_the_web && is_plain).then_some(Self { href, origin })
    }

    /// The address `href` with this parameter in its query, in place of any of that name. None when it is no address.
    ///
    /// ```
    /// use wechat_cashier::contract::Address;
    ///
    /// let back = Address::with_parameter("https://shop.example/pay/?order=1", "wc_return", "a b").unwrap();
    /// assert_eq!(back, "https://shop.example/pay/?order=1&wc_return=a+b");
    /// ```
    pub fn with_parameter(href: &str, name: &str, value: &str) -> Option<String> {
        #[cfg(target_arch = "wasm32")]
        {
            let url = web_sys::Url::new(href).ok()?;
            url.search_params().set(name, value);
            Some(url.href())
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            let mut url = url::Url::parse(href).ok()?;
            let others: Vec<_> = url
                .query_pairs()
                .filter(|(known, _)| known != name)
                .map(|(n, v)| (n.into_owned(), v.into_owned()))
                .collect();
            url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
            Some(url.into())
        }
    }
}
