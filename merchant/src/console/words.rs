//! States and methods in words.

use leptos::prelude::*;
use wechat_cashier::contract::Method;

use super::desk::Desk;
use super::table::badge;
use super::text::Text;
use crate::domain::{Order, RefundState, Source, Status, TradeState, TradeWord};
use crate::reconcile::{Kind, State};
use crate::store::WebhookState;

/// An order's status, and how much of the payment went back so far.
pub(super) fn status(desk: &Desk, order: &Order, status: &Status) -> AnyView {
    let (kind, text) = match status {
        Status::Pending => ("plain", Text::Pending),
        Status::Paid { .. } => ("good", Text::Paid),
        Status::Closed => ("soft", Text::Closed),
        Status::Refunded => ("warm", Text::Refunded),
    };
    let back = match status {
        Status::Paid { out_trade_no, .. } => order.amount_back(out_trade_no),
        Status::Pending | Status::Closed | Status::Refunded => 0,
    };
    let part = (back > 0).then(|| {
        let back = desk.amount(back, order.facts.amount.currency);
        view! { " "{badge("warm", desk.with(Text::PartlyRefunded, &back))} }
    });
    view! { {badge(kind, desk.say(text))}{part} }.into_any()
}

pub(super) fn trade(desk: &Desk, state: &TradeState) -> AnyView {
    let (kind, text) = match state {
        TradeState::Taken => ("plain", Text::TradeTaken),
        TradeState::Open => ("plain", Text::TradeOpen),
        TradeState::UserPaying => ("plain", Text::TradeUserPaying),
        TradeState::Paid(receipt) if receipt.refunded => ("warm", Text::Refunded),
        TradeState::Paid(_) => ("good", Text::Paid),
        TradeState::Closed => ("soft", Text::Closed),
        TradeState::Failed => ("soft", Text::TradeFailed),
        TradeState::Refused => ("soft", Text::TradeRefused),
    };
    badge(kind, desk.say(text))
}

pub(super) fn refund(desk: &Desk, state: RefundState) -> AnyView {
    let (kind, text) = match state {
        RefundState::Asked | RefundState::Doubtful => ("plain", Text::RefundAsked),
        RefundState::Processing => ("plain", Text::RefundProcessing),
        RefundState::Success => ("good", Text::RefundSuccess),
        RefundState::Closed => ("bad", Text::RefundClosed),
        RefundState::Abnormal => ("bad", Text::RefundAbnormal),
        RefundState::Refused => ("bad", Text::RefundRefused),
    };
    badge(kind, desk.say(text))
}

pub(super) fn webhook(desk: &Desk, state: WebhookState) -> AnyView {
    let (kind, text) = match state {
        WebhookState::Waiting => ("plain", Text::HookWaiting),
        WebhookState::Delivered => ("good", Text::HookDelivered),
        WebhookState::GivenUp => ("bad", Text::HookGivenUp),
    };
    badge(kind, desk.say(text))
}

pub(super) fn day(desk: &Desk, state: State) -> AnyView {
    let (kind, text) = match state {
        State::Ok => ("good", Text::DayOk),
        State::Different => ("bad", Text::DayDifferent),
        State::Failed => ("warm", Text::DayFailed),
    };
    badge(kind, desk.say(text))
}

/// A way to pay. A method of the merchant's own is called by its id.
pub(super) fn method(desk: &Desk, method: &Method) -> String {
    let text = match method {
        Method::Native => Text::WayNative,
        Method::Jsapi => Text::WayJsapi,
        Method::H5 => Text::WayH5,
        Method::MiniProgram => Text::WayMiniProgram,
        Method::PaymentCode => Text::WayCode,
        Method::Merchant(id) => return id.clone(),
    };
    desk.say(text).to_owned()
}

pub(super) const fn source(source: Source) -> Text {
    match source {
        Source::Notification => Text::ByNotification,
        Source::Query => Text::ByQuery,
        Source::Codepay => Text::ByCodepay,
        Source::Refund => Text::ByRefund,
    }
}

/// WeChat Pay's word for a trade, in ours.
pub(super) fn said(desk: &Desk, word: &TradeWord) -> String {
    let text = match word {
        TradeWord::Success => Text::SaidSuccess,
        TradeWord::Refund => Text::SaidRefund,
        TradeWord::Notpay => Text::SaidNotpay,
        TradeWord::Closed => Text::SaidClosed,
        TradeWord::Revoked => Text::SaidRevoked,
        TradeWord::Userpaying => Text::SaidUserpaying,
        TradeWord::Payerror => Text::SaidPayerror,
        TradeWord::Unknown(word) => return desk.with(Text::SaidUnknown, word),
    };
    desk.say(text).to_owned()
}

/// What differs between bill and orders, and what to do about it.
pub(super) const fn difference(kind: Kind) -> (Text, Text) {
    match kind {
        Kind::MissingHere => (Text::DiffMissingHere, Text::DoMissingHere),
        Kind::MissingThere => (Text::DiffMissingThere, Text::DoMissingThere),
        Kind::Amount => (Text::DiffAmount, Text::DoAmount),
        Kind::State => (Text::DiffState, Text::DoState),
        Kind::Payment => (Text::DiffPayment, Text::DoPayment),
        Kind::RefundMissingHere => (Text::DiffRefundMissingHere, Text::DoRefundMissingHere),
        Kind::RefundMissingThere => (Text::DiffRefundMissingThere, Text::DoRefundMissingThere),
        Kind::RefundAmount => (Text::DiffRefundAmount, Text::DoRefundAmount),
    }
}
