//! The receivers of docs/webhooks.md, as a shop runs them: what the backend sends is verified, and what it does not send is refused.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use wechat_cashier_merchant::clock::{Clock, SystemClock};
use wechat_cashier_merchant::domain::plus;
use wechat_cashier_merchant::store::{WebhookFilter, WebhookState};
use wechat_cashier_merchant::webhook::{Kind, Signer};

use crate::bench::{Bench, WEBHOOK_SECRET};
use crate::receiver::Receiver;
use crate::webhooks::paid;

const DOCUMENT: &str = include_str!("../../../docs/webhooks.md");
const NODE: &str = include_str!("../../../examples/webhooks/receiver.mjs");
const PYTHON: &str = include_str!("../../../examples/webhooks/receiver.py");

/// A program that receives.
struct Program {
    url: String,
    said: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Program {
    async fn start(interpreter: &str, file: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/webhooks");
        let mut child = Command::new(interpreter)
            .arg(folder.join(file))
            .envs([("WEBHOOK_SECRET", WEBHOOK_SECRET), ("PORT", "0")])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut program = Self { url: String::new(), said, _child: child };
        let first = program.line().await;
        program.url = first.strip_prefix("listening on ").unwrap().to_owned();
        program
    }

    /// The next thing that it has done; waits for it.
    async fn line(&mut self) -> String {
        let limit = std::time::Duration::from_secs(60);
        tokio::time::timeout(limit, self.said.next_line()).await.expect("it says nothing").unwrap().unwrap()
    }
}

/// A message, as somebody sends it.
struct Sent<'a> {
    id: &'a str,
    timestamp: String,
    signature: String,
    body: &'a str,
}

impl Sent<'_> {
    /// What the receiver answers.
    async fn to(&self, bench: &Bench, program: &Program) -> u16 {
        let request = bench.http.post(&program.url).header("content-type", "application/json");
        let request = request.header("webhook-id", self.id).header("webhook-timestamp", &self.timestamp);
        let request = request.header("webhook-signature", &self.signature).body(self.body.to_owned());
        request.send().await.unwrap().status().as_u16()
    }
}

/// One as the backend signs it, so many seconds ago.
fn sent<'a>(id: &'a str, body: &'a str, seconds_ago: i64) -> Sent<'a> {
    let at = plus(SystemClock.now(), -seconds_ago * 1000);
    let signature = Signer::new([WEBHOOK_SECRET]).unwrap().sign(id, at, body);
    Sent { id, timestamp: at.millis().div_euclid(1000).to_string(), signature, body }
}

async fn receives(interpreter: &str, file: &str, order_id: &str) {
    let mut program = Program::start(interpreter, file).await;
    let table = format!("[webhooks]\nurl = \"{}\"\nsecret_file = \"webhook.secret\"\n", program.url);
    let bench = Bench::with(&table, |_| {}).await;
    paid(&bench, order_id).await;
    assert_eq!(program.line().await, format!("order.paid {order_id}"));
    bench.backend.settle().await;
    let told = bench.backend.store().list_webhooks(&WebhookFilter::default(), 9).await.unwrap();
    assert_eq!((told.len(), told[0].last_status), (1, Some(204)), "{told:?}");
    let (id, body) = (told[0].id.as_str(), told[0].body.as_str());

    // The same once more is taken, and done no second time: the next line is of the next one.
    assert_eq!(sent(id, body, 0).to(&bench, &program).await, 204);
    // What is changed, not signed, signed for another time or id, or old is refused.
    let changed = body.replace("1999", "1");
    let empty = String::new();
    for (forged, what) in [
        (Sent { body: &changed, ..sent("msg_new", body, 0) }, "another body"),
        (Sent { id: "msg_new", ..sent(id, body, 0) }, "another id"),
        (Sent { timestamp: sent(id, body, 9).timestamp, ..sent("msg_new", body, 0) }, "another time"),
        (Sent { timestamp: "now".to_owned(), ..sent("msg_new", body, 0) }, "no time"),
        (Sent { signature: empty, ..sent("msg_new", body, 0) }, "no signature"),
        (Sent { signature: "v1,AAAA v2,BBBB v1".to_owned(), ..sent("msg_new", body, 0) }, "others' signatures"),
        (sent("msg_new", body, 301), "an old one"),
        (sent("msg_new", body, -302), "one of the future"),
    ] {
        assert_eq!(forged.to(&bench, &program).await, 401, "{what}");
    }
    // While the secret is changed, one of the signatures is right.
    let other = body.replace(order_id, "another-order").replace("order.paid", "order.closed");
    let mut both = sent("msg_other", &other, 0);
    both.signature = format!("v1,AAAA {}", both.signature);
    assert_eq!(both.to(&bench, &program).await, 204);
    assert_eq!(program.line().await, "order.closed another-order");
}

#[tokio::test]
async fn in_node() {
    receives("node", "receiver.mjs", "R20261130001").await;
}

#[tokio::test]
async fn in_python() {
    receives("python3", "receiver.py", "R20261130002").await;
}

/// The names in a message, each with those before it.
fn names(value: &Value, before: &str) -> BTreeSet<String> {
    let fields = value.as_object().into_iter().flatten();
    fields
        .flat_map(|(name, value)| {
            let path = format!("{before}/{name}");
            let within = names(value, &path);
            within.into_iter().chain([path])
        })
        .collect()
}

#[tokio::test]
async fn the_document_shows_a_message_as_it_is() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "R20261130003").await;
    let shown = DOCUMENT.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let shown: Value = serde_json::from_str(shown).unwrap();
    assert_eq!(names(&shown, ""), names(&receiver.next().await.body(), ""));
    let words = Kind::ALL.map(Kind::word).into_iter().chain(WebhookState::ALL.map(WebhookState::word));
    for word in words {
        assert!(DOCUMENT.contains(&format!("`{word}`")), "docs/webhooks.md does not tell of {word}");
    }
}

#[test]
fn the_document_shows_them_as_they_are() {
    for (language, source) in [("js", NODE), ("python", PYTHON)] {
        assert!(
            DOCUMENT.contains(&format!("\n```{language}\n{source}```\n")),
            "docs/webhooks.md shows another {language}"
        );
    }
}
