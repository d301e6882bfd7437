//! `cargo xtask demo`: the cashier with a shop, a backend and a simulated WeChat, on loopback.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Context;
use xshell::Shell;

use crate::env::{For, WasmEnv};
use crate::sandbox::{self, Sandbox};
use crate::{dist, repo};

/// Builds what is out of date and serves until it is stopped.
pub(crate) fn run(sh: &Shell, port: u16) -> anyhow::Result<()> {
    // Better now than after minutes of building.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} is taken; choose another: cargo xtask demo --port {}", port.wrapping_add(1))
    })?;
    dist::ensure(sh, &WasmEnv::ensure(sh, For::Release)?)?;
    let mut sandbox = Sandbox::start(&sandbox::build(sh)?, port, &repo::dist())?;
    println!("The shop is at {}/ (Ctrl-C stops it)", sandbox.address);
    sandbox.wait()
}
