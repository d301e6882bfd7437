//! The npm package: what the hosted page is made of, under names that stay, with types and a manifest.

use std::path::Path;

use anyhow::{Context, ensure};
use xshell::Shell;

use crate::step::Step;
use crate::{files, npm, repo, scripts};

/// Files of `npm/` that go into the package as they are.
const AS_THEY_ARE: [&str; 5] = ["wechat-cashier.d.ts", "react.d.ts", "vue.d.ts", "custom-elements.json", "README.md"];
/// What its README refers to, for whoever has nothing but the tarball.
pub(crate) const DOCUMENTS: [&str; 7] = [
    "docs/backend.md",
    "docs/contract.md",
    "docs/counter.md",
    "docs/embedding.md",
    "docs/openapi.json",
    "docs/telemetry.md",
    "docs/wechat.md",
];
const LICENCES: [&str; 3] = ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"];

/// Writes the package out of the staged files.
pub(crate) fn write(sh: &Shell, stage: &Path) -> anyhow::Result<()> {
    let folder = repo::package();
    sh.remove_path(&folder)?;
    sh.create_dir(folder.join("words"))?;
    for name in scripts::PROGRAM.into_iter().chain(scripts::LATER).chain(scripts::NOT_SCRIPTS_OF_OURS) {
        sh.copy_file(stage.join(name), folder.join(name)).with_context(|| format!("no {name} for the package"))?;
    }
    scripts::bundle(sh, "element.js", &folder.join("wechat-cashier.js"))?;
    scripts::bundle(sh, scripts::TROUBLE, &folder.join(scripts::TROUBLE))?;
    for name in AS_THEY_ARE {
        sh.copy_file(Path::new("npm").join(name), folder.join(name))?;
    }
    sh.create_dir(folder.join("docs"))?;
    for name in LICENCES.into_iter().chain(DOCUMENTS) {
        sh.copy_file(name, folder.join(name))?;
    }
    sh.copy_file("src/embed/words/keys.d.ts", folder.join("words/keys.d.ts"))?;
    let manifest = sh.read_file("npm/package.json")?.replace("0.0.0", env!("CARGO_PKG_VERSION"));
    Ok(sh.write_file(folder.join("package.json"), manifest)?)
}

/// Packs what was written. npm dates all files alike, so that the same files make the same tarball.
///
/// A folder that is installed becomes a symlink, and what it links to lies outside of the project: Vite's development server
/// and Next.js refuse to serve it.
pub(crate) fn pack(sh: &Shell) -> anyhow::Result<()> {
    let tarball = repo::tarball();
    let folder = tarball.parent().context("the tarball is in no folder")?;
    for old in files::with_extension(folder, "tgz")? {
        sh.remove_path(old)?;
    }
    let pack = npm::program(sh, "npm").args(["pack", "--offline"]).arg(repo::package());
    Step::new("npm pack").run(pack.arg("--pack-destination").arg(folder).quiet())?;
    ensure!(tarball.is_file(), "npm has not written {}", tarball.display());
    Ok(())
}
