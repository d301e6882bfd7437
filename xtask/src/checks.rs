//! `cargo xtask test`: every check, one after the other, and what came of each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use xshell::{Shell, cmd};

use crate::env::{For, WasmEnv};
use crate::setup::{self, Need};
use crate::step::Step;
use crate::{budget, dist, examples, files, leptos, mvp, publish, repo, sandbox, sizes, style};

/// Runs all of them, also when one fails.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    let mut tools = setup::ensure(sh, &Need::ALL)?;
    let chromium = tools.chromium.take().context("no Chromium")?;
    let deny = tools.deny.take().context("no cargo-deny")?;
    let env = WasmEnv::new(tools, For::Release)?;
    let package = repo::PACKAGE;
    let mut checks = Checks::default();

    checks.step("cargo fmt", cmd!(sh, "cargo fmt --all --check"));
    checks.step("cargo clippy", cmd!(sh, "cargo clippy --workspace --all-targets -- -D warnings"));
    // The browser's part compiles natively too, where clippy is; without the tests, which turn the server's part on.
    let browser = cmd!(sh, "cargo clippy --package {package} --lib --bins --features csr -- -D warnings");
    checks.step("cargo clippy, browser", browser);
    let doc = cmd!(sh, "cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings");
    checks.step("cargo doc", doc);
    let doc =
        cmd!(sh, "cargo doc --package {package} --lib --no-deps --features csr").env("RUSTDOCFLAGS", "-D warnings");
    checks.step("cargo doc, browser", doc);
    checks.step("cargo deny", cmd!(sh, "{deny} --workspace check bans licenses sources"));
    checks.step("cargo test", cmd!(sh, "cargo test --workspace --no-fail-fast"));
    checks.check("the crate as published", || publish::of_the_crate(sh));

    checks.check("script tests", || script_tests(sh));

    for (name, features) in [
        ("cargo clippy, embed", "embed"),
        ("cargo clippy, hydrate", "hydrate"),
        ("cargo clippy, ssr", "ssr"),
        ("cargo clippy, no features", ""),
    ] {
        let lib = cmd!(sh, "cargo clippy --package {package} --lib --features={features} -- -D warnings");
        checks.step(name, lib);
    }
    checks.check("the crate's style sheet", || style::check_whole(sh));

    let page = checks.check("page", || dist::ensure(sh, &env));
    if page {
        checks.check("the wasm is an MVP module", mvp_of_dist);
        checks.check("byte budget", || {
            let sizes = sizes::all(sh)?;
            print!("{}", sizes::table(&sizes));
            budget::check(sh, &sizes)
        });
        checks.check("the npm package as published", || publish::of_the_npm_package(sh));
        checks.check("examples and types", || examples::ensure(sh));
        checks.check("the Leptos example", || leptos::ensure(sh, &env));
        checks.check("browser tests", || browser_tests(sh, &chromium));
    } else {
        checks.not_run(&[
            "the wasm is an MVP module",
            "byte budget",
            "the npm package as published",
            "examples and types",
            "the Leptos example",
            "browser tests",
        ]);
    }
    checks.close()
}

fn mvp_of_dist() -> anyhow::Result<()> {
    let modules = files::with_extension(&repo::dist(), "wasm")?;
    ensure!(!modules.is_empty(), "there is no wasm in {}", repo::dist().display());
    modules.iter().try_for_each(|module| mvp::validate(&fs::read(module)?))
}

/// What of the scripts needs no browser.
fn script_tests(sh: &Shell) -> anyhow::Result<()> {
    let tests = tests_in("tests/js")?;
    Step::new("node --test").loud().run(cmd!(sh, "node --test --test-reporter=spec {tests...}").quiet())
}

fn tests_in(folder: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut tests = files::with_extension(Path::new(folder), "mjs")?;
    tests.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    ensure!(!tests.is_empty(), "there is no {folder}/*.test.mjs");
    Ok(tests)
}

fn browser_tests(sh: &Shell, chromium: &Path) -> anyhow::Result<()> {
    let tests = tests_in("tests/e2e")?;
    let sandbox = sandbox::build(sh)?;
    let command = cmd!(sh, "node --test --test-concurrency=1 --test-reporter=spec {tests...}").quiet();
    let command = command.env("CHROMIUM", chromium).env("SANDBOX_BIN", sandbox);
    let command = command.env("DIST", repo::dist()).env("LEPTOS_SSR", leptos::folder());
    Step::new("node --test").loud().run(command)
}

/// How a check ended, and after how long.
struct Outcome {
    name: &'static str,
    passed: bool,
    /// Seconds, or why it was not run or did not pass.
    note: String,
}

#[derive(Default)]
struct Checks(Vec<Outcome>);

impl Checks {
    /// A check that is a command.
    fn step(&mut self, name: &'static str, command: impl Into<Command>) {
        self.check(name, || Step::new(name).loud().run(command));
    }

    /// Any check; whether it passed.
    fn check(&mut self, name: &'static str, check: impl FnOnce() -> anyhow::Result<()>) -> bool {
        let started = Instant::now();
        let result = check();
        let seconds = started.elapsed().as_secs_f32();
        let note = match &result {
            Ok(()) => format!("{seconds:.1} s"),
            Err(error) => format!("{seconds:.1} s: {error:#}"),
        };
        self.0.push(Outcome { name, passed: result.is_ok(), note });
        result.is_ok()
    }

    /// Checks whose ground is missing have not passed.
    fn not_run(&mut self, names: &[&'static str]) {
        self.0.extend(names.iter().map(|name| Outcome { name, passed: false, note: "not run".to_owned() }));
    }

    /// Prints what came of each.
    fn close(self) -> anyhow::Result<()> {
        println!();
        for Outcome { name, passed, note } in &self.0 {
            println!("{} {name:<28} {note}", if *passed { "✔" } else { "✘" });
        }
        let failed = self.0.iter().filter(|check| !check.passed).count();
        println!("checks: {} passed, {failed} failed", self.0.len() - failed);
        if failed > 0 {
            bail!("{failed} of {} checks failed", self.0.len());
        }
        Ok(())
    }
}
