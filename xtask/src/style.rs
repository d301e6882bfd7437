//! The style sheets: `style/main.css` with all that it names, and what only a counter needs.

use std::path::Path;

use xshell::Shell;

use crate::{finish, npm, repo};

/// Writes `style/{entry}` with what it names to `out`: rewritten for the oldest kernels, so that a developer sees what a payer will; without spaces
/// and comments if `minify`.
pub(crate) fn bundle(sh: &Shell, entry: &str, out: &Path, minify: bool) -> anyhow::Result<()> {
    let esbuild = npm::tool(sh, "esbuild").arg(repo::root().join("style").join(entry));
    let esbuild = esbuild.args(["--bundle", finish::OLDEST, "--charset=utf8", "--log-level=warning"]);
    let esbuild = if minify { esbuild.arg("--minify") } else { esbuild };
    Ok(esbuild.args(["--allow-overwrite", &format!("--outfile={}", out.display())]).run()?)
}
