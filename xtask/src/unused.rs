//! Takes out what neither the page nor the wasm ever reaches, across both.
//!
//! Crates bring JavaScript classes along that nobody makes an instance of (`leptos` has `server_fn` has `wasm-streams`).
//! As exports they keep their code in the wasm, and with it the imports that only they call. binaryen's `wasm-metadce`
//! knows what reaches what inside of the wasm; told here what does so in the glue, it finds what is not reached at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::ensure;
use serde_json::{Value, json};
use wasmparser::{Parser, Payload};
use xshell::Shell;

use crate::glue::{self, Piece};
use crate::npm;

/// Takes it out of the wasm, and returns the glue that is left. `exported` is what the page calls the glue by, beside
/// its default export.
pub(crate) fn remove(sh: &Shell, module: &Path, glue: &str, exported: &[&str]) -> anyhow::Result<String> {
    let graph = graph(glue, exported, &Interface::read(&fs::read(module)?)?)?;
    let file = module.with_extension("graph.json");
    fs::write(&file, graph.to_string())?;
    let metadce = npm::tool(sh, "wasm-metadce").arg("--mvp-features").arg(module).arg("-o").arg(module);
    let unused = metadce.arg(format!("--graph-file={}", file.display())).read()?;
    fs::remove_file(&file)?;

    let left = without(glue, exported, &unused);
    agree(&left, &Interface::read(&fs::read(module)?)?)?;
    Ok(left)
}

/// Fails when the glue names an export that the wasm does not have: one that was taken out here or by the linker although
/// it is used, or a way of naming exports that is new.
fn agree(glue: &str, wasm: &Interface) -> anyhow::Result<()> {
    let missing: BTreeSet<_> = glue::exports(glue).filter(|name| !wasm.exports.contains(*name)).collect();
    let missing: Vec<_> = missing.into_iter().collect();
    ensure!(missing.is_empty(), "the glue names what the wasm does not export: {}", missing.join(", "));
    Ok(())
}

/// The names by which a wasm is reached and reaches out.
#[derive(Default)]
struct Interface {
    imports: BTreeSet<(String, String)>,
    exports: BTreeSet<String>,
}

impl Interface {
    fn read(module: &[u8]) -> anyhow::Result<Self> {
        let mut interface = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        interface.imports.insert((import.module.to_owned(), import.name.to_owned()));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        interface.exports.insert(export?.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(interface)
    }
}

const ROOT: &str = "the page";

/// What reaches what in the glue and across its border, as `wasm-metadce` reads it.
fn graph(glue: &str, exported: &[&str], wasm: &Interface) -> anyhow::Result<Value> {
    // Every way to an export has to be seen: `wasm.name` is the only one that is looked for.
    ensure!(
        glue.matches(".exports").count() == 1 && glue.contains("wasm = instance.exports;") && !glue.contains("wasm["),
        "the glue reaches the exports of the wasm in a way that is not known here"
    );
    let pieces = glue::named(glue, exported);
    let nodes = pieces.iter().map(|(piece, named)| {
        let words = named.words.iter().map(|word| Piece::Declaration((*word).to_owned()));
        let reached = words.filter(|other| pieces.contains_key(other)).map(|other| node(&other));
        let reached: Vec<_> = reached.chain(named.exports.iter().map(|name| export(name))).collect();
        let mut node = json!({ "name": node(piece), "reaches": reached });
        match piece {
            Piece::Root => node["root"] = Value::Bool(true),
            Piece::Import(name) => {
                if let Some((module, name)) = wasm.imports.iter().find(|(_, import)| import == name) {
                    node["import"] = json!([module, name]);
                }
            }
            Piece::Declaration(_) => {}
        }
        node
    });
    // Those that are missing are left out of the graph: what names them is not reached, or `agree` fails afterwards.
    let exports: BTreeSet<_> =
        pieces.values().flat_map(|named| &named.exports).filter(|name| wasm.exports.contains(**name)).collect();
    let exports = exports.iter().map(|name| json!({ "name": export(name), "export": name }));
    Ok(nodes.chain(exports).collect())
}

fn node(piece: &Piece) -> String {
    match piece {
        Piece::Declaration(name) => format!("declaration {name}"),
        Piece::Import(name) => format!("import {name}"),
        Piece::Root => ROOT.to_owned(),
    }
}

fn export(name: &str) -> String {
    format!("export {name}")
}

/// The glue without the declarations that `wasm-metadce` says are not reached. What the wasm does not import any more is
/// left to [`crate::names`], which looks at the imports after all the other steps.
fn without(glue: &str, exported: &[&str], unused: &str) -> String {
    let unused: BTreeSet<_> = unused.lines().filter_map(|line| line.strip_prefix("unused: ")).collect();
    glue::lines(glue, exported)
        .filter(|(piece, _)| !matches!(piece, Piece::Declaration(_)) || !unused.contains(node(piece).as_str()))
        .map(|(_, line)| format!("{line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{Interface, agree, graph, without};

    const GLUE: &str = r#"export class Stream {
    cancel() { wasm.stream_cancel(this.ptr); }
}
function __wbg_get_imports() {
        __wbg_fetch_9b478faef8cda538: function(arg0) {
            return fetch(getObject(arg0), wasm.__wbindgen_malloc(1));
        },
        __wbg_gone_9b478faef8cda538: function(arg0) {
            return dropObject(arg0);
        },
}
function getObject(idx) { return heap[idx]; }
function dropObject(idx) {
    heap[idx] = undefined;
}
let heap = [];
function init() {
    __wbg_get_imports();
    wasm = instance.exports;
    wasm.__wbindgen_start();
}
export { init as default };
"#;

    fn wasm(exports: &[&str]) -> Interface {
        Interface {
            imports: BTreeSet::from([("./x_bg.js".to_owned(), "__wbg_fetch_9b478faef8cda538".to_owned())]),
            exports: exports.iter().copied().map(str::to_owned).collect(),
        }
    }

    fn node<'a>(graph: &'a Value, name: &str) -> Option<&'a Value> {
        graph.as_array().unwrap().iter().find(|node| node["name"] == name)
    }

    #[test]
    fn the_graph_goes_from_the_page_through_glue_and_wasm() {
        let wasm = wasm(&["main", "stream_cancel", "__wbindgen_malloc", "__wbindgen_start"]);
        let graph = graph(GLUE, &[], &wasm).unwrap();
        let node = |name| node(&graph, name);
        let reaches = |name| node(name).unwrap()["reaches"].as_array().unwrap().iter().map(|to| to.as_str().unwrap());

        assert_eq!(node("the page").unwrap()["root"], true);
        assert_eq!(reaches("the page").collect::<Vec<_>>(), ["declaration init"]);
        assert!(reaches("declaration init").any(|to| to == "declaration __wbg_get_imports"));
        assert!(reaches("declaration init").any(|to| to == "export __wbindgen_start"));
        // What an import reaches, it reaches only if the wasm imports it.
        assert!(!reaches("declaration __wbg_get_imports").any(|to| to == "declaration getObject"));
        let fetch = "import __wbg_fetch_9b478faef8cda538";
        assert_eq!(node(fetch).unwrap()["import"][0], "./x_bg.js");
        assert_eq!(reaches(fetch).collect::<Vec<_>>(), ["declaration getObject", "export __wbindgen_malloc"]);
        assert!(node("import __wbg_gone_9b478faef8cda538").unwrap()["import"].is_null());
        assert_eq!(node("export stream_cancel").unwrap()["export"], "stream_cancel");
        // What nothing in the glue names is not in the graph, and so never reached.
        assert!(node("export main").is_none());
    }

    #[test]
    fn what_is_not_reached_goes() {
        let left =
            without(GLUE, &[], "unused: declaration Stream\nunused: declaration dropObject\nunused: export main\n");
        assert!(
            !left.contains("Stream") && !left.contains("cancel") && !left.contains("function dropObject"),
            "{left}"
        );
        assert!(left.contains("function getObject") && left.contains("let heap = [];\nfunction init"), "{left}");
    }

    #[test]
    fn an_export_that_the_wasm_does_not_have_is_an_error() {
        let error = agree(GLUE, &wasm(&["__wbindgen_start", "__wbindgen_malloc"])).unwrap_err();
        assert_eq!(error.to_string(), "the glue names what the wasm does not export: stream_cancel");
    }

    #[test]
    fn exports_that_are_reached_in_another_way_are_an_error() {
        let wasm = wasm(&["stream_cancel", "__wbindgen_malloc", "__wbindgen_start"]);
        let error = |glue: String| graph(&glue, &[], &wasm).unwrap_err().to_string();
        let other_way = "the glue reaches the exports of the wasm in a way that is not known here";
        assert_eq!(error(format!("{GLUE}wasm[name]();")), other_way);
        assert_eq!(error(format!("{GLUE}instance.exports.f();")), other_way);
    }
}
