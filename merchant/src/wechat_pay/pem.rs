//! PEM (RFC 7468), as much of it as keys and certificates come in.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

/// One block: what it says to hold, and what it holds.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The first block of a text. None when there is none, or when it is not base64 (an encrypted PKCS#1 key has headers in it).
pub(super) fn first(text: &str) -> Option<Block<'_>> {
    let (_, after) = text.split_once("-----BEGIN ")?;
    let (label, rest) = after.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    if !end.strip_prefix(label)?.starts_with("-----") {
        return None;
    }
    let mut base64 = Zeroizing::new(Vec::with_capacity(body.len()));
    base64.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let der = Zeroizing::new(BASE64_STANDARD.decode(base64.as_slice()).ok()?);
    Some(Block { label, der })
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn the_first_block_is_read() {
        let read = first("a note\n-----BEGIN X-----\r\nAQ\nID\n-----END X-----\n-----BEGIN Y-----").unwrap();
        assert_eq!((read.label, read.der.as_slice()), ("X", [1, 2, 3].as_slice()));
    }

    #[test]
    fn what_is_no_block_is_not_read() {
        for text in [
            "",
            "-----BEGIN X-----\nAQID\n",
            "-----BEGIN X-----\nAQID\n-----END Y-----",
            "-----BEGIN X-----\nA\n-----END X-----",
            "-----BEGIN X-----\nDEK-Info: AES\n\nAQID\n-----END X-----",
        ] {
            assert!(first(text).is_none(), "{text}");
        }
    }
}
