use super::Text;

pub(super) const fn say(text: Text) -> &'static str {
    match text {
        Text::Console => "Console",
        Text::Skip => "Skip to content",
        Text::Places => "Parts of the console",
        Text::KeyNamed => "Key",
        Text::LogOut => "Log out",
        Text::Language => "Language",
        Text::Zone => "UTC+8",
        Text::ZoneNote => "All times are China time (UTC+8).",
        Text::ErrorTitle => "Error: ",
        Text::Filter => "Show",
        Text::Older => "Older",
        Text::Newest => "Newest",
        Text::Cancel => "Cancel",
        Text::Show => "Show",
        Text::Colon => ": ",
        Text::All => "All",
        Text::LogInTitle => "Log in",
        Text::LogIn => "Log in",
        Text::KeyLabel => "Admin key",
        Text::KeyHint => "The shop’s own key (shop.admin_key_file) or one of shop.keys.",
        Text::KeyWrong => "That is not a key of this shop.",
        Text::KeyTooMany => "Too many wrong keys. Wait a minute and try again.",
        Text::SessionEnded => {
            "Your session has ended: it lasts 12 hours, and ends when the key is changed. Log in again."
        }
        Text::LoggedOut => "You are logged out.",
        Text::NotThere => "Not found",
        Text::NotThereText => "There is nothing at this address: no such order, day or page.",
        Text::NotAllowed => "Not allowed",
        Text::NotAllowedText => {
            "This key is not good for “{}”. Nothing was done. Ask whoever set the keys (shop.keys)."
        }
        Text::NotOurs => "The form was out of date",
        Text::NotOursText => {
            "Nothing was done. The form was not sent from this console, or your session has changed since it was opened. Open the page again and repeat."
        }
        Text::Away => "The backend cannot answer just now",
        Text::AwayText => {
            "The shop’s database does not answer, or what is kept cannot be read. What was to be done may not have been done: look before you repeat it. Payments go on being taken in once it answers."
        }
        Text::Busy => "Somebody else is at it",
        Text::BusyText => "Another process of this backend is doing the same just now. Wait a minute and try again.",
        Text::Refused => "It cannot be done",
        Text::RefusedText => "Nothing was done. The backend says why:",
        Text::TryAgain => "Try again",
        Text::ToOrders => "All orders",
        Text::Orders => "Orders",
        Text::OrdersCaption => "Orders, the newest first",
        Text::SearchLabel => "Find by order number, out_trade_no or WeChat Pay transaction ID",
        Text::Search => "Find",
        Text::NeedsPerson => "Needs attention",
        Text::NoOrders => "There are no such orders.",
        Text::NothingFound => "No order has this number.",
        Text::MayFitNone => "If WeChat Pay told of it, it is under “Fits no order”.",
        Text::NothingHereYet => "None among the newest orders that were looked through. “Older” looks on.",
        Text::Order => "Order",
        Text::Amount => "Amount",
        Text::Status => "Status",
        Text::WhatFor => "Description",
        Text::MadeAt => "Created (UTC+8)",
        Text::PaidAt => "Paid (UTC+8)",
        Text::Pending => "To be paid",
        Text::Paid => "Paid",
        Text::Closed => "Closed",
        Text::Refunded => "Refunded",
        Text::PartlyRefunded => "Partly refunded: {}",
        Text::OrderTitle => "Order {}",
        Text::Facts => "Details",
        Text::WentBack => "Refunded so far",
        Text::Made => "Created",
        Text::PaidWhen => "Paid",
        Text::PayableUntil => "Can be paid until",
        Text::WasPayableUntil => "Could be paid until",
        Text::ClosedSince => "Closed by hand",
        Text::Ways => "Ways to pay",
        Text::Payer => "Payer (openid)",
        Text::MerchantNumber => "Merchant number (mchid)",
        Text::ReturnsTo => "Payer returns to",
        Text::CloseOrder => "Close this order",
        Text::CloseText => {
            "Nobody can pay it afterwards; this cannot be undone. A payment that is under way still counts, and is shown here."
        }
        Text::CloseNow => "Close the order for good",
        Text::ClosedNow => "The order is closed.",
        Text::ClosingNow => {
            "The order is being closed: WeChat Pay is still to confirm it. Open the page again in a minute."
        }
        Text::NotClosedPaid => {
            "The order was paid before it could be closed, and stays paid. Refund it if it shall not be."
        }
        Text::Payments => "Payments",
        Text::PaymentsCaption => "The order’s numbers at WeChat Pay",
        Text::NoPayments => "No page has asked for a way to pay yet.",
        Text::Number => "Number",
        Text::Way => "Method",
        Text::State => "State",
        Text::BegunAt => "Begun (UTC+8)",
        Text::HeardAt => "Known here (UTC+8)",
        Text::TransactionId => "Transaction ID",
        Text::TradeTaken => "Being placed",
        Text::TradeOpen => "Not paid",
        Text::TradeUserPaying => "Payer confirming",
        Text::TradeFailed => "Failed",
        Text::TradeRefused => "Not accepted",
        Text::WayNative => "QR code (Native)",
        Text::WayJsapi => "In WeChat (JSAPI)",
        Text::WayH5 => "Phone browser (H5)",
        Text::WayMiniProgram => "Mini program",
        Text::WayCode => "Payment code",
        Text::Refunds => "Refunds",
        Text::RefundsCaption => "Refunds of this order",
        Text::NoRefunds => "Nothing was refunded.",
        Text::AskedAt => "Requested (UTC+8)",
        Text::BackAt => "Money back (UTC+8)",
        Text::RefundId => "WeChat Pay refund ID",
        Text::Reason => "Reason",
        Text::RefundAsked => "Requested",
        Text::RefundWaits => "Waiting",
        Text::RefundWaitsUntil => "a minute after the refund before it; WeChat Pay will be asked at",
        Text::RefundNext => "WeChat Pay is asked next at",
        Text::RefundProcessing => "On its way",
        Text::RefundSuccess => "Money back",
        Text::RefundClosed => "Closed, money stays",
        Text::RefundAbnormal => "Bank refuses",
        Text::RefundRefused => "Refused, money stays",
        Text::RefundUpTo => "Refund up to {}",
        Text::RefundSecond => "Refund the second payment",
        Text::RefundTitle => "Refund",
        Text::Left => "Can be refunded",
        Text::LeftAfter => "Left afterwards",
        Text::HowMuch => "How much",
        Text::AllOfIt => "All that is left: {}",
        Text::APart => "A part",
        Text::PartLabel => "Amount of the part, in {}",
        Text::PartHint => "Such as 5.20. At most {}. Only used for a part.",
        Text::ReasonLabel => "Reason (optional)",
        Text::ReasonHint => "The payer reads it in WeChat. At most 80 bytes: 80 letters, or 26 Chinese characters.",
        Text::GoOn => "Continue",
        Text::NotSent => "Nothing was sent. Please correct this:",
        Text::AmountWrong => "Enter an amount greater than zero in digits, such as 5.20.",
        Text::AmountTooMuch => "No more than {} can be refunded.",
        Text::AmountAndAll => "You typed an amount, and chose all that is left: choose one.",
        Text::ReasonLong => "The reason is longer than 80 bytes.",
        Text::ReasonSign => "The reason has a character that WeChat Pay does not take, such as an emoji.",
        Text::BackendSays => "The refund was not made. The backend says: {}",
        Text::ConfirmTitle => "Refund {}?",
        Text::ConfirmText => {
            "The money goes back the way it was paid. This cannot be undone. Sent twice, it is refunded once."
        }
        Text::RefundNow => "Refund {} now",
        Text::RefundedNow => "Refund {}: the money is back.",
        Text::RefundOnItsWay => {
            "Refund {} is on its way. It goes on by itself: do not ask for it again. How it ends is shown below."
        }
        Text::RefundWaitsNow => {
            "Refund {} waits, and WeChat Pay has not been asked for it yet: it takes two refunds of one payment a minute apart only. It goes on by itself: do not ask for it again. WeChat Pay will be asked at"
        }
        Text::RefundNotTakenYet => {
            "Refund {} was requested, and WeChat Pay has not taken it yet. It goes on by itself: do not ask for it again. WeChat Pay is asked next at"
        }
        Text::RefundRefusedNow => "WeChat Pay did not take the refund, and the money stays with you. It says: {}",
        Text::RefundFailedNow => "Refund {} did not go through. See what needs attention.",
        Text::Timeline => "What happened",
        Text::TimelineNote => {
            "Times are those at which this backend knew. WeChat Pay’s own time stands beside them where it differs."
        }
        Text::TheirClock => "By WeChat Pay’s clock:",
        Text::Times => "{} times, the last at",
        Text::ByNotification => "WeChat Pay told",
        Text::ByQuery => "Asked, WeChat Pay says",
        Text::ByCodepay => "WeChat Pay’s answer to the payment code",
        Text::ByRefund => "WeChat Pay’s answer to the refund",
        Text::SaidSuccess => "paid",
        Text::SaidRefund => "paid, and refunded or being refunded",
        Text::SaidNotpay => "not paid yet",
        Text::SaidClosed => "closed",
        Text::SaidRevoked => "reversed",
        Text::SaidUserpaying => "the payer is confirming",
        Text::SaidPayerror => "the payment failed",
        Text::SaidUnknown => "an unknown word, {}",
        Text::DidCreate => "The shop made the order",
        Text::DidTake => "A number was taken",
        Text::DidPlace => "WeChat Pay gave something to pay by: {}",
        Text::DidSendToLogin => "The payer was sent to log in with WeChat",
        Text::DidSendToMiniProgram => "The payer was sent into the mini program",
        Text::DidNotFind => "WeChat Pay knows no such number",
        Text::DidEnd => "WeChat Pay closed the number, or reversed it",
        Text::DidFail => "WeChat Pay could not be asked, or did not do it; it is tried again",
        Text::DidSupersede => "Another number takes its place",
        Text::DidClose => "The shop or the payer’s page closed the order",
        Text::DidLogIn => "The payer logged in with WeChat",
        Text::DidAskRefund => "A refund of {} was requested",
        Text::DidRefuseRefund => "WeChat Pay did not take the refund",
        Text::DidNotFindRefund => "WeChat Pay knows no such refund",
        Text::DidFailRefund => "The refund could not be asked for; it is tried again",
        Text::RefundSaidSuccess => "the money is back",
        Text::RefundSaidProcessing => "the refund is on its way",
        Text::RefundSaidClosed => "the refund is closed, the money stays",
        Text::RefundSaidAbnormal => "the payer’s bank does not take the money",
        Text::NotNumberUsed => "WeChat Pay does not take this number any more; the next one is tried",
        Text::NotCodeRefused => "The payment code was not taken",
        Text::NotPayerFailed => "The payment failed for the payer",
        Text::NotUnavailable => "WeChat Pay does not let the shop do this",
        Text::NoticedAt => "noticed",
        Text::Expected => "the order has",
        Text::Got => "WeChat Pay says",
        Text::OddMisfit => "WeChat Pay tells of other money than this order’s",
        Text::DoMisfit => {
            "It does not count as paid. Look this number up on the merchant platform (pay.weixin.qq.com), and decide whose money it is: another system may use the same merchant number. Refund it there if nobody’s."
        }
        Text::OddPaidTwice => "The order was paid twice",
        Text::DoPaidTwice => {
            "The order stays paid by its first payment. Give the second one back: it is one step here."
        }
        Text::OddPaidLate => "It was paid after it was closed or had expired",
        Text::DoPaidLate => "It counts as paid. If the goods can still be had, deliver them; if not, refund it.",
        Text::OddRefundSeen => "Money went back that nobody refunded here",
        Text::DoRefundSeen => {
            "Somebody refunded it on the merchant platform or by another system. Look it up there; what can still be refunded here may be less than is shown."
        }
        Text::OddUnknownState => "WeChat Pay uses a word that is not documented",
        Text::DoUnknownState => {
            "Nothing was concluded from it. Look the number up on the merchant platform, and look for a newer version of this program."
        }
        Text::OddContradiction => "WeChat Pay contradicts that it was paid",
        Text::OddRefundMisfit => "WeChat Pay tells of a refund that is not this order’s",
        Text::OddRefundContradiction => "WeChat Pay contradicts itself about a refund",
        Text::DoContradiction => {
            "The order stays as it is. Look the number up on the merchant platform before goods or money move, and ask WeChat Pay’s support."
        }
        Text::OddRefundAbnormal => "The payer’s bank does not take the refund",
        Text::DoRefundAbnormal => {
            "Say on the merchant platform where the money shall go (交易中心 → 退款): to another card of the payer’s, or back to you. What comes of it is shown here."
        }
        Text::OddRefundClosed => "WeChat Pay closed a refund",
        Text::OddRefundRefused => "WeChat Pay did not take a refund",
        Text::DoRefundAgain => {
            "The money is still yours. Do what WeChat Pay says, then refund it again: it gets a new number."
        }
        Text::OddRefundHeldUp => "A refund waits for money in your account",
        Text::DoRefundHeldUp => {
            "Charge up the account on the merchant platform. The refund is asked for again by itself, an hour later at most: do not ask again."
        }
        Text::Webhooks => "Webhooks",
        Text::WebhooksCaption => "What the shop was told, the latest first",
        Text::NoWebhooks => "Nothing was told.",
        Text::NobodyTold => "The shop is told nothing: no webhooks.url is set in the configuration.",
        Text::What => "What",
        Text::WrittenAt => "Written (UTC+8)",
        Text::Tries => "Tries",
        Text::LastAnswer => "Last answer",
        Text::ArrivedAt => "Arrived (UTC+8)",
        Text::Do => "Action",
        Text::SendAgain => "Send again",
        Text::ResentNow => {
            "It is being sent again, under the same webhook-id. Open the page again to see what came of it."
        }
        Text::NoAnswer => "No answer",
        Text::NextTry => "Next try",
        Text::HookWaiting => "Waiting",
        Text::HookDelivered => "Delivered",
        Text::HookGivenUp => "Given up",
        Text::HookPaid => "Paid",
        Text::HookClosed => "Closed",
        Text::HookRefunded => "All of it refunded",
        Text::HookRefundSucceeded => "A refund went back",
        Text::HookPaidTwice => "Paid twice",
        Text::HookAttention => "Needs attention",
        Text::HookDay => "A day differs",
        Text::OrderOrDay => "Order or day",
        Text::Unmatched => "Fits no order",
        Text::UnmatchedText => {
            "WeChat Pay told of these, signed and sound, and no order here has their number. Another system may use the same merchant number, or this database is older than the payment (a restored copy). Find the goods, or refund it on the merchant platform."
        }
        Text::UnmatchedCaption => "Notifications that fit no order, the latest first",
        Text::UnmatchedOfMany => {
            "Several shops are served here. What fits no order cannot be told apart between them; whoever runs the server finds it in the log."
        }
        Text::NoUnmatched => "All notifications of WeChat Pay belong to an order here.",
        Text::OnlyInBill => "Payments that are in a bill only are under Reconciliation.",
        Text::ARefund => "A refund",
        Text::Whole => "As it came",
        Text::Days => "Reconciliation",
        Text::DaysText => {
            "Each day is compared with WeChat Pay’s bill on the next one, after 10:00. Where they differ, the day says in what."
        }
        Text::DaysCaption => "Days, the latest first",
        Text::NoDays => "No day was compared yet. The first is, on the day after the first order.",
        Text::Date => "Day",
        Text::Differences => "Differences",
        Text::ComparedAt => "Compared (UTC+8)",
        Text::AgainAt => "Tried again (UTC+8)",
        Text::DayOk => "Agrees",
        Text::DayDifferent => "Differs",
        Text::DayFailed => "Could not be compared",
        Text::CompareADay => "Compare a day now",
        Text::Compare => "Compare",
        Text::CompareAgain => "Compare again",
        Text::ComparedNow => "The day was compared just now.",
        Text::DayTitle => "Reconciliation of {}",
        Text::ComparedWhen => "Compared",
        Text::Why => "Why it failed",
        Text::Failures => "Tried in vain",
        Text::AsCsv => "Differences as CSV",
        Text::AsJson => "Report as JSON",
        Text::BothSides => "Both sides",
        Text::SidesCaption => "What the bill and the orders count",
        Text::Side => "Side",
        Text::There => "WeChat Pay’s bill",
        Text::Here => "Orders here",
        Text::PaymentsCount => "Payments",
        Text::PaidSum => "Paid",
        Text::RefundsCount => "Refunds",
        Text::RefundedSum => "Refunded",
        Text::DifferencesCaption => "Differences: {}",
        Text::Difference => "Difference",
        Text::NoDifferences => "Bill and orders say the same.",
        Text::MoreDifferences => "{} more are not kept one by one.",
        Text::Nothing => "nothing",
        Text::DiffMissingHere => "In the bill, not here",
        Text::DoMissingHere => {
            "Another system uses the same merchant number, or the database is older than the payment. Find the goods, or refund."
        }
        Text::DiffMissingThere => "Paid here, not in the bill",
        Text::DoMissingThere => "Look the number up on the merchant platform before the goods go out.",
        Text::DiffAmount => "Another amount",
        Text::DoAmount => "Look the number up on the merchant platform before the goods go out.",
        Text::DiffState => "Another state",
        Text::DoState => {
            "Open the order: if it is still open, WeChat Pay is asked again soon. Compare the day again then."
        }
        Text::DiffPayment => "Another payment",
        Text::DoPayment => {
            "Paid on both sides, under another transaction ID or on another day. The merchant platform has both."
        }
        Text::DiffRefundMissingHere => "Refund in the bill, not here",
        Text::DoRefundMissingHere => "It was refunded on the merchant platform, or by another system.",
        Text::DiffRefundMissingThere => "Refund here, not in the bill",
        Text::DoRefundMissingThere => "Open the order and see how the refund stands.",
        Text::DiffRefundAmount => "Another refund amount",
        Text::DoRefundAmount => "Look the refund up on the merchant platform.",
        Text::Payers => "How payers fare",
        Text::PayersText => {
            "How many of those who saw the cashier paid, and how far the others came. Pages tell it: orders know of every payment, these numbers only of what a page saw."
        }
        Text::PayersOfMany => {
            "Several shops are served here, and pages do not say whose payer they tell of: how payers fare cannot be told apart between them."
        }
        Text::PayersOff => {
            "Telemetry is switched off: pages are not asked how their payers fare (telemetry.enabled is false in the configuration). What was counted before is still shown."
        }
        Text::DaysWrong => "Enter two days, the first no later than the last, and {} days at most.",
        Text::FromDay => "First day",
        Text::ToDay => "Last day",
        Text::NoVisits => "No page told of a payer on these days.",
        Text::NoVisitsOf => "No page told of a payer with this method on these days.",
        Text::Visits => "Visits",
        Text::Conversion => "Paid, of those shown the cashier",
        Text::FailureRate => "Met an error and did not pay",
        Text::Steps => "How far they came",
        Text::StepsNote => {
            "A visit is one order in one tab, and counts on the day it began. Not every payer comes through “Confirming”: paid is held against begun."
        }
        Text::StepShown => "Shown",
        Text::StepShownText => "Saw the cashier",
        Text::StepMethod => "Method chosen",
        Text::StepMethodText => "Had a way to pay at hand",
        Text::StepBegun => "Begun",
        Text::StepBegunText => "Saw a code, or opened WeChat or a wallet",
        Text::StepConfirming => "Confirming",
        Text::StepConfirmingText => "The payer or WeChat said that it is paid",
        Text::StepPaidText => "The page saw that the order is paid",
        Text::OfBefore => "{} of the step before",
        Text::OfBegun => "{} of those begun",
        Text::OfShown => "{} of those shown",
        Text::Endings => "How those ended who did not pay",
        Text::EndingsNote => {
            "Of the others nothing was heard: the page may still be open, or the browser was ended. Failed ones are also counted by how they ended."
        }
        Text::EndClosedText => "The order was closed",
        Text::EndExpired => "Expired",
        Text::EndExpiredText => "The time to pay was over",
        Text::EndAbandoned => "Abandoned",
        Text::EndAbandonedText => "The page was left while the order was open",
        Text::EndFailed => "Failed",
        Text::EndFailedText => "Met an error, and did not pay",
        Text::ByMethod => "By method",
        Text::ByMethodCaption => {
            "Visits on these days by the method at hand last. Percent as in the charts: steps of the step before (paid: of those begun), endings of those shown."
        }
        Text::WayOther => "Another",
        Text::WayNone => "None at hand",
        Text::Health => "Health",
        Text::ThisBackend => "This backend",
        Text::WechatPay => "WeChat Pay",
        Text::Database => "Database",
        Text::Answers => "Answers",
        Text::DoesNotAnswer => "Does not answer",
        Text::DidNotAnswer => "Did not answer last time",
        Text::WithinMs => "within {} ms",
        Text::OldestDue => "Next order due",
        Text::NothingDue => "Nothing is due",
        Text::LastCompared => "Last day compared",
        Text::DifferOf92 => "Days that differ, of the last 92",
        Text::Late => "late by",
        Text::Seconds => "{} s",
        Text::InstancesSeen => "Instances on this database",
        Text::NotCounted => "not counted",
        Text::Version => "Version",
        Text::TimeHere => "Time here",
        Text::Reachable => "Reachable",
        Text::NotAskedYet => "Not asked since the start",
        Text::LastAnswerAt => "Last answer",
        Text::LastTrouble => "Last trouble",
        Text::RefusedAnswers => "Answers not believed",
        Text::RefusedNotifications => "Notifications refused",
        Text::LookInLog => "See the log",
        Text::PlatformKeys => "Keys by which WeChat Pay signs",
        Text::NeverEnds => "public key, does not expire",
        Text::GoodUntil => "good until",
        Text::EndsSoon => "Ends soon",
        Text::SinceStart => "Counted by this process since its start; each instance counts for itself.",
    }
}
