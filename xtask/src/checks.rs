//! `cargo xtask test`: every check, and what came of each.
//!
//! Two at a time where they share no folder of Cargo's: what is built natively, and what is built for the browser and by
//! Node.js. Neither keeps two processors busy by itself; a linker and a last crate are one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context, anyhow, bail, ensure};
use xshell::{Shell, cmd};

use crate::env::{For, WasmEnv};
use crate::setup::{self, Need};
use crate::step::{self, Step};
use crate::{budget, chromium, dist, examples, files, fuzz, leptos, mvp, publish, repo, sandbox, sizes, style};

/// Runs all of them, also when one fails.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<()> {
    let mut tools = setup::ensure(sh, &Need::ALL)?;
    let browser = tools.chromium.take().context("no Chromium")?;
    let deny = tools.deny.take().context("no cargo-deny")?;
    let env = WasmEnv::new(tools, For::Release)?;
    let started = Instant::now();

    let (native, browsers) = thread::scope(|scope| {
        let native = scope.spawn(|| native(&deny, &env));
        let browsers = scope.spawn(|| for_browsers(&env));
        (native.join(), browsers.join())
    });
    let stopped = |_| anyhow!("the checks have stopped");
    let mut checks = native.map_err(stopped)??;
    let (of_browsers, page) = browsers.map_err(stopped)??;
    checks.0.extend(of_browsers.0);

    if page {
        checks.check("browser tests", || browser_tests(sh, &browser));
        let looked = cmd!(sh, "cargo test --workspace --test said")
            .env("SAID_BY", "check,program,shop,console,wechat_pay,chaos,sandbox");
        checks.step("no secret in what was said", looked);
    } else {
        checks.not_run(&["browser tests", "no secret in what was said"]);
    }
    checks.close(started)
}

/// What is built natively, and the app that is built both ways.
fn native(deny: &Path, env: &WasmEnv) -> anyhow::Result<Checks> {
    step::run_beside_others();
    let sh = &repo::shell()?;
    let package = repo::PACKAGE;
    let mut checks = Checks::default();

    checks.step("cargo fmt", cmd!(sh, "cargo fmt --all --check"));
    checks.step("cargo clippy", cmd!(sh, "cargo clippy --workspace --all-targets -- -D warnings"));
    // The page's part compiles natively too, where clippy is; without the tests, which turn the component on. With these two
    // every `cfg` of ours has been on and off: `csr`, `ssr` and `hydrate` are Leptos' alone. The example below has `hydrate`.
    let browser = ["--features", &format!("{package}/embed")];
    let clippy = cmd!(sh, "cargo clippy --workspace --lib --bins --no-default-features {browser...} -- -D warnings");
    checks.step("cargo clippy, browser", clippy);
    let doc = cmd!(sh, "cargo doc --workspace --no-deps {browser...}").env("RUSTDOCFLAGS", "-D warnings");
    checks.step("cargo doc", doc);
    checks.step("cargo deny", cmd!(sh, "{deny} --workspace check bans licenses sources"));
    fs::remove_dir_all(said()).ok(); // of another run
    fs::create_dir_all(said())?;
    checks.step("cargo test", cmd!(sh, "cargo test --workspace --no-fail-fast"));
    checks.check("foreign clients", || foreign_clients(sh));
    checks.check("schemathesis", || fuzz::run_built(sh, &[]));
    checks.check("the crate as published", || publish::of_the_crate(sh));
    checks.check("the Leptos example", || leptos::ensure(sh, env));
    Ok(checks)
}

/// Clients of WeChat Pay's that others wrote, against our simulator.
fn foreign_clients(sh: &Shell) -> anyhow::Result<()> {
    // With the features that the tests were built with: nothing is built but the program itself.
    Step::new("build the simulator").run(cmd!(sh, "cargo build --workspace --tests").quiet())?;
    let target = repo::target();
    Step::new("foreign clients").loud().run(cmd!(sh, "node simulator/tests/clients/run.mjs --target {target}").quiet())
}

/// What is built for browsers and by Node.js; whether there is a page.
fn for_browsers(env: &WasmEnv) -> anyhow::Result<(Checks, bool)> {
    step::run_beside_others();
    let sh = &repo::shell()?;
    let mut checks = Checks::default();

    checks.check("script tests", || script_tests(sh));
    checks.check("the crate's style sheet", || style::check_whole(sh));
    let page = checks.check("page", || dist::ensure(sh, env));
    if page {
        checks.check("the wasm is an MVP module", mvp_of_dist);
        checks.check("byte budget", || {
            let sizes = sizes::all(sh)?;
            print!("{}", sizes::table(&sizes));
            budget::check(sh, &sizes)
        });
        checks.check("the npm package as published", || publish::of_the_npm_package(sh));
        checks.check("examples and types", || examples::ensure(sh));
    } else {
        checks.not_run(&[
            "the wasm is an MVP module",
            "byte budget",
            "the npm package as published",
            "examples and types",
        ]);
    }
    Ok((checks, page))
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

/// Each file is a process with a browser and a sandbox of its own.
fn browser_tests(sh: &Shell, browser: &Path) -> anyhow::Result<()> {
    let tests = tests_in("tests/e2e")?;
    let sandbox = sandbox::build_for_tests(sh)?;
    let seconds = repo::target().join(SECONDS_BY_FILE);
    let command = cmd!(sh, "node tests/e2e/support/run.mjs {seconds} {tests...}").quiet();
    let command = command.env("CHROMIUM", browser).env("SANDBOX_BIN", sandbox);
    let command = command.env("MERCHANT_LOG", said().join("sandbox-.log"));
    let command = chromium::shell().into_iter().fold(command, |command, shell| command.env("HEADLESS_SHELL", shell));
    let command = command.env("DIST", repo::dist()).env("LEPTOS_SSR", leptos::folder());
    // Written by `cargo test`.
    let command = command.env("GALLERY", repo::target().join("tmp/gallery.json"));
    let result = Step::new("browser tests").loud().run(command);
    print!("{}", fs::read_to_string(seconds).unwrap_or_default());
    result
}

/// Where the tests put what they and the programs that they start have said (merchant/tests/said.rs).
fn said() -> PathBuf {
    repo::target().join("tmp/said")
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

/// What came of them.
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

    /// Prints what came of each since then, and keeps it.
    fn close(self, started: Instant) -> anyhow::Result<()> {
        let failed = self.0.iter().filter(|check| !check.passed).count();
        let mut table = String::new();
        for Outcome { name, passed, note } in &self.0 {
            table += &format!("{} {name:<28} {note}\n", if *passed { "✔" } else { "✘" });
        }
        let seconds = started.elapsed().as_secs();
        table += &format!("checks: {} passed, {failed} failed, in {seconds} s\n", self.0.len() - failed);
        print!("\n{table}");
        fs::write(repo::target().join(SECONDS_BY_CHECK), table)?;
        if failed > 0 {
            bail!("{failed} of {} checks failed", self.0.len());
        }
        Ok(())
    }
}
