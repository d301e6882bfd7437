//! What the shop is told, as it goes into the store and comes out of it.

use wechat_cashier::contract::Timestamp;

/// Something new to tell the shop. It is due at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    /// Its id, unique over all. One that is known is not written again.
    pub id: String,
    /// Which shop is told.
    pub shop: String,
    /// A word for what it is.
    pub kind: String,
    /// What is sent.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Something that the shop is told, and what has come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Which shop is told.
    pub shop: String,
    /// The order that it is about, if it is about one.
    pub order_id: Option<String>,
    /// A word for what it is.
    pub kind: String,
    /// What is sent.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// How it stands.
    pub state: WebhookState,
    /// When it is sent next; while somebody is at it, until when they have it.
    pub next_at: Option<Timestamp>,
    /// How often it was tried since it was written, or asked for again.
    pub tries: u32,
    /// When it was tried last.
    pub last_at: Option<Timestamp>,
    /// What HTTP status that had. None: no answer came.
    pub last_status: Option<u16>,
    /// Why it did not arrive then.
    pub last_error: Option<String>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
}

/// How something stands that the shop is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "snake_case"))]
pub enum WebhookState {
    /// It is to be sent, now or again.
    Waiting,
    /// It has arrived.
    Delivered,
    /// It has not arrived, and is not sent any more of itself.
    GivenUp,
}

impl WebhookState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::GivenUp];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// When it ended.
    pub at: Timestamp,
    /// How it stands now.
    pub state: WebhookState,
    /// When it is sent next.
    pub next_at: Option<Timestamp>,
    /// The HTTP status. None: no answer came.
    pub status: Option<u16>,
    /// Why it did not arrive.
    pub error: Option<String>,
}

/// Which of what the shop is told is listed. Empty, all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookFilter {
    /// What this shop is told.
    pub shop: Option<String>,
    /// What stands so.
    pub state: Option<WebhookState>,
    /// What is about this order.
    pub order_id: Option<String>,
    /// What was written before the one of this id: the last of the page before.
    pub before: Option<String>,
}
