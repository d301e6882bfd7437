//! The form of a refund, and what is asked before money moves.

use leptos::prelude::*;
use wechat_cashier::contract::{Currency, Money};

use super::amount::plain;
use super::desk::{Desk, code};
use super::frame::Page;
use super::place::Place;
use super::table::facts;
use super::text::Text;

/// A refund that is being written.
#[derive(Clone, Debug)]
pub struct Form {
    /// Of which order.
    pub order_id: String,
    /// Of which of its numbers.
    pub number: String,
    /// What is left of it.
    pub left: Money,
    /// What for, as the payer reads it.
    pub description: String,
    /// All that is left.
    pub is_whole: bool,
    /// How much, as it was typed.
    pub amount: String,
    /// Why, as it was typed.
    pub reason: String,
    /// By which this form is known: sent twice, it refunds once.
    pub key: String,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The amount is none.
    Amount,
    /// It is more than what is left.
    TooMuch,
    /// An amount was typed, and all that is left was chosen.
    AmountAndAll,
    /// The reason is too long.
    ReasonLong,
    /// The reason has a sign that WeChat Pay does not take.
    ReasonSign,
    /// The backend says why it cannot be.
    Said(String),
}

/// How much and why.
#[must_use]
pub fn refund(desk: &Desk, form: &Form, fault: Option<&Fault>) -> Page {
    let Form { order_id, number, left, is_whole, amount, reason, .. } = form;
    let left_text = desk.money(*left);
    let at_amount = matches!(fault, Some(Fault::Amount | Fault::TooMuch | Fault::AmountAndAll));
    let at_reason = matches!(fault, Some(Fault::ReasonLong | Fault::ReasonSign));
    let wrong = fault.map(|fault| {
        let to = if at_reason { "#reason" } else { "#amount" };
        view! {
            <div class="said bad" role="alert" id="wrong">
                <h2>{desk.say(Text::NotSent)}</h2>
                <p><a href=to>{words(desk, fault, &left_text)}</a></p>
            </div>
        }
        .into_any()
    });
    let (whole, part) = (*is_whole, !*is_whole);
    let body = view! {
        {hidden(form)}
        <fieldset>
            <legend>{desk.say(Text::HowMuch)}</legend>
            <label class="choice"><input type="radio" name="what" value="whole" checked=whole/>" "{desk.with(Text::AllOfIt, &left_text)}</label>
            <label class="choice"><input type="radio" name="what" value="part" checked=part/>" "{desk.say(Text::APart)}</label>
            <label for="amount">{desk.with(Text::PartLabel, left.currency.code())}</label>
            <p class="hint" id="amount-hint">{desk.with(Text::PartHint, &left_text)}</p>
            <input
                id="amount" name="amount" inputmode="decimal" autocomplete="off" value=amount.clone()
                aria-invalid=at_amount.then_some("true")
                aria-describedby={if at_amount { "wrong amount-hint" } else { "amount-hint" }}
            />
        </fieldset>
        <label for="reason">{desk.say(Text::ReasonLabel)}</label>
        <p class="hint" id="reason-hint">{desk.say(Text::ReasonHint)}</p>
        <input
            id="reason" name="reason" autocomplete="off" value=reason.clone()
            aria-invalid=at_reason.then_some("true")
            aria-describedby={if at_reason { "wrong reason-hint" } else { "reason-hint" }}
        />
        <p class="actions">
            <button type="submit" class="main">{desk.say(Text::GoOn)}</button>" "
            <a class="button" href=back(order_id)>{desk.say(Text::Cancel)}</a>
        </p>
    };
    let about = facts(vec![
        (desk.say(Text::Order), Some(code(order_id.clone()))),
        (desk.say(Text::Number), Some(code(number.clone()))),
        (desk.say(Text::WhatFor), Some(view! { <bdi>{form.description.clone()}</bdi> }.into_any())),
        (desk.say(Text::Left), Some(view! { <strong class="money">{left_text.clone()}</strong> }.into_any())),
    ]);
    let form = desk.form(format!("/console/orders/{order_id}/refund"), "card", body.into_any());
    Page {
        title: desk.say(Text::RefundTitle).to_owned(),
        place: Some(Place::Orders),
        is_refused: fault.is_some(),
        beside: None,
        main: view! { {wrong}{about}{form} }.into_any(),
    }
}

/// Once more, before it is done. `amount` is what will move.
#[must_use]
pub fn confirm(desk: &Desk, form: &Form, amount: Money) -> Page {
    let Form { order_id, number, left, reason, description, .. } = form;
    let rest = left.value.saturating_sub(amount.value);
    let (text, currency): (String, Currency) = (desk.money(amount), amount.currency);
    let about = facts(vec![
        (desk.say(Text::Amount), Some(view! { <strong class="money great">{text.clone()}</strong> }.into_any())),
        (desk.say(Text::Order), Some(code(order_id.clone()))),
        (desk.say(Text::Number), Some(code(number.clone()))),
        (desk.say(Text::WhatFor), Some(view! { <bdi>{description.clone()}</bdi> }.into_any())),
        (desk.say(Text::Reason), (!reason.is_empty()).then(|| view! { <bdi>{reason.clone()}</bdi> }.into_any())),
        (desk.say(Text::LeftAfter), Some(desk.amount(rest, currency).into_any())),
    ]);
    let body = view! {
        {hidden(form)}
        <input type="hidden" name="what" value="part"/>
        <input type="hidden" name="amount" value=plain(amount)/>
        <input type="hidden" name="reason" value=reason.clone()/>
        <p>{desk.say(Text::ConfirmText)}</p>
        <p class="actions">
            <button type="submit" class="main grave">{desk.with(Text::RefundNow, &text)}</button>" "
            <a class="button" href=back(order_id)>{desk.say(Text::Cancel)}</a>
        </p>
    };
    let form = desk.form(format!("/console/orders/{order_id}/refund/confirmed"), "", body.into_any());
    Page {
        title: desk.with(Text::ConfirmTitle, &text),
        place: Some(Place::Orders),
        is_refused: false,
        beside: None,
        main: view! { <div class="card ask">{about}{form}</div> }.into_any(),
    }
}

fn hidden(form: &Form) -> AnyView {
    view! {
        <input type="hidden" name="number" value=form.number.clone()/>
        <input type="hidden" name="key" value=form.key.clone()/>
    }
    .into_any()
}

fn back(order_id: &str) -> String {
    format!("/console/orders/{order_id}")
}

fn words(desk: &Desk, fault: &Fault, left: &str) -> String {
    match fault {
        Fault::Amount => desk.say(Text::AmountWrong).to_owned(),
        Fault::TooMuch => desk.with(Text::AmountTooMuch, left),
        Fault::AmountAndAll => desk.say(Text::AmountAndAll).to_owned(),
        Fault::ReasonLong => desk.say(Text::ReasonLong).to_owned(),
        Fault::ReasonSign => desk.say(Text::ReasonSign).to_owned(),
        Fault::Said(why) => desk.with(Text::BackendSays, why),
    }
}
