//! What came of comparing each day with WeChat Pay's bill.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::day::Day;
use crate::http::Served;
use crate::http::caller::{By, Orders, Read, only};
use crate::reconcile::{Report, csv};
use crate::service::Problem;

/// So many days are listed at a time.
pub(in crate::http) const LISTED: u32 = 100;

/// The latest days, or those before `?before=`.
pub(super) async fn list(
    _: By<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let before = only(query.as_deref().unwrap_or_default(), "before")?;
    let before =
        before.map(|text| day(&text)).transpose()?.map_or_else(|| "9999-12-31".to_owned(), |it| it.to_string());
    let kept = served.backend.store().reconciliations(&before, LISTED).await?;
    let days: Vec<Value> = kept
        .into_iter()
        .map(|kept| {
            json!({
                "date": kept.date,
                "state": kept.state,
                "made_at": kept.made_at,
                "next_at": kept.next_at,
                "differences": kept.differences,
            })
        })
        .collect();
    Ok(Json(json!({ "reconciliations": days })))
}

/// A day's report, or with `.csv` behind the day its differences as a table.
pub(super) async fn read(
    _: By<Read>,
    State(served): State<Served>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    match name.strip_suffix(".csv") {
        None => Ok(Json(served.backend.report(day(&name)?).await?).into_response()),
        Some(date) => {
            let report = served.backend.report(day(date)?).await?;
            Ok(table(&report))
        }
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

/// Compares the day now.
pub(super) async fn again(
    _: By<Orders>,
    State(served): State<Served>,
    Path(date): Path<String>,
) -> Result<Json<Report>, Problem> {
    served.backend.reconcile(day(&date)?).await.map(Json)
}

pub(in crate::http) fn day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| Problem::invalid("expected a day such as 2026-11-29"))
}
