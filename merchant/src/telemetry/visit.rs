//! One visit: what happened while one tab showed one order.

use wechat_cashier::contract::{FunnelEvent, FunnelStep, Method};

/// The steps of the chart. A payer who is quick is seen to have paid without a word of confirming.
pub(super) const STEPS: [(&str, &[FunnelStep]); 5] = [
    ("shown", &[FunnelStep::Shown]),
    ("method", &[FunnelStep::Method]),
    ("begun", &[FunnelStep::Qr, FunnelStep::Opened]),
    ("confirming", &[FunnelStep::Confirming]),
    ("paid", &[FunnelStep::Paid]),
];

/// The events of one visit, the earliest first.
pub(super) struct Visit<'a>(Vec<&'a FunnelEvent>);

impl<'a> Visit<'a> {
    /// Of its events in the sequence in which they came: a batch that was kept while offline may come after a later one.
    pub(super) fn of(mut events: Vec<&'a FunnelEvent>) -> Self {
        events.sort_by_key(|event| event.at_ms);
        Self(events)
    }

    fn has(&self, step: FunnelStep) -> bool {
        self.0.iter().any(|event| event.name == step)
    }

    /// When it came to this step of the chart.
    pub(super) fn first(&self, step: &str) -> Option<u64> {
        let (_, names) = STEPS.iter().find(|(name, _)| *name == step)?;
        self.0.iter().find(|event| names.contains(&event.name)).map(|event| event.at_ms)
    }

    /// `paid`, `closed`, `expired`, `abandoned` and, where nothing of it is known, `open`.
    pub(super) fn ending(&self) -> &'static str {
        let last = self.0.last().map(|event| event.name);
        match last {
            _ if self.has(FunnelStep::Paid) => "paid",
            _ if self.has(FunnelStep::Closed) => "closed",
            _ if self.has(FunnelStep::Expired) => "expired",
            Some(FunnelStep::Abandoned) => "abandoned",
            _ => "open",
        }
    }

    pub(super) fn errors(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|event| event.code.as_deref())
    }

    /// The way to pay that was at hand last.
    pub(super) fn method(&self) -> Option<&Method> {
        self.0.iter().rev().find_map(|event| event.method.as_ref())
    }
}
