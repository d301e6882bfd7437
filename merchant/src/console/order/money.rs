//! What came, and what went back.

use leptos::prelude::*;
use wechat_cashier::contract::Timestamp;

use super::attention::query;
use crate::config::Scope;
use crate::console::desk::{Desk, code, none, or_none};
use crate::console::table::{badge, table};
use crate::console::text::Text;
use crate::console::words;
use crate::domain::{Order, Refund, Trade};

/// The order's numbers at WeChat Pay.
pub(super) fn payments(desk: &Desk, order: &Order) -> AnyView {
    let list = match order.trades.is_empty() {
        true => view! { <p class="empty">{desk.say(Text::NoPayments)}</p> }.into_any(),
        false => {
            let heads =
                [Text::Number, Text::Way, Text::State, Text::BegunAt, Text::PaidAt, Text::HeardAt, Text::TransactionId];
            let rows = order.trades.iter().map(|trade| payment(desk, trade)).collect();
            table(desk.say(Text::PaymentsCaption).to_owned(), &heads.map(|head| desk.say(head)), rows)
        }
    };
    let refundable: Vec<_> = order
        .trades
        .iter()
        .filter(|trade| desk.may(Scope::Refund) && order.left(&trade.out_trade_no) > 0)
        .map(|trade| {
            let number = &trade.out_trade_no;
            let left = desk.amount(order.left(number), order.facts.amount.currency);
            let href = format!("/console/orders/{}/refund?number={}", order.facts.order_id, query(number));
            // Of several, each says which.
            let of = (order.trades.len() > 1).then(|| view! { " "<code>{number.clone()}</code> });
            view! { <a class="button" href=href>{desk.with(Text::RefundUpTo, &left)}{of}</a>" " }.into_any()
        })
        .collect();
    view! {
        <section aria-labelledby="payments">
            <h2 id="payments">{desk.say(Text::Payments)}</h2>
            {list}
            <p class="actions">{refundable}</p>
        </section>
    }
    .into_any()
}

fn payment(desk: &Desk, trade: &Trade) -> Vec<AnyView> {
    let receipt = trade.receipt();
    let heard = receipt.map_or_else(none, |receipt| {
        let how = desk.say(words::source(receipt.heard_by));
        view! { {desk.exactly(receipt.heard_at)}<span class="under">{how}</span> }.into_any()
    });
    vec![
        code(trade.out_trade_no.clone()),
        words::method(desk, &trade.method).into_any(),
        words::trade(desk, &trade.state),
        desk.cell(Some(trade.taken_at)),
        desk.cell(receipt.map(|receipt| receipt.success_time)),
        heard,
        receipt.map_or_else(none, |receipt| code(receipt.transaction_id.clone())),
    ]
}

/// What went back, or is to.
pub(super) fn refunds(desk: &Desk, order: &Order, now: Timestamp) -> AnyView {
    let list = match order.refunds.is_empty() {
        true => view! { <p class="empty">{desk.say(Text::NoRefunds)}</p> }.into_any(),
        false => {
            let heads =
                [Text::Number, Text::Amount, Text::State, Text::AskedAt, Text::BackAt, Text::RefundId, Text::Reason];
            let rows = order.refunds.iter().map(|refund| row(desk, order, refund, now)).collect();
            table(desk.say(Text::RefundsCaption).to_owned(), &heads.map(|head| desk.say(head)), rows)
        }
    };
    view! { <section aria-labelledby="refunds"><h2 id="refunds">{desk.say(Text::Refunds)}</h2>{list}</section> }
        .into_any()
}

fn row(desk: &Desk, order: &Order, refund: &Refund, now: Timestamp) -> Vec<AnyView> {
    let why = refund.why.clone().map(|why| view! { <span class="under">{why}</span> });
    let waits = order.refund_waits(refund, now);
    let state = match waits {
        Some(_) => badge("plain", desk.say(Text::RefundWaits)),
        None => words::refund(desk, refund.state),
    };
    let next = order.refund_untaken(refund).map(|at| {
        let text = if waits.is_some() { Text::RefundWaitsUntil } else { Text::RefundNext };
        view! { <span class="under">{desk.say(text)}" "{desk.when(at)}</span> }
    });
    vec![
        code(refund.out_refund_no.clone()),
        view! { <span class="money">{desk.amount(refund.amount, order.facts.amount.currency)}</span> }.into_any(),
        view! { {state}{why}{next} }.into_any(),
        desk.cell(Some(refund.asked_at)),
        desk.cell(refund.success_time),
        refund.refund_id.clone().map_or_else(none, code),
        or_none(refund.reason.clone()),
    ]
}
