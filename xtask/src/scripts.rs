//! The scripts of `src/embed/`: bundled for the hosted page and for the npm package.

use std::fs;
use std::path::Path;

use xshell::Shell;

use crate::finish::OLDEST;
use crate::npm;

/// What the program itself is made of, under the names that `src/embed/` knows it by.
pub(crate) const PROGRAM: [&str; 3] = ["glue.js", "cashier.wasm", "cashier.css"];
/// Files that scripts fetch only when they are needed, likewise.
pub(crate) const LATER: [&str; 6] =
    ["words/zh-CN.js", "words/zh-HK.js", "words/en.js", "words/replace.js", "telemetry.js", "counter.js"];
/// The same program where there is no WebAssembly.
pub(crate) const FALLBACK: &str = "fallback.js";
/// What only the screen on a counter needs of the style.
pub(crate) const COUNTER_STYLE: &str = "counter.css";
/// Files that are fetched when needed and are not bundled here.
pub(crate) const NOT_SCRIPTS_OF_OURS: [&str; 2] = [FALLBACK, COUNTER_STYLE];
/// What the element fetches only when it has to tell the payer of a trouble. The hosted page has it at hand.
pub(crate) const TROUBLE: &str = "trouble.js";

/// The entry of the package for a page before the checkout.
pub(crate) const WARM: &str = "warm.js";
/// The name of the element's script in the package.
pub(crate) const ELEMENT: &str = "wechat-cashier.js";

/// Has V8 compile all functions while the script comes in, beside the page's thread, and not each when it is called first
/// (Chrome 136, <https://v8.dev/blog/explicit-compile-hints>): all that draws the code is called at once. 60 ms of 1,300 on
/// a slow phone.
const ALL_AT_ONCE: &str = "--banner:js=//# allFunctionsCalledOnLoad";

/// Bundles `src/embed/{name}` into `out`, with what it imports at once. What it imports when needed stays a file of its own.
pub(crate) fn bundle(sh: &Shell, name: &str, out: &Path) -> anyhow::Result<()> {
    let esbuild = npm::tool(sh, "esbuild").args(["--bundle", "--format=esm", "--minify", "--mangle-props=^_", OLDEST]);
    let trouble = (name != "page.js").then_some(TROUBLE);
    let apart = LATER.into_iter().chain(PROGRAM).chain([FALLBACK, ELEMENT]).chain(trouble);
    let esbuild = esbuild.args(apart.filter(|apart| *apart != name).map(|apart| format!("--external:./{apart}")));
    let esbuild = esbuild.args(["--charset=utf8", "--log-level=warning", "--allow-overwrite"]);
    let esbuild = esbuild.args(matches!(name, "page.js" | "element.js").then_some(ALL_AT_ONCE));
    esbuild.arg(format!("src/embed/{name}")).arg(format!("--outfile={}", out.display())).run()?;
    Ok(fs::write(out, not_for_bundlers(&fs::read_to_string(out)?))?)
}

/// Tells webpack and Vite to leave an import alone whose address is known only when it runs (`fetched.js`). esbuild drops
/// comments when it shrinks.
fn not_for_bundlers(script: &str) -> String {
    let mut parts = script.split("import(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, rest| {
        let comment = if rest.starts_with(['"', '\'']) { "" } else { "/*webpackIgnore:true*//*@vite-ignore*/" };
        text + "import(" + comment + rest
    })
}

#[cfg(test)]
mod tests {
    use super::not_for_bundlers;

    #[test]
    fn only_an_address_that_is_not_written_out_is_kept_from_bundlers() {
        let kept = r#"import{a}from"./b.js";const c=()=>import("./d.js");"#;
        assert_eq!(not_for_bundlers(kept), kept);
        assert_eq!(not_for_bundlers("x(import(`${y}`))"), "x(import(/*webpackIgnore:true*//*@vite-ignore*/`${y}`))");
    }
}
