//! Command line tools of Rust, built once into the user's cache folder.

use std::fs;
use std::path::PathBuf;
use std::process;

use anyhow::Context;
use xshell::{Shell, cmd};

use crate::step::Step;
use crate::{cache, repo};

/// A tool that `cargo install` builds.
pub(crate) struct Tool {
    package: &'static str,
    program: &'static str,
    version: String,
    flags: &'static [&'static str],
}

/// Trunk; newer ones than this want Rust 1.96.1. It only ever serves on loopback: no TLS, no look for newer versions.
pub(crate) fn trunk() -> Tool {
    Tool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14".to_owned(),
        flags: &["--locked", "--no-default-features"],
    }
}

/// wasm-bindgen's command line, whose version must be its crate's. Not `--locked`: its lock file names a version of a
/// dependency that not every mirror has. Without TLS, which only its test runner would use.
pub(crate) fn wasm_bindgen(version: String) -> Tool {
    let flags = &["--no-default-features", "--bin", "wasm-bindgen"];
    Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version, flags }
}

/// cargo-deny, for the checks only.
pub(crate) fn deny() -> Tool {
    Tool {
        package: "cargo-deny",
        program: "cargo-deny",
        version: "0.20.2".to_owned(),
        flags: &["--locked", "--no-default-features"],
    }
}

impl Tool {
    /// The folder that has the program, after installing it if it is not there.
    pub(crate) fn ensure(&self, sh: &Shell) -> anyhow::Result<PathBuf> {
        let Self { package, program, version, flags } = self;
        let home = cache::folder()?.join(format!("{package}-{version}"));
        let bin = home.join("bin");
        if bin.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file() {
            return Ok(bin);
        }
        // Installed beside its place and then renamed, so that what is in its place is whole. The build folder is the
        // repository's: an install that was broken off goes on where it stopped, and `cargo clean` removes what is left.
        let half = cache::folder()?.join(format!(".{package}-{version}.{}", process::id()));
        let build = repo::root().join("target").join("tools");
        let title = format!("{package} {version}");
        let install =
            cmd!(sh, "cargo install {package} --version {version} --no-track --root {half}").quiet().args(*flags);
        let install = BUILD_CHEAPLY.iter().fold(install, |install, (key, value)| install.env(key, value));
        Step::new(&title)
            .run(install.env("CARGO_TARGET_DIR", &build).env_remove("RUSTFLAGS"))
            .with_context(|| format!("cannot have {title}; once it installs by hand with cargo, run this again"))?;
        fs::rename(&half, &home)
            .or_else(
                |error| if bin.is_dir() { sh.remove_path(&half).map_err(std::io::Error::other) } else { Err(error) },
            )
            .with_context(|| format!("cannot create {}", home.display()))?;
        Ok(bin)
    }
}

/// Frees what building tools left behind; to be called when all of them are there.
pub(crate) fn tidy(sh: &Shell) -> anyhow::Result<()> {
    Ok(sh.remove_path(repo::root().join("target").join("tools"))?)
}

/// These tools run for a second: building them quickly matters more than how fast they are. Trunk's build takes half
/// the processor time of `opt-level = 1`, wasm-bindgen's (without TLS) two fifths.
const BUILD_CHEAPLY: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    ("CARGO_PROFILE_RELEASE_STRIP", "true"),
];
