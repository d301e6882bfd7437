//! Debian's packages, where there is apt.

use std::io::{IsTerminal, stdin};
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
    let names = packages.join(" ");
    if !present() {
        bail!("there is no apt-get here; install {names} yourself");
    }
    let sudo = sudo(sh).with_context(|| format!("cannot install {names}"))?;
    if !packages.iter().all(|package| known(sh, package)) {
        Step::new("apt-get update").run(apt(sudo, &["update"]))?;
    }
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
    let mut command = match sudo {
        Some(sudo) => {
            let mut command = Command::new(sudo);
            command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            command
        }
        None => Command::new("apt-get"),
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    command
}
