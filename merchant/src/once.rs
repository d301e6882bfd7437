//! One day compared with its bill, for the command line.

use std::fmt::Write;
use std::sync::Arc;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::day::Day;
use crate::reconcile::{Report, State};
use crate::run::{backend, open_store};

/// Compares a day with WeChat Pay's bill now, keeps the report, and gives it as a text, with whether both say the same.
///
/// # Errors
/// Why it could not be tried, in one line.
pub async fn reconcile(config: &Config, day: Day) -> Result<(String, bool), String> {
    let store = open_store(config).await.map_err(|error| error.to_string())?;
    let backend = backend(config, Arc::clone(&store), Arc::new(SystemClock)).map_err(|error| error.to_string())?;
    // Without them nothing of what is answered could be verified.
    let renewed = backend.wechat_pay().renew_certificates().await;
    let report = match renewed {
        Ok(()) => backend.reconcile(day).await.map_err(|problem| problem.detail),
        Err(trouble) => Err(trouble.why),
    };
    store.close().await;
    let report = report?;
    Ok((text(&report), report.state == State::Ok))
}

fn text(report: &Report) -> String {
    let mut text = format!("{}: {}\n", report.date, report.state.word());
    if let Some(why) = &report.why {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{why}");
    }
    if let Some(compared) = &report.compared {
        let (there, here) = (&compared.there, &compared.here);
        let sides = [("WeChat Pay's bill", there), ("the orders", here)];
        for (name, side) in sides {
            let _ = writeln!(
                text,
                "{name}: {} payments {:?}, {} refunds {:?} (minor units)",
                side.payments, side.paid, side.refunds, side.refunded
            );
        }
        for (kind, count) in &compared.kinds {
            let _ = writeln!(text, "{}: {count}", kind.word());
        }
        for difference in &compared.differences {
            let order = difference.order_id.as_deref().unwrap_or("no order");
            let _ = writeln!(text, "  {} {} ({order})", difference.kind.word(), difference.out_trade_no);
        }
    }
    text
}
