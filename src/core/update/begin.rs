//! Beginning with an answer that is there already.

use crate::contract::Order;
use crate::core::{Call, Effect, Event, Instant, Stamp, State};

use super::update;

/// Begins as [`Event::Start`] does, after these news of the page, and takes in a first answer at once: one that the page
/// brought along, asked for at [`Instant::ZERO`] or later. No request goes out for it, and there is no screen without it.
///
/// A payer who may just have paid wants the platform asked, and of that no answer says anything that was there before: it is
/// then passed over, and so is one about another order.
///
/// ```
/// use wechat_cashier::contract::decode;
/// use wechat_cashier::core::{Instant, Options, State, begin};
///
/// let order = decode(include_str!("../../../tests/golden/contract/good/order.resumed_payment.json")).unwrap();
/// let mut state = State::new(Options { order_id: "T20261121001".to_owned(), ..Options::default() });
/// begin(&mut state, [], None, Some(order), Instant::ZERO);
/// assert_eq!(state.screen(Instant::ZERO).body.name(), "scan");
/// ```
pub fn begin(
    state: &mut State,
    news: impl IntoIterator<Item = Event>,
    remembered: Option<String>,
    first: Option<Order>,
    now: Instant,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for event in news.into_iter().chain([Event::Start { remembered }]) {
        effects.extend(update(state, event, Instant::ZERO));
    }
    if let Some(order) = first.filter(|order| order.order_id == state.options.order_id)
        && let Some((index, stamp)) = question(&effects)
    {
        effects.remove(index);
        effects.extend(update(state, Event::Order { stamp, result: Ok(Box::new(order)) }, now));
    }
    effects
}

/// The question that a first answer answers.
fn question(effects: &[Effect]) -> Option<(usize, Stamp)> {
    effects.iter().enumerate().find_map(|(index, effect)| match effect {
        Effect::Send { stamp, call: Call::Order { verify: false }, .. } => Some((index, *stamp)),
        _ => None,
    })
}
