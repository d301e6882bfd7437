//! `cargo xtask demo`: the cashier with a shop, a backend and a simulated WeChat, on loopback.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Context;
use xshell::Shell;

use crate::env::{For, WasmEnv};
use crate::{dist, repo, sandbox};

/// Builds what is out of date and serves until it is stopped.
pub(crate) fn run(sh: &Shell, port: u16) -> anyhow::Result<()> {
    // Better now than after minutes of building.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} is taken; choose another: cargo xtask demo --port {}", port.wrapping_add(1))
    })?;
    dist::ensure(sh, &WasmEnv::ensure(sh, For::Release)?)?;
    let sandbox = sandbox::build(sh)?;
    println!("The shop is at http://127.0.0.1:{port}/ (Ctrl-C stops it)");
    sandbox::become_it(&sandbox, port, &repo::dist())
}
