//! `GET /admin/v1/funnel`: how payers fared.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;

use crate::day::Day;
use crate::http::Served;
use crate::http::caller::{By, Read, only};
use crate::service::Problem;
use crate::store::FunnelCount;

/// So many days at a time.
pub(in crate::http) const DAYS_MAX: i64 = 92;
/// So many if nothing is said.
pub(super) const DAYS: i64 = 7;

/// How payers fared on some days.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct FunnelAnswer {
    /// The first day, in China.
    pub(super) from: Day,
    /// The last day.
    pub(super) to: Day,
    /// How many visits came how far; what did not happen is not there.
    pub(super) counts: Vec<FunnelLine>,
}

/// Visits of one day that have something in common.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct FunnelLine {
    /// On which day they began, in China.
    #[cfg_attr(feature = "schema", schemars(with = "Day"))]
    pub(super) date: String,
    /// What happened in them: `shown`, `method`, `begun`, `confirming`, `paid` are steps; `closed`, `expired` and `abandoned` are how
    /// those ended that were not paid; `error` met an error, and `failed` met one and was not paid. A visit is in each that it came to.
    pub(super) stage: String,
    /// The way to pay that was at hand last; `other` is one that the shop does not know, `none` that none was.
    pub(super) method: String,
    /// The cashier's layout: `auto`, `panel`, `page`, `counter` or `other`.
    pub(super) surface: String,
    /// How many.
    pub(super) visits: i64,
}

pub(super) async fn read(
    By(..): By<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<FunnelAnswer>, Problem> {
    if served.site.shops.are_many() {
        return Err(Problem::invalid("several shops are served here, and pages do not say whose payer they tell of"));
    }
    let (from, to) = days(query.as_deref().unwrap_or_default(), Day::of(served.backend.clock().now()))?;
    let counts = served.backend.visits(from, to).await?.into_iter().map(|count| {
        let FunnelCount { day, stage, method, surface, visits } = count;
        FunnelLine { date: day, stage, method, surface, visits }
    });
    Ok(Json(FunnelAnswer { from, to, counts: counts.collect() }))
}

/// Which days are asked for; without a word the latest.
pub(in crate::http) fn days(query: &str, today: Day) -> Result<(Day, Day), Problem> {
    let day = |name: &str| match only(query, name)? {
        None => Ok(None),
        Some(text) => Day::parse(&text)
            .map(Some)
            .ok_or_else(|| Problem::invalid(format!("{name}: expected a day such as 2026-11-29"))),
    };
    let to = day("to")?.unwrap_or(today);
    let from = day("from")?.unwrap_or(to.plus(1 - DAYS));
    match from <= to && to < from.plus(DAYS_MAX) {
        true => Ok((from, to)),
        false => Err(Problem::invalid(format!("from: expected a day up to `to`, and {DAYS_MAX} days of them at most"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_asked_for_or_the_latest() {
        let day = |text| Day::parse(text).unwrap();
        let today = day("2026-11-30");
        let asked = |query| days(query, today).ok();
        assert_eq!(asked(""), Some((day("2026-11-24"), today)));
        assert_eq!(asked("to=2026-11-10"), Some((day("2026-11-04"), day("2026-11-10"))));
        assert_eq!(asked("from=2026-11-30"), Some((today, today)));
        assert_eq!(asked("from=2026-08-31&to=2026-11-30"), Some((day("2026-08-31"), today)));
        for query in ["from=2026-08-30", "from=2026-12-01", "from=yesterday", "to=", "to=2026-11-30&to=2026-11-30"] {
            assert_eq!(asked(query), None, "{query}");
        }
    }
}
