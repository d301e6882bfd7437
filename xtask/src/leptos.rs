//! `examples/leptos-ssr`: an app that renders a cashier on its server. Both halves, the server and what the browser loads.
//!
//! Not a member of the workspace: with its server, Leptos is a hundred crates more, which nothing else here needs.

use std::fs;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::dist::{contents, stamp_of};
use crate::env::{For, WasmEnv};
use crate::repo;
use crate::step::Step;

const MANIFEST: &str = "examples/leptos-ssr/Cargo.toml";
/// What `HydrationScripts` calls the browser's half.
const NAME: &str = "leptos_ssr";
/// What it is made of.
const INPUTS: [&str; 7] = [
    "examples/leptos-ssr/src",
    MANIFEST,
    "examples/leptos-ssr/Cargo.lock",
    "src",
    "style/bundle.css",
    "Cargo.toml",
    "xtask/src/leptos.rs",
];

/// Where the server and `pkg/`, which it serves, are.
pub(crate) fn folder() -> PathBuf {
    repo::target().join("leptos-ssr")
}

/// `cargo xtask leptos`.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    ensure(sh, &WasmEnv::ensure(sh, For::Release)?)?;
    let folder = folder().display().to_string();
    println!("{folder}/server http://127.0.0.1:8088 {folder} 3000");
    Ok(())
}

/// Builds the app, unless it is what would come out. Cold that is some minutes, most of them Leptos.
pub(crate) fn ensure(sh: &Shell, env: &WasmEnv) -> anyhow::Result<()> {
    let inputs = contents(&INPUTS.map(PathBuf::from))? + &env.fingerprint();
    let outputs = || contents(&[folder()]);
    if fs::read_to_string(stamp_file())
        .is_ok_and(|stamp| outputs().is_ok_and(|after| stamp == stamp_of(&inputs, &after)))
    {
        return Ok(());
    }
    sh.remove_path(folder())?;
    sh.create_dir(folder())?;
    build_server(sh)?;
    build_browser(sh, env)?;
    Ok(sh.write_file(stamp_file(), stamp_of(&inputs, &outputs()?))?)
}

fn build_server(sh: &Shell) -> anyhow::Result<()> {
    let target = repo::target();
    let cargo = cmd!(sh, "cargo build --locked --manifest-path {MANIFEST} --features ssr");
    Step::new("build the Leptos example's server").run(cargo.env("CARGO_TARGET_DIR", &target).quiet())?;
    let program = target.join("debug").join(format!("leptos-ssr{}", std::env::consts::EXE_SUFFIX));
    Ok(sh.copy_file(program, folder().join(format!("server{}", std::env::consts::EXE_SUFFIX)))?)
}

/// As the cashier's own wasm: for every browser, and what the two have in common is built once.
fn build_browser(sh: &Shell, env: &WasmEnv) -> anyhow::Result<()> {
    let cargo = cmd!(sh, "cargo build --locked --manifest-path {MANIFEST} --lib --features hydrate --release")
        .args(["--target", TARGET])
        .quiet();
    Step::new("build the Leptos example's wasm").run(env.apply(cargo))?;
    let module = repo::wasm_target().join(TARGET).join("release").join(format!("{NAME}.wasm"));
    let pkg = folder().join("pkg");
    let bindgen =
        cmd!(sh, "wasm-bindgen --target web --no-typescript --out-name {NAME} --out-dir {pkg} {module}").quiet();
    Step::new("bind the Leptos example's wasm").run(env.apply(bindgen))
}

const TARGET: &str = "wasm32-unknown-unknown";

fn stamp_file() -> impl AsRef<Path> {
    repo::target().join("xtask-leptos.stamp")
}
