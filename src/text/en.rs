use super::Text;

pub(super) const fn say(text: Text) -> &'static str {
    match text {
        Text::WechatPay => "WeChat Pay",
        Text::AmountDue => "Amount due",
        Text::AmountPaid => "Amount paid",
        Text::AmountTotal => "Order amount",
        Text::Ways => "Other ways to pay",
        Text::WayNative => "Scan a QR code",
        Text::WayJsapi => "Pay in WeChat",
        Text::WayH5 => "Open WeChat to pay",
        Text::WayMiniProgram => "Pay in the mini program",
        Text::WayCode => "Payment code",
        Text::OrderNumber => "Order",
        Text::Idle => "Welcome",
        Text::IdleText => "The code to pay with will be shown here",
        Text::Loading => "Preparing your order…",
        Text::ScanHint => "Open WeChat and use Scan to pay",
        Text::ScanOnly => "Use the phone’s camera: a long press or a picture from the album does not work",
        Text::ScanElsewhere => "Scan it with another device: this one cannot see its own screen",
        Text::ScanWith => "Open {} and scan to pay",
        Text::CopyLink => "Copy link",
        Text::QrAlt => "QR code: {}",
        Text::TimeLeft => "Time left",
        Text::MinuteLeft => "The code expires in one minute",
        Text::HavePaid => "I have paid",
        Text::NewCode => "New code",
        Text::PayTitle => "Ready to pay",
        Text::PayHere => "Tap the button and finish in WeChat",
        Text::PayThere => "You will leave this page to pay; come back here for the result",
        Text::PayNow => "Pay {}",
        Text::PayPreparing => "Preparing the payment…",
        Text::PayOpening => "Opening the payment…",
        Text::PayOpeningText => "Pay on the page that opens. If none does, choose “Try again”.",
        Text::Cancelled => "Payment not completed",
        Text::CancelledText => "Your order still stands. You can pay it again.",
        Text::Returned => "Have you finished paying?",
        Text::ReturnedText => "If so, we check with the shop and show the result. Please do not pay twice.",
        Text::Finished => "I have paid",
        Text::PayAgain => "Pay again",
        Text::TakeCode => "Scan the customer’s payment code",
        Text::TakeCodeText => "The customer opens Money in WeChat to show it",
        Text::CodeField => "Payment code (18 digits)",
        Text::TakePayment => "Charge {}",
        Text::CodeMalformed => "That is no payment code: 18 digits, beginning with 10 to 15",
        Text::CodeRefused => "The code was not accepted. Ask the customer for a fresh one.",
        Text::CodeNotConfirmed => "The customer did not confirm. Scan a fresh code.",
        Text::AwaitPayer => "Waiting for the customer",
        Text::AwaitPayerText => "The customer may have to enter a password on the phone",
        Text::Confirming => "Confirming your payment",
        Text::ConfirmingText => "We are asking WeChat Pay, which takes a few seconds. Please do not pay twice.",
        Text::Back => "Not paid yet: go back",
        Text::Paid => "Paid",
        Text::PaidText => "The shop has received your payment",
        Text::PaidLate => "The order had expired when it was paid. Please ask the shop to confirm it.",
        Text::TillPaid => "Received {}",
        Text::TillPaidText => "Ready for the next customer",
        Text::TillPaidLate => "The order had expired when it was paid. Check it first.",
        Text::TillOverText => "Make a new order. If the customer has paid, press “I have paid”.",
        Text::TillOpenText => "Open the order again. If the customer may have paid, check it first.",
        Text::TillFaultyText => {
            "Try again, or give the code below to support. If the customer may have paid, check it first."
        }
        Text::ReturnIn => "Back to the shop in {} s",
        Text::Stay => "Stay on this page",
        Text::Return => "Back to the shop",
        Text::CodeExpired => "This code has expired",
        Text::CodeExpiredText => "Get a new code to go on. If you have paid, choose “I have paid”.",
        Text::OrderExpired => "This order has expired",
        Text::OrderOverText => {
            "Please do not pay it any more; order again at the shop. If you have paid, choose “I have paid”."
        }
        Text::Closed => "This order is closed",
        Text::Refunded => "Refunded",
        Text::RefundedText => "The money has been sent back. WeChat Pay tells you when it arrives.",
        Text::NoticeOffline => "You are offline. We go on when the network is back.",
        Text::NoticeUnreachable => "The shop cannot be reached at the moment. Trying again.",
        Text::NoticeRefused => "The shop cannot tell the result at the moment. Trying again ({}).",
        Text::NoticeNotReceived => {
            "No payment has arrived yet. If you have just paid, do not pay again: it will show here."
        }
        Text::NoticeCopied => "Copied",
        Text::NoticeCopyByHand => "Copy this by hand: {}",
        Text::Retry => "Try again",
        Text::SupportCode => "Code for support",
        Text::Copy => "Copy",
        Text::MissingOrder => "No order",
        Text::MissingOrderText => {
            "The page’s address names no order (?order=…). Please open the checkout from the shop again."
        }
        Text::Unreachable => "The shop cannot be reached",
        Text::UnreachableText => "Please check your network. We keep trying, and you can try now.",
        Text::OrderNotFound => "Order not found",
        Text::OrderNotFoundText => {
            "The shop does not know this order. Please open it from the shop again, or try later."
        }
        Text::Unauthorized => "This page is no longer valid",
        Text::UnauthorizedText => {
            "Please open the order from the shop again. If you have paid, look there for the result and do not pay twice."
        }
        Text::Busy => "The shop is busy",
        Text::BusyText => "Please wait, we keep trying.",
        Text::Upstream => "WeChat Pay does not answer at the moment",
        Text::UpstreamText => "Please wait, we keep trying.",
        Text::NoMethod => "This way to pay is not available",
        Text::NoMethodText => "Please choose another way, or open the order from the shop again.",
        Text::Faulty => "Something is wrong at the shop",
        Text::FaultyText => "Please try again, or tell the shop the code below. If you have paid, do not pay twice.",
        Text::Stale => "The payment request is out of date",
        Text::StaleText => "Try again to get a new one.",
        Text::NotRegistered => "This page is not registered with WeChat",
        Text::NotRegisteredText => {
            "Open it from the shop again. If that does not help, pay another way and tell the shop the code."
        }
        Text::Setup => "The shop’s WeChat Pay is not set up right",
        Text::SetupText => "Please pay another way, and tell the shop the code below.",
        Text::NotSupported => "WeChat Pay does not open here",
        Text::NotSupportedText => "Update WeChat and try again, or pay another way.",
        Text::OtherAccount => "This order is for another WeChat account",
        Text::OtherAccountText => "Try again to have it made for this one.",
        Text::Limit => "The shop cannot take this payment now",
        Text::LimitText => "Please pay another way, or ask the shop.",
        Text::PayFailed => "The payment did not go through",
        Text::PayFailedText => "Look in WeChat or at the shop first. Try again only if it is not paid.",
        Text::LoginLoop => "WeChat login did not work",
        Text::LoginLoopText => "The shop did not recognise your account. Try again, or pay another way.",
        Text::AmountChanged => "The amount of this order has changed",
        Text::AmountChangedText => {
            "We have stopped, to protect your money. Please check the amount with the shop and open the order again."
        }
    }
}
