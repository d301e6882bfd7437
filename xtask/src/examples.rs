//! The examples, built with the package as it would be published, in `target/examples`, where the browser tests find them.
//!
//! A copy of `examples/`, so that nothing is installed among the sources. One installation serves all of them: node looks for
//! packages in the folders above as well.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use xshell::Shell;

use crate::step::Step;
use crate::{files, hash, npm, repo};

/// Those that npm builds, each by its `npm run build`.
const NAMES: [&str; 7] = ["plain", "vite-react", "vite-vue", "next", "webpack", "esbuild", "iframe"];
/// What is installed for all of them.
const TOOLS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];
/// Uses of the types, good and bad.
const TYPES: &str = "tests/types";
/// What tools write into the folder of an example.
const MADE: [&str; 4] = ["node_modules", "dist", ".next", "next-env.d.ts"];

/// Installs the package from its tarball and builds what uses it, unless it is what would come out.
pub(crate) fn ensure(sh: &Shell) -> anyhow::Result<()> {
    let tarball = repo::tarball();
    ensure!(tarball.is_file(), "there is no {}: cargo xtask dist", tarball.display());
    let sources = Path::new("examples");
    let folder = repo::examples();
    sh.create_dir(&folder)?;

    let tools = TOOLS.map(|name| sources.join(name));
    let mut inputs = tools.to_vec();
    let installed = Stamp::of(&folder, "installed", &inputs)?;
    inputs.extend([tarball.clone(), PathBuf::from("xtask/src/examples.rs")]);
    let with_package = Stamp::of(&folder, "package", &inputs)?;
    if !installed.holds() {
        with_package.forget(sh)?;
        installed.forget(sh)?;
        for file in &tools {
            sh.copy_file(file, &folder)?;
        }
        let install = npm::program(sh, "npm").args(["ci", "--ignore-scripts"]);
        Step::new("install the tools of the examples")
            .run(within(install, &folder))
            .context("cannot have what the examples are built with; run `npm ci` in examples/ to see why")?;
        installed.set(sh)?;
    }
    if !with_package.holds() {
        with_package.forget(sh)?;
        install_package(sh, &tarball, &folder)?;
        with_package.set(sh)?;
    }

    for name in NAMES {
        unless_done(sh, name, &sources.join(name), &inputs, |place| {
            let build = npm::program(sh, "npm").args(["run", "--silent", "build"]).env("NEXT_TELEMETRY_DISABLED", "1");
            Step::new(&format!("build the example {name}")).run(within(build, place))
        })?;
    }
    unless_done(sh, "types", Path::new(TYPES), &inputs, |place| {
        let tsc = npm::program(sh, folder.join("node_modules/.bin/tsc")).args(["--project", "."]);
        Step::new("check the types of the package").run(within(tsc, place))
    })
}

/// Copies a folder to a place of this name and works there, unless that was done with the same files before.
fn unless_done(
    sh: &Shell,
    name: &str,
    from: &Path,
    shared: &[PathBuf],
    work: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let folder = repo::examples();
    let mut inputs = of(from)?;
    inputs.extend_from_slice(shared);
    let done = Stamp::of(&folder, name, &inputs)?;
    if done.holds() {
        return Ok(());
    }
    done.forget(sh)?;
    let place = folder.join(name);
    copy(sh, from, &place)?;
    work(&place)?;
    done.set(sh)
}

/// From the tarball that would be published, by npm, and from nowhere else.
fn install_package(sh: &Shell, tarball: &Path, folder: &Path) -> anyhow::Result<()> {
    let install = npm::program(sh, "npm").args(["install", "--offline", "--no-save", "--ignore-scripts"]).arg(tarball);
    Step::new("install the package").run(within(install, folder))?;
    // What `files` of its package.json leaves out would be missing for everybody else too.
    let installed = folder.join("node_modules").join(repo::PACKAGE);
    let package = repo::package();
    for file in files::below(std::slice::from_ref(&package))? {
        let name = file.strip_prefix(&package)?;
        let same =
            fs::read(installed.join(name)).is_ok_and(|found| fs::read(&file).is_ok_and(|packed| found == packed));
        ensure!(same, "{} is not in the tarball as it is in {}", name.display(), package.display());
    }
    Ok(())
}

/// The command, in this folder.
fn within(command: xshell::Cmd<'_>, folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::from(command.quiet());
    command.current_dir(folder);
    command
}

/// What belongs to a folder; not what somebody installed or built there by hand.
fn of(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = files::below(&[folder.to_owned()])?;
    files.retain(|file| MADE.iter().all(|made| !file.starts_with(folder.join(made))));
    Ok(files)
}

/// Copies what belongs to a folder, in place of what was there.
fn copy(sh: &Shell, from: &Path, to: &Path) -> anyhow::Result<()> {
    sh.remove_path(to)?;
    for file in of(from)? {
        let place = to.join(file.strip_prefix(from)?);
        sh.create_dir(place.parent().unwrap_or(to))?;
        sh.copy_file(&file, place)?;
    }
    Ok(())
}

/// Says that something was done, and out of what.
struct Stamp {
    file: PathBuf,
    value: String,
}

impl Stamp {
    fn of(folder: &Path, name: &str, inputs: &[PathBuf]) -> anyhow::Result<Self> {
        let mut lines = String::new();
        for file in inputs {
            let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            lines += &format!("{} {}\n", file.display(), hash::short(&bytes));
        }
        Ok(Self { file: folder.join(format!("{name}.stamp")), value: hash::short(lines.as_bytes()) })
    }

    fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|value| value == self.value)
    }

    fn forget(&self, sh: &Shell) -> anyhow::Result<()> {
        Ok(sh.remove_path(&self.file)?)
    }

    fn set(&self, sh: &Shell) -> anyhow::Result<()> {
        Ok(sh.write_file(&self.file, &self.value)?)
    }
}
