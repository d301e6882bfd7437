//! Every word of the console, in each language. The compiler checks that none is missing.

mod en;
mod zh_cn;

use wechat_cashier::text;

/// A language of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese as written in mainland China.
    ZhCn,
    /// English.
    En,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// Its tag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// What it calls itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ZhCn => "简体中文",
            Self::En => "English",
        }
    }

    /// The one that serves a reader of the one with this tag, if one does.
    #[must_use]
    pub fn serving(tag: &str) -> Option<Self> {
        match text::Lang::serving(tag)? {
            text::Lang::ZhCn | text::Lang::ZhHk => Some(Self::ZhCn),
            text::Lang::En => Some(Self::En),
        }
    }

    /// The first that is served of those that a browser accepts, in its order; else English.
    ///
    /// ```
    /// use wechat_cashier_merchant::console::Lang;
    ///
    /// assert_eq!(Lang::accepted("fr, zh-TW;q=0.8, en;q=0.5"), Lang::ZhCn);
    /// assert_eq!(Lang::accepted(""), Lang::En);
    /// ```
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let tags = accept.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
        tags.into_iter().find_map(Self::serving).unwrap_or(Self::En)
    }

    /// The cashier's language for it, by which amounts are written.
    pub(super) const fn cashiers(self) -> text::Lang {
        match self {
            Self::ZhCn => text::Lang::ZhCn,
            Self::En => text::Lang::En,
        }
    }

    /// The words of this text. `{}` stands where [`fill`] puts a value.
    #[must_use]
    pub const fn say(self, text: Text) -> &'static str {
        match self {
            Self::ZhCn => zh_cn::say(text),
            Self::En => en::say(text),
        }
    }
}

pub use text::fill;

/// Declares the texts and a list of them all.
macro_rules! texts {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// Something that people of the shop read.
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
    // The page around.
    /// What this is, behind the shop's name.
    Console,
    /// Goes to the content.
    Skip,
    /// The navigation.
    Places,
    /// Before the name of the key with which somebody is in.
    KeyNamed,
    /// Goes out.
    LogOut,
    /// The choice of the language.
    Language,
    /// Behind a time.
    Zone,
    /// What all times are.
    ZoneNote,
    /// Before the title of a page that says what is wrong.
    ErrorTitle,
    /// Which of them are shown.
    Filter,
    /// The next page of a list.
    Older,
    /// The first page of a list.
    Newest,
    /// Goes back without doing it.
    Cancel,
    /// Opens what is folded.
    Show,
    /// Between who says and what.
    Colon,
    /// All of them.
    All,

    // The door.
    /// The title.
    LogInTitle,
    /// The button.
    LogIn,
    /// The field.
    KeyLabel,
    /// What goes in there.
    KeyHint,
    /// It is not the shop's.
    KeyWrong,
    /// Too many were wrong.
    KeyTooMany,
    /// The session is over.
    SessionEnded,
    /// They went out.
    LoggedOut,

    // What is wrong.
    /// Nothing is there.
    NotThere,
    /// What that means.
    NotThereText,
    /// The key is not good for it.
    NotAllowed,
    /// For which scope `{}`.
    NotAllowedText,
    /// The form is not of this session.
    NotOurs,
    /// What to do then.
    NotOursText,
    /// Something does not answer.
    Away,
    /// What to do then.
    AwayText,
    /// Somebody else is at it.
    Busy,
    /// What to do then.
    BusyText,
    /// It cannot be done.
    Refused,
    /// What the backend says follows.
    RefusedText,
    /// Loads the page again.
    TryAgain,
    /// Goes to the list.
    ToOrders,

    // Orders.
    /// The list.
    Orders,
    /// The table.
    OrdersCaption,
    /// The field.
    SearchLabel,
    /// The button.
    Search,
    /// Somebody has to look at it.
    NeedsPerson,
    /// There are none.
    NoOrders,
    /// No order has this number.
    NothingFound,
    /// Where it may be, if WeChat Pay told of it.
    MayFitNone,
    /// None in the part that was looked through.
    NothingHereYet,
    /// An order's number.
    Order,
    /// How much.
    Amount,
    /// An order's.
    Status,
    /// An order's description.
    WhatFor,
    /// When an order was made, with the zone.
    MadeAt,
    /// When it was paid, with the zone.
    PaidAt,
    /// Not paid yet.
    Pending,
    /// Paid.
    Paid,
    /// Cannot be paid any more.
    Closed,
    /// All of it went back.
    Refunded,
    /// A part of it went back, `{}` so far.
    PartlyRefunded,

    // One order.
    /// The title, with the number `{}`.
    OrderTitle,
    /// What it is.
    Facts,
    /// How much went back.
    WentBack,
    /// When it was made.
    Made,
    /// When it was paid.
    PaidWhen,
    /// Until when it can be paid.
    PayableUntil,
    /// Until when it could be paid.
    WasPayableUntil,
    /// Since when nobody shall pay it.
    ClosedSince,
    /// How it may be paid.
    Ways,
    /// The payer's openid.
    Payer,
    /// The mchid.
    MerchantNumber,
    /// Where the payer goes when done.
    ReturnsTo,
    /// Opens what closes it.
    CloseOrder,
    /// What that does.
    CloseText,
    /// The button.
    CloseNow,
    /// It is closed.
    ClosedNow,
    /// It is being closed.
    ClosingNow,
    /// It was paid before.
    NotClosedPaid,
    /// What came.
    Payments,
    /// The table.
    PaymentsCaption,
    /// None.
    NoPayments,
    /// A merchant's number.
    Number,
    /// By which method.
    Way,
    /// Of anything.
    State,
    /// When a number was taken, with the zone.
    BegunAt,
    /// When it was known here, with the zone.
    HeardAt,
    /// WeChat Pay's number.
    TransactionId,
    /// Taken.
    TradeTaken,
    /// Open.
    TradeOpen,
    /// The payer is asked for the password.
    TradeUserPaying,
    /// Failed.
    TradeFailed,
    /// WeChat Pay did not take it.
    TradeRefused,
    /// The method.
    WayNative,
    /// The method.
    WayJsapi,
    /// The method.
    WayH5,
    /// The method.
    WayMiniProgram,
    /// The method.
    WayCode,

    // Its refunds.
    /// What went back.
    Refunds,
    /// The table.
    RefundsCaption,
    /// None.
    NoRefunds,
    /// When one was asked for, with the zone.
    AskedAt,
    /// When the money went back, with the zone.
    BackAt,
    /// WeChat Pay's number.
    RefundId,
    /// Why.
    Reason,
    /// Not heard of yet.
    RefundAsked,
    /// It waits for a minute to be over.
    RefundWaits,
    /// Why it waits, and until when.
    RefundWaitsUntil,
    /// When it is asked for, or about, next.
    RefundNext,
    /// WeChat Pay has it.
    RefundProcessing,
    /// The money is back.
    RefundSuccess,
    /// It was closed.
    RefundClosed,
    /// The bank does not take it.
    RefundAbnormal,
    /// WeChat Pay did not take it.
    RefundRefused,
    /// The link, with what is left `{}`.
    RefundUpTo,
    /// The link for a second payment.
    RefundSecond,
    /// The form's title.
    RefundTitle,
    /// What can go back.
    Left,
    /// What can go back afterwards.
    LeftAfter,
    /// The choice.
    HowMuch,
    /// All of it, `{}`.
    AllOfIt,
    /// A part.
    APart,
    /// The field, in `{}`.
    PartLabel,
    /// At most `{}`.
    PartHint,
    /// The field.
    ReasonLabel,
    /// What it is for.
    ReasonHint,
    /// To what is asked before.
    GoOn,
    /// The summary of what is wrong.
    NotSent,
    /// It is no amount.
    AmountWrong,
    /// More than `{}`.
    AmountTooMuch,
    /// An amount was typed, and all that is left chosen.
    AmountAndAll,
    /// Too long.
    ReasonLong,
    /// A sign that WeChat Pay does not take.
    ReasonSign,
    /// The backend refuses, `{}`.
    BackendSays,
    /// The title, with the amount `{}`.
    ConfirmTitle,
    /// What happens then.
    ConfirmText,
    /// The button, with the amount `{}`.
    RefundNow,
    /// It went back, `{}`.
    RefundedNow,
    /// It is under way, `{}`.
    RefundOnItsWay,
    /// Another refund of the payment went out just before `{}`.
    RefundWaitsNow,
    /// Not known to be taken, `{}`.
    RefundNotTakenYet,
    /// WeChat Pay refused, `{}`.
    RefundRefusedNow,
    /// It did not go through, `{}`.
    RefundFailedNow,

    // All that happened.
    /// The section.
    Timeline,
    /// Which time is which.
    TimelineNote,
    /// Before WeChat Pay's time.
    TheirClock,
    /// The same so many times `{}`, until.
    Times,
    /// How it was heard.
    ByNotification,
    /// How it was heard.
    ByQuery,
    /// How it was heard.
    ByCodepay,
    /// How it was heard.
    ByRefund,
    /// What it says.
    SaidSuccess,
    /// What it says.
    SaidRefund,
    /// What it says.
    SaidNotpay,
    /// What it says.
    SaidClosed,
    /// What it says.
    SaidRevoked,
    /// What it says.
    SaidUserpaying,
    /// What it says.
    SaidPayerror,
    /// A word that is not documented, `{}`.
    SaidUnknown,
    /// A fact.
    DidCreate,
    /// A fact.
    DidTake,
    /// A fact, by the method `{}`.
    DidPlace,
    /// A fact.
    DidSendToLogin,
    /// A fact.
    DidSendToMiniProgram,
    /// A fact.
    DidNotFind,
    /// A fact.
    DidEnd,
    /// A fact.
    DidFail,
    /// A fact.
    DidSupersede,
    /// A fact.
    DidClose,
    /// A fact.
    DidLogIn,
    /// A fact, with the amount `{}`.
    DidAskRefund,
    /// A fact.
    DidRefuseRefund,
    /// A fact.
    DidNotFindRefund,
    /// A fact.
    DidFailRefund,
    /// What it says of a refund.
    RefundSaidSuccess,
    /// What it says of a refund.
    RefundSaidProcessing,
    /// What it says of a refund.
    RefundSaidClosed,
    /// What it says of a refund.
    RefundSaidAbnormal,
    /// Why it was not placed.
    NotNumberUsed,
    /// Why it was not placed.
    NotCodeRefused,
    /// Why it was not placed.
    NotPayerFailed,
    /// Why it was not placed.
    NotUnavailable,

    // What needs a person, and what to do.
    /// When it was noticed.
    NoticedAt,
    /// What the order has.
    Expected,
    /// What came.
    Got,
    /// What is odd.
    OddMisfit,
    /// What to do.
    DoMisfit,
    /// What is odd.
    OddPaidTwice,
    /// What to do.
    DoPaidTwice,
    /// What is odd.
    OddPaidLate,
    /// What to do.
    DoPaidLate,
    /// What is odd.
    OddRefundSeen,
    /// What to do.
    DoRefundSeen,
    /// What is odd.
    OddUnknownState,
    /// What to do.
    DoUnknownState,
    /// What is odd.
    OddContradiction,
    /// What is odd.
    OddRefundMisfit,
    /// What is odd.
    OddRefundContradiction,
    /// What to do.
    DoContradiction,
    /// What is odd.
    OddRefundAbnormal,
    /// What to do.
    DoRefundAbnormal,
    /// What is odd.
    OddRefundClosed,
    /// What is odd.
    OddRefundRefused,
    /// What to do.
    DoRefundAgain,
    /// What is odd.
    OddRefundHeldUp,
    /// What to do.
    DoRefundHeldUp,

    // What the shop was told.
    /// The list.
    Webhooks,
    /// The table.
    WebhooksCaption,
    /// None.
    NoWebhooks,
    /// No address is set.
    NobodyTold,
    /// What kind.
    What,
    /// When it was written, with the zone.
    WrittenAt,
    /// How often it was tried.
    Tries,
    /// What the shop answered last.
    LastAnswer,
    /// When it arrived, with the zone.
    ArrivedAt,
    /// What can be done.
    Do,
    /// The button.
    SendAgain,
    /// It is sent again.
    ResentNow,
    /// None came.
    NoAnswer,
    /// When it is tried next.
    NextTry,
    /// A state.
    HookWaiting,
    /// A state.
    HookDelivered,
    /// A state.
    HookGivenUp,
    /// A kind.
    HookPaid,
    /// A kind.
    HookClosed,
    /// A kind.
    HookRefunded,
    /// One refund went back.
    HookRefundSucceeded,
    /// A kind.
    HookPaidTwice,
    /// A kind.
    HookAttention,
    /// A kind.
    HookDay,
    /// Of an order or a day.
    OrderOrDay,

    // What fitted no order.
    /// The list.
    Unmatched,
    /// What it is, and what to do.
    UnmatchedText,
    /// The table.
    UnmatchedCaption,
    /// None.
    NoUnmatched,
    /// What is not here but under Reconciliation.
    OnlyInBill,
    /// Several shops are served: none of them may see it.
    UnmatchedOfMany,
    /// A refund.
    ARefund,
    /// All of it.
    Whole,

    // Days.
    /// The list.
    Days,
    /// What it is.
    DaysText,
    /// The table.
    DaysCaption,
    /// None.
    NoDays,
    /// A day.
    Date,
    /// How many, or the section.
    Differences,
    /// When, with the zone.
    ComparedAt,
    /// When it is tried again, with the zone.
    AgainAt,
    /// A state.
    DayOk,
    /// A state.
    DayDifferent,
    /// A state.
    DayFailed,
    /// The field.
    CompareADay,
    /// The button.
    Compare,
    /// The button.
    CompareAgain,
    /// It was done.
    ComparedNow,
    /// The title, with the day `{}`.
    DayTitle,
    /// When.
    ComparedWhen,
    /// Why it failed.
    Why,
    /// How often.
    Failures,
    /// The file.
    AsCsv,
    /// The file.
    AsJson,
    /// The section.
    BothSides,
    /// The table.
    SidesCaption,
    /// Which.
    Side,
    /// The bill.
    There,
    /// The orders.
    Here,
    /// How many.
    PaymentsCount,
    /// How much.
    PaidSum,
    /// How many.
    RefundsCount,
    /// How much.
    RefundedSum,
    /// The table, with how many `{}`.
    DifferencesCaption,
    /// In what.
    Difference,
    /// None.
    NoDifferences,
    /// So many more `{}`.
    MoreDifferences,
    /// One side has nothing.
    Nothing,
    /// A difference.
    DiffMissingHere,
    /// What to do.
    DoMissingHere,
    /// A difference.
    DiffMissingThere,
    /// What to do.
    DoMissingThere,
    /// A difference.
    DiffAmount,
    /// What to do.
    DoAmount,
    /// A difference.
    DiffState,
    /// What to do.
    DoState,
    /// A difference.
    DiffPayment,
    /// What to do.
    DoPayment,
    /// A difference.
    DiffRefundMissingHere,
    /// What to do.
    DoRefundMissingHere,
    /// A difference.
    DiffRefundMissingThere,
    /// What to do.
    DoRefundMissingThere,
    /// A difference.
    DiffRefundAmount,
    /// What to do.
    DoRefundAmount,

    // How payers fare.
    /// The page.
    Payers,
    /// What it is.
    PayersText,
    /// Several shops are served: none of them may see it.
    PayersOfMany,
    /// Pages are not asked.
    PayersOff,
    /// The days are none, or more than `{}`.
    DaysWrong,
    /// The field.
    FromDay,
    /// The field.
    ToDay,
    /// There are none.
    NoVisits,
    /// There are none by this method.
    NoVisitsOf,
    /// How many saw the cashier.
    Visits,
    /// How many of them paid.
    Conversion,
    /// How many of them met an error and did not pay.
    FailureRate,
    /// The chart.
    Steps,
    /// How to read it.
    StepsNote,
    /// A step.
    StepShown,
    /// What it means.
    StepShownText,
    /// A step.
    StepMethod,
    /// What it means.
    StepMethodText,
    /// A step.
    StepBegun,
    /// What it means.
    StepBegunText,
    /// A step.
    StepConfirming,
    /// What it means.
    StepConfirmingText,
    /// What the last step means.
    StepPaidText,
    /// A part of the step before, `{}`.
    OfBefore,
    /// A part of those who began, `{}`.
    OfBegun,
    /// A part of those who saw it, `{}`.
    OfShown,
    /// The chart.
    Endings,
    /// How to read it.
    EndingsNote,
    /// What it means.
    EndClosedText,
    /// An ending.
    EndExpired,
    /// What it means.
    EndExpiredText,
    /// An ending.
    EndAbandoned,
    /// What it means.
    EndAbandonedText,
    /// An ending.
    EndFailed,
    /// What it means.
    EndFailedText,
    /// The section.
    ByMethod,
    /// The table.
    ByMethodCaption,
    /// A method that the shop does not know.
    WayOther,
    /// No method was at hand.
    WayNone,

    // How the backend is.
    /// The page.
    Health,
    /// The section.
    ThisBackend,
    /// The section.
    WechatPay,
    /// A fact.
    Database,
    /// It does.
    Answers,
    /// It does not.
    DoesNotAnswer,
    /// It did not, the last time.
    DidNotAnswer,
    /// Within `{}`.
    WithinMs,
    /// When the next order is due.
    OldestDue,
    /// None.
    NothingDue,
    /// When a day was last compared with a bill.
    LastCompared,
    /// How many of the latest days differ.
    DifferOf92,
    /// It is late.
    Late,
    /// So many `{}`.
    Seconds,
    /// How many.
    InstancesSeen,
    /// It does not look.
    NotCounted,
    /// This program's.
    Version,
    /// The backend's clock.
    TimeHere,
    /// Whether it answers.
    Reachable,
    /// Nobody asked.
    NotAskedYet,
    /// When it last did.
    LastAnswerAt,
    /// When it last did not.
    LastTrouble,
    /// How many.
    RefusedAnswers,
    /// How many.
    RefusedNotifications,
    /// Where to see why.
    LookInLog,
    /// By which WeChat Pay signs.
    PlatformKeys,
    /// A public key.
    NeverEnds,
    /// Until when.
    GoodUntil,
    /// It ends soon.
    EndsSoon,
    /// What the numbers are.
    SinceStart,
}
