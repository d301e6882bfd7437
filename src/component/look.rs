//! Layout and colour scheme of the component.

use crate::core::Surface;

/// How much of the page the cashier takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A card, as wide as its container up to a maximum width.
    #[default]
    Panel,
    /// The whole page.
    Page,
    /// A counter's screen, for customers to look at: it asks the backend even while hidden, and is idle without an order.
    ///
    /// Wake lock, speech and `BroadcastChannel` exist only in the custom element (`docs/counter.md`).
    Counter,
}

impl Layout {
    /// Its name in the style sheet.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Page => "page",
            Self::Counter => "counter",
        }
    }

    pub(super) fn surface(self) -> Surface {
        match self {
            Self::Panel | Self::Page => Surface::Payer,
            Self::Counter => Surface::Counter,
        }
    }
}

/// The colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the payer's device is set.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark. The QR stays dark on white.
    Dark,
}

impl Theme {
    /// Its name in the style sheet.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
