//! What came of comparing each day with WeChat Pay's bill.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::day::Day;
use crate::http::Served;
use crate::http::caller::{By, Orders, Read, only};
use crate::reconcile::{Compared, Report, csv};
use crate::service::Problem;

/// So many days are listed at a time.
const LISTED: u32 = 100;

/// The latest days, or those before `?before=`.
pub(super) async fn list(
    By(shop, ..): By<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let book = served.backend.book_of(&shop.id);
    let before = only(query.as_deref().unwrap_or_default(), "before")?;
    let before =
        before.map(|text| day(&text)).transpose()?.map_or_else(|| "9999-12-31".to_owned(), |it| it.to_string());
    let kept = served.backend.store().reconciliations(book.unwrap_or_default(), &before, LISTED).await?;
    let mut days = Vec::with_capacity(kept.len());
    for mut kept in kept {
        // How many of the differences are this shop's, the report alone tells.
        if served.site.shops.are_many() && kept.differences > 0 {
            let report = served.backend.report(book, day(&kept.date)?).await?.of_shop(&shop.id);
            let count = report.compared.as_ref().map_or(0, Compared::count);
            (kept.state, kept.differences) = (report.state.word().to_owned(), count.try_into().unwrap_or(i64::MAX));
        }
        days.push(json!({
            "date": kept.date,
            "state": kept.state,
            "made_at": kept.made_at,
            "next_at": kept.next_at,
            "differences": kept.differences,
        }));
    }
    Ok(Json(json!({ "reconciliations": days })))
}

/// A day's report, or with `.csv` behind the day its differences as a table.
pub(super) async fn read(
    By(shop, ..): By<Read>,
    State(served): State<Served>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let book = served.backend.book_of(&shop.id);
    match name.strip_suffix(".csv") {
        None => Ok(Json(served.backend.report(book, day(&name)?).await?.of_shop(&shop.id)).into_response()),
        Some(date) => {
            let report = served.backend.report(book, day(date)?).await?.of_shop(&shop.id);
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
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(date): Path<String>,
) -> Result<Json<Report>, Problem> {
    let book = served.backend.book_of(&shop.id);
    served.backend.reconcile(book, day(&date)?).await.map(|report| Json(report.of_shop(&shop.id)))
}

fn day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| Problem::invalid("expected a day such as 2026-11-29"))
}
