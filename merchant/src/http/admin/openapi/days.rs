//! The calls about days: beside WeChat Pay's bill, and how payers fared on them.

use serde_json::{Value, json};
use wechat_cashier::contract::ProblemCode;

use super::examples;
use super::operation::{Operation, answer, query};
use super::types::Types;
use crate::config::Scope;
use crate::http::admin::funnel::{DAYS, DAYS_MAX, FunnelAnswer};
use crate::http::admin::reconciliations::{DayList, LISTED};
use crate::reconcile::Report;

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    let report = types.read::<Report>();
    vec![list(types), read(&report), again(&report), funnel(types)]
}

fn list(types: &mut Types) -> Operation {
    let date = json!({ "type": "string", "format": "date" });
    let first = "$response.body#/reconciliations/0/date";
    Operation {
        method: "get",
        path: "/admin/v1/reconciliations",
        id: "listReconciliations",
        tag: "reconciliation",
        scope: Scope::Read,
        summary: "The days that were compared with WeChat Pay's bill, the latest first.",
        description: format!("{LISTED} at most."),
        repeated: None,
        parameters: vec![query("before", "Days before this one, which is the last of the page before.", &date)],
        body: None,
        answers: vec![("200", "A page of days.", answer(&types.read::<DayList>(), &json!(examples::day_list())))],
        refused: &[],
        links: json!({
            "next": { "operationId": "listReconciliations", "parameters": { "query.before": first } },
            "day": { "operationId": "readReconciliation", "parameters": { "path.date": first } },
        }),
    }
}

fn read(report: &Value) -> Operation {
    let mut content = answer(report, &json!(examples::report()));
    content["text/csv"] = json!({ "schema": { "type": "string" } });
    Operation {
        method: "get",
        path: "/admin/v1/reconciliations/{date}",
        id: "readReconciliation",
        tag: "reconciliation",
        scope: Scope::Read,
        summary: "The report of a day.",
        description: "With `.csv` behind the day, such as `2026-11-29.csv`, its differences as a table.".to_owned(),
        repeated: None,
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", "The report.", content)],
        refused: &[ProblemCode::OrderNotFound],
        links: json!({}),
    }
}

fn again(report: &Value) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/reconciliations/{date}",
        id: "reconcile",
        tag: "reconciliation",
        scope: Scope::Orders,
        summary: "Compares a day with WeChat Pay's bill now.",
        description: "422 if the day is not over in China, or WeChat Pay does not keep its bill any more. One day is compared at a \
            time: 429 while another process does it."
            .to_owned(),
        repeated: Some("It is compared again. A difference that was told of is not told of twice."),
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", "The report.", answer(report, &json!(examples::report())))],
        refused: &[],
        links: json!({
            "report": { "operationId": "readReconciliation", "parameters": { "path.date": "$request.path.date" } },
        }),
    }
}

fn funnel(types: &mut Types) -> Operation {
    let date = json!({ "type": "string", "format": "date" });
    Operation {
        method: "get",
        path: "/admin/v1/funnel",
        id: "readFunnel",
        tag: "telemetry",
        scope: Scope::Read,
        summary: "How payers fared.",
        description: format!(
            "What pages told (docs/telemetry.md), counted by days, the way to pay and the cashier's layout. {DAYS_MAX} days at most; \
             422 beyond them, or if `from` is after `to`."
        ),
        repeated: None,
        parameters: vec![
            query("from", &format!("The first day, in China. Without it {DAYS} days up to `to`."), &date),
            query("to", "The last day. Without it today.", &date),
        ],
        body: None,
        answers: vec![("200", "The counts.", answer(&types.read::<FunnelAnswer>(), &json!(examples::funnel())))],
        refused: &[],
        links: json!({}),
    }
}
