//! The calls about what the shop was told.

use serde_json::json;
use wechat_cashier::contract::ProblemCode;

use super::examples;
use super::operation::{Operation, answer, query};
use super::types::Types;
use crate::config::Scope;
use crate::http::admin::webhooks::{LISTED, LISTED_MAX, TestedWebhook, ToldWebhook, WebhookList};
use crate::store::WebhookState;

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    vec![list(types), test(types), resend(types)]
}

fn list(types: &mut Types) -> Operation {
    let text = json!({ "type": "string" });
    Operation {
        method: "get",
        path: "/admin/v1/webhooks",
        id: "listWebhooks",
        tag: "webhooks",
        scope: Scope::Read,
        summary: "What the shop was told and is to be told, the latest first.",
        description: "docs/webhooks.md has what each type tells.".to_owned(),
        repeated: None,
        parameters: vec![
            query(
                "state",
                "What stands so.",
                &json!({ "type": "string", "enum": WebhookState::ALL.map(WebhookState::word) }),
            ),
            query("order_id", "What is about this order.", &text),
            query(
                "limit",
                "How many at most.",
                &json!({ "type": "integer", "minimum": 1, "maximum": LISTED_MAX, "default": LISTED }),
            ),
            query("before", "The id of the last one of the page before.", &text),
        ],
        body: None,
        answers: vec![(
            "200",
            "A page of them.",
            answer(&types.read::<WebhookList>(), &json!(examples::webhook_list())),
        )],
        refused: &[],
        links: json!({
            "resend": { "operationId": "resendWebhook", "parameters": { "id": "$response.body#/webhooks/0/id" } },
            "next": { "operationId": "listWebhooks", "parameters": { "query.before": "$response.body#/webhooks/0/id" } },
        }),
    }
}

fn test(types: &mut Types) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/webhooks/test",
        id: "testWebhook",
        tag: "webhooks",
        scope: Scope::Orders,
        summary: "Sends a message that tells nothing, now and once.",
        description:
            "To see whether the receiver is reached and believes the signature. 422 if there is no `webhooks.url`."
                .to_owned(),
        repeated: Some("Each call sends one message; nothing is kept of it, and the shop does nothing about it."),
        parameters: Vec::new(),
        body: None,
        answers: vec![(
            "200",
            "What came of it.",
            answer(&types.read::<TestedWebhook>(), &json!(examples::tested_webhook())),
        )],
        refused: &[],
        links: json!({}),
    }
}

fn resend(types: &mut Types) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/webhooks/{id}/resend",
        id: "resendWebhook",
        tag: "webhooks",
        scope: Scope::Orders,
        summary: "Has something told again, whatever came of it before.",
        description: "It is sent at once, and with the usual repetitions if it does not arrive. 422 if there is no `webhooks.url`."
            .to_owned(),
        repeated: Some(
            "What waits to be sent is sent once, however often this is called meanwhile. It always has the same `webhook-id`, by \
             which the receiver knows what it has seen.",
        ),
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", "How it stands.", answer(&types.read::<ToldWebhook>(), &json!(examples::webhook())))],
        refused: &[ProblemCode::OrderNotFound],
        links: json!({}),
    }
}
