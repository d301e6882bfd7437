//! The hosted page, built by Trunk, and the npm package beside it.

use std::fs;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::env::{For, WasmEnv};
use crate::step::Step;
use crate::{budget, files, hash, package, parts, repo, sizes};

/// What the page is made of.
const INPUTS: [&str; 11] = [
    "src",
    "npm",
    "style",
    "public",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src",
    "build.rs",
];

/// Builds the page and the package, unless they are what would come out.
pub(crate) fn ensure(sh: &Shell, env: &WasmEnv) -> anyhow::Result<()> {
    let inputs: Vec<_> = INPUTS.into_iter().chain(package::DOCUMENTS).map(PathBuf::from).collect();
    let before = contents(&inputs)? + &env.fingerprint();
    if fs::read_to_string(stamp_file())
        .is_ok_and(|stamp| outputs().is_ok_and(|after| stamp == stamp_of(&before, &after)))
    {
        return Ok(());
    }
    Step::new("trunk build --release").run(env.apply(cmd!(sh, "trunk build --release").quiet()))?;
    package::pack(sh)?;
    Ok(sh.write_file(stamp_file(), stamp_of(&before, &outputs()?))?)
}

/// `cargo xtask dist`.
pub(crate) fn report(sh: &Shell) -> anyhow::Result<()> {
    ensure(sh, &WasmEnv::ensure(sh, For::Release)?)?;
    let sizes = sizes::all(sh)?;
    print!("{}", sizes::table(&sizes));
    parts::print(sh)?;
    println!("npm package: {}", repo::tarball().display());
    budget::check(sh, &sizes)
}

/// Lies outside of dist, where it would be deployed.
fn stamp_file() -> PathBuf {
    repo::target().join("xtask-dist.stamp")
}

/// The stamp is of what went in and of what came out, so that a page built by hand in between is not taken for ours.
pub(crate) fn stamp_of(inputs: &str, outputs: &str) -> String {
    hash::short(format!("{inputs}\n--\n{outputs}").as_bytes())
}

fn outputs() -> anyhow::Result<String> {
    contents(&[repo::dist(), repo::package(), repo::tarball()])
}

/// Names and contents of files.
pub(crate) fn contents(paths: &[PathBuf]) -> anyhow::Result<String> {
    let line = |file: &Path| Ok(format!("{} {}\n", file.display(), hash::short(&fs::read(file)?)));
    files::below(paths)?.iter().map(|file| line(file)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use xshell::Shell;

    use super::{contents, stamp_of};

    #[test]
    fn the_stamp_changes_with_a_name_a_content_and_a_new_file() -> anyhow::Result<()> {
        let sh = Shell::new()?;
        let temporary = sh.create_temp_dir()?;
        let folder = temporary.path();
        let stamp = || contents(&[folder.to_owned()]).map(|inputs| stamp_of(&inputs, ""));
        sh.write_file(folder.join("a/one.rs"), "1")?;
        let first = stamp()?;
        assert_eq!(first, stamp()?);
        sh.write_file(folder.join("a/one.rs"), "2")?;
        let second = stamp()?;
        assert_ne!(first, second);
        sh.write_file(folder.join("two.rs"), "")?;
        let third = stamp()?;
        assert_ne!(second, third);
        assert_ne!(stamp_of("x", "y"), stamp_of("x", "z"));
        Ok(())
    }

    #[test]
    fn what_is_not_there_has_no_contents() {
        assert!(contents(&[PathBuf::from("no/such/folder")]).is_ok_and(|contents| contents.is_empty()));
    }
}
