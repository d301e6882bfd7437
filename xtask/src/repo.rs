//! Where things are in the repository.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
use xshell::Shell;

/// The package that becomes the wasm.
pub(crate) const PACKAGE: &str = "wechat-cashier";

/// A shell whose folder is the root of the repository, as is the process's own.
pub(crate) fn shell() -> anyhow::Result<Shell> {
    let sh = Shell::new()?;
    sh.change_dir(root());
    env::set_current_dir(root()).with_context(|| format!("cannot enter {}", root().display()))?;
    Ok(sh)
}

/// The root of the repository this binary was built from.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The hosted page as Trunk leaves it.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The npm package.
pub(crate) fn package() -> PathBuf {
    root().join("target").join("npm")
}

/// The npm package as npm packs it, to be installed elsewhere. Outside of `dist`, which is put on a server as it is.
pub(crate) fn tarball() -> PathBuf {
    root().join("target").join(concat!("wechat-cashier-", env!("CARGO_PKG_VERSION"), ".tgz"))
}

/// The examples, installed and built.
pub(crate) fn examples() -> PathBuf {
    root().join("target").join("examples")
}

/// Cargo's folder for native builds, where logs and stamps are kept too.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Cargo's folder for wasm builds: apart, so that a native build neither waits for it nor undoes it.
pub(crate) fn wasm_target() -> PathBuf {
    root().join("target").join("wasm")
}
