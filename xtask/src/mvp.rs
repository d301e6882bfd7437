//! Is a module WebAssembly 1.0, with nothing later?
//!
//! WeChat's Android kernels and older iPhones reject whatever came after (see `docs/`), so every later feature is
//! switched off here. What is left is the release that browsers shipped in 2017.

use anyhow::{Context, bail, ensure};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, ValType, Validator, WasmFeatures};

/// Validates a module with every feature later than the MVP refused.
pub(crate) fn validate(module: &[u8]) -> anyhow::Result<()> {
    Validator::new_with_features(WasmFeatures::MVP).validate_all(module).context("not an MVP module")?;
    Ok(())
}

/// Fails on what a module of the release of 2017 may have, and its way to JavaScript then had not: 64-bit integers that
/// JavaScript gives or takes (as `BigInt`, since Chrome 85 and Safari 14.1), and a start before the glue knows the exports.
/// `wasm2js` has neither. To be asked while the names are still those that a reader of the source knows.
pub(crate) fn border(module: &[u8]) -> anyhow::Result<()> {
    // The types of functions, and by function its type; imports come first.
    let mut types = Vec::new();
    let mut functions = Vec::new();
    let passes = |name: &str, kind: Option<&u32>, types: &[bool]| {
        let wide = kind.and_then(|kind| types.get(usize::try_from(*kind).ok()?)).copied().unwrap_or_default();
        ensure!(!wide, "{name} passes a 64-bit integer between the wasm and JavaScript: that needs BigInt");
        Ok(())
    };
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for kind in section.into_iter_err_on_gc_types() {
                    let kind = kind?;
                    types.push(kind.params().iter().chain(kind.results()).any(|value| *value == ValType::I64));
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(kind) = import.ty {
                        passes(import.name, Some(&kind), &types)?;
                        functions.push(kind);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    functions.push(kind?);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        let kind = usize::try_from(export.index).ok().and_then(|index| functions.get(index));
                        passes(export.name, kind, &types)?;
                    }
                }
            }
            Payload::StartSection { .. } => {
                bail!("the wasm has a start function: it would run before the glue is ready")
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{border, validate};

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
    fn a_64_bit_integer_at_the_border_is_refused_with_its_name() {
        let kind = |value| [HEADER, &[1, 5, 1, 0x60, 0, 1, value]].concat(); // one type: () -> value
        let import = |value| [kind(value), vec![2, 7, 1, 1, b'm', 1, b'f', 0, 0]].concat();
        assert!(border(&import(0x7f)).is_ok());
        let text = "f passes a 64-bit integer between the wasm and JavaScript: that needs BigInt";
        assert_eq!(border(&import(0x7e)).unwrap_err().to_string(), text);
        let export = |value| {
            // One function, exported as "f"; its body is an `unreachable`.
            [kind(value), vec![3, 2, 1, 0, 7, 5, 1, 1, b'f', 0, 0, 10, 5, 1, 3, 0, 0, 0x0b]].concat()
        };
        assert!(border(&export(0x7f)).is_ok());
        assert_eq!(border(&export(0x7e)).unwrap_err().to_string(), text);
    }

    #[test]
    fn a_start_function_is_refused() {
        let start = [HEADER, &[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 4, 1, 2, 0, 0x0b]].concat();
        assert!(border(&start).unwrap_err().to_string().starts_with("the wasm has a start function"));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(validate(b"<!doctype html>").is_err());
    }
}
