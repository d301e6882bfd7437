//! What may happen to refunds.

use proptest::prelude::*;

use wechat_cashier::contract::ProblemCode;
use wechat_cashier_merchant::domain::{
    Fact, Refund, RefundAsk, RefundOf, RefundReport, RefundWord, SecondPayment, Source,
};

use super::op::nth;
use crate::refunds::ask;
use crate::world::World;

/// One thing. Where it names one of several, it is by a number that is taken modulo how many there are.
#[derive(Clone, Debug)]
pub(super) enum RefundOp {
    /// The shop asks for a part of a trade, or for all that is left.
    Ask(usize, Option<i64>),
    /// Of whatever pays the order, or was paid a second time.
    AskOf(bool, Option<i64>),
    /// It asks the same again.
    AskAgain(usize),
    /// It uses a key for something else.
    OtherBody(usize),
    /// How refunds that begin now end.
    EndAs(RefundWord),
    /// WeChat Pay tells of an end, so many times.
    Tell(usize, usize),
    /// It says something that is not of this refund.
    Wrong(usize, usize, Source),
    /// Second payments go back at once, or by hand.
    Second(SecondPayment),
}

pub(super) fn refund_op() -> impl Strategy<Value = RefundOp> {
    let word =
        prop::sample::select(vec![RefundWord::Success, RefundWord::Success, RefundWord::Closed, RefundWord::Abnormal]);
    let source = prop::sample::select(vec![Source::Notification, Source::Query, Source::Refund]);
    let second = prop::sample::select(vec![SecondPayment::ByHand, SecondPayment::AtOnce, SecondPayment::AtOnce]);
    let part = || prop_oneof![2 => Just(None), 3 => (1..1_000i64).prop_map(Some), 1 => (-5..3_000i64).prop_map(Some)];
    let which = || 0..8usize;
    prop_oneof![
        6 => (which(), part()).prop_map(|(which, part)| RefundOp::Ask(which, part)),
        3 => (any::<bool>(), part()).prop_map(|(second, part)| RefundOp::AskOf(second, part)),
        2 => which().prop_map(RefundOp::AskAgain),
        1 => which().prop_map(RefundOp::OtherBody),
        3 => word.prop_map(RefundOp::EndAs),
        3 => (which(), 1..3usize).prop_map(|(which, times)| RefundOp::Tell(which, times)),
        2 => (which(), which(), source).prop_map(|(which, how, source)| RefundOp::Wrong(which, how, source)),
        2 => second.prop_map(RefundOp::Second),
    ]
}

/// What the shop has asked.
#[derive(Debug, Default)]
pub(super) struct RefundAsks(Vec<RefundAsk>);

impl RefundAsks {
    pub(super) fn take(&mut self, world: &mut World, op: &RefundOp) {
        match op {
            RefundOp::Ask(which, part) => {
                let Some(at) = nth(&world.order.trades, *which) else { return };
                let number = world.order.trades[at].out_trade_no.clone();
                self.ask(world, RefundOf::Number(number), *part);
            }
            RefundOp::AskOf(second, part) => {
                self.ask(world, if *second { RefundOf::TheSecondPayment } else { RefundOf::ThePayment }, *part);
            }
            RefundOp::AskAgain(which) => {
                let Some(at) = nth(&self.0, *which) else { return };
                let known =
                    world.order.refunds.iter().find(|refund| refund.key.as_ref() == Some(&self.0[at].key)).cloned();
                let (count, calls) = (world.order.refunds.len(), world.calls.len());
                let again = world.refund(&self.0[at]);
                if let Some(Refund { out_refund_no, .. }) = known {
                    assert_eq!(again, Ok(out_refund_no));
                    assert_eq!((world.order.refunds.len(), world.calls.len()), (count, calls));
                }
            }
            RefundOp::OtherBody(which) => {
                let Some(at) = nth(&world.order.refunds, *which) else { return };
                let Some(key) = world.order.refunds[at].key.clone() else { return };
                let other = RefundAsk { key, body_digest: "other".to_owned(), ..ask("", RefundOf::ThePayment, None) };
                let before = world.order.clone();
                assert_eq!(world.refund(&other), Err(ProblemCode::InvalidRequest));
                assert_eq!(before, world.order);
            }
            RefundOp::EndAs(word) => world.wechat.refunds_end = word.clone(),
            RefundOp::Tell(which, times) => {
                let Some(at) = nth(&world.order.refunds, *which) else { return };
                let number = world.order.refunds[at].out_refund_no.clone();
                for _ in 0..*times {
                    world.tell_refund(&number, |_| {});
                }
            }
            RefundOp::Wrong(which, how, source) => {
                let Some(at) = nth(&world.order.refunds, *which) else { return };
                wrong(world, &world.order.refunds[at].clone(), *how, *source);
            }
            RefundOp::Second(second) => world.order.facts.refund_second_payment = *second,
        }
    }

    fn ask(&mut self, world: &mut World, of: RefundOf, part: Option<i64>) {
        let asked = ask(&format!("r{}", self.0.len()), of, part);
        self.0.push(asked.clone());
        let left: i64 = world.order.trades.iter().map(|trade| world.order.left(&trade.out_trade_no)).sum();
        if world.refund(&asked).is_ok() {
            assert!(left > 0, "nothing was left: {world:#?}");
        }
    }
}

/// (m) What does not fit counts for nothing, and is kept for a person.
fn wrong(world: &mut World, refund: &Refund, how: usize, source: Source) {
    let Some(mut report) = world.wechat.query_refund(refund, world.now) else { return };
    report.status = RefundWord::Success;
    let number = &refund.out_trade_no;
    spoil(&mut report, how);
    let states = |world: &World| {
        let refunds = world.order.refunds.iter().map(|refund| (refund.state, refund.amount));
        (refunds.collect::<Vec<_>>(), world.order.left(number), world.status())
    };
    let before = states(world);
    world.apply(Fact::RefundReported { source, report });
    assert_eq!(before, states(world), "(m) {world:#?}");
    assert!(!world.order.oddities.is_empty(), "(m) nobody learns of it: {world:#?}");
}

fn spoil(report: &mut RefundReport, how: usize) {
    let amount = report.amount.as_mut().unwrap();
    match how {
        0 => amount.refund += 1,
        1 => amount.total += 1,
        2 => amount.currency = Some("HKD".to_owned()),
        3 => report.amount = None,
        4 => report.mchid = Some("1900000110".to_owned()),
        5 => report.transaction_id = "42001".to_owned(),
        6 => report.out_trade_no.push('9'),
        _ => report.out_refund_no.push_str("@1"),
    }
}
