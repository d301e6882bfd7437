//! The scripts of `src/embed/`: bundled for the hosted page and for the npm package.

use std::path::Path;

use xshell::Shell;

use crate::finish::OLDEST;
use crate::npm;

/// Files that scripts fetch only when they are needed, under the names that `src/embed/` knows them by.
pub(crate) const LATER: [&str; 4] = ["words/zh-CN.js", "words/zh-HK.js", "words/en.js", "words/replace.js"];
/// What the program itself is made of, under the names that `src/embed/` knows it by.
pub(crate) const PROGRAM: [&str; 3] = ["glue.js", "cashier.wasm", "cashier.css"];

/// The same program where there is no WebAssembly.
pub(crate) const FALLBACK: &str = "fallback.js";

/// Bundles `src/embed/{name}` into `out`. What is fetched later stays a file of its own, in the same folder.
pub(crate) fn bundle(sh: &Shell, name: &str, out: &Path) -> anyhow::Result<()> {
    let esbuild = npm::tool(sh, "esbuild").args(["--bundle", "--format=esm", "--minify", OLDEST]);
    let later = LATER.iter().chain(&PROGRAM).filter(|later| **later != name);
    let esbuild = esbuild.args(later.map(|later| format!("--external:./{later}")));
    let esbuild = esbuild.args([
        "--external:./telemetry.js",
        "--external:./fallback.js",
        "--charset=utf8",
        "--log-level=warning",
        "--allow-overwrite",
    ]);
    Ok(esbuild.arg(format!("src/embed/{name}")).arg(format!("--outfile={}", out.display())).run()?)
}
