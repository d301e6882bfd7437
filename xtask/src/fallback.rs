//! The same program for where WebAssembly is missing (iOS Lockdown Mode, a content security policy without
//! `wasm-unsafe-eval`, broken web views): one JavaScript file, by binaryen's `wasm2js`, with the glue's exports.
//!
//! What `wasm2js` writes is read by its text; whatever is not found as it was known when this was written is an error
//! that names it. Two things it does otherwise than WebAssembly are put right on the way, see [`program`] and [`glue()`].

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use xshell::Shell;

use crate::finish::OLDEST;
use crate::{glue, loads, npm};

/// Writes the fallback. `text` is the glue as it fits the module, before it is bundled; `exported` is what the page calls.
pub(crate) fn write(sh: &Shell, module: &Path, text: &str, exported: &[&str], out: &Path) -> anyhow::Result<()> {
    // Measured: neither -O3, -Os and -Oz nor other passes of wasm-opt before it make this smaller by more than 0.2 %.
    let translated = npm::tool(sh, "wasm2js").args(["--mvp-features", "-O"]).arg(module).read()?;
    let folder = sh.create_temp_dir()?;
    let file = |name: &str| folder.path().join(name);
    fs::write(file("program.mjs"), program(&translated, text)?)?;
    fs::write(file("glue.mjs"), glue(text)?)?;
    fs::write(file("entry.mjs"), format!("export {{ {} }} from './glue.mjs';", exported.join(", ")))?;
    let esbuild =
        npm::tool(sh, "esbuild").args(["--bundle", "--format=esm", "--tree-shaking=true", "--minify", OLDEST]);
    let esbuild = esbuild.args(["--charset=utf8", "--log-level=warning", "--allow-overwrite"]).arg(file("entry.mjs"));
    esbuild.arg(format!("--outfile={}", out.display())).run()?;
    forbidden(&fs::read_to_string(out)?)
}

/// What `wasm2js` wrote, as a module that exports `asmFunc`: given the glue's imports, it returns the wasm's exports.
fn program(translated: &str, glue: &str) -> anyhow::Result<String> {
    let (imports, rest) = translated.split_once('\n').context("wasm2js wrote nothing")?;
    let known = imports.starts_with("import * as ") && !rest.starts_with("import ");
    ensure!(known, "wasm2js's output does not begin with one import of a whole module: {imports}");
    // The tail calls the program at once, with imports that the page's modules would have to be.
    let (body, _) = rest.split_once("\nvar retasmFunc = asmFunc(").context(missing("var retasmFunc = asmFunc("))?;
    let (_, returned) = body.rsplit_once("\n return {\n").context(missing("return { … } at its end"))?;
    for name in glue::exports(glue) {
        let given = returned.contains(&format!("\"{name}\": "));
        ensure!(given, "the glue names what wasm2js does not return: {name}");
    }

    // A trap is told from other errors by the name that WebAssembly's have.
    let body = once(
        body,
        "throw new Error('abort');",
        "throw Object.assign(new Error('unreachable'), { name: 'RuntimeError' });",
    )?;
    // Where there is no more memory WebAssembly says -1, on which Rust stops. wasm2js says that it has grown.
    let body = once(
        &body,
        "if ((oldPages < newPages) && (newPages < 65536)) {",
        "if (newPages < oldPages || newPages >= 65536) return -1;\n  if (oldPages < newPages) {",
    )?;
    let body = once(
        &body,
        "var newBuffer = new ArrayBuffer(newPages << 16);",
        "var newBuffer;\n   try { newBuffer = new ArrayBuffer(newPages << 16); } catch (e) { return -1; }",
    )?;
    let start = "function asmFunc(imports) {";
    let body = once(&body, start, &format!("export {start}\n var {};", loads::ADDRESS))?;
    loads::after_calls(&body)
}

/// The glue, started on what [`program`] exports in place of a WebAssembly module.
fn glue(text: &str) -> anyhow::Result<String> {
    let export = "__wbg_init as default };";
    let line = text.lines().find(|line| line.starts_with("export {") && line.ends_with(export));
    let line = line.with_context(|| format!("the glue has no export {{ … {export}"))?;
    for name in ["function __wbg_get_imports()", "function __wbg_finalize_init(instance, module)"] {
        ensure!(text.contains(name), "the glue has no {name}");
    }
    let start = "import { asmFunc } from './program.mjs';
async function start() {
    if (wasm !== undefined) return wasm;
    return __wbg_finalize_init({ exports: asmFunc(__wbg_get_imports()) });
}
export { start as default };";
    views(&text.replace(line, start))
}

/// Has the glue look anew whether its views are of the memory. It knows that a memory has grown by the old buffer being
/// detached; here nothing detaches it, and the glue would go on reading and writing what the program has left behind.
fn views(glue: &str) -> anyhow::Result<String> {
    let mut out = String::with_capacity(glue.len());
    let mut seen = 0;
    for line in glue.lines() {
        let view =
            line.trim_start().strip_prefix("if (cached").and_then(|rest| rest.split_once("Memory0 === null || "));
        if let Some((kind, _)) = view {
            let memory = memory(glue).context("the glue has no … = new DataView(wasm.….buffer)")?;
            let view = format!("cached{kind}Memory0");
            out.push_str(&format!("    if ({view} === null || {view}.buffer !== {memory}.buffer) {{\n"));
            seen += 1;
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    let views = glue.lines().filter(|line| line.starts_with("let cached") && line.ends_with("Memory0 = null;")).count();
    ensure!(views > 0 && seen == views, "the glue has {views} views of the memory and checks {seen} of them");
    for old in [".detached", ".byteLength === 0"] {
        ensure!(!out.contains(old), "the glue looks for {old} in a place that is not known here");
    }
    Ok(out)
}

/// What the glue calls the memory: its name is shortened like the others.
fn memory(glue: &str) -> Option<&str> {
    let (_, rest) = glue.split_once("Memory0 = new ")?;
    let (_, rest) = rest.split_once('(')?;
    rest.split_once(".buffer)").map(|(memory, _)| memory)
}

/// Fails on what the fallback is there to do without.
fn forbidden(bundle: &str) -> anyhow::Result<()> {
    for word in ["WebAssembly", "eval(", "Function(", "import.meta"] {
        ensure!(!bundle.contains(word), "the fallback still has {word}");
    }
    Ok(())
}

/// Replaces what has to be there once.
fn once(text: &str, old: &str, new: &str) -> anyhow::Result<String> {
    let found = text.matches(old).count();
    ensure!(found > 0, missing(old));
    ensure!(found == 1, "wasm2js's output has this {found} times: {old}");
    Ok(text.replace(old, new))
}

fn missing(what: &str) -> String {
    format!("wasm2js's output has no {what}")
}

#[cfg(test)]
mod tests {
    use super::{forbidden, glue, program};

    const TRANSLATED: &str = r#"import * as a from 'a';

  var bufferView;
      function wasm2js_trap() { throw new Error('abort'); }
function asmFunc(imports) {
 var buffer = new ArrayBuffer(1114112);
 var a = imports.a;
 function $1($0) {
  if (!$0) { wasm2js_trap() }
  return HEAP32[$1(0) >> 2];
 }
 function __wasm_memory_grow(pagesToAdd) {
  var newPages = oldPages + pagesToAdd | 0;
  if ((oldPages < newPages) && (newPages < 65536)) {
   var newBuffer = new ArrayBuffer(newPages << 16);
  }
  return oldPages;
 }
 return {
  "b": Object.create(Object.prototype, {
  }), 
  "c": $1
 };
}

var retasmFunc = asmFunc({
  "a": a,
});
export var b = retasmFunc.b;
export var c = retasmFunc.c;
"#;

    const GLUE: &str = r#"function __wbg_get_imports() {
}
let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
    if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.b.buffer)) {
        cachedDataViewMemory0 = new DataView(wasm.b.buffer);
    }
    return cachedDataViewMemory0;
}
let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.b.buffer);
    }
    return cachedUint8ArrayMemory0;
}
function __wbg_finalize_init(instance, module) {
    wasm = instance.exports;
    wasm.c();
}
export { initSync, __wbg_init as default };
"#;

    #[test]
    fn the_program_is_left_to_be_called() {
        let program = program(TRANSLATED, GLUE).unwrap();
        assert!(program.contains("export function asmFunc(imports) {\n var loadedFrom;\n"), "{program}");
        assert!(!program.contains("import *") && !program.contains("retasmFunc"), "{program}");
        assert!(program.contains("{ name: 'RuntimeError' }") && !program.contains("'abort'"), "{program}");
        assert_eq!(program.matches("return -1;").count(), 2, "{program}");
        assert!(program.contains("(loadedFrom = $1(0) >> 2, HEAP32[loadedFrom])"), "{program}");
    }

    #[test]
    fn what_wasm2js_writes_otherwise_is_named() {
        let error = |old: &str, new: &str| {
            assert!(TRANSLATED.contains(old), "{old}");
            program(&TRANSLATED.replace(old, new), GLUE).unwrap_err().to_string()
        };
        let begins = "wasm2js's output does not begin with one import of a whole module: ";
        assert_eq!(error("import * as a from 'a';", "\"use asm\";"), format!("{begins}\"use asm\";"));
        let two = "import * as a from 'a';\nimport * as b from 'b';";
        assert_eq!(error("import * as a from 'a';", two), format!("{begins}import * as a from 'a';"));
        assert_eq!(error("retasmFunc", "ret"), "wasm2js's output has no var retasmFunc = asmFunc(");
        assert_eq!(error("\n return {", "\n return Object({"), "wasm2js's output has no return { … } at its end");
        assert_eq!(error("\"c\":", "\"d\":"), "the glue names what wasm2js does not return: c");
        for (old, named) in [
            ("throw new Error('abort')", "throw new Error('abort');"),
            ("if ((oldPages", "if ((oldPages < newPages) && (newPages < 65536)) {"),
            ("var newBuffer", "var newBuffer = new ArrayBuffer(newPages << 16);"),
            ("function asmFunc", "function asmFunc(imports) {"),
        ] {
            assert_eq!(error(old, "other"), format!("wasm2js's output has no {named}"));
        }
        let twice = "function wasm2js_trap() { throw new Error('abort'); }";
        let error = error(twice, &format!("{twice}{twice}"));
        assert_eq!(error, "wasm2js's output has this 2 times: throw new Error('abort');");
    }

    #[test]
    fn the_glue_starts_the_program_and_follows_its_memory() {
        let glue = glue(GLUE).unwrap();
        assert!(
            glue.contains("asmFunc(__wbg_get_imports())") && glue.ends_with("export { start as default };\n"),
            "{glue}"
        );
        assert!(!glue.contains("initSync"), "{glue}");
        for view in ["DataView", "Uint8Array"] {
            let check = format!("if (cached{view}Memory0 === null || cached{view}Memory0.buffer !== wasm.b.buffer) {{");
            assert!(glue.contains(&check), "{glue}");
        }
    }

    #[test]
    fn a_glue_that_is_otherwise_is_named() {
        let error = |old: &str, new: &str| {
            assert!(GLUE.contains(old), "{old}");
            glue(&GLUE.replace(old, new)).unwrap_err().to_string()
        };
        assert_eq!(error("__wbg_init as default", "init"), "the glue has no export { … __wbg_init as default };");
        assert_eq!(error("__wbg_get_imports()", "get()"), "the glue has no function __wbg_get_imports()");
        assert_eq!(
            error("if (cachedUint8ArrayMemory0 === null || ", "if ("),
            "the glue has 2 views of the memory and checks 1 of them"
        );
        assert_eq!(
            error("    wasm.c();", "    if (x.byteLength === 0) wasm.c();"),
            "the glue looks for .byteLength === 0 in a place that is not known here"
        );
    }

    #[test]
    fn what_it_does_without_is_named() {
        assert!(forbidden("export default 1").is_ok());
        let error = forbidden("typeof WebAssembly").unwrap_err().to_string();
        assert_eq!(error, "the fallback still has WebAssembly");
    }
}
