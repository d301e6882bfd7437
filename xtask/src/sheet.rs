//! `style/bundle.css`: the sheet in one file, which the crate carries for apps that use its component. They build without
//! Node.js, so it is kept in the repository.

use std::fs;
use std::path::Path;

use anyhow::ensure;
use xshell::Shell;

use crate::finish::OLDEST;
use crate::{npm, repo};

const ENTRY: &str = "style/main.css";
const BUNDLE: &str = "style/bundle.css";

/// Whether the bundle is of the sheet as it is now; if not, it is from now on.
pub(crate) fn check(sh: &Shell) -> anyhow::Result<()> {
    let temporary = sh.create_temp_dir()?;
    let fresh = temporary.path().join("bundle.css");
    write(sh, &fresh)?;
    let fresh = fs::read_to_string(fresh)?;
    if fs::read_to_string(BUNDLE).is_ok_and(|bundle| bundle == fresh) {
        return Ok(());
    }
    fs::write(BUNDLE, fresh)?;
    ensure!(false, "{BUNDLE} was not of {ENTRY}; it has been written anew");
    Ok(())
}

fn write(sh: &Shell, out: &Path) -> anyhow::Result<()> {
    let esbuild = npm::tool(sh, "esbuild").arg(repo::root().join(ENTRY));
    let esbuild = esbuild.args(["--bundle", "--minify", OLDEST, "--charset=utf8", "--log-level=warning"]);
    Ok(esbuild.arg(format!("--outfile={}", out.display())).run()?)
}
