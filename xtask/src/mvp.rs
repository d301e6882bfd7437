//! Is a module WebAssembly 1.0, with nothing later?
//!
//! WeChat's Android kernels and older iPhones reject whatever came after (see `docs/`), so every later feature is
//! switched off here. What is left is the release that browsers shipped in 2017.

use anyhow::Context;
use wasmparser::{Validator, WasmFeatures};

/// Validates a module with every feature later than the MVP refused.
pub(crate) fn validate(module: &[u8]) -> anyhow::Result<()> {
    Validator::new_with_features(WasmFeatures::MVP).validate_all(module).context("not an MVP module")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::validate;

    const HEADER: &[u8] = b"\0asm\x01\0\0\0";

    /// A module of one function of type `() -> i32` with the given body.
    fn module(body: &[u8]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        bytes.extend([1, 5, 1, 0x60, 0, 1, 0x7f]); // one type: () -> i32
        bytes.extend([3, 2, 1, 0]); // one function, of that type
        let size = u8::try_from(body.len() + 1).unwrap_or(u8::MAX); // and its count of locals
        bytes.extend([10, size + 2, 1, size, 0]);
        bytes.extend(body);
        bytes
    }

    #[test]
    fn an_mvp_module_passes() {
        assert!(validate(HEADER).is_ok());
        assert!(validate(&module(&[0x41, 1, 0x0b])).is_ok()); // i32.const 1; end
    }

    #[test]
    fn sign_extension_is_refused() {
        assert!(validate(&module(&[0x41, 1, 0xc0, 0x0b])).is_err()); // i32.extend8_s
    }

    #[test]
    fn saturating_conversion_is_refused() {
        assert!(validate(&module(&[0x43, 0, 0, 0, 0, 0xfc, 0, 0x0b])).is_err()); // i32.trunc_sat_f32_s
    }

    #[test]
    fn reference_types_and_multi_value_are_refused() {
        let externref_parameter = [HEADER, &[1, 5, 1, 0x60, 1, 0x6f, 0]].concat();
        assert!(validate(&externref_parameter).is_err());
        let two_results = [HEADER, &[1, 6, 1, 0x60, 0, 2, 0x7f, 0x7f]].concat();
        assert!(validate(&two_results).is_err());
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(validate(b"<!doctype html>").is_err());
    }
}
