//! One day compared with its bill, for the command line.

use std::fmt::Write;
use std::sync::Arc;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::day::Day;
use crate::reconcile::{Report, State};
use crate::run::{backend, open_store};
use crate::service::Backend;

/// Compares a day with WeChat Pay's bill now, keeps the report, and gives it as a text, with whether both say the same.
///
/// # Errors
/// Why it could not be tried, in one line.
pub async fn reconcile(config: &Config, day: Day) -> Result<(String, bool), String> {
    let store = open_store(config).await.map_err(|error| error.to_string())?;
    let backend = backend(config, Arc::clone(&store), Arc::new(SystemClock)).map_err(|error| error.to_string())?;
    // Without them nothing of what is answered could be verified.
    let renewed = backend.wechat_pay().renew_certificates().await;
    let reports = match renewed {
        Ok(()) => of_all(&backend, day).await,
        Err(trouble) => Err(trouble.why),
    };
    store.close().await;
    let reports = reports?;
    Ok((reports.iter().map(text).collect(), reports.iter().all(|report| report.state == State::Ok)))
}

/// A report for each number that has a bill.
async fn of_all(backend: &Backend, day: Day) -> Result<Vec<Report>, String> {
    let mut reports = Vec::new();
    for book in backend.books() {
        reports.push(backend.reconcile(book.as_deref(), day).await.map_err(|problem| problem.detail)?);
    }
    Ok(reports)
}

fn text(report: &Report) -> String {
    let of = report.sub_mchid.as_ref().map(|sub_mchid| format!(" of {sub_mchid}")).unwrap_or_default();
    let mut text = format!("{}{of}: {}\n", report.date, report.state.word());
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
