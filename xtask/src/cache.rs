//! The user's cache folder: tools by name and version, so that a fresh clone does not build them again.

use std::env;
use std::path::PathBuf;

use anyhow::Context;

/// `$WECHAT_CASHIER_CACHE`, else `wechat-cashier` in the user's cache folder.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    if let Some(folder) = env::var_os("WECHAT_CASHIER_CACHE") {
        return Ok(PathBuf::from(folder));
    }
    let caches = env::var_os("XDG_CACHE_HOME")
        .or_else(|| env::var_os("LOCALAPPDATA"))
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")));
    Ok(caches.context("no home folder to keep tools in; set WECHAT_CASHIER_CACHE")?.join("wechat-cashier"))
}
