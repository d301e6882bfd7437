//! The faults that are set, and when one strikes.

use serde::{Deserialize, Serialize};

use super::Fault;
use crate::ledger::Key;

/// A fault, and where and how often it strikes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What happens.
    #[serde(flatten)]
    pub fault: Fault,
    /// Only with this order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// Only with orders whose number begins so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_trade_no_prefix: Option<String>,
    /// Only with this merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mchid: Option<String>,
    /// Only with this call: `prepay`, `query`, `close`, `reverse`, `refund`, `query_refund`, `apply_abnormal_refund`,
    /// `certificates`, `tradebill`, `fundflowbill`, `billdownload`; or only with these notifications: `notify`, `refund_notify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// So many times more; absent: until it is cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// 0 to 1; absent: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// All faults that are set.
#[derive(Clone, Debug, Default)]
pub struct Book(Vec<Rule>);

impl Book {
    /// What is set.
    pub fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// Puts these in place of what was set.
    pub fn set(&mut self, rules: Vec<Rule>) {
        self.0 = rules;
    }

    /// Adds to what is set.
    pub fn add(&mut self, rules: Vec<Rule>) {
        self.0.extend(rules);
    }

    /// The faults among the wanted that strike now. Each that does is one time less.
    pub fn take(
        &mut self,
        key: &Key,
        call: &str,
        wanted: impl Fn(&Fault) -> bool,
        random: &mut fastrand::Rng,
    ) -> Vec<Fault> {
        let mut struck = Vec::new();
        for rule in &mut self.0 {
            if !rule.meets(key, call) || !wanted(&rule.fault) || struck.contains(&rule.fault) {
                continue;
            }
            if rule.probability.is_some_and(|probability| random.f64() >= probability) {
                continue;
            }
            if let Some(left) = &mut rule.times {
                *left = left.saturating_sub(1);
            }
            struck.push(rule.fault.clone());
        }
        self.0.retain(|rule| rule.times != Some(0));
        struck
    }

    /// Whether a fault is set for this order, leaving it there.
    pub fn has(&self, key: &Key, fault: &Fault) -> bool {
        self.0.iter().any(|rule| rule.fault == *fault && rule.meets(key, ""))
    }
}

impl Rule {
    fn meets(&self, key: &Key, call: &str) -> bool {
        self.times != Some(0)
            && self.out_trade_no.as_ref().is_none_or(|of| *of == key.out_trade_no)
            && self.out_trade_no_prefix.as_ref().is_none_or(|of| key.out_trade_no.starts_with(of.as_str()))
            && self.mchid.as_ref().is_none_or(|of| *of == key.mchid)
            && self.on.as_ref().is_none_or(|on| on == call)
    }
}

#[cfg(test)]
mod tests {
    use super::{Book, Rule};
    use crate::faults::Fault;
    use crate::ledger::Key;

    fn rule(json: &str) -> Rule {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_fault_strikes_where_it_is_set_and_so_often() {
        let mut book = Book::default();
        book.set(vec![
            rule(r#"{"kind":"answer_cut","out_trade_no":"order-1","times":2}"#),
            rule(r#"{"kind":"rate_limited","mchid":"1","on":"query"}"#),
            rule(r#"{"kind":"notify_lost","probability":0.0}"#),
            rule(r#"{"kind":"answer_unsigned","out_trade_no_prefix":"other-"}"#),
        ]);
        let mut random = fastrand::Rng::with_seed(1);
        let mut take = |key: &Key, call| book.take(key, call, |_| true, &mut random);
        let (one, other) = (Key::new("1", "order-1"), Key::new("2", "order-2"));
        assert_eq!(take(&other, "query"), []);
        assert_eq!(take(&one, "prepay"), [Fault::AnswerCut]);
        assert_eq!(take(&one, "query"), [Fault::AnswerCut, Fault::RateLimited]);
        assert_eq!(take(&one, "query"), [Fault::RateLimited]);
        assert_eq!(book.rules().len(), 3);
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let strikes = || {
            let mut book = Book::default();
            book.set(vec![rule(r#"{"kind":"notify_lost","probability":0.5}"#)]);
            let mut random = fastrand::Rng::with_seed(7);
            let key = Key::new("1", "order-1");
            (0..64).map(|_| book.take(&key, "", |_| true, &mut random).len()).collect::<Vec<_>>()
        };
        assert_eq!(strikes(), strikes());
        assert!((10..54).contains(&strikes().iter().sum::<usize>()));
    }
}
