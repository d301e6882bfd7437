//! A day's bill: fetched, held beside the orders, kept and told.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::broadcast;
use wechat_cashier::contract::{ProblemCode, Timestamp};

use super::{Backend, Problem, orders};
use crate::day::Day;
use crate::domain::{Trade, plus};
use crate::metrics;
use crate::reconcile::{Compared, Entry, Report, State, compare, entries, retry_at};
use crate::store::{PaymentId, Reconciliation};
use crate::wechat_pay::bill::Bill;

/// How many orders are read at a time.
const PAGE: u32 = 200;
/// Of several processes one compares at a time.
const LEASE: &str = "reconciliation";
/// So long one day may take; a process that died lets others go on after that.
const LEASE_MS: i64 = 10 * 60 * 1000;
/// The longest three months.
const THREE_MONTHS: i64 = 92;
/// A day that failed so often, over more than seven hours, is one that a person has to know of.
const FAILURES_ALARM: u32 = 5;

impl Backend {
    /// The reports that are made from now on.
    #[must_use]
    pub fn reports(&self) -> broadcast::Receiver<Arc<Report>> {
        self.0.reports.subscribe()
    }

    /// Compares a day of one number of [`Backend::books`] with its bill now, whatever came of it before. What cannot be compared is a report as well.
    ///
    /// # Errors
    /// The day is not over or too long ago, another process is comparing, or the database does not answer.
    pub async fn reconcile(&self, sub_mchid: Option<&str>, day: Day) -> Result<Report, Problem> {
        let today = Day::of(self.clock().now());
        if day >= today {
            return Err(Problem::invalid(format!("{day} is not over in China")));
        }
        // Whatever the last day of them is: this one is not among them.
        if day < today.plus(-THREE_MONTHS) {
            return Err(Problem::invalid(format!("WeChat Pay keeps bills for three months; {day} is gone")));
        }
        let _alone = self.0.reconciling.lock().await;
        let busy = || Problem {
            retry_after_s: Some(60),
            ..Problem::new(ProblemCode::RateLimited, "another process of this backend compares a day just now")
        };
        self.reconcile_leased(sub_mchid, day).await?.ok_or_else(busy)
    }

    /// The report of a day.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn report(&self, sub_mchid: Option<&str>, day: Day) -> Result<Report, Problem> {
        let none = || Problem::new(ProblemCode::OrderNotFound, format!("there is no reconciliation of {day}"));
        self.kept_report(sub_mchid, day).await?.ok_or_else(none)
    }

    /// None: another process has the lease.
    pub(super) async fn reconcile_leased(&self, sub_mchid: Option<&str>, day: Day) -> Result<Option<Report>, Problem> {
        let now = self.clock().now();
        let until = plus(now, LEASE_MS);
        if !self.store().lease(LEASE, now, until).await? {
            return Ok(None);
        }
        let made = self.make_report(sub_mchid, day).await;
        if let Err(error) = self.store().end_lease(LEASE, until).await {
            tracing::warn!(error = %error, "the lease of the reconciliation runs until its end");
        }
        made.map(Some)
    }

    async fn make_report(&self, sub_mchid: Option<&str>, day: Day) -> Result<Report, Problem> {
        let compared = self.compared(sub_mchid, day).await;
        let number = sub_mchid.map(str::to_owned);
        let made_at = self.clock().now();
        let report = match compared {
            Ok(compared) => {
                let state = if compared.count() == 0 { State::Ok } else { State::Different };
                Report {
                    date: day,
                    sub_mchid: number,
                    made_at,
                    state,
                    compared: Some(compared),
                    why: None,
                    failures: 0,
                }
            }
            Err(why) => {
                let before = self.kept_report(sub_mchid, day).await?.map_or(0, |known| known.failures);
                let failures = before.saturating_add(1);
                let state = State::Failed;
                Report { date: day, sub_mchid: number, made_at, state, compared: None, why: Some(why), failures }
            }
        };
        self.keep(&report).await?;
        self.tell_report(&report);
        Ok(report)
    }

    async fn keep(&self, report: &Report) -> Result<(), Problem> {
        let is_failed = report.state == State::Failed;
        let kept = Reconciliation {
            sub_mchid: report.sub_mchid.clone().unwrap_or_default(),
            date: report.date.to_string(),
            state: report.state.word().to_owned(),
            made_at: report.made_at,
            next_at: is_failed.then(|| retry_at(report.made_at, report.failures)),
            differences: report.compared.as_ref().map_or(0, Compared::count).try_into().unwrap_or(i64::MAX),
            report: orders::json(report)?,
        };
        // What was once compared is not lost because it cannot be compared again.
        let replaces: &[&str] = if is_failed { &[State::Failed.word()] } else { &[] };
        let told = self.to_tell_of_day(report);
        self.store().keep_reconciliation(&kept, replaces, &told).await?;
        if !told.is_empty() {
            self.is_to_be_told();
        }
        Ok(())
    }

    async fn kept_report(&self, sub_mchid: Option<&str>, day: Day) -> Result<Option<Report>, Problem> {
        let kept = self.store().reconciliation(sub_mchid.unwrap_or_default(), &day.to_string()).await?;
        kept.map(|kept| {
            serde_json::from_str(&kept.report).map_err(|error| {
                tracing::error!(date = kept.date, error = %error, "the report cannot be read");
                Problem::new(ProblemCode::UpstreamUnavailable, "the report cannot be read")
            })
        })
        .transpose()
    }

    /// Whoever has to know of a report hears of it here, and nowhere else.
    fn tell_report(&self, report: &Report) {
        let (date, sub_mchid) = (report.date.to_string(), report.sub_mchid.as_deref());
        metrics::reconciled(report.state.word());
        match (report.state, &report.compared) {
            (State::Different, Some(compared)) => {
                let differences = compared.count();
                let kinds: Vec<_> = compared.kinds.iter().map(|(kind, of)| format!("{}: {of}", kind.word())).collect();
                let first = compared.differences.first().map_or("", |difference| &difference.out_trade_no);
                let kinds = kinds.join(", ");
                tracing::error!(
                    date,
                    sub_mchid,
                    differences,
                    kinds,
                    first,
                    "alarm: WeChat Pay's bill and the orders differ"
                );
            }
            (State::Failed, _) => {
                let (why, failures) = (report.why.as_deref().unwrap_or_default(), report.failures);
                if failures >= FAILURES_ALARM {
                    tracing::error!(
                        date,
                        sub_mchid,
                        failures,
                        why,
                        "alarm: a day cannot be compared with WeChat Pay's bill"
                    );
                } else {
                    tracing::warn!(
                        date,
                        sub_mchid,
                        failures,
                        why,
                        "a day cannot be compared with WeChat Pay's bill yet"
                    );
                }
            }
            (_, compared) => {
                let payments = compared.as_ref().map_or(0, |compared| compared.there.payments);
                tracing::info!(date, sub_mchid, payments, "WeChat Pay's bill and the orders say the same");
            }
        }
        // Nobody may be listening.
        let _ = self.0.reports.send(Arc::new(report.clone()));
    }

    async fn compared(&self, sub_mchid: Option<&str>, day: Day) -> Result<Compared, String> {
        let bill = self.wechat_pay().trade_bill(day, sub_mchid).await.map_err(|trouble| trouble.why)?;
        let entries = self.entries_beside(sub_mchid, day, &bill).await.map_err(|problem| problem.detail)?;
        Ok(compare(day, &bill.rows, &entries))
    }

    /// What the orders have of a day, and what they have of the numbers that the bill names.
    async fn entries_beside(&self, sub_mchid: Option<&str>, day: Day, bill: &Bill) -> Result<Vec<Entry>, Problem> {
        self.time_payments().await?;
        let mchid = self.wechat_pay().mchid();
        let (mut found, mut orders_read) = (Vec::new(), HashSet::new());
        let mut after = String::new();
        loop {
            let rows = self.store().moved_between(day.begin(), day.end(), &after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after.clone_from(&last.order_id);
            for row in rows {
                let order = orders::read(row)?.order;
                found.extend(entries(&order, mchid, sub_mchid));
                orders_read.insert(order.facts.order_id);
            }
        }
        let known: HashSet<String> = found.iter().map(|entry| entry.out_trade_no.clone()).collect();
        for row in bill.rows.iter().filter(|row| !known.contains(&row.out_trade_no)) {
            let Some(order_id) = self.store().order_of(&row.out_trade_no).await? else { continue };
            if !orders_read.contains(&order_id) {
                found.extend(entries(&self.order(&order_id).await?, mchid, sub_mchid));
                orders_read.insert(order_id);
            }
        }
        Ok(found)
    }

    /// Keeps the times of payments that were written before times were kept. Once all have theirs this is one question.
    async fn time_payments(&self) -> Result<(), Problem> {
        loop {
            let untimed = self.store().untimed(PAGE).await?;
            if untimed.is_empty() {
                return Ok(());
            }
            let mut timed = Vec::with_capacity(untimed.len());
            for payment in untimed {
                let at = self.paid_at(&payment).await?;
                // A day on which nothing was paid: so that it is not asked for again and again.
                timed.push((payment, at.unwrap_or(Timestamp::from_millis(0))));
            }
            self.store().time(&timed).await?;
        }
    }

    async fn paid_at(&self, payment: &PaymentId) -> Result<Option<Timestamp>, Problem> {
        let row = self.store().load(&payment.order_id).await?;
        // One that cannot be read is in the log.
        let order = row.and_then(|row| orders::read(row).ok()).map(|read| read.order);
        let mut receipts = order.iter().flat_map(|order| &order.trades).filter_map(Trade::receipt);
        let receipt = receipts.find(|receipt| receipt.transaction_id == payment.transaction_id);
        Ok(receipt.map(|receipt| receipt.success_time))
    }
}
