//! Whether the crate and the npm package could be published as they are. Nothing is, and no registry is asked.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::step::Step;
use crate::{lock, npm, repo};

/// What npm says when it would publish something else than the package's own manifest.
const CORRECTED: &str = "auto-corrected";

/// What the crate is checked with: the page's part without the component, and the component with what reads files beside the
/// sources.
const FEATURES: [&[&str]; 2] = [&["--no-default-features", "--features", "embed"], &["--features", "schema"]];

/// `npm publish --dry-run`.
pub(crate) fn of_the_npm_package(sh: &Shell) -> anyhow::Result<()> {
    let publish = npm::program(sh, "npm").args(["publish", "--dry-run", "--offline"]).arg(repo::package());
    let output = Command::from(publish.quiet()).output().context("npm cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "npm would not publish it:\n{said}");
    ensure!(!said.contains(CORRECTED), "npm would change its package.json, see `npm pkg fix`:\n{said}");
    Ok(())
}

/// `cargo package`, and whether what is in it compiles.
///
/// Not `cargo publish --dry-run`, which is the same after it has asked the registry; and without its own verification, which
/// builds all that the crate stands on with features that nothing else here is built with, for minutes. Checked with those
/// of the browser's lints, most of it is there, and it takes seconds.
pub(crate) fn of_the_crate(sh: &Shell) -> anyhow::Result<()> {
    let package = repo::PACKAGE;
    let pack = cmd!(sh, "cargo package --package {package} --allow-dirty --offline --no-verify").quiet();
    Step::new("cargo package").run(pack)?;

    let name = format!("{package}-{}", lock::version(sh, package)?);
    let packed = repo::target().join("package").join(format!("{name}.crate"));
    let folder = repo::target().join("crate");
    sh.remove_path(&folder)?;
    sh.create_dir(&folder)?;
    // As of now (`m`): by the dates in the file, which never change, Cargo would take it for what it has checked before.
    cmd!(sh, "tar -xmzf {packed} -C {folder}").quiet().run()?;
    let manifest = folder.join(name).join("Cargo.toml");
    stands_alone(sh, &manifest)?;
    for features in FEATURES {
        let check = cmd!(sh, "cargo check --offline --locked --manifest-path {manifest} --lib --bins {features...}");
        Step::new(&format!("check the packed crate, {}", features.join(" ")))
            .run(check.env("CARGO_TARGET_DIR", repo::target()).quiet())?;
    }
    Ok(())
}

/// Else Cargo takes it for a part of the workspace around it.
fn stands_alone(sh: &Shell, manifest: &Path) -> anyhow::Result<()> {
    let text = sh.read_file(manifest)?;
    Ok(sh.write_file(manifest, text + "\n[workspace]\n")?)
}
