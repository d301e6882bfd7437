//! What the wasm consists of: bytes of code by crate, from the names in wasm-bindgen's output, which wasm-opt has not
//! shrunk and stripped yet. The shares are what counts, not the bytes.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;

use anyhow::Context;
use wasmparser::{KnownCustom, Name, Parser, Payload};
use xshell::Shell;

use crate::repo;

const SHOWN: usize = 12;

/// Prints the biggest crates.
pub(crate) fn print(_sh: &Shell) -> anyhow::Result<()> {
    let module = repo::wasm_target().join("wasm-bindgen/release").join(format!("{}_bg.wasm", repo::PACKAGE));
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let crates = by_crate(&bytes)?;
    let total: u64 = crates.values().sum();
    let mut biggest: Vec<_> = crates.into_iter().collect();
    biggest.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    println!("\nthe biggest parts of the {total} bytes of code before wasm-opt");
    for (name, size) in biggest.iter().take(SHOWN) {
        println!("{name:<28}{size:>9}{:>6.1} %", *size as f64 * 100.0 / total.max(1) as f64);
    }
    println!();
    Ok(())
}

fn by_crate(module: &[u8]) -> anyhow::Result<BTreeMap<String, u64>> {
    let mut imported = 0;
    let mut bodies: Vec<Range<usize>> = Vec::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(to_usize(body.range())),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(sections) = section.as_known() {
                    for section in sections {
                        if let Name::Function(functions) = section? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, crate_of(function.name).to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut crates = BTreeMap::new();
    for (index, body) in (imported..).zip(bodies) {
        let name = names.get(&index).map_or("(no name)", String::as_str);
        *crates.entry(name.to_owned()).or_default() += body.len() as u64;
    }
    Ok(crates)
}

fn to_usize(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The crate a function's demangled name begins with: of the type, where it is a trait's implementation.
fn crate_of(name: &str) -> &str {
    let mut rest = name;
    loop {
        let before = rest;
        for noise in ["<", "&", "*const ", "*mut ", "mut ", "dyn ", "[", "("] {
            rest = rest.strip_prefix(noise).unwrap_or(rest);
        }
        if rest == before {
            break;
        }
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    if after.starts_with("::") || after.starts_with('[') { name } else { "(other)" }
}

#[cfg(test)]
mod tests {
    use super::{by_crate, crate_of};

    #[test]
    fn a_name_tells_its_crate() {
        assert_eq!(crate_of("core::fmt::Formatter::pad"), "core");
        assert_eq!(crate_of("<alloc::vec::Vec<T> as core::ops::Drop>::drop"), "alloc");
        assert_eq!(crate_of("<&mut dyn leptos::IntoView>::x"), "leptos");
        assert_eq!(crate_of("memcpy"), "(other)");
    }

    #[test]
    fn an_empty_module_has_no_parts() {
        assert!(by_crate(b"\0asm\x01\0\0\0").is_ok_and(|crates| crates.is_empty()));
    }
}
