//! Drawn signs. Each stands beside words that say the same, so none is read out.

use leptos::prelude::*;

/// A drawn sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    Check,
    Clock,
    Cross,
    Back,
    Warning,
}

impl Icon {
    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Clock => "clock",
            Self::Cross => "cross",
            Self::Back => "back",
            Self::Warning => "warning",
        }
    }

    /// Strokes in a square of 48.
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M14 25l7 7 14-15",
            Self::Clock => "M24 13v11l7 5",
            Self::Cross => "M17 17l14 14M31 17L17 31",
            Self::Back => "M20 16l-6 6 6 6M14 22h13a6 6 0 0 1 0 12h-5",
            Self::Warning => "M24 14v13M24 33v.5",
        }
    }

    /// The sign in a ring. Its strokes are drawn one after the other where motion is welcome.
    pub(super) fn draw(self) -> AnyView {
        view! {
            <svg class="wc-icon" data-icon=self.name() viewBox="0 0 48 48" aria-hidden="true">
                <circle cx="24" cy="24" r="21" pathLength="1"></circle>
                <path d=self.path() pathLength="1"></path>
            </svg>
        }
        .into_any()
    }
}
