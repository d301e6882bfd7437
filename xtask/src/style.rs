//! The style sheets: `style/main.css` with all that it names, what only a counter needs, and both in one.

use std::fs;
use std::path::Path;

use anyhow::bail;
use xshell::Shell;

use crate::{finish, npm, repo};

/// All in one file, which the crate carries for apps that use its component. They build without Node.js, so it is kept in
/// the repository.
const WHOLE: &str = "style/bundle.css";

/// Writes `style/{entry}` with what it names to `out`: rewritten for the oldest kernels, so that a developer sees what a
/// payer will; without spaces and comments if `minify`.
pub(crate) fn bundle(sh: &Shell, entry: &str, out: &Path, minify: bool) -> anyhow::Result<()> {
    let esbuild = npm::tool(sh, "esbuild").arg(repo::root().join("style").join(entry));
    let esbuild = esbuild.args(["--bundle", finish::OLDEST, "--charset=utf8", "--log-level=warning"]);
    let esbuild = if minify { esbuild.arg("--minify") } else { esbuild };
    Ok(esbuild.args(["--allow-overwrite", &format!("--outfile={}", out.display())]).run()?)
}

/// Whether the crate's sheet is of the sheets as they are now; if not, it is from now on.
pub(crate) fn check_whole(sh: &Shell) -> anyhow::Result<()> {
    let temporary = sh.create_temp_dir()?;
    let fresh = temporary.path().join("bundle.css");
    bundle(sh, "whole.css", &fresh, true)?;
    let fresh = fs::read_to_string(fresh)?;
    if fs::read_to_string(WHOLE).is_ok_and(|whole| whole == fresh) {
        return Ok(());
    }
    fs::write(WHOLE, fresh)?;
    bail!("{WHOLE} was not of the sheets beside it; it has been written anew");
}
