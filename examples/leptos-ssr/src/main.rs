//! `leptos-ssr <backend> <site> [port]`: serves the page for orders of the backend at this address; `<site>/pkg` holds the
//! browser's half.

use std::env;
use std::error::Error;

use any_spawner::Executor;
use leptos::config::LeptosOptions;
use leptos_ssr::server::{Backend, router};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    Executor::init_tokio()?;
    let mut words = env::args().skip(1);
    let (Some(backend), Some(site)) = (words.next(), words.next()) else {
        return Err("usage: leptos-ssr <backend> <site> [port]".into());
    };
    let port = words.next().as_deref().unwrap_or("3000").parse::<u16>()?;
    let options = LeptosOptions::builder().output_name("leptos_ssr").site_root(site).build();
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(&options, Backend::at(&backend))).await?;
    Ok(())
}
