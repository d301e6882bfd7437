//! Icons. Each is beside text that says the same, so screen readers skip them.

use super::element::Element;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    Check,
    Clock,
    Cross,
    Back,
    Warning,
    Phone,
    Code,
    Question,
    Qr,
}

impl Icon {
    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Clock => "clock",
            Self::Cross => "cross",
            Self::Back => "back",
            Self::Warning => "warning",
            Self::Phone => "phone",
            Self::Code => "code",
            Self::Question => "question",
            Self::Qr => "qr",
        }
    }

    /// Its strokes, as paths in a square of 48 units.
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M14 25l7 7 14-15",
            Self::Clock => "M24 13v11l7 5",
            Self::Cross => "M17 17l14 14M31 17L17 31",
            Self::Back => "M20 16l-6 6 6 6M14 22h13a6 6 0 0 1 0 12h-5",
            Self::Warning => "M24 14v13M24 33v.5",
            Self::Phone => "M18 11h12v26H18zM23 33h2",
            Self::Code => "M14 17v14M19 17v14M24 17v14M29 17v14M34 17v14",
            Self::Question => "M19 20a5 5 0 1 1 7.500 4.330C25 25.500 24 26.500 24 29M24 34v.5",
            Self::Qr => "M15 15h7v7h-7zM26 15h7v7h-7zM15 26h7v7h-7zM26 26h3v3M33 26v7h-7",
        }
    }

    /// The icon in a ring. Its strokes are drawn one after the other, unless the payer prefers reduced motion.
    pub(super) fn draw(self) -> Element {
        let stroke = |tag| Element::new(tag, "").with("pathLength", "1");
        let ring = stroke("circle").with("cx", "24").with("cy", "24").with("r", "21");
        Element::new("svg", "wc-icon")
            .with("data-icon", self.name())
            .with("viewBox", "0 0 48 48")
            .with("aria-hidden", "true")
            .holding(ring)
            .holding(stroke("path").with("d", self.path()))
    }
}
