//! The sandbox as a program.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal;
use wechat_cashier_sandbox::{Config, Sandbox, router};

/// How long requests under way may take after the signal to stop.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A merchant backend and a simulated WeChat Pay, so that the cashier runs with no account.
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
    /// The file that keeps orders, payments and faults from one start to the next. Without it they are forgotten.
    #[arg(long)]
    state: Option<PathBuf>,
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
    let Flags { port, host, dist, state } = flags;
    let (sandbox, notice) = Sandbox::open(Config { dist: Some(dist), state })?;
    if let Some(notice) = notice {
        eprintln!("{notice}");
    }
    let listener = TcpListener::bind((host.as_str(), port))
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {host}:{port}: {error}")))?;
    announce(listener.local_addr()?)?;
    let (asked, stopping) = tokio::sync::oneshot::channel();
    let handle = sandbox.clone();
    let server = axum::serve(listener, router(sandbox)).with_graceful_shutdown(async move {
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
    io::stdout().flush()
}

/// Ctrl-C, or SIGTERM where there is one.
async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = signal::ctrl_c().await;
}
