//! How the component looks.

use crate::core::Surface;

/// How the cashier lies in the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// As a card that fills the width it is given, up to its own.
    #[default]
    Panel,
    /// As the whole page.
    Page,
    /// As a counter's screen, for customers to look at: it keeps asking, seen or not, and no order means idle.
    ///
    /// Wake lock, speech and `BroadcastChannel` are the element's (`docs/counter.md`).
    Counter,
}

impl Layout {
    /// The word that the style sheet goes by.
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

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the payer's device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark. The QR stays dark on white.
    Dark,
}

impl Theme {
    /// The word that the style sheet goes by.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
