//! What the view offers: `layout` of `src/view/screens.rs`, the button to pay by, the till's field, the other ways and
//! the notice's "try again", in one place. [`drawn`] reads the same off the page itself; the walk holds one against the other.

use leptos::prelude::*;
use wechat_cashier::core::{Body, Notice, Screen, Stage, Tap, Trouble};
use wechat_cashier::text::Lang;
use wechat_cashier::view::ScreenView;

use super::World;

/// A payment code as a scanner types it.
pub(crate) const GOOD_CODE: &str = "134567890123456789";

/// What a payer can tap on this screen to get further. Copying something, or staying, is not meant.
pub(crate) fn offered(screen: &Screen) -> Vec<Tap> {
    let mut taps = match &screen.body {
        Body::Scan { .. } => vec![Tap::HavePaid, Tap::Again],
        Body::Pay { stage: Stage::Ready, .. } => vec![Tap::Pay],
        Body::Pay { stage: Stage::Opening, .. } => vec![Tap::HavePaid, Tap::Retry],
        Body::Returned => vec![Tap::HavePaid, Tap::Again],
        Body::TakeCode { .. } => vec![Tap::Code(GOOD_CODE.to_owned())],
        Body::Confirming { can_go_back: true } => vec![Tap::Back],
        Body::Confirming { can_go_back: false } => vec![Tap::Retry],
        Body::Expired { renewable: true } => vec![Tap::Again, Tap::HavePaid],
        Body::Expired { renewable: false } | Body::Closed => vec![Tap::HavePaid],
        Body::Trouble(trouble) if trouble.is_final() => vec![],
        Body::Trouble(Trouble::Wechat { .. }) => vec![Tap::Retry, Tap::HavePaid],
        Body::Trouble(_) => vec![Tap::Retry],
        Body::Idle
        | Body::Loading
        | Body::Pay { stage: Stage::Preparing, .. }
        | Body::AwaitPayer { .. }
        | Body::Paid { .. }
        | Body::Refunded => vec![],
    };
    taps.extend(screen.other_ways().map(|way| Tap::Choose(way.method.clone())));
    let has_retry = matches!(
        screen.notice,
        Some(Notice::Offline | Notice::Unreachable | Notice::Refused(_) | Notice::Unreadable(_))
    );
    if has_retry && !taps.contains(&Tap::Retry) {
        taps.push(Tap::Retry);
    }
    taps
}

/// The names of the taps that the page has, those of [`offered`] only.
pub(crate) fn drawn(screen: &Screen) -> Vec<String> {
    let screen = RwSignal::new(screen.clone());
    let html = view! { <ScreenView screen words=Lang::En on_tap=Callback::new(|_: Tap| ()) /> }.to_html();
    let presses = html.split("data-tap=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut names: Vec<String> = presses.map(ToOwned::to_owned).collect();
    names.retain(|name| !["copy-link", "copy-trouble", "stay"].contains(&name.as_str()));
    if html.contains("wc-till") {
        names.push("code".to_owned());
    }
    names.sort();
    // A notice has one of its own.
    if let Some(second) = names.windows(2).position(|pair| pair[0] == "retry" && pair[1] == "retry") {
        names.remove(second);
    }
    names
}

impl World {
    pub(crate) fn offered(&self) -> Vec<Tap> {
        offered(&self.screen)
    }
}
