//! The sandbox as a program.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;
use tracing::Level;
use wechat_cashier_merchant::config::{Format, Log};
use wechat_cashier_merchant::{asked_to_stop, log};
use wechat_cashier_sandbox::{Config, Sandbox, router};

/// How long requests under way may take after the signal to stop.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A shop, its merchant backend and a simulated WeChat Pay, so that the cashier runs with no account.
#[derive(Parser)]
#[command(version)]
struct Flags {
    /// The port to listen on; 0 takes any that is free.
    #[arg(long, default_value_t = 8088)]
    port: u16,
    /// The address to listen on. The sandbox knows no passwords: keep it on loopback.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The built page, served under /cashier/.
    #[arg(long, default_value = "dist")]
    dist: PathBuf,
    /// The merchant's database, one file of SQLite's, with what else is kept beside it. Without it all is forgotten at the end.
    #[arg(long)]
    state: Option<PathBuf>,
    /// A file for all that the merchant's backend logs, at every level. What is there stays.
    #[arg(long)]
    merchant_log: Option<PathBuf>,
}

fn main() -> ExitCode {
    match serve(Flags::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wechat-cashier-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(flags: Flags) -> io::Result<()> {
    let Flags { port, host, dist, state, merchant_log } = flags;
    if let Some(path) = merchant_log {
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file =
            file.map_err(|error| io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display())))?;
        let everything = log::subscriber(&Log { format: Format::Text, level: Level::TRACE }, Mutex::new(file));
        tracing::subscriber::set_global_default(everything).map_err(io::Error::other)?;
    }
    // First of all: merchant and platform are told where they find each other.
    let listener = TcpListener::bind((host.as_str(), port))
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {host}:{port}: {error}")))?;
    let bound = listener.local_addr()?;
    let address =
        if bound.ip().is_unspecified() { SocketAddr::from((Ipv4Addr::LOCALHOST, bound.port())) } else { bound };
    let (sandbox, notices) = Sandbox::open(Config { address, dist: Some(dist), state }).await?;
    for notice in notices {
        eprintln!("{notice}");
    }
    announce(address)?;
    let (asked, stopping) = tokio::sync::oneshot::channel();
    let handle = sandbox.clone();
    let routes = router(sandbox).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, routes).with_graceful_shutdown(async move {
        asked_to_stop().await;
        handle.stop();
        let _ = asked.send(());
    });
    tokio::select! {
        ended = server.into_future() => ended,
        () = async {
            let _ = stopping.await;
            tokio::time::sleep(STOP_WITHIN).await;
        } => Ok(()),
    }
}

#[expect(clippy::print_stdout, reason = "who started it waits for the first line to learn the port")]
fn announce(address: SocketAddr) -> io::Result<()> {
    println!("listening on http://{address}");
    println!("  shop   http://{address}/       choose a tea, go to the cashier");
    println!("  phone  http://{address}/phone  scan the QR, pay");
    println!("  wechat http://{address}/wechat a phone with WeChat, the cashier inside it");
    println!("  till   http://{address}/till   a scanner and a payment code");
    println!("  panel  http://{address}/panel  orders, faults, the clock");
    println!("  console http://{address}/console/ the merchant's people; its keys are on the panel");
    io::stdout().flush()
}
