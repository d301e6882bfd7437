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
use crate::scripts::{self, LATER};
use crate::{fallback, hash, mvp, npm, package, repo, style};

/// The oldest kernel that has `import()` and `import.meta`, without which nothing of ours is read: WeChat for Android has
/// shipped a 66. esbuild rewrites what it would not parse.
pub(crate) const OLDEST: &str = "--target=chrome64";
/// What says that a browser is older than that is read by all of them.
const ANY: &str = "--target=es5";
/// The page hands the glue a compiled module (`src/embed/load.js`), so the glue's own way of compiling one while it comes in,
/// and its words on why that failed, are left out. Given an address it still works.
const NO_STREAMING: &str = "--define:WebAssembly.instantiateStreaming=undefined";
/// What the page calls of the glue: the start. What crates export beside it is left out.
const CALLED: [&str; 2] = ["default", "Cashier"];

/// `xtask finish`.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    let stage =
        PathBuf::from(env::var_os("TRUNK_STAGING_DIR").context("TRUNK_STAGING_DIR is not set: Trunk calls this")?);
    let for_release = env::var("TRUNK_PROFILE").map_or(true, |profile| profile == "release");
    // Trunk has copied the one file that `index.html` names, and not what that one imports.
    style::bundle(sh, "main.css", &stage.join("main.css"), for_release)?;
    style::bundle(sh, "counter.css", &stage.join(scripts::COUNTER_STYLE), for_release)?;
    let page = stage.join("index.html");
    // The names that `src/embed/` knows.
    let staged = [format!("{}.js", repo::PACKAGE), format!("{}_bg.wasm", repo::PACKAGE), "main.css".to_owned()];
    let [glue, module, _] = scripts::PROGRAM.map(|name| stage.join(name));
    for (staged, name) in staged.into_iter().zip(scripts::PROGRAM) {
        fs::rename(stage.join(&staged), stage.join(name)).with_context(|| format!("Trunk has staged no {staged}"))?;
        replace(&page, &staged, name)?;
    }
    fs::write(&glue, without_address(&fs::read_to_string(&glue)?)?)?;
    for name in LATER {
        scripts::bundle(sh, name, &stage.join(name))?;
    }
    scripts::bundle(sh, "page.js", &stage.join("page.js"))?;
    if !for_release {
        return Ok(());
    }

    mvp::border(&fs::read(&module)?)?;
    let shortened = shrink_wasm(sh, &module)?.shorten(&fs::read_to_string(&glue)?)?;
    mvp::validate(&fs::read(&module)?)?;
    fallback::write(sh, &module, &shortened, &CALLED, &stage.join(scripts::FALLBACK))?;
    fs::write(&glue, shortened)?;
    shrink_text(sh, &glue, true, OLDEST)?;
    shrink_text(sh, &stage.join("unsupported.js"), false, ANY)?;
    package::write(sh, &stage)?;

    // Named by what they hold, those that name others last.
    let entry = stage.join("page.js");
    for name in scripts::PROGRAM.into_iter().chain(scripts::NOT_SCRIPTS_OF_OURS).chain(LATER) {
        let new = name_by_content(&stage, name)?;
        for text in [&page, &entry, &stage.join("counter.js")] {
            // One that has its own name already names nothing that comes after it.
            if text.exists() {
                replace(text, name, &new)?;
            }
        }
    }
    for name in ["page.js", "unsupported.js", "icon.svg"] {
        replace(&page, name, &name_by_content(&stage, name)?)?;
    }
    // What crates brought along in JavaScript is in the glue now.
    sh.remove_path(stage.join("snippets"))?;
    Ok(sh.remove_path(stage.join("words"))?)
}

/// The glue without the address that it would fetch the wasm from by itself: it is always handed a module, and bundlers
/// that see an address look for a file.
fn without_address(glue: &str) -> anyhow::Result<String> {
    let (before, rest) = glue.split_once("module_or_path = new URL(").context("the glue has no address of the wasm")?;
    let (_, after) = rest.split_once("import.meta.url);").context("the address of the wasm has another form")?;
    Ok([before, "throw new Error('no module');", after].concat())
}

/// Never `--all-features`: binaryen then writes encodings that no browser of today reads. Never `--traps-never-happen`
/// either: it takes out the checks on which Rust's safety rests; nor `--low-memory-unused`: the stack's end is there.
fn shrink_wasm(sh: &Shell, module: &Path) -> anyhow::Result<Names> {
    let wasm_opt = || npm::tool(sh, "wasm-opt").arg("--mvp-features").arg(module).arg("-o").arg(module);
    // What LLVM has made of branches is undone and made again from the plain graph: 300 bytes less after brotli.
    wasm_opt()
        .args([
            "--flatten",
            "--rereloop",
            "-Oz",
            "--converge",
            "--strip-debug",
            "--strip-producers",
            "--strip-target-features",
        ])
        .run()?;
    Names::read(&wasm_opt().arg("--minify-imports-and-exports-and-modules").read()?)
}

fn shrink_text(sh: &Shell, file: &Path, bundle: bool, target: &str) -> anyhow::Result<()> {
    let out = format!("--outfile={}", file.display());
    let esbuild = npm::tool(sh, "esbuild").args(["--minify", target, "--charset=utf8", "--log-level=warning"]);
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
fn name_by_content(folder: &Path, name: &str) -> anyhow::Result<String> {
    let file = folder.join(name);
    let (stem, extension) = name.rsplit_once('.').context("a file without a name")?;
    let new = format!("{}-{}.{extension}", stem.replace('/', "-"), hash::short(&fs::read(&file)?));
    fs::rename(&file, folder.join(&new))?;
    Ok(new)
}

fn replace(text_file: &Path, old: &str, new: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(text_file).with_context(|| format!("cannot read {}", text_file.display()))?;
    Ok(fs::write(text_file, renamed(&text, old, new))?)
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
