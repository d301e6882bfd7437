//! The last steps of a release build, on what Trunk has staged: shrink, name by content.
//!
//! Trunk's own ways of doing these are off (`Trunk.toml`, `index.html`): it names files by what they were before they
//! are shrunk, and its minifier writes JavaScript newer than the kernels we support.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use xshell::Shell;

use crate::names::Names;
use crate::{files, hash, mvp, npm, repo, style, unused};

/// The oldest kernel WeChat for Android ships that has WebAssembly. esbuild rewrites what it would not parse.
pub(crate) const OLDEST: &str = "--target=chrome66";
/// The page hands the glue a compiled module (`public/boot.js`), so the glue's own way of compiling one while it comes in,
/// and its words on why that failed, are left out. Given an address it still works.
const NO_STREAMING: &str = "--define:WebAssembly.instantiateStreaming=undefined";
/// What the page calls of the glue: the start. What crates export beside it is left out.
const CALLED: [&str; 1] = ["default"];

/// `xtask finish`.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    let stage =
        PathBuf::from(env::var_os("TRUNK_STAGING_DIR").context("TRUNK_STAGING_DIR is not set: Trunk calls this")?);
    let for_release = env::var("TRUNK_PROFILE").map_or(true, |profile| profile == "release");
    // Trunk has copied the one file that `index.html` names, and not what that one imports.
    let sheet = stage.join("main.css");
    style::bundle(sh, &sheet, for_release)?;
    if !for_release {
        return Ok(());
    }
    let page = stage.join("index.html");
    let glue = stage.join(format!("{}.js", repo::PACKAGE));

    for module in files::with_extension(&stage, "wasm")? {
        let reached = unused::remove(sh, &module, &fs::read_to_string(&glue)?, &CALLED)?;
        let names = shrink_wasm(sh, &module)?;
        fs::write(&glue, names.shorten(&reached)?)?;
        mvp::validate(&fs::read(&module)?)?;
        let new = name_by_content(&module)?;
        replace(&page, &module, &new)?;
        replace(&glue, &module, &new)?;
    }
    for script in files::with_extension(&stage, "js")? {
        shrink_text(sh, &script, script == glue)?;
        replace(&page, &script, &name_by_content(&script)?)?;
    }
    replace(&page, &sheet, &name_by_content(&sheet)?)?;
    // What crates brought along in JavaScript is in the glue now.
    Ok(sh.remove_path(stage.join("snippets"))?)
}

/// Never `--all-features`: binaryen then writes encodings that no browser of today reads. Never `--traps-never-happen`
/// either: it takes out the checks on which Rust's safety rests; nor `--low-memory-unused`: the stack's end is there.
fn shrink_wasm(sh: &Shell, module: &Path) -> anyhow::Result<Names> {
    let wasm_opt = || npm::tool(sh, "wasm-opt").arg("--mvp-features").arg(module).arg("-o").arg(module);
    wasm_opt().args(["-Oz", "--converge", "--strip-debug", "--strip-producers", "--strip-target-features"]).run()?;
    Names::read(&wasm_opt().arg("--minify-imports-and-exports-and-modules").read()?)
}

fn shrink_text(sh: &Shell, file: &Path, bundle: bool) -> anyhow::Result<()> {
    let out = format!("--outfile={}", file.display());
    let esbuild = npm::tool(sh, "esbuild").args(["--minify", OLDEST, "--charset=utf8", "--log-level=warning"]);
    let esbuild = if bundle {
        let name = file.file_name().context("a file without a name")?;
        let entry = file.with_file_name("entry.mjs");
        fs::write(&entry, format!("export {{ {} }} from './{}';", CALLED.join(", "), name.display()))?;
        esbuild.args(["--bundle", "--format=esm", "--tree-shaking=true", NO_STREAMING]).arg(entry)
    } else {
        esbuild.arg(file)
    };
    esbuild.args(["--allow-overwrite", &out]).run()?;
    if bundle {
        fs::remove_file(file.with_file_name("entry.mjs"))?;
    }
    Ok(())
}

/// Renames `main.css` to `main-0123456789abcdef.css`, so that it can be cached for ever.
fn name_by_content(file: &Path) -> anyhow::Result<PathBuf> {
    let (stem, extension) = file.file_stem().zip(file.extension()).context("a file without a name")?;
    let name = format!("{}-{}.{}", stem.display(), hash::short(&fs::read(file)?), extension.display());
    let new = file.with_file_name(name);
    fs::rename(file, &new)?;
    Ok(new)
}

fn replace(text_file: &Path, old: &Path, new: &Path) -> anyhow::Result<()> {
    let (old, new) = old.file_name().zip(new.file_name()).context("a file without a name")?;
    let text = fs::read_to_string(text_file).with_context(|| format!("cannot read {}", text_file.display()))?;
    Ok(fs::write(text_file, renamed(&text, &old.to_string_lossy(), &new.to_string_lossy()))?)
}

/// Replaces a file's name where the whole of an address, or the end of one, is that name.
fn renamed(text: &str, old: &str, new: &str) -> String {
    ['"', '\'', '/'].into_iter().fold(text.to_owned(), |text, before| {
        ['"', '\'']
            .into_iter()
            .fold(text, |text, after| text.replace(&format!("{before}{old}{after}"), &format!("{before}{new}{after}")))
    })
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn replaces_whole_names_only() {
        let page =
            r#"<script src="./boot.js" data-glue="cash.js"></script><link href='/x/boot.js'> reboot.js "reboot.js""#;
        let expected = r#"<script src="./boot-1.js" data-glue="cash.js"></script><link href='/x/boot-1.js'> reboot.js "reboot.js""#;
        assert_eq!(renamed(page, "boot.js", "boot-1.js"), expected);
        assert_eq!(renamed("new URL('a_bg.wasm', u)", "a_bg.wasm", "a_bg-1.wasm"), "new URL('a_bg-1.wasm', u)");
    }
}
