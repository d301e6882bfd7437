//! The environment of the wasm build: everything that cargo and trunk have to be told, in one place.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, bail};
use xshell::{Cmd, Shell, cmd};

use crate::setup::{self, Need, Tools};
use crate::{lock, repo};

/// For whom the wasm is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// A payer: small.
    Release,
    /// A developer: panics say where and why.
    Development,
}

/// What every browser since 2017 runs, WeChat's kernels among them. Tried on the spike: costs no bytes.
const MVP: &str = "-C target-cpu=mvp";
/// Panics stop at once and say nothing: there is nobody to read it on a payer's phone, and the texts are 7 KB of the
/// download. `src/embed/host.js` shows the payer that the page has stopped.
const SILENT: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none";
/// Calls stay calls unless what is called is hardly longer: 200 bytes of the download, after brotli.
const SHORT: &str = "-Cllvm-args=-inline-threshold=10";
/// The first rustc that knows `-Cpanic=immediate-abort`.
const SILENT_SINCE: u32 = 92;

/// Settings of the caller's that would undo ours.
const REMOVED: [&str; 3] = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO"];

/// Environment variables for cargo and trunk.
pub(crate) struct WasmEnv(Vec<(&'static str, OsString)>);

impl WasmEnv {
    /// Installs what the build needs and says how to call it.
    pub(crate) fn ensure(sh: &Shell, purpose: For) -> anyhow::Result<Self> {
        Self::new(setup::ensure(sh, &[Need::Page])?, purpose)
    }

    /// Says how to build with these tools.
    pub(crate) fn new(tools: Tools, purpose: For) -> anyhow::Result<Self> {
        let toolchain = tools.toolchain.context("the wasm toolchain was not asked for")?;
        let silent = purpose == For::Release && toolchain.minor >= SILENT_SINCE;
        let flags = if silent { format!("{MVP} {SILENT} {SHORT}") } else { MVP.to_owned() };
        let mut variables: Vec<(&'static str, OsString)> = vec![
            ("PATH", path(toolchain.bin.into_iter().chain(tools.bins))?),
            ("RUSTC_BOOTSTRAP", "1".into()),
            ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
            ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size".into()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.into()),
            ("CARGO_TARGET_DIR", repo::wasm_target().into()),
            ("TRUNK_SKIP_VERSION_CHECK", "true".into()),
        ];
        let linker = toolchain.linker.map(|linker| ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker.into()));
        variables.extend(linker);
        Ok(Self(variables))
    }

    /// The command, in this environment.
    pub(crate) fn apply<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        let command = REMOVED.into_iter().fold(command, Cmd::env_remove);
        command.envs(self.0.iter().map(|(key, value)| (key, value)))
    }

    /// What tells one way of building from another.
    pub(crate) fn fingerprint(&self) -> String {
        let decides = |key: &str| key.contains("RUSTFLAGS") || key.contains("BUILD_STD");
        self.0
            .iter()
            .filter(|(key, _)| decides(key))
            .map(|(key, value)| format!("{key}={}\n", value.display()))
            .collect()
    }
}

/// Our tools before the caller's, and this program after them: Trunk's hooks call it as `xtask`.
fn path(first: impl Iterator<Item = PathBuf>) -> anyhow::Result<OsString> {
    let before = env::var_os("PATH").unwrap_or_default();
    let this = env::current_exe()?.parent().map(PathBuf::from);
    env::join_paths(first.chain(env::split_paths(&before)).chain(this))
        .context("a folder of the PATH has a colon in it")
}

/// `cargo xtask env`.
pub(crate) fn print(sh: &Shell) -> anyhow::Result<()> {
    let variables = WasmEnv::ensure(sh, For::Release)?;
    println!("unset {}", REMOVED.join(" "));
    for (key, value) in &variables.0 {
        let value = value.to_str().with_context(|| format!("{key} is not valid Unicode"))?;
        println!("export {key}={}", quoted(value));
    }
    Ok(())
}

/// A word for a POSIX shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// `xtask check-env`, Trunk's first hook: better one clear line now than a download or a wrong module later.
pub(crate) fn check(sh: &Shell) -> anyhow::Result<()> {
    let wanted = lock::version(sh, "wasm-bindgen")?;
    let found = cmd!(sh, "wasm-bindgen --version").quiet().ignore_stderr().read().unwrap_or_default();
    let built_for_mvp =
        env::var("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS").is_ok_and(|flags| flags.contains(MVP));
    if found != format!("wasm-bindgen {wanted}") || !built_for_mvp {
        bail!(r#"build with the environment of xtask: (eval "$(cargo xtask env)"; trunk build --release)"#);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        assert_eq!(quoted("a b$c"), "'a b$c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
