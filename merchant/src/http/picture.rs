//! The first screen as HTML, where that is the code: on a computer it is seen before any script has come.
//!
//! It is drawn by the program's own view (`src/view`) out of what its own core would show. The scripts of the page draw the
//! same over it (`src/embed/first/`), and it answers to nobody until then. For every other screen the page goes out with
//! the place kept free: a button that does not answer yet would be worse than none.

use std::sync::Arc;

use leptos::prelude::{Owner, RenderHtml};
use wechat_cashier::contract;
use wechat_cashier::core::{Body, Environment, Instant, Options, State, begin};
use wechat_cashier::text::Lang;
use wechat_cashier::view::Painter;

/// Who opens the page, and by which address.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) place: Environment,
    pub(super) page_url: String,
    pub(super) lang: Lang,
}

/// The code, as the page's program will draw it; None where it will draw anything else.
pub(super) fn picture(order: contract::Order, visit: &Visit) -> Option<String> {
    let mut state = State::new(Options {
        order_id: order.order_id.clone(),
        page_url: visit.page_url.clone(),
        environment: Some(visit.place),
        ..Options::default()
    });
    // Its effects are requests, which the browser will make.
    drop(begin(&mut state, [], None, None, Some(order), true, Instant::ZERO));
    let screen = state.screen(Instant::ZERO);
    if !matches!(screen.body, Body::Scan { in_hand: false, .. }) || screen.notice.is_some() {
        return None;
    }
    let view = Painter::new(visit.lang.into(), Arc::new(|_| ())).paint(&screen);
    let html = Owner::new().with(|| view.to_html());
    // As the page's scripts mark what they draw before the program is there.
    html.strip_prefix("<section").map(|rest| format!("<section data-first=\"\"{rest}"))
}

/// The language in which the page's scripts will speak (`src/embed/load.js`): the address's, else the first of the browser's that there is.
pub(super) fn language(asked: Option<&str>, accepted: &str) -> Lang {
    let browsers = accepted.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
    asked.into_iter().chain(browsers).find_map(Lang::serving).unwrap_or(Lang::En)
}
