//! What the payer sees: a view of one [`Screen`], and the [`Tap`]s that it sends. It decides nothing.

mod amount;
mod bill;
mod build;
#[cfg(feature = "component")]
mod component;
mod correction;
mod element;
mod icon;
mod notice;
mod qr;
mod screens;
mod till;
mod time_left;
mod trouble;
mod ways;

use std::sync::Arc;

use crate::core::{Body, Screen, Tap};
use crate::text::Words;

use build::{block, line, status};
use qr::Drawing;

#[cfg(feature = "component")]
pub use component::*;

// For the first stage, which is written natively.
pub use amount::format as money;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use amount::{DRESSED_MAX, SIGNS};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use bill::LONG_AMOUNTS;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use build::FOLDED_FROM;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use element::PARTS;
pub use element::{Drawn, Element};
pub use qr::{QUIET_ZONE, QrShape};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use time_left::SHORT_S;

/// The function that receives each [`Tap`].
pub type OnTap = Arc<dyn Fn(Tap) + Send + Sync>;

/// Makes views of screens, one after the other.
///
/// A view is a plain function of its screen: a new one is made whenever the screen changes, and only the differences are
/// applied to the page. It has no signals inside: they would cost 20 KB of wasm, for a page that changes once a second.
pub struct Painter {
    words: Words,
    on_tap: OnTap,
    /// The QR on the screen, so that it is not computed again each second.
    drawing: Option<Drawing>,
    /// The screen before, without its countdown.
    before: Option<Body>,
    turn: bool,
}

impl Painter {
    /// A painter that has not painted yet.
    pub fn new(words: Words, on_tap: OnTap) -> Self {
        Self { words, on_tap, drawing: None, before: None, turn: false }
    }

    /// Says everything in these words from now on.
    pub fn say(&mut self, words: Words) {
        self.words = words;
    }

    /// Changes with every new screen, and not while nothing but time passes.
    pub(crate) fn turn(&self) -> bool {
        self.turn
    }

    /// The view of this screen, which follows the one before.
    pub fn paint(&mut self, screen: &Screen) -> Element {
        let Screen { bill, body, notice, .. } = screen;
        let at_rest = body.at_rest();
        if self.before.as_ref() != Some(&at_rest) {
            self.before = Some(at_rest);
            self.turn = !self.turn;
        }
        self.drawing = Drawing::of(body, self.drawing.take());
        let words = &self.words;
        let method = line("wc-method", ways::heading(screen, words));
        let stage = block("wc-stage").holding(method).holding(self.stage(screen));
        let noticed = notice.is_some();
        let over = status("wc-over").holding(notice::notice(notice.as_ref(), words, &self.on_tap));
        let news = status("wc-unseen").holding(line("", screens::news(screen, words)));
        let card = Element::new("section", "wc")
            .with("part", "card")
            .with("lang", words.tag().to_owned())
            // As the words are written, whatever the page around is.
            .with("dir", if words.are_rtl() { "rtl" } else { "ltr" })
            .with("data-screen", body.name())
            .holding(bill::bill(bill.as_ref(), body, words))
            .holding(stage)
            .holding(over)
            .holding(news)
            // Optional parts come last, so that the elements before them keep their places: screen readers watch those.
            .holding(ways::ways(screen, words, &self.on_tap));
        if noticed { card.with("data-notice", "") } else { card }
    }
}
