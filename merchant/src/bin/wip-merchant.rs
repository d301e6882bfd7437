//! Stands in for the merchant's binary until that is merged.
use std::path::PathBuf;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let file = std::env::args_os().nth(2).map(PathBuf::from);
    let config = match wechat_cashier_merchant::config::Config::load(file.as_deref()) {
        Ok(config) => config,
        Err(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            return ExitCode::from(78);
        }
    };
    let _ = wechat_cashier_merchant::log::start(&config.log);
    match wechat_cashier_merchant::run(config, |address| eprintln!("listening on http://{address}")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wechat-cashier-merchant: {error}");
            ExitCode::FAILURE
        }
    }
}
