//! Python, for clients of WeChat Pay's that are written in it, and for schemathesis. What each needs goes into an environment of
//! its own below `target`.

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::apt;

/// What a machine must have to make an environment: on Debian `venv` and `ensurepip` are a package of their own.
const PARTS: &str = "import ensurepip, venv";

/// One that is there, or Debian's.
pub(crate) fn ensure(sh: &Shell) -> anyhow::Result<()> {
    if present(sh) {
        return Ok(());
    }
    apt::install(sh, &["python3-venv"])
        .context("no Python 3 with venv for clients of the simulator's and schemathesis")?;
    ensure!(present(sh), "python3-venv is installed, but python3 cannot make an environment");
    Ok(())
}

fn present(sh: &Shell) -> bool {
    cmd!(sh, "python3 -c {PARTS}").quiet().ignore_stdout().ignore_stderr().run().is_ok()
}
