//! The sandbox: a merchant backend and a simulated WeChat, so that everything runs with no account.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, bail};
use xshell::{Shell, cmd};

use crate::repo;
use crate::step::Step;

const PACKAGE: &str = "wechat-cashier-sandbox";
/// What it prints before its address once it answers.
const READY: &str = "listening on ";

/// Builds it and says where it is.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<PathBuf> {
    Step::new("build the sandbox").run(cmd!(sh, "cargo build --package {PACKAGE}").quiet())?;
    Ok(program())
}

/// The same where the native tests have been built: what it stands on is then there. By itself it is built with other features
/// of the same crates, all of them anew.
pub(crate) fn build_for_tests(sh: &Shell) -> anyhow::Result<PathBuf> {
    Step::new("build the sandbox").run(cmd!(sh, "cargo build --workspace --tests").quiet())?;
    Ok(program())
}

fn program() -> PathBuf {
    repo::target().join("debug").join(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX))
}

fn command(program: &Path, port: u16, dist: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string()]).arg("--dist").arg(dist);
    command.arg("--state").arg(repo::target().join("sandbox.db"));
    command
}

/// This process goes on as the sandbox, so that whatever ends the one has ended the other.
#[cfg(unix)]
pub(crate) fn become_it(program: &Path, port: u16, dist: &Path) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command(program, port, dist).exec()).context("the sandbox cannot be started")
}

/// Runs the sandbox until it ends.
#[cfg(not(unix))]
pub(crate) fn become_it(program: &Path, port: u16, dist: &Path) -> anyhow::Result<()> {
    let status = command(program, port, dist).status().context("the sandbox cannot be started")?;
    anyhow::ensure!(status.success(), "the sandbox ended, {status}");
    Ok(())
}

/// A sandbox that answers. Dropping it ends it.
pub(crate) struct Sandbox {
    child: Child,
    /// `http://127.0.0.1:8088`
    pub(crate) address: String,
}

impl Sandbox {
    /// Starts it and waits until it answers; what it prints later is passed on.
    pub(crate) fn start(program: &Path, port: u16, dist: &Path) -> anyhow::Result<Self> {
        let mut command = command(program, port, dist);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().context("the sandbox cannot be started")?;
        let mut output = BufReader::new(child.stdout.take().context("the sandbox has no output")?);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some(address) = line.trim().strip_prefix(READY) {
                let address = address.to_owned();
                thread::spawn(move || output.lines().map_while(Result::ok).for_each(|line| println!("{line}")));
                return Ok(Self { child, address });
            }
            print!("{line}");
            line.clear();
        }
        let status = child.wait()?;
        bail!("the sandbox ended before it answered, {status}");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Either fails only if it has ended, which is what is wanted.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
