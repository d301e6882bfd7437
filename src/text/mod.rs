//! Every word the payer reads, in each language. The compiler checks that none is missing.

mod en;
mod words;
mod zh_cn;
mod zh_hk;

pub use words::Words;

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

            /// The name that an integrator calls it by: that of the variant, such as `ScanHint`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
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
    /// Before the other ways to pay.
    Ways,
    /// The way `native`.
    WayNative,
    /// The way `jsapi`.
    WayJsapi,
    /// The way `h5`.
    WayH5,
    /// The way `mini_program`.
    WayMiniProgram,
    /// The way `payment_code`.
    WayCode,
    /// Before the merchant's id of the order.
    OrderNumber,

    /// No order yet.
    Idle,
    /// What comes then.
    IdleText,
    /// Loading.
    Loading,
    /// Scan: what to do.
    ScanHint,
    /// Scan: only the camera works, not a long press or a picture from the album (docs/platform.md, 3).
    ScanOnly,
    /// Scan, on a phone: by another one.
    ScanElsewhere,
    /// Scan, by the merchant's own method `{}`.
    ScanWith,
    /// Copies the page's address.
    CopyLink,
    /// Scan: the QR for those who do not see it; `{}` is what to do.
    QrAlt,
    /// Scan: before the time left.
    TimeLeft,
    /// Scan: announced when a minute is left.
    MinuteLeft,
    /// Has the order verified.
    HavePaid,
    /// Asks for a new code.
    NewCode,
    /// Pay: the title.
    PayTitle,
    /// Pay: what happens at the tap, in WeChat.
    PayHere,
    /// Pay: what happens at the tap, elsewhere.
    PayThere,
    /// Pay: the button, with the amount `{}`.
    PayNow,
    /// Pay: what the button needs is not there yet.
    PayPreparing,
    /// Pay: it opens.
    PayOpening,
    /// Pay: what to do when nothing opens.
    PayOpeningText,
    /// Pay: after the payer cancelled.
    Cancelled,
    /// Pay: what that means.
    CancelledText,
    /// Returned: the question.
    Returned,
    /// Returned: what to do.
    ReturnedText,
    /// Returned: yes.
    Finished,
    /// Returned: no.
    PayAgain,
    /// Till: the title.
    TakeCode,
    /// Till: where the payer finds it.
    TakeCodeText,
    /// Till: the field.
    CodeField,
    /// Till: the button, with the amount `{}`.
    TakePayment,
    /// Till: it is no payment code.
    CodeMalformed,
    /// Till: it was not taken.
    CodeRefused,
    /// Till: the payer did not confirm.
    CodeNotConfirmed,
    /// Till: waiting for the payer.
    AwaitPayer,
    /// Till: what the payer may have to do.
    AwaitPayerText,

    /// Confirming: the title.
    Confirming,
    /// Confirming: what is going on.
    ConfirmingText,
    /// Confirming: back to what was there before.
    Back,

    /// Paid: the title.
    Paid,
    /// Paid: what it means.
    PaidText,
    /// Paid: after the order was over.
    PaidLate,
    /// Paid, at a till: the title, with the amount `{}`.
    TillPaid,
    /// Paid, at a till: what comes next.
    TillPaidText,
    /// Paid, at a till, after the order was over.
    TillPaidLate,
    /// The order is over, at a till: what to do.
    TillOverText,
    /// A trouble at a till that another order, or the same opened again, may end: what to do.
    TillOpenText,
    /// Any other trouble at a till: what to do.
    TillFaultyText,
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
    /// Notice: copied.
    NoticeCopied,
    /// Notice: `{}` is to be copied by hand.
    NoticeCopyByHand,
    /// Tries again.
    Retry,
    /// Before the technical code.
    SupportCode,
    /// Copies the technical code.
    Copy,

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
    /// No way to pay works here, or this one does not.
    NoMethod,
    /// What to do then.
    NoMethodText,
    /// Something is wrong on the merchant's side.
    Faulty,
    /// What to do then.
    FaultyText,
    /// WeChat: the parameters are out of date.
    Stale,
    /// What to do then.
    StaleText,
    /// WeChat: the page is under no payment directory.
    NotRegistered,
    /// What to do then.
    NotRegisteredText,
    /// WeChat: the merchant's configuration.
    Setup,
    /// What to do then.
    SetupText,
    /// WeChat: not here.
    NotSupported,
    /// What to do then.
    NotSupportedText,
    /// WeChat: another account.
    OtherAccount,
    /// What to do then.
    OtherAccountText,
    /// WeChat: the merchant may not take it.
    Limit,
    /// What to do then.
    LimitText,
    /// WeChat: failed.
    PayFailed,
    /// What to do then.
    PayFailedText,
    /// The backend does not get to know the payer.
    LoginLoop,
    /// What to do then.
    LoginLoopText,
    /// The amount changed: the title.
    AmountChanged,
    /// The amount changed: what to do.
    AmountChangedText,
}
