//! Debian's packages, where there is apt.

use std::io::{IsTerminal, stdin};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use xshell::{Shell, cmd};

use crate::step::Step;

/// Is this a system with apt?
pub(crate) fn present() -> bool {
    found("apt-get")
}

/// Installs packages.
pub(crate) fn install(sh: &Shell, packages: &[&str]) -> anyhow::Result<()> {
    install_after(sh, packages, |_| Ok(()))
}

/// Installs packages while there is a file of this path and text, which tells them how. It is gone afterwards.
pub(crate) fn install_with_file(sh: &Shell, packages: &[&str], (path, text): (&str, &str)) -> anyhow::Result<()> {
    let ours = sh.create_temp_dir()?;
    let ours = ours.path().join("file");
    sh.write_file(&ours, text)?;
    let put = |sudo: Option<&'static str>| {
        let mut install = as_root(sudo, "install");
        install.args(["-D", "-m", "644"]).arg(&ours).arg(path);
        Step::new(path).run(install)
    };
    let installed = install_after(sh, packages, put);
    if Path::new(path).exists() {
        let mut rm = as_root(sudo(sh)?, "rm");
        rm.arg(path);
        Step::new(&format!("rm {path}")).run(rm)?;
    }
    installed
}

/// Installs packages, after something else that root does.
fn install_after(
    sh: &Shell,
    packages: &[&str],
    before: impl FnOnce(Option<&'static str>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let names = packages.join(" ");
    if !present() {
        bail!("there is no apt-get here; install {names} yourself");
    }
    let sudo = sudo(sh).with_context(|| format!("cannot install {names}"))?;
    if !packages.iter().all(|package| known(sh, package)) {
        Step::new("apt-get update").run(apt(sudo, &["update"]))?;
    }
    before(sudo)?;
    let arguments = [&["install", "-y", "--no-install-recommends"], packages].concat();
    Step::new(&format!("apt-get install {names}"))
        .run(apt(sudo, &arguments))
        .with_context(|| format!("run it yourself to see why: apt-get install {names}"))
}

/// Whether a program is on the PATH.
pub(crate) fn found(program: &str) -> bool {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(&file).is_file() || folder.join(program).is_file())
}

/// Whether there is a package of this name.
pub(crate) fn known(sh: &Shell, package: &str) -> bool {
    let policy = cmd!(sh, "apt-cache policy {package}").quiet().ignore_status().read().unwrap_or_default();
    policy.contains("Candidate:") && !policy.contains("Candidate: (none)")
}

/// `Some("sudo")` when we are not root; asks for the password now, while nothing redraws the line.
fn sudo(sh: &Shell) -> anyhow::Result<Option<&'static str>> {
    let root = cmd!(sh, "id -u").quiet().read().is_ok_and(|id| id == "0");
    if root {
        return Ok(None);
    }
    if !found("sudo") {
        bail!("neither root nor sudo: ask an administrator to install it");
    }
    let asked = if stdin().is_terminal() { cmd!(sh, "sudo -v") } else { cmd!(sh, "sudo -n true") };
    asked.quiet().run().context("sudo was refused")?;
    Ok(Some("sudo"))
}

fn apt(sudo: Option<&str>, arguments: &[&str]) -> Command {
    // sudo takes no variables along, but for those that it is given as arguments.
    let mut command = as_root(sudo, "env");
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    command
}

fn as_root(sudo: Option<&str>, program: &str) -> Command {
    match sudo {
        Some(sudo) => {
            let mut command = Command::new(sudo);
            command.arg(program);
            command
        }
        None => Command::new(program),
    }
}
