//! Beginning with an answer that is there already.

use crate::contract::{Order, OrderAnswer};
use crate::core::{Call, Effect, Event, HostEvent, Instant, Stamp, State};

use super::host::FIRST_AGE_MAX_MS;
use super::update;

/// Begins as [`Event::Start`] does, after these news of the page, and takes in a first answer at once: one that the page
/// brought along, asked for at [`Instant::ZERO`] or later. No request goes out for it, and there is no screen without it.
///
/// A payer who may just have paid wants the platform asked, and of that no answer says anything that was there before: it is
/// then passed over, and so is one about another order, of which the host is told, and one that may be more than ten seconds old.
///
/// With `shown`, the payer sees what it says already: it is then taken in whatever its age, and asked about at once if it may
/// be more than ten seconds old. `told` is what [`Event::Start`] has of that name.
///
/// ```
/// use wechat_cashier::contract::decode;
/// use wechat_cashier::core::{Instant, Options, State, begin};
///
/// let order = decode(include_str!("../../../tests/golden/contract/good/order.resumed_payment.json")).unwrap();
/// let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..Options::default() });
/// begin(&mut state, [], None, None, Some(order), false, Instant::ZERO);
/// assert_eq!(state.screen(Instant::ZERO).body.name(), "scan");
/// ```
pub fn begin(
    state: &mut State,
    news: impl IntoIterator<Item = Event>,
    remembered: Option<String>,
    told: Option<String>,
    first: Option<Order>,
    shown: bool,
    now: Instant,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for event in news.into_iter().chain([Event::Start { remembered, told }]) {
        effects.extend(update(state, event, Instant::ZERO));
    }
    let young = now.since(Instant::ZERO) < FIRST_AGE_MAX_MS;
    let Some(order) = first.map(Box::new) else { return effects };
    let is_ours = order.order_id == state.options.order_id;
    if !is_ours {
        effects.extend(update(state, Event::Host(HostEvent::First { order: Ok(order), asked: None }), now));
    } else if (young || shown)
        && let Some((index, stamp)) = question(&effects)
    {
        effects.remove(index);
        effects.extend(update(state, Event::Order { stamp, result: Ok(OrderAnswer::Whole(order)) }, now));
        if !young {
            effects.extend(update(state, Event::Host(HostEvent::Refresh), now));
        }
    }
    effects
}

/// The question that a first answer answers.
fn question(effects: &[Effect]) -> Option<(usize, Stamp)> {
    effects.iter().enumerate().find_map(|(index, effect)| match effect {
        Effect::Send { stamp, call: Call::Order { verify: false, .. }, .. } => Some((index, *stamp)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Timestamp, decode};
    use crate::core::{News, Options, PageEvent};

    fn resumed() -> Order {
        decode(include_str!("../../../tests/golden/contract/good/order.resumed_payment.json")).expect("an order")
    }

    fn begun(options: Options, first: Order, now: Instant) -> (State, Vec<Effect>) {
        let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..options });
        let effects = begin(&mut state, [], None, None, Some(first), false, now);
        (state, effects)
    }

    fn asks(effects: &[Effect]) -> bool {
        effects.iter().any(|effect| matches!(effect, Effect::Send { .. }))
    }

    #[test]
    fn what_is_known_is_not_asked() {
        let (state, effects) = begun(Options::default(), resumed(), Instant::from_millis(700));
        assert!(!asks(&effects), "{effects:?}");
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Wake(Some(_)))), "and it goes on: {effects:?}");
        assert_eq!(state.screen(Instant::from_millis(700)).body.name(), "scan");
    }

    #[test]
    fn a_page_that_nobody_sees_yet_shows_it_too() {
        let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..Options::default() });
        let effects =
            begin(&mut state, [Event::Page(PageEvent::Hidden)], None, None, Some(resumed()), false, Instant::ZERO);
        assert!(!asks(&effects), "{effects:?}");
        assert_eq!(state.screen(Instant::ZERO).body.name(), "scan");
    }

    #[test]
    fn an_answer_counts_as_old_as_it_may_be() {
        // Ten minutes were left when it was given, and it may have been given when the page began.
        let first = Order { now: Timestamp::parse("2026-11-21T10:05:00Z").expect("a time"), ..resumed() };
        let now = Instant::from_millis(8_000);
        let (state, _) = begun(Options::default(), first, now);
        assert_eq!(state.screen(now).body.seconds(), Some(592));
    }

    #[test]
    fn an_answer_that_may_be_old_is_asked_for_again() {
        let now = Instant::from_millis(FIRST_AGE_MAX_MS);
        let (state, effects) = begun(Options::default(), resumed(), now);
        assert!(asks(&effects) && state.status().is_none(), "{effects:?}");
    }

    #[test]
    fn an_answer_that_is_seen_already_stays_and_is_asked_about() {
        let now = Instant::from_millis(FIRST_AGE_MAX_MS);
        let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..Options::default() });
        let effects = begin(&mut state, [], None, None, Some(resumed()), true, now);
        assert_eq!(state.screen(now).body.name(), "scan");
        assert!(asks(&effects), "{effects:?}");
        let late = Instant::from_millis(3_600_000);
        let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..Options::default() });
        begin(&mut state, [], None, None, Some(resumed()), true, late);
        assert_ne!(state.screen(late).body.name(), "scan", "the code has expired meanwhile");
    }

    #[test]
    fn of_a_payment_just_made_no_earlier_answer_says_anything() {
        let (state, effects) = begun(Options { returned: true, ..Options::default() }, resumed(), Instant::ZERO);
        assert!(asks(&effects) && state.status().is_none(), "{effects:?}");
    }

    #[test]
    fn a_code_that_was_there_before_the_program_is_as_old_as_it_is() {
        let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..Options::default() });
        let now = Instant::from_millis(5_000);
        begin(&mut state, [], None, None, Some(resumed()), true, now);
        let asks_after = state.polling.next().expect("a plan").since(now);
        assert!(asks_after < 3_000, "{asks_after}");
    }

    #[test]
    fn an_answer_about_another_order_is_passed_over() {
        let other = Order { order_id: "another".to_owned(), ..resumed() };
        let (state, effects) = begun(Options::default(), other, Instant::ZERO);
        assert!(asks(&effects) && state.status().is_none(), "{effects:?}");
        let told = effects.iter().find_map(|effect| match effect {
            Effect::Tell(News::Error(error)) => Some((error.code, error.detail.clone()?, error.fatal)),
            _ => None,
        });
        let detail = "first: order_id: expected \"T20261121001\", got \"another\"".to_owned();
        assert_eq!(told, Some(("unreadable_answer", detail, false)), "the host is told");
    }
}
