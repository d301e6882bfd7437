//! What a command needs, installed where it is missing.

use std::path::PathBuf;

use xshell::Shell;

use crate::toolchain::{self, Toolchain};
use crate::{cargo_tool, chromium, lock, npm, postgres, python};

/// Something that has to be on the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The page can be built: the wasm toolchain, trunk, wasm-bindgen, esbuild and wasm-opt.
    Page,
    /// There is a Chromium, and it can show Chinese.
    Browser,
    /// Licences and sources can be checked.
    Deny,
    /// The merchant's store can be tested with PostgreSQL.
    Postgres,
    /// Clients of WeChat Pay's in Python, and schemathesis, can be run.
    Python,
}

impl Need {
    /// Everything.
    pub(crate) const ALL: [Self; 5] = [Self::Page, Self::Browser, Self::Deny, Self::Postgres, Self::Python];
}

/// What was found or installed.
pub(crate) struct Tools {
    /// The toolchain of the wasm build, with `Need::Page`.
    pub(crate) toolchain: Option<Toolchain>,
    /// Folders for the PATH.
    pub(crate) bins: Vec<PathBuf>,
    /// With `Need::Browser`.
    pub(crate) chromium: Option<PathBuf>,
    /// The program, with `Need::Deny`.
    pub(crate) deny: Option<PathBuf>,
}

/// Installs what is missing. Costs next to nothing when nothing is.
pub(crate) fn ensure(sh: &Shell, needs: &[Need]) -> anyhow::Result<Tools> {
    let mut tools = Tools { toolchain: None, bins: Vec::new(), chromium: None, deny: None };
    // What fails soonest comes first.
    npm::ensure(sh)?;
    if needs.contains(&Need::Postgres) {
        postgres::ensure(sh)?;
    }
    if needs.contains(&Need::Python) {
        python::ensure(sh)?;
    }
    if needs.contains(&Need::Browser) {
        tools.chromium = Some(chromium::ensure(sh)?);
        chromium::ensure_font(sh)?;
    }
    if needs.contains(&Need::Page) {
        tools.toolchain = Some(toolchain::ensure(sh)?);
        tools.bins.push(cargo_tool::wasm_bindgen(lock::version(sh, "wasm-bindgen")?).ensure(sh)?);
        tools.bins.push(cargo_tool::trunk().ensure(sh)?);
    }
    if needs.contains(&Need::Deny) {
        tools.deny = Some(cargo_tool::deny().ensure(sh)?.join("cargo-deny"));
    }
    cargo_tool::tidy(sh)?;
    Ok(tools)
}

/// `cargo xtask setup`.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    ensure(sh, &Need::ALL)?;
    println!("Everything is there: cargo xtask demo, cargo xtask test");
    Ok(())
}
