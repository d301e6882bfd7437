//! Every word the payer reads, in each language. The compiler checks that none is missing.

mod en;
mod zh_cn;
mod zh_hk;

/// A language of the cashier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese as written in mainland China.
    ZhCn,
    /// Chinese as written in Hong Kong.
    ZhHk,
    /// English.
    En,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ZhCn, Self::ZhHk, Self::En];

    /// The tag for `lang` attributes and `Intl` (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhHk => "zh-HK",
            Self::En => "en",
        }
    }

    /// The language that serves a reader of the one with this tag, if one does.
    ///
    /// ```
    /// use wechat_cashier::text::Lang;
    ///
    /// assert_eq!(Lang::serving("zh-TW"), Some(Lang::ZhHk)); // traditional characters
    /// assert_eq!(Lang::serving("zh"), Some(Lang::ZhCn));
    /// assert_eq!(Lang::serving("en-GB"), Some(Lang::En));
    /// assert_eq!(Lang::serving("fr"), None);
    /// ```
    pub fn serving(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase().replace('_', "-");
        let mut parts = tag.split('-');
        match parts.next()? {
            "zh" if parts.any(|part| matches!(part, "hk" | "mo" | "tw" | "hant")) => Some(Self::ZhHk),
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The words of this text. `{}` stands where [`fill`] puts a value.
    pub const fn say(self, text: Text) -> &'static str {
        match self {
            Self::ZhCn => zh_cn::say(text),
            Self::ZhHk => zh_hk::say(text),
            Self::En => en::say(text),
        }
    }
}

/// Puts a value where the text has `{}`.
pub fn fill(text: &str, value: &str) -> String {
    match text.split_once('{') {
        Some((before, after)) => [before, value, after.strip_prefix('}').unwrap_or(after)].concat(),
        None => text.to_owned(),
    }
}

/// Declares the texts and a list of them all.
macro_rules! texts {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// Something the payer reads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Text {
            $($(#[doc = $doc])* $name,)*
        }

        impl Text {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

texts! {
    /// The name of the way to pay.
    WechatPay,
    /// Over the amount, while it is to be paid.
    AmountDue,
    /// Over the amount, once it is paid.
    AmountPaid,
    /// Over the amount, when it is not to be paid any more.
    AmountTotal,
    /// Before the merchant's id of the order.
    OrderNumber,

    /// Loading.
    Loading,
    /// Scan: what to do.
    ScanHint,
    /// Scan: only the camera works, not a long press or a picture from the album (facts section 3).
    ScanOnly,
    /// Scan: the QR for those who do not see it.
    QrAlt,
    /// Scan: before the time left.
    TimeLeft,
    /// Scan: announced when a minute is left.
    MinuteLeft,
    /// Has the order verified.
    HavePaid,
    /// Asks for a new code.
    NewCode,

    /// Confirming: the title.
    Confirming,
    /// Confirming: what is going on.
    ConfirmingText,
    /// Confirming: back to the code.
    ShowCode,

    /// Paid: the title.
    Paid,
    /// Paid: what it means.
    PaidText,
    /// Paid: after the order was over.
    PaidLate,
    /// Paid: `{}` seconds until the way back.
    ReturnIn,
    /// Paid: do not go back by itself.
    Stay,
    /// Back to the shop.
    Return,

    /// The code expired: the title.
    CodeExpired,
    /// The code expired: what to do.
    CodeExpiredText,
    /// The order expired: the title.
    OrderExpired,
    /// The order expired or was closed: what to do.
    OrderOverText,
    /// Closed: the title.
    Closed,
    /// Refunded: the title.
    Refunded,
    /// Refunded: what it means.
    RefundedText,

    /// Notice: no network.
    NoticeOffline,
    /// Notice: the backend does not answer.
    NoticeUnreachable,
    /// Notice: the backend cannot say, code `{}`.
    NoticeRefused,
    /// Notice: WeChat knows of no payment yet.
    NoticeNotReceived,
    /// Tries again.
    Retry,
    /// Before the technical code.
    SupportCode,

    /// The page names no order.
    MissingOrder,
    /// What to do then.
    MissingOrderText,
    /// The backend does not answer.
    Unreachable,
    /// What to do then.
    UnreachableText,
    /// There is no such order.
    OrderNotFound,
    /// What to do then.
    OrderNotFoundText,
    /// The token is missing, wrong or too old.
    Unauthorized,
    /// What to do then.
    UnauthorizedText,
    /// The backend takes too many requests.
    Busy,
    /// What to do then.
    BusyText,
    /// WeChat Pay does not answer the backend.
    Upstream,
    /// What to do then.
    UpstreamText,
    /// WeChat Pay cannot be used for this order.
    NoMethod,
    /// What to do then.
    NoMethodText,
    /// Something is wrong on the merchant's side.
    Faulty,
    /// What to do then.
    FaultyText,
    /// The amount changed: the title.
    AmountChanged,
    /// The amount changed: what to do.
    AmountChangedText,
}
