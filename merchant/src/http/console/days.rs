//! Days beside WeChat Pay's bills.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::{self, day as page, days};
use crate::day::Day;
use crate::http::Served;
use crate::http::admin::reconciliations::{LISTED, day, table};
use crate::http::caller::{Orders, Read, only};
use crate::reconcile::State as Outcome;

pub(super) async fn list(
    inside: Inside<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let before = only(&query.unwrap_or_default(), "before")?;
    let before = before.map(|text| day(&text)).transpose()?.map_or("9999-12-31".to_owned(), |it| it.to_string());
    let kept = served.days(&inside.shop, &before).await?;
    let older = kept.last().filter(|_| kept.len() == LISTED as usize).map(|kept| kept.date.clone());
    let kept: Vec<_> = kept
        .into_iter()
        .map(|kept| console::Day {
            state: Outcome::of(&kept.state),
            date: kept.date,
            made_at: kept.made_at,
            next_at: kept.next_at,
            differences: kept.differences,
        })
        .collect();
    let latest = Day::of(served.backend.clock().now()).plus(-1).to_string();
    Ok(inside.answer(days(&inside.desk(), &kept, &latest, older)))
}

/// A day's page; with `.csv` or `.json` behind the day, the same for other programs.
pub(super) async fn show(
    inside: Inside<Read>,
    State(served): State<Served>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (date, kind) = name.split_once('.').unwrap_or((&name, ""));
    let date = Day::parse(date).ok_or(Refusal::NotThere)?;
    let report = served.backend.report(served.backend.book_of(&inside.shop.id), date).await?.of_shop(&inside.shop.id);
    Ok(match kind {
        "" => {
            let is_new = only(&query.unwrap_or_default(), "done")?.is_some();
            inside.answer(page(&inside.desk(), &report, is_new))
        }
        "csv" => table(&report),
        "json" => Json(report).into_response(),
        _ => return Err(Refusal::NotThere),
    })
}

pub(super) async fn compare(
    inside: Inside<Orders>,
    State(served): State<Served>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let book = served.backend.book_of(&inside.shop.id);
    let report = served.backend.reconcile(book, day(posted.field("date"))?).await?;
    tracing::info!(key = inside.key, date = %report.date, "compared from the console");
    Ok(Redirect::to(&format!("/console/days/{}?done=1", report.date)).into_response())
}
