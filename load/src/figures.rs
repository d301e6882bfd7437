//! What is made of what was measured.

use std::time::Duration;

use serde_json::{Value, json};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The shop makes an order.
    Create,
    /// A page asks for its order.
    Order,
    /// The same with `verify=1`.
    Verify,
    /// A page asks for something to pay by.
    Payment,
}

const KINDS: [(&str, Kind); 4] =
    [("create", Kind::Create), ("order", Kind::Order), ("verify", Kind::Verify), ("payment", Kind::Payment)];

/// What was measured, times in microseconds.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    seconds: f64,
    times: [Vec<u64>; 4],
    errors: [u64; 4],
    /// From the payer's "paid" to the page's.
    delays: Vec<u64>,
    /// Payments that WeChat took.
    pub(crate) paid: u64,
    /// Payments that WeChat did not take.
    pub(crate) unpaid: u64,
    /// How many pages were open, each half second.
    pub(crate) open: Vec<usize>,
}

impl Figures {
    pub(crate) fn asked(&mut self, kind: Kind, took: Duration, is_good: bool) {
        match is_good {
            true => self.times[kind as usize].push(micros(took)),
            false => self.errors[kind as usize] += 1,
        }
    }

    pub(crate) fn shown(&mut self, after: Duration) {
        self.delays.push(micros(after));
    }

    pub(crate) fn over(mut self, seconds: Duration) -> Self {
        self.seconds = seconds.as_secs_f64();
        self
    }

    pub(crate) fn json(mut self) -> Value {
        let seconds = self.seconds.max(1.0);
        let mut calls = json!({});
        for (name, kind) in KINDS {
            let times = &mut self.times[kind as usize];
            calls[name] = summary(times);
            calls[name]["per_second"] = rounded(count(times.len()) / seconds);
            calls[name]["errors"] = self.errors[kind as usize].into();
        }
        let open = self.open.iter().sum::<usize>() / self.open.len().max(1);
        json!({
            "seconds": self.seconds,
            "calls": calls,
            "open": open,
            "paid_per_second": rounded(count(usize::try_from(self.paid).unwrap_or_default()) / seconds),
            "unpaid": self.unpaid,
            "shown_after": summary(&mut self.delays),
        })
    }
}

fn summary(times: &mut [u64]) -> Value {
    times.sort_unstable();
    let at = |percent: usize| match times.len() {
        0 => Value::Null,
        len => rounded(count(usize::try_from(times[(len * percent / 100).min(len - 1)]).unwrap_or_default()) / 1000.0),
    };
    json!({ "count": times.len(), "p50_ms": at(50), "p95_ms": at(95), "p99_ms": at(99), "max_ms": at(100) })
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a count of a run is far from 2^52")]
fn count(of: usize) -> f64 {
    of as f64
}

fn rounded(value: f64) -> Value {
    json!((value * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_all_that_were_good() {
        let mut figures = Figures::default();
        for ms in 1..=100 {
            figures.asked(Kind::Order, Duration::from_millis(ms), true);
        }
        figures.asked(Kind::Order, Duration::from_secs(9), false);
        let json = figures.over(Duration::from_secs(50)).json();
        let order = &json["calls"]["order"];
        assert_eq!((&order["p50_ms"], &order["p99_ms"]), (&json!(51.0), &json!(100.0)));
        assert_eq!((&order["per_second"], &order["errors"]), (&json!(2.0), &json!(1)));
        assert_eq!(json["calls"]["payment"]["p50_ms"], Value::Null);
    }
}
