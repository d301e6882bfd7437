//! The backend as a program.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use wechat_cashier_merchant::clock::SystemClock;
use wechat_cashier_merchant::config::{Config, Fault};
use wechat_cashier_merchant::day::Day;
use wechat_cashier_merchant::traces::Traces;
use wechat_cashier_merchant::{check, log, once, run};

/// The merchant's backend of wechat-cashier: the contract on one side, WeChat Pay's APIv3 on the other.
#[derive(Parser)]
#[command(version)]
struct Flags {
    /// The configuration, in TOML. Without this: merchant.toml if it is there, and the environment (WCM_…).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Asks WeChat Pay with the keys, says what works, and ends. Makes and changes nothing.
    #[arg(long)]
    check: bool,
    /// Like --check, and makes an order of 1 fen, which it closes at once, to learn whether the appid is bound to the merchant.
    #[arg(long)]
    check_order: bool,
    /// Writes what is in force and where it is from, without secrets, and ends.
    #[arg(long, conflicts_with_all = ["check", "check_order"])]
    print_config: bool,
    /// Compares a day with WeChat Pay's bill, writes what came out, and ends: by 0 if both say the same.
    #[arg(long, value_name = "DAY", value_parser = day, conflicts_with_all = ["check", "check_order", "print_config"])]
    reconcile: Option<Day>,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "expected a day such as 2026-11-29".to_owned())
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    let file = flags.config.as_deref();
    let ended = if flags.print_config {
        Config::load_description(file).map(|text| written(&text))
    } else {
        Config::load(file).map(|config| started(config, &flags))
    };
    ended.unwrap_or_else(|faults| refused(&faults))
}

/// Writes each fault of a configuration in one line.
fn refused(faults: &[Fault]) -> ExitCode {
    for fault in faults {
        eprintln!("{fault}");
    }
    eprintln!(
        "wechat-cashier-merchant: {} in the configuration; it does not start",
        match faults.len() {
            1 => "one fault".to_owned(),
            many => format!("{many} faults"),
        }
    );
    // As `sysexits.h` has it for a configuration.
    ExitCode::from(78)
}

#[tokio::main]
async fn started(config: Config, flags: &Flags) -> ExitCode {
    if flags.check || flags.check_order {
        let told = check(&config, Arc::new(SystemClock), flags.check_order, |line| {
            written(&format!("{line}\n"));
        });
        return if told.await { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let traces = match config.traces.as_ref().map(Traces::new).transpose() {
        Ok(traces) => traces,
        Err(error) => {
            eprintln!("wechat-cashier-merchant: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Nothing else in this process writes logs.
    let _ = log::start(&config.log, traces.as_ref());
    let ended = worked(config, flags).await;
    if let Some(traces) = traces {
        traces.stop().await;
    }
    ended
}

/// Compares a day, or serves until it is asked to stop.
async fn worked(config: Config, flags: &Flags) -> ExitCode {
    if let Some(day) = flags.reconcile {
        return match once::reconcile(&config, day).await {
            Ok((text, is_same)) => match written(&text) {
                ExitCode::SUCCESS if is_same => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            },
            Err(error) => {
                eprintln!("wechat-cashier-merchant: {error}");
                ExitCode::FAILURE
            }
        };
    }
    match run(config, |address: SocketAddr| {
        written(&format!("listening on http://{address}\n"));
    })
    .await
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wechat-cashier-merchant: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes to the standard output. Whoever reads it no more is no reason to end.
fn written(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
