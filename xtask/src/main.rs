//! The tasks of this repository: `cargo xtask --help`.
//!
//! The only place that knows how the wasm is built, which tools that takes and where they come from.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks by printing")]

mod apt;
mod bench;
mod budget;
mod cache;
mod cargo_tool;
mod chaos;
mod checks;
mod chromium;
mod demo;
mod dist;
mod env;
mod examples;
mod fallback;
mod files;
mod finish;
mod fuzz;
mod glue;
mod hash;
mod leptos;
mod load;
mod loads;
mod lock;
mod mvp;
mod names;
mod npm;
mod package;
mod parts;
mod polling;
mod postgres;
mod publish;
mod python;
mod repo;
mod sandbox;
mod screens;
mod scripts;
mod serve;
mod setup;
mod sizes;
mod step;
mod style;
mod toolchain;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Set-up, build, checks and demo of wechat-cashier")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build what is out of date and serve the cashier with a sandbox shop on loopback
    Demo {
        /// The port to serve on
        #[arg(long, default_value_t = 8088)]
        port: u16,
    },
    /// Run every check: style, lints, docs, licences, native and browser tests, the wasm and its size
    Test,
    /// Install what is missing for everything below (each command asks for what it needs by itself)
    Setup,
    /// The development loop: rebuild and reload on every change, with a sandbox behind /api
    Serve {
        /// The port of the page
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the hosted page and print the size of its parts
    Dist,
    /// Build the examples with the package that `dist` has written, and check its types
    Examples,
    /// Build examples/leptos-ssr, an app that renders the cashier on its server, and print how to start it
    Leptos,
    /// Play a million orders by the plan of polling and by others', and write docs/polling.md and its chart
    Polling {
        /// How many orders
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
    },
    /// Kill the merchant's backend at random moments while payers pay, and compare it with the simulated WeChat Pay's books
    Chaos(chaos::Options),
    /// Measure the time to the code, ours and three others', over a slow link too: `--help` has the options
    #[command(disable_help_flag = true)]
    Bench {
        /// Passed on to bench/run.mjs
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Fuzz the merchant's backend by docs/openapi.json and docs/admin-openapi.json with schemathesis; options are schemathesis' own: -n 400 --seed 7
    #[command(disable_help_flag = true)]
    Fuzz {
        /// Passed on to schemathesis
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Measure what load the merchant's backend bears, on SQLite and PostgreSQL: `--help` has the options
    #[command(disable_help_flag = true)]
    Load {
        /// Passed on to load/run.mjs
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Write a picture of every screen
    Screens {
        /// The folder to write to
        #[arg(default_value = "target/screens")]
        out: PathBuf,
    },
    /// Print the environment of the wasm build: (eval "$(cargo xtask env)"; trunk build --release)
    Env,
    /// Called by Trunk: shrink and name what it has staged
    #[command(hide = true)]
    Finish,
    /// Called by Trunk: say so when the environment is not the one of `cargo xtask env`
    #[command(hide = true)]
    CheckEnv,
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    // Paths are relative to the repository from here on.
    let sh = repo::shell()?;
    match task {
        Task::Demo { port } => demo::run(&sh, port),
        Task::Test => checks::run(&sh),
        Task::Setup => setup::run(&sh),
        Task::Serve { port } => serve::run(&sh, port),
        Task::Dist => dist::report(&sh),
        Task::Examples => examples::ensure(&sh),
        Task::Leptos => leptos::run(&sh),
        Task::Polling { orders } => polling::run(&sh, orders),
        Task::Chaos(options) => chaos::run(&sh, &options),
        Task::Bench { options } => bench::run(&sh, &options),
        Task::Fuzz { options } => fuzz::run(&sh, &options),
        Task::Load { options } => load::run(&sh, &options),
        Task::Screens { out } => screens::run(&sh, &out),
        Task::Env => env::print(&sh),
        Task::Finish => finish::run(&sh),
        Task::CheckEnv => env::check(&sh),
    }
}
