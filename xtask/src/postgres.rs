//! PostgreSQL, which the merchant's store is tested with. The tests start one of their own.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use xshell::Shell;

use crate::apt;

/// The programs that the tests call.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "createdb"];
/// Where Debian has them, in `<version>/bin`.
const DEBIANS: &str = "/usr/lib/postgresql";
/// Debian's package makes a database and starts it now and with the machine. With this the programs come alone.
const NO_DATABASE: (&str, &str) =
    ("/etc/postgresql-common/createcluster.d/wechat-cashier.conf", "create_main_cluster = false\n");

/// One that is there, or Debian's.
pub(crate) fn ensure(sh: &Shell) -> anyhow::Result<()> {
    if present() {
        return Ok(());
    }
    apt::install_with_file(sh, &["postgresql"], NO_DATABASE).context("no PostgreSQL for the merchant's tests")?;
    ensure!(present(), "postgresql is installed, but {} are not all there", PROGRAMS.join(", "));
    Ok(())
}

fn present() -> bool {
    let versions = fs::read_dir(DEBIANS).into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let whole = |folder: &Path| PROGRAMS.iter().all(|program| folder.join(program).is_file());
    versions.chain(env::split_paths(&path)).any(|folder| whole(&folder))
}
