//! The simulator as a program.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal;
use wechat_cashier_simulator::{Config, app};

/// How long requests under way may take after the signal to stop.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// WeChat Pay's APIv3, simulated strictly, with the payer's phone.
#[derive(Parser)]
#[command(version)]
struct Flags {
    /// The port to listen on; 0 takes any that is free.
    #[arg(long, default_value_t = 8089)]
    port: u16,
    /// The address to listen on. The phone and the control calls know no passwords: keep it on loopback.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The configuration, TOML. Without it there are a demo merchant and a service provider.
    #[arg(long)]
    config: Option<PathBuf>,
    /// How many times as fast as real time the clock runs.
    #[arg(long)]
    speed: Option<f64>,
    /// Where browsers find the middle page of H5, such as `http://127.0.0.1:8088`.
    #[arg(long)]
    origin: Option<String>,
    /// What is random comes from this number.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    match serve(Flags::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wechat-cashier-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(flags: Flags) -> io::Result<()> {
    let Flags { port, host, config, speed, origin, seed } = flags;
    let mut config = match config {
        Some(path) => Config::from_file(&path).map_err(io::Error::other)?,
        None => Config::default(),
    };
    config.speed = speed.unwrap_or(config.speed);
    config.origin = origin.or(config.origin);
    config.seed = seed.or(config.seed);
    let app = app(config).map_err(io::Error::other)?;
    let listener = TcpListener::bind((host.as_str(), port))
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {host}:{port}: {error}")))?;
    announce(listener.local_addr()?)?;
    let (asked, stopping) = tokio::sync::oneshot::channel();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        asked_to_stop().await;
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
