//! Where one can go.

use super::text::Text;

/// A page that stands in the navigation, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Orders, and each of them.
    Orders,
    /// What the shop was told.
    Webhooks,
    /// What fitted no order.
    Unmatched,
    /// Days beside WeChat Pay's bills.
    Days,
    /// How payers fare.
    Payers,
    /// How the backend is.
    Health,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Orders, Self::Webhooks, Self::Unmatched, Self::Days, Self::Payers, Self::Health];

    /// Its address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Orders => "/console/",
            Self::Webhooks => "/console/webhooks",
            Self::Unmatched => "/console/unmatched",
            Self::Days => "/console/days",
            Self::Payers => "/console/payers",
            Self::Health => "/console/health",
        }
    }

    /// Its name, which is the title of the page too.
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Orders => Text::Orders,
            Self::Webhooks => Text::Webhooks,
            Self::Unmatched => Text::Unmatched,
            Self::Days => Text::Days,
            Self::Payers => Text::Payers,
            Self::Health => Text::Health,
        }
    }
}
