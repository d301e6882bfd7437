//! What single values look like.

use std::net::Ipv6Addr;

use url::{Host, Url};

/// Whether a text is so many of the signs that `of` takes.
pub(super) fn is_made(text: &str, lengths: std::ops::RangeInclusive<usize>, of: impl Fn(u8) -> bool) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(of)
}

/// Lower-case hexadecimal.
pub(super) fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

/// An appid: `wx` and sixteen hexadecimal digits (docs/platform.md, 7.6 has one).
pub(super) fn appid(text: &str) -> Option<String> {
    let rest = text.strip_prefix("wx")?;
    is_made(rest, 16..=16, is_hex).then(|| text.to_owned())
}

/// What [`address`] expects, in words.
pub(super) const ADDRESS: &str = "an https:// address (http:// for this machine alone) with no user, query or fragment";

/// An absolute address that nobody else can read or change on its way, with nothing in it that callers add themselves.
pub(super) fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let plain = url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    (safe && plain && nobody && url.host().is_some()).then_some(url)
}

/// An address that is scheme, host and port alone.
pub(super) fn origin(text: &str) -> Option<Url> {
    address(text).filter(|url| url.path() == "/" && !text.ends_with("//"))
}

/// Whether an address is of this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip == Ipv6Addr::LOCALHOST,
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// An address to link to: absolute, or a path of the page's own origin.
pub(super) fn link(text: &str) -> Option<String> {
    let of_the_page = text.starts_with('/') && !text.starts_with("//") && !text.contains(['\\', ' ']);
    let absolute = || {
        let url = Url::parse(text).ok()?;
        (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url))).then_some(())
    };
    (of_the_page || absolute().is_some()).then(|| text.to_owned())
}

/// Whether a PEM has a block of this label, and no block of a private key where a public one belongs.
pub(super) fn has_pem(text: &str, label: &str) -> bool {
    text.contains(&format!("-----BEGIN {label}-----")) && text.contains(&format!("-----END {label}-----"))
}

/// What kind of PEM a text is, for a message.
pub(super) fn kind_of_pem(text: &str) -> String {
    let label = text.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----")).map(|(label, _)| label);
    match label {
        Some(label) if label.len() <= 40 => format!("a PEM of the kind {label:?}"),
        _ => "something that is no PEM".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appids() {
        assert!(appid("wx2421b1c4370ec43b").is_some());
        for text in ["", "wx", "wx2421b1c4370ec43", "wx2421b1c4370ec43bb", "wx2421B1c4370ec43b", "ww2421b1c4370ec43b"] {
            assert_eq!(appid(text), None, "{text}");
        }
    }

    #[test]
    fn addresses() {
        for text in ["https://pay.shop.example/a/b", "http://127.0.0.1:8080", "http://[::1]:1/", "http://a.localhost"] {
            assert!(address(text).is_some(), "{text}");
        }
        for text in [
            "http://pay.shop.example",
            "http://127.0.0.1.shop.example",
            "https://pay.shop.example/?a=1",
            "https://pay.shop.example/#a",
            "https://user@pay.shop.example",
            "ftp://127.0.0.1",
            "pay.shop.example",
            "/a",
            "",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn origins_have_no_path() {
        assert!(origin("https://shop.example").is_some());
        assert!(origin("https://shop.example:8443/").is_some());
        assert_eq!(origin("https://shop.example/pay"), None);
    }

    #[test]
    fn links() {
        assert!(link("/logo.svg").is_some());
        assert!(link("https://shop.example/orders?id=1").is_some());
        for text in ["//evil.example/", "logo.svg", "javascript:alert(1)", "http://shop.example/", "/\\evil.example"] {
            assert_eq!(link(text), None, "{text}");
        }
    }

    #[test]
    fn of_a_wrong_pem_the_kind_is_told_and_no_more() {
        let certificate = "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----";
        assert!(has_pem(certificate, "CERTIFICATE"));
        assert!(!has_pem(certificate, "PUBLIC KEY"));
        assert_eq!(kind_of_pem(certificate), "a PEM of the kind \"CERTIFICATE\"");
        assert_eq!(kind_of_pem("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb"), "something that is no PEM");
    }
}
