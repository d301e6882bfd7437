//! Cashiers, as many as are wanted, against a merchant's backend.
//!
//! Each page is the cashier's own core (`wechat_cashier::core`), which decides when to ask and what; here is what a browser
//! does for it. So many pages are open at any time: payers come at an even rate, look at the code, pay and are shown that it
//! is paid; the others look for a while and leave, and the next ones come.
//!
//! | file | what |
//! |---|---|
//! | `crowd.rs` | who comes when |
//! | `page.rs` | one page with its cashier, and its payer |
//! | `calls.rs` | requests, and how long each took |
//! | `figures.rs` | what is made of that |

mod calls;
mod crowd;
mod figures;
mod page;

use std::time::Duration;

use clap::Parser;

use calls::World;

/// Cashiers against a merchant's backend. Prints one line of JSON.
#[derive(Parser)]
struct Flags {
    /// The merchant's address
    #[arg(long)]
    merchant: String,
    /// The simulator's address
    #[arg(long)]
    simulator: String,
    /// The key with which the shop makes orders
    #[arg(long)]
    admin_key: String,
    /// The origin of the shop's pages
    #[arg(long)]
    shop: String,
    /// How many pages are open
    #[arg(long)]
    pages: usize,
    /// How many payments a second
    #[arg(long)]
    payments: f64,
    /// How long it is measured, in seconds
    #[arg(long)]
    seconds: u64,
    /// How long the pages take to come, before anything is measured, in seconds
    #[arg(long)]
    before: u64,
    /// What the orders' ids begin with
    #[arg(long)]
    name: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), String> {
    let flags = Flags::parse();
    let world = World::new(flags.merchant, flags.simulator, flags.admin_key, flags.shop)?;
    let (before, seconds) = (Duration::from_secs(flags.before), Duration::from_secs(flags.seconds));
    let crowd = crowd::Crowd { pages: flags.pages, payments: flags.payments, name: flags.name };
    let figures = crowd.come(&world, before, seconds).await;
    #[expect(clippy::print_stdout, reason = "what it is started for")]
    {
        println!("{}", figures.json());
    }
    Ok(())
}
