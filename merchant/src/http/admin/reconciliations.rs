//! What came of comparing each day with WeChat Pay's bill.

use axum::Json;
use axum::extract::{self, Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wechat_cashier::contract::Timestamp;

use crate::day::Day;
use crate::http::caller::{By, Orders, Read, only};
use crate::http::{Served, ShopSite};
use crate::reconcile::{Compared, Report, State, csv};
use crate::service::Problem;
use crate::store::Reconciliation;

/// So many days are listed at a time.
pub(in crate::http) const LISTED: u32 = 100;

/// A day that was compared with WeChat Pay's bill, in one line.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct DayLine {
    /// Which day, in China.
    #[cfg_attr(feature = "schema", schemars(with = "Day"))]
    pub(super) date: String,
    /// What came out.
    pub(super) state: State,
    /// When it was compared.
    pub(super) made_at: Timestamp,
    /// When it is compared again of itself.
    pub(super) next_at: Option<Timestamp>,
    /// How many differences there are.
    pub(super) differences: i64,
}

/// Days that were compared, the latest first.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct DayList {
    /// They. The date of the last one is `before` of the next page.
    pub(super) reconciliations: Vec<DayLine>,
}

/// The latest days, or those before `?before=`.
pub(super) async fn list(
    By(shop, ..): By<Read>,
    extract::State(served): extract::State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<DayList>, Problem> {
    let before = only(query.as_deref().unwrap_or_default(), "before")?;
    let before =
        before.map(|text| day(&text)).transpose()?.map_or_else(|| "9999-12-31".to_owned(), |it| it.to_string());
    let kept = served.days(&shop, &before).await?;
    let days = kept.into_iter().map(|kept| DayLine {
        date: kept.date,
        state: State::of(&kept.state),
        made_at: kept.made_at,
        next_at: kept.next_at,
        differences: kept.differences,
    });
    Ok(Json(DayList { reconciliations: days.collect() }))
}

impl Served {
    /// What came out of the latest days before `before`, as it is for a shop.
    pub(in crate::http) async fn days(&self, shop: &ShopSite, before: &str) -> Result<Vec<Reconciliation>, Problem> {
        let book = self.backend.book_of(&shop.id);
        let mut days = self.backend.store().reconciliations(book.unwrap_or_default(), before, LISTED).await?;
        // How many of the differences are this shop's, the report alone tells.
        for kept in days.iter_mut().filter(|kept| self.site.shops.are_many() && kept.differences > 0) {
            let report = self.backend.report(book, day(&kept.date)?).await?.of_shop(&shop.id);
            let count = report.compared.as_ref().map_or(0, Compared::count);
            (kept.state, kept.differences) = (report.state.word().to_owned(), count.try_into().unwrap_or(i64::MAX));
        }
        Ok(days)
    }
}

/// A report's differences, to be saved as a file.
pub(in crate::http) fn table(report: &Report) -> Response {
    let disposition = format!("attachment; filename=\"reconciliation-{}.csv\"", report.date);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, csv(report)).into_response()
}

/// A day's report, or with `.csv` behind the day its differences as a table.
pub(super) async fn read(
    By(shop, ..): By<Read>,
    extract::State(served): extract::State<Served>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let book = served.backend.book_of(&shop.id);
    match name.strip_suffix(".csv") {
        None => Ok(Json(served.backend.report(book, day(&name)?).await?.of_shop(&shop.id)).into_response()),
        Some(date) => {
            let report = served.backend.report(book, day(date)?).await?.of_shop(&shop.id);
            Ok(table(&report))
        }
    }
}

/// Compares the day now.
pub(super) async fn again(
    By(shop, ..): By<Orders>,
    extract::State(served): extract::State<Served>,
    Path(date): Path<String>,
) -> Result<Json<Report>, Problem> {
    let book = served.backend.book_of(&shop.id);
    served.backend.reconcile(book, day(&date)?).await.map(|report| Json(report.of_shop(&shop.id)))
}

pub(in crate::http) fn day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| Problem::invalid("expected a day such as 2026-11-29"))
}
