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
    let mut checks = Checks(Vec::new(), Instant::now());

    checks.step("cargo fmt", cmd!(sh, "cargo fmt --all --check"));
    checks.step("cargo clippy", cmd!(sh, "cargo clippy --workspace --all-targets -- -D warnings"));
    // The browser's part compiles natively too, where clippy is; without the tests, which turn the server's part on. With
    // these two every `cfg` of ours has been on and off: `csr`, `ssr` and `hydrate` are Leptos' alone. The packed crate is
    // checked with none of the three, the example below with `hydrate`.
    let browser = ["--features", &format!("{package}/embed")];
    let clippy = cmd!(sh, "cargo clippy --workspace --lib --bins {browser...} -- -D warnings");
    checks.step("cargo clippy, browser", clippy);
    // With the same features, so that what it stands on is there already.
    let doc = cmd!(sh, "cargo doc --workspace --no-deps {browser...}").env("RUSTDOCFLAGS", "-D warnings");
    checks.step("cargo doc", doc);
    checks.step("cargo deny", cmd!(sh, "{deny} --workspace check bans licenses sources"));
    checks.step("cargo test", cmd!(sh, "cargo test --workspace --no-fail-fast"));
    checks.check("the crate as published", || publish::of_the_crate(sh));

    checks.check("script tests", || script_tests(sh));
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

/// Each file is a process with a browser and a sandbox of its own. Two keep two processors busy: while the one waits for its
/// browser, the other draws.
fn browser_tests(sh: &Shell, chromium: &Path) -> anyhow::Result<()> {
    let tests = tests_in("tests/e2e")?;
    let sandbox = sandbox::build_for_tests(sh)?;
    let seconds = repo::target().join(SECONDS_BY_FILE);
    let command = cmd!(sh, "node --test --test-concurrency=2")
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .args(["--test-reporter=./tests/e2e/support/seconds.mjs", "--test-reporter-destination"])
        .arg(&seconds)
        .args(tests)
        .quiet();
    let command = command.env("CHROMIUM", chromium).env("SANDBOX_BIN", sandbox);
    let command = command.env("DIST", repo::dist()).env("LEPTOS_SSR", leptos::folder());
    // Written by `cargo test`.
    let command = command.env("GALLERY", repo::target().join("tmp/gallery.json"));
    let result = Step::new("node --test").loud().run(command);
    print!("{}", fs::read_to_string(seconds).unwrap_or_default());
    result
}

/// How long each file of the browser tests took, in the target folder.
const SECONDS_BY_FILE: &str = "browser-tests.txt";
/// How long each check took, likewise.
const SECONDS_BY_CHECK: &str = "checks.txt";

/// How a check ended, and after how long.
struct Outcome {
    name: &'static str,
    passed: bool,
    /// Seconds, or why it was not run or did not pass.
    note: String,
}

/// What came of them, and when the first began.
struct Checks(Vec<Outcome>, Instant);

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

    /// Prints what came of each, and keeps it.
    fn close(self) -> anyhow::Result<()> {
        let failed = self.0.iter().filter(|check| !check.passed).count();
        let mut table = String::new();
        for Outcome { name, passed, note } in &self.0 {
            table += &format!("{} {name:<28} {note}\n", if *passed { "✔" } else { "✘" });
        }
        let seconds = self.1.elapsed().as_secs();
        table += &format!("checks: {} passed, {failed} failed, in {seconds} s\n", self.0.len() - failed);
        print!("\n{table}");
        fs::write(repo::target().join(SECONDS_BY_CHECK), table)?;
        if failed > 0 {
            bail!("{failed} of {} checks failed", self.0.len());
        }
        Ok(())
    }
}
