//! `cargo xtask serve`: the development loop.

use xshell::{Shell, cmd};

use crate::env::{For, WasmEnv};
use crate::repo;
use crate::sandbox::{self, Sandbox};

/// Trunk rebuilds and reloads; the sandbox answers /api, on a port that was free.
pub(crate) fn run(sh: &Shell, port: u16) -> anyhow::Result<()> {
    let env = WasmEnv::ensure(sh, For::Development)?;
    // Not `dist`, which stays what was built for release.
    let page = repo::target().join("serve");
    sh.create_dir(&page)?;
    let sandbox = Sandbox::start(&sandbox::build(sh)?, 0, &page)?;
    let address = &sandbox.address;
    println!("The shop is at {address}/, the page that reloads at http://127.0.0.1:{port}/");
    let port = port.to_string();
    let serve = cmd!(sh, "trunk serve --port {port} --dist {page} --proxy-backend {address}/api");
    Ok(env.apply(serve).run()?)
}
