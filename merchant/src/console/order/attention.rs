//! What needs a person, and what to do about it.

use leptos::prelude::*;

use crate::config::Scope;
use crate::console::desk::{Desk, code};
use crate::console::text::Text;
use crate::console::words;
use crate::domain::{Misfit, Oddity, Order, Strange};

/// Nothing, where nothing does.
pub(super) fn attention(desk: &Desk, order: &Order) -> AnyView {
    if order.oddities.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = order.oddities.iter().map(|odd| item(desk, order, odd)).collect();
    view! {
        <section class="attention" aria-labelledby="attention">
            <h2 id="attention">{desk.say(Text::NeedsPerson)}</h2>
            <ul>{items}</ul>
        </section>
    }
    .into_any()
}

fn item(desk: &Desk, order: &Order, odd: &Oddity) -> AnyView {
    let (title, what_to_do) = words_of(&odd.what);
    let number = &odd.out_trade_no;
    let refund = matches!(odd.what, Strange::PaidTwice { .. }) && order.left(number) > 0 && desk.may(Scope::Refund);
    let refund = refund.then(|| {
        let href = format!("/console/orders/{}/refund?number={}&whole=1", order.facts.order_id, query(number));
        view! { <p><a class="button" href=href>{desk.say(Text::RefundSecond)}</a></p> }.into_any()
    });
    view! {
        <li>
            <h3>{desk.say(title)}</h3>
            {detail(desk, &odd.what)}
            <p>{desk.say(what_to_do)}</p>
            <p class="soft">{desk.say(Text::Number)}" "{code(number.clone())}" · "{desk.say(Text::NoticedAt)}" "{desk.when(odd.at)}</p>
            {refund}
        </li>
    }
    .into_any()
}

/// A number may have `|` and `*` in it.
pub(super) fn query(number: &str) -> String {
    url::form_urlencoded::byte_serialize(number.as_bytes()).collect()
}

const fn words_of(what: &Strange) -> (Text, Text) {
    match what {
        Strange::Misfit { .. } => (Text::OddMisfit, Text::DoMisfit),
        Strange::PaidTwice { .. } => (Text::OddPaidTwice, Text::DoPaidTwice),
        Strange::PaidLate { .. } => (Text::OddPaidLate, Text::DoPaidLate),
        Strange::RefundSeen => (Text::OddRefundSeen, Text::DoRefundSeen),
        Strange::UnknownState { .. } => (Text::OddUnknownState, Text::DoUnknownState),
        Strange::Contradiction { .. } => (Text::OddContradiction, Text::DoContradiction),
        Strange::RefundMisfit { .. } => (Text::OddRefundMisfit, Text::DoMisfit),
        Strange::RefundContradiction { .. } => (Text::OddRefundContradiction, Text::DoContradiction),
        Strange::RefundAbnormal { .. } => (Text::OddRefundAbnormal, Text::DoRefundAbnormal),
        Strange::RefundClosed { .. } => (Text::OddRefundClosed, Text::DoRefundAgain),
        Strange::RefundRefused { .. } => (Text::OddRefundRefused, Text::DoRefundAgain),
        Strange::RefundHeldUp { .. } => (Text::OddRefundHeldUp, Text::DoRefundHeldUp),
    }
}

fn detail(desk: &Desk, what: &Strange) -> AnyView {
    match what {
        Strange::Misfit { source, misfit, report } => {
            let said = words::said(desk, &report.trade_state);
            view! { {differs(desk, misfit)}<p>{desk.say(words::source(*source))}": "{said}</p> }.into_any()
        }
        Strange::RefundMisfit { source, misfit, report } => view! {
            {differs(desk, misfit)}
            <p>{desk.say(words::source(*source))}": "{code(report.out_refund_no.clone())}</p>
        }
        .into_any(),
        Strange::PaidTwice { receipt } | Strange::PaidLate { receipt } => view! {
            <p>{desk.say(Text::TransactionId)}" "{code(receipt.transaction_id.clone())}" · "{desk.say(Text::PaidWhen)}" "{desk.when(receipt.success_time)}</p>
        }
        .into_any(),
        Strange::UnknownState { word } => said(word.clone()),
        Strange::Contradiction { report } => view! { <p>{words::said(desk, &report.trade_state)}</p> }.into_any(),
        Strange::RefundContradiction { report } => said(report.out_refund_no.clone()),
        Strange::RefundAbnormal { out_refund_no } | Strange::RefundClosed { out_refund_no } => {
            said(out_refund_no.clone())
        }
        Strange::RefundRefused { out_refund_no, why } | Strange::RefundHeldUp { out_refund_no, why } => view! {
            <p>{code(out_refund_no.clone())}": "<q>{why.clone()}</q></p>
        }
        .into_any(),
        Strange::RefundSeen => ().into_any(),
    }
}

fn said(text: String) -> AnyView {
    view! { <p>{code(text)}</p> }.into_any()
}

fn differs(desk: &Desk, Misfit { field, expected, got }: &Misfit) -> AnyView {
    view! {
        <p>
            {code(field.clone())}": "{desk.say(Text::Expected)}" "{code(expected.clone())}", "{desk.say(Text::Got)}" "{code(got.clone())}
        </p>
    }
    .into_any()
}
