//! What came of comparing each day with WeChat Pay's bill.

use axum::Json;
use axum::extract::{self, Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wechat_cashier::contract::Timestamp;

use crate::day::Day;
use crate::http::Served;
use crate::http::caller::{By, Orders, Read, only};
use crate::reconcile::{Report, State, csv};
use crate::service::Problem;

/// So many days are listed at a time.
pub(super) const LISTED: u32 = 100;

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
    _: By<Read>,
    extract::State(served): extract::State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<DayList>, Problem> {
    let before = only(query.as_deref().unwrap_or_default(), "before")?;
    let before =
        before.map(|text| day(&text)).transpose()?.map_or_else(|| "9999-12-31".to_owned(), |it| it.to_string());
    let kept = served.backend.store().reconciliations(&before, LISTED).await?;
    let days = kept.into_iter().map(|kept| DayLine {
        date: kept.date,
        state: State::of(&kept.state),
        made_at: kept.made_at,
        next_at: kept.next_at,
        differences: kept.differences,
    });
    Ok(Json(DayList { reconciliations: days.collect() }))
}

/// A day's report, or with `.csv` behind the day its differences as a table.
pub(super) async fn read(
    _: By<Read>,
    extract::State(served): extract::State<Served>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    match name.strip_suffix(".csv") {
        None => Ok(Json(served.backend.report(day(&name)?).await?).into_response()),
        Some(date) => {
            let report = served.backend.report(day(date)?).await?;
            let disposition = format!("attachment; filename=\"reconciliation-{}.csv\"", report.date);
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ];
            Ok((headers, csv(&report)).into_response())
        }
    }
}

/// Compares the day now.
pub(super) async fn again(
    _: By<Orders>,
    extract::State(served): extract::State<Served>,
    Path(date): Path<String>,
) -> Result<Json<Report>, Problem> {
    served.backend.reconcile(day(&date)?).await.map(Json)
}

fn day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| Problem::invalid("expected a day such as 2026-11-29"))
}
