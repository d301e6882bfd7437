//! The wasm of the hosted page and of the npm package. It does nothing by itself: `src/embed/` calls it.

use wechat_cashier as _;

fn main() {}
