//! The style sheet: `style/main.css` and what it names, in one file.

use std::path::Path;

use xshell::Shell;

use crate::{finish, npm, repo};

/// Where the others are named, in their order.
const ENTRY: &str = "style/main.css";

/// Writes the sheet to `out`: rewritten for the oldest kernels, so that a developer sees what a payer will; without spaces
/// and comments if `minify`.
pub(crate) fn bundle(sh: &Shell, out: &Path, minify: bool) -> anyhow::Result<()> {
    let esbuild = npm::tool(sh, "esbuild").arg(repo::root().join(ENTRY));
    let esbuild = esbuild.args(["--bundle", finish::OLDEST, "--charset=utf8", "--log-level=warning"]);
    let esbuild = if minify { esbuild.arg("--minify") } else { esbuild };
    Ok(esbuild.args(["--allow-overwrite", &format!("--outfile={}", out.display())]).run()?)
}
