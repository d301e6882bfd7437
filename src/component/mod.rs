//! The cashier as a component of a Leptos app.

mod control;
mod look;
mod served;

use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;

use crate::contract::Order;
use crate::core::{Environment, News, Options, Passage, Probes, Report, ReportedError, WayBack};
use crate::shell::{self, Config, First, Listener, Sdk};
use crate::text::{Lang, Words};

pub use control::Control;
pub use look::{Layout, Theme};
use served::Served;

/// An address that the cashier is about to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Navigation {
    /// The address.
    pub url: String,
    /// The purpose.
    pub passage: Passage,
}

/// A cashier for one order. It draws the QR, or offers what works where the page is opened, asks the merchant's backend until
/// the order is paid, and reports that.
///
/// ```
/// use leptos::prelude::*;
/// use wechat_cashier::Cashier;
/// use wechat_cashier::text::Lang;
///
/// #[component]
/// fn Checkout() -> impl IntoView {
///     let paid = RwSignal::new(false);
///     view! {
///         <Cashier order="T20261121001" api="/api" words=Lang::En on_paid=move |_order| paid.set(true) />
///         <Show when=move || paid.get()><p>"Thank you."</p></Show>
///     }
/// }
/// # let owner = Owner::new();
/// # let html = owner.with(|| view! { <Checkout/> }.to_html());
/// # assert!(html.contains(r#"data-screen="loading""#), "{html}");
/// ```
///
/// # On a server
///
/// It is rendered to HTML like any other component, with the feature `ssr`; with the feature `hydrate` the browser takes over
/// what is drawn. The screen shows the order as `first` describes it; without `first`, it shows that the order is loading.
///
/// With an answer that already holds a payment (the contract's `payment`), the QR is in the HTML. The app hands the same
/// answer to both sides, as by a [`Resource`](leptos::prelude::Resource), which serializes it into the page:
///
/// ```
/// use leptos::prelude::*;
/// use wechat_cashier::Cashier;
/// use wechat_cashier::contract::Order;
/// # async fn ask_the_backend(_: String) -> Option<Order> { None }
///
/// #[component]
/// fn Checkout(order: String) -> impl IntoView {
///     let asked = order.clone();
///     let first = Resource::new_blocking(|| (), move |()| ask_the_backend(asked.clone()));
///     view! {
///         <Suspense>
///             {move || {
///                 let order = order.clone();
///                 Suspend::new(async move { view! { <Cashier order first=first.await /> } })
///             }}
///         </Suspense>
///     }
/// }
/// ```
///
/// Such a page holds one payer's order at one moment: serve it with `Cache-Control: no-store`. If the page came from a cache,
/// its answer is ignored and the backend is asked instead.
///
/// # Style
///
/// The style sheet is [`STYLE`](crate::STYLE): serve it, and link to it in the page's head. Custom properties change colours
/// and sizes (`--cashier-accent` and others, `docs/embedding.md`).
#[component]
pub fn Cashier(
    /// The order's id. A change starts over with the new order. If it is empty, a counter is idle, and other layouts say that
    /// it is missing.
    #[prop(into)]
    order: Signal<String>,
    /// The backend's URL prefix: `{api}/orders/…` (`docs/contract.md`).
    #[prop(into, default = "/api".to_owned())]
    api: String,
    /// Sent as `Authorization: Bearer`.
    #[prop(into, optional_no_strip)]
    token: Option<String>,
    /// The texts: a built-in [`Lang`], or [`Words`] of your own. They must be the same on the server and in the browser.
    #[prop(into, default = Lang::ZhCn.into())]
    words: Words,
    /// The backend's answer about the order, if it is known already; the first screen then needs no request. An answer about
    /// another order is ignored.
    #[prop(into, optional_no_strip)]
    first: Option<Order>,
    /// The browser's `performance.now()` when `first` was requested. If absent: 0 if the server rendered it; if it was given in
    /// the browser, its age is unknown, and the backend is asked instead.
    #[prop(optional)]
    first_asked_ms: Option<f64>,
    /// The request's `User-Agent`, for the server only: it then draws what a phone, or WeChat, is shown.
    #[prop(into, optional_no_strip)]
    user_agent: Option<String>,
    /// The page's own address, for the server only: it then draws the way back to the shop too.
    #[prop(into, optional_no_strip)]
    page_url: Option<String>,
    /// How much of the page it takes.
    #[prop(optional)]
    layout: Layout,
    /// The colour scheme.
    #[prop(optional)]
    theme: Theme,
    /// Ids of the ways to pay to offer, in this order. If empty: all that the order offers.
    #[prop(into, optional)]
    methods: Vec<String>,
    /// How the payer gets back to the order's `return_url`.
    #[prop(optional)]
    way_back: WayBack,
    /// Further origins that the payer may be sent to, such as `https://shop.example`.
    #[prop(into, optional)]
    allowed_origins: Vec<String>,
    /// WeChat's JS-SDK, loaded only in a mini-program's web-view.
    #[prop(optional)]
    sdk: Sdk,
    /// Called once with the order's id when it is paid and the screen shows it.
    #[prop(into, optional)]
    on_paid: Option<Callback<String>>,
    /// Called when the order's status, the screen, the way to pay or its stage changes.
    #[prop(into, optional)]
    on_status: Option<Callback<Report>>,
    /// Called with what is wrong, for good or for now, each time that changes.
    #[prop(into, optional)]
    on_error: Option<Callback<ReportedError>>,
    /// Called before the cashier leaves the page. If it returns false, the cashier stays, and the app takes the payer on.
    #[prop(into, optional)]
    on_navigate: Option<Callback<Navigation, bool>>,
    /// A handle by which the app can refresh, retry or close.
    #[prop(optional)]
    control: Option<Control>,
) -> impl IntoView {
    let options = Options { api, allowed_origins, surface: layout.surface(), methods, way_back, ..Options::default() };
    let served = Served {
        options: Options {
            order_id: order.get_untracked(),
            page_url: page_url.unwrap_or_default(),
            environment: user_agent.map(|user_agent| Environment::of(&Probes { user_agent, ..Probes::default() })),
            ..options.clone()
        },
        words: words.clone(),
        first: first.clone(),
    };
    let place = NodeRef::<Div>::new();
    let control = control.unwrap_or_default();
    let owner = Owner::current().map(|owner| owner.downgrade());
    let hearers = Hearers { on_paid, on_status, on_error, on_navigate, owner };
    // Effects run in browsers alone. This one's value: the order of the cashier that is in the place.
    Effect::new(move |before: Option<Option<String>>| {
        let before = before.flatten();
        let Some(place) = place.get() else { return before };
        let order = order.get();
        if before.as_ref() == Some(&order) {
            return before;
        }
        control.put(None);
        // With the first cashier in this place, it goes on from what a server drew there, if one did.
        let keep = before.is_none();
        let first = first.clone().filter(|first| keep && first.order_id == order);
        let config = Config {
            token: token.clone(),
            words: words.clone(),
            sdk: sdk.clone(),
            first: first.and_then(|order| aged(order, first_asked_ms, place.first_element_child().is_some())),
            early: None,
            early_payment: None,
            told: None,
            listener: hearers.clone().listener(order.clone()),
            options: Options { order_id: order.clone(), seed: seed(), ..options.clone() }.with_page_address(),
        };
        // Signals that callbacks read while the cashier begins must not run this effect again.
        untrack(|| {
            control.put(Some(shell::prepare(&place, config, if keep { shell::take_over } else { shell::draw })))
        });
        Some(order)
    });
    on_cleanup(move || control.put(None));
    view! {
        <div class="wc-root" data-layout=layout.word() data-theme=theme.word() node_ref=place>
            {served}
        </div>
    }
}

/// A first answer with its age, if that is known: one that a server drew into the page is as old as the page, unless that
/// came out of a cache.
fn aged(order: Order, asked_ms: Option<f64>, is_served: bool) -> Option<First> {
    let asked_ms = asked_ms.or_else(|| (is_served && shell::is_fresh()).then_some(0.0))?;
    Some(First { order, asked_ms, shown: false })
}

fn seed() -> u64 {
    js_sys::Math::random().to_bits() ^ js_sys::Date::now().to_bits().rotate_left(32)
}

/// The app's callbacks.
#[derive(Clone)]
struct Hearers {
    on_paid: Option<Callback<String>>,
    on_status: Option<Callback<Report>>,
    on_error: Option<Callback<ReportedError>>,
    on_navigate: Option<Callback<Navigation, bool>>,
    /// The component's owner, so that callbacks find the app's contexts. Weak, so that this does not keep it alive.
    owner: Option<WeakOwner>,
}

impl Hearers {
    /// The function that the shell calls. A callback whose owner is gone is not called.
    fn listener(self, order: String) -> Listener {
        Rc::new(move |news| {
            let tell = || untrack(|| self.tell(&order, news));
            match self.owner.as_ref().and_then(WeakOwner::upgrade) {
                Some(owner) => owner.with(tell),
                None => tell(),
            }
        })
    }

    fn tell(&self, order: &str, news: &News) -> bool {
        match news {
            News::Status { report, .. } => {
                self.on_status.and_then(|on_status| on_status.try_run(report.clone()));
            }
            News::Error(error) => {
                self.on_error.and_then(|on_error| on_error.try_run(error.clone()));
            }
            News::Paid { .. } => {
                self.on_paid.and_then(|on_paid| on_paid.try_run(order.to_owned()));
            }
            // What these say is in a status too. What measures is a script of the npm package: an app has `on_status`.
            News::Ready | News::Expired | News::Closed | News::Measure(_) => {}
            News::Navigate { url, passage, .. } => {
                let navigation = Navigation { url: url.clone(), passage: *passage };
                return self.on_navigate.and_then(|asked| asked.try_run(navigation)) != Some(false);
            }
        }
        true
    }
}
