//! What a call consists of, and its JSON.

use serde_json::{Map, Value, json};
use wechat_cashier::contract::ProblemCode;

use crate::config::Scope;

/// One call.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) tag: &'static str,
    pub(super) scope: Scope,
    pub(super) summary: &'static str,
    pub(super) description: String,
    /// What happens when it is made again. None: it changes nothing.
    pub(super) repeated: Option<&'static str>,
    pub(super) parameters: Vec<Value>,
    /// The body: its schema, whether it has to be there, and examples.
    pub(super) body: Option<(Value, bool, Value)>,
    /// The answers that are no refusals: status, description, content.
    pub(super) answers: Vec<(&'static str, &'static str, Value)>,
    /// Why it can be refused, beside what each call can be refused for.
    pub(super) refused: &'static [ProblemCode],
    /// The calls that its answer leads to, by the name of the link.
    pub(super) links: Value,
}

/// What each call can be refused for.
const ALWAYS: [ProblemCode; 4] = [
    ProblemCode::InvalidRequest,
    ProblemCode::Unauthorized,
    ProblemCode::RateLimited,
    ProblemCode::UpstreamUnavailable,
];

impl Operation {
    pub(super) fn json(self) -> Value {
        let scope = self.scope.word();
        let needs = format!("Needs a key with the scope `{scope}`.");
        let repeated = self.repeated.map(|repeated| format!("**Repeated:** {repeated}"));
        let description: Vec<String> = [Some(self.description), repeated, Some(needs)].into_iter().flatten().collect();
        let mut responses = Map::new();
        for (status, description, content) in self.answers {
            responses.insert(
                status.to_owned(),
                json!({ "description": description, "content": content, "links": self.links }),
            );
        }
        for code in ALWAYS.iter().chain(self.refused) {
            let status = code.http_status().to_string();
            let reference = json!({ "$ref": format!("#/components/responses/{status}") });
            responses.insert(status, reference);
        }
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "description": description.join("\n\n"),
            "security": [{ "key": [scope] }],
            "parameters": in_path(self.path).into_iter().chain(self.parameters).collect::<Vec<_>>(),
            "responses": responses,
        });
        if let Some((schema, required, examples)) = self.body {
            let content = json!({ "application/json": { "schema": schema, "examples": examples } });
            operation["requestBody"] = json!({ "required": required, "content": content });
        }
        operation
    }
}

/// JSON of a schema, with one example.
pub(super) fn answer(schema: &Value, example: &Value) -> Value {
    json!({ "application/json": { "schema": schema, "example": example } })
}

/// A parameter of the query.
pub(super) fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}

/// What makes a refund the one that was asked for.
pub(super) fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": true,
        "description": "The shop's one wish: the same key with the same body is the same refund.",
        "schema": { "type": "string", "pattern": "^[0-9A-Za-z-]{1,64}$" },
        "example": "return-4711",
    })
}

fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name: &str| {
        let (description, example) = match name {
            "order_id" => ("The shop's id of the order.", "T20261121001"),
            "date" => ("The day, in China.", "2026-11-29"),
            _ => ("The webhook's id.", super::examples::WEBHOOK_ID),
        };
        let schema = match name {
            "date" => json!({ "type": "string", "format": "date" }),
            _ => json!({ "type": "string" }),
        };
        json!({
            "name": name, "in": "path", "required": true, "description": description, "schema": schema, "example": example,
        })
    };
    names.map(parameter).collect()
}
