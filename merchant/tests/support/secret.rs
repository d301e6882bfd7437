//! How a secret is looked for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// In which form a secret stands in a text, if it does: as it is, any line of it that is long enough to be told from others, or its
/// bytes in base64, in hexadecimal or as a list of numbers.
pub(crate) fn form_of(secret: &str, text: &str) -> Option<&'static str> {
    let lines = secret.lines().map(str::trim).filter(|line| line.len() >= 8 && !line.starts_with("-----"));
    let found = |part: &str| !part.is_empty() && text.contains(part);
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let numbers = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    if found(secret) || lines.clone().any(found) {
        return Some("as it is");
    }
    if found(STANDARD.encode(secret).trim_end_matches('=')) {
        return Some("in base64");
    }
    if found(&hex) || found(&hex.to_uppercase()) {
        return Some("in hexadecimal");
    }
    found(&numbers).then_some("as a list of numbers")
}
