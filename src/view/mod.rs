//! What the payer sees: Leptos components that read one [`Screen`] and send [`Tap`]s. They decide nothing.

mod amount;
mod announcer;
mod bill;
mod countdown;
mod icon;
mod notice;
mod qr;
mod screens;
mod trouble;

use leptos::prelude::*;

use crate::core::{Body, Screen, Tap};
use crate::text::{Lang, Text};

pub use qr::{QUIET_ZONE, QrShape};

/// The whole cashier.
///
/// ```
/// use leptos::prelude::*;
/// use wechat_cashier::core::{Instant, Options, State, Tap};
/// use wechat_cashier::text::Lang;
/// use wechat_cashier::view::Cashier;
///
/// # #[cfg(feature = "ssr")] {
/// let screen = RwSignal::new(State::new(Options::default()).screen(Instant::ZERO));
/// let html = view! { <Cashier screen lang=Lang::En on_tap=Callback::new(|_: Tap| ()) /> }.to_html();
/// assert!(html.contains("names no order"));
/// # }
/// ```
#[component]
pub fn Cashier(
    /// What to show.
    #[prop(into)]
    screen: Signal<Screen>,
    /// In which language.
    lang: Lang,
    /// What the payer does.
    on_tap: Callback<Tap>,
) -> impl IntoView {
    let bill = Memo::new(move |_| screen.with(|screen| screen.bill.clone()));
    let body = Memo::new(move |_| screen.with(|screen| screen.body.at_rest()));
    let seconds = Memo::new(move |_| screen.with(|screen| screen.body.seconds()));
    let notice = Memo::new(move |_| screen.with(|screen| screen.notice.clone()));
    let return_to = Memo::new(move |_| screen.with(|screen| screen.return_to.clone()));
    let parts = Parts { lang, seconds, return_to, on_tap };
    view! {
        <section
            class="wc"
            lang=lang.tag()
            data-screen=move || body.with(Body::name)
            aria-busy=move || body.with(|body| matches!(body, Body::Loading).to_string())
        >
            {bill::bill(bill, lang)}
            <div class="wc-stage">
                <p class="wc-method">{lang.say(Text::WechatPay)}</p>
                {move || parts.stage(body.get())} {notice::notice(notice, lang, on_tap)}
            </div>
            {announcer::announcer(body, seconds, lang)}
        </section>
    }
}

/// What every screen is made with.
#[derive(Clone, Copy)]
struct Parts {
    lang: Lang,
    seconds: Memo<Option<u64>>,
    return_to: Memo<Option<String>>,
    on_tap: Callback<Tap>,
}
