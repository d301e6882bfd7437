//! One attempt to tell a merchant.

use crate::faults::Fault;
use crate::ledger::Notice;
use crate::simulator::Simulator;
use crate::state::Probes;

use super::message::{Message, Random};

/// Sends what is due, and writes down what came of it.
pub(super) async fn deliver(simulator: Simulator, notice: Notice) {
    let acknowledged = attempt(&simulator, &notice).await;
    simulator.change(|state, _| state.notices.answered(&notice.id, &notice.about(), acknowledged));
}

async fn attempt(simulator: &Simulator, notice: &Notice) -> bool {
    let Some(known) = simulator.merchants().get(&notice.key.mchid) else { return false };
    let probes_percent = simulator.config().sign_tests_percent;
    let (faults, random, keys) = simulator.change(|state, _| {
        let mut faults = state.strike(&notice.key, notice.call(), Fault::of_notify);
        if state.random.u8(0..100) < probes_percent {
            faults.push(Fault::NotifySignTest);
        }
        let mut text = |length| std::iter::repeat_with(|| state.random.alphanumeric()).take(length).collect::<String>();
        let random = Random { seal_nonce: text(12), sign_nonce: text(32), percent: state.random.u8(0..100) };
        (faults, random, state.keys.clone())
    });
    if faults.contains(&Fault::NotifyLost) {
        return false;
    }
    let now = simulator.signing_now();
    let Some(message) = Message::new(notice, known, &faults, &keys, &random, now) else { return false };
    if faults.contains(&Fault::NotifySignTest) {
        let answer = post(simulator, notice, &message.as_probe()).await;
        simulator.change(|state, _| count(&mut state.probes, answer));
    }
    if faults.contains(&Fault::NotifyDoubled) {
        let (first, second) = tokio::join!(post(simulator, notice, &message), post(simulator, notice, &message));
        return acknowledges(first) && acknowledges(second);
    }
    acknowledges(post(simulator, notice, &message).await)
}

/// The status of the answer, if one came in time.
async fn post(simulator: &Simulator, notice: &Notice, message: &Message) -> Option<u16> {
    let mut request = simulator
        .http()
        .post(&notice.notify_url)
        .header("Content-Type", "application/json")
        .header("Accept", "*/*")
        .header("User-Agent", "Mozilla/4.0")
        .header("Pragma", "no-cache");
    for (name, value) in message.stamp.headers() {
        request = request.header(name, value);
    }
    let answer = request.body(message.body.clone()).send().await.ok()?;
    let status = answer.status().as_u16();
    // All of it counts for the time that it may take.
    answer.bytes().await.ok().map(|_| status)
}

fn acknowledges(status: Option<u16>) -> bool {
    matches!(status, Some(200 | 204))
}

fn count(probes: &mut Probes, answer: Option<u16>) {
    match answer {
        Some(400..=599) => probes.refused += 1,
        Some(_) => probes.accepted += 1,
        None => probes.unanswered += 1,
    }
}
