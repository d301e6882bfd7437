//! The wasm of the hosted page and of the npm package. It does nothing by itself: `src/embed/` calls it.
#![cfg_attr(target_arch = "wasm32", no_main)]

use wechat_cashier as _;

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

/// The one of the standard library would be 4 KB more of the wasm.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
