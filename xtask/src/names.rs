//! Short names between the glue and the wasm.
//!
//! wasm-bindgen calls what the two share by long names that end in a hash, and writes them into both files: 4.3 KB of what a
//! payer's phone has to fetch, after brotli. binaryen shortens them in the wasm and says how; here the glue follows.

use std::collections::HashMap;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::glue::{INDENT, import_end, import_start, in_name};

/// The names in the wasm after they were shortened, by the names before.
pub(crate) struct Names {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
    /// The one module that all imports come from, before and after.
    module: (String, String),
}

impl Names {
    /// Reads what `wasm-opt --minify-imports-and-exports-and-modules` prints.
    pub(crate) fn read(printed: &str) -> anyhow::Result<Self> {
        let start = printed.find('{').context("wasm-opt printed no names")?;
        let names: Value = serde_json::from_str(&printed[start..]).context("wasm-opt's names are no JSON")?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut module = None;
        let mut imports = HashMap::new();
        for import in names["imports"].as_array().into_iter().flatten() {
            let (from, old, new) = (text(&import[0]), text(&import[1]), text(&import[2]));
            let (from, (old, new)) = from.zip(old.zip(new)).context("an import without a name")?;
            ensure!(*module.get_or_insert(from.clone()) == from, "imports from more than one module: {from}");
            imports.insert(old, new);
        }
        let mut exports = HashMap::new();
        for export in names["exports"].as_array().into_iter().flatten() {
            let (old, new) = text(&export[0]).zip(text(&export[1])).context("an export without a name")?;
            exports.insert(old, new);
        }
        // binaryen calls the module so when there is one.
        Ok(Self { imports, exports, module: (module.context("no import at all")?, "a".to_owned()) })
    }

    /// The glue with the short names, and without what the wasm does not import any more.
    pub(crate) fn shorten(&self, glue: &str) -> anyhow::Result<String> {
        // Every way to an export has to be seen: `wasm.name` is the only one that is followed.
        ensure!(
            glue.matches(".exports").count() == 1
                && glue.contains("wasm = instance.exports;")
                && !glue.contains("wasm["),
            "the glue reaches the exports of the wasm in a way that is not known here"
        );
        let mut out = String::with_capacity(glue.len());
        let mut given = 0;
        let mut dropping = false;
        for line in glue.lines() {
            if let Some((name, rest)) = import_start(line) {
                dropping = match self.imports.get(name) {
                    Some(new) => {
                        given += 1;
                        out.push_str(&format!("{INDENT}{new}: function{rest}\n"));
                        false
                    }
                    None => true,
                };
            } else if dropping {
                dropping = !import_end(line);
            } else {
                out.push_str(&self.follow(line)?);
                out.push('\n');
            }
        }
        ensure!(
            given == self.imports.len(),
            "the glue gives {given} of the {} imports of the wasm",
            self.imports.len()
        );
        let (old, new) = (format!("\"{}\": import0", self.module.0), format!("\"{}\": import0", self.module.1));
        ensure!(out.contains(&old), "the glue has no {old}");
        Ok(out.replace(&old, &new))
    }

    /// A line with the exports that it names. One that the wasm does not have is another way of naming them, or a fault.
    fn follow(&self, line: &str) -> anyhow::Result<String> {
        let mut parts = line.split("wasm.");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|char| !in_name(char));
            let (name, rest) = part.split_at(end.unwrap_or(part.len()));
            out.push_str("wasm.");
            let new = self.exports.get(name);
            out.push_str(new.with_context(|| format!("the glue names what the wasm does not export: wasm.{name}"))?);
            out.push_str(rest);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    const PRINTED: &str = r#"{
 "imports": [
  ["./x_bg.js", "__wbg_fetch_9b478faef8cda538", "A"]
 ],
 "exports": [
  ["memory", "b"],
  ["__wbindgen_malloc", "c"],
  ["stream_cancel", "d"]
 ]
}"#;

    const GLUE: &str = r#"export class Stream {
    cancel() { wasm.stream_cancel(this.ptr); }
}
    const import0 = {
        __proto__: null,
        __wbg_enqueue_c11626eae1c54509: function() { return handleError(function (arg0, arg1) {
            getObject(arg0).enqueue(getObject(arg1));
        }, arguments); },
        __wbg_fetch_9b478faef8cda538: function(arg0) {
            const ret = fetch(getObject(arg0), wasm.memory.buffer, wasm.__wbindgen_malloc(1));
            return addHeapObject(ret);
        },
    };
    return {
        "./x_bg.js": import0,
    };
    wasm = instance.exports;
"#;

    #[test]
    fn the_glue_follows_the_wasm() {
        let glue = Names::read(PRINTED).unwrap().shorten(GLUE).unwrap();
        assert!(glue.contains("        A: function(arg0) {"), "{glue}");
        assert!(glue.contains("wasm.b.buffer, wasm.c(1)"), "{glue}");
        assert!(glue.contains("\"a\": import0"), "{glue}");
        assert!(glue.contains("wasm.d(this.ptr)"), "{glue}");
        assert!(!glue.contains("enqueue") && !glue.contains("arguments"), "{glue}");
        assert!(glue.contains("    };\n    return {"), "{glue}");
    }

    #[test]
    fn an_import_that_the_glue_does_not_give_is_an_error() {
        let glue = GLUE.replace("__wbg_fetch_9b478faef8cda538", "__wbg_fetch_0000000000000000");
        let error = Names::read(PRINTED).unwrap().shorten(&glue).unwrap_err();
        assert_eq!(error.to_string(), "the glue gives 0 of the 1 imports of the wasm");
    }

    #[test]
    fn exports_that_are_reached_in_another_way_are_an_error() {
        for other in ["wasm[name]();", "instance.exports.f();"] {
            let error = Names::read(PRINTED).unwrap().shorten(&format!("{GLUE}{other}\n")).unwrap_err();
            assert_eq!(error.to_string(), "the glue reaches the exports of the wasm in a way that is not known here");
        }
    }

    #[test]
    fn an_export_that_the_wasm_does_not_have_is_an_error() {
        let printed = PRINTED.replace("stream_cancel", "stream_close");
        let error = Names::read(&printed).unwrap().shorten(GLUE).unwrap_err();
        assert_eq!(error.to_string(), "the glue names what the wasm does not export: wasm.stream_cancel");
    }
}
