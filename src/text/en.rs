use super::Text;

pub(super) const fn say(text: Text) -> &'static str {
    match text {
        Text::WechatPay => "WeChat Pay",
        Text::AmountDue => "Amount due",
        Text::AmountPaid => "Amount paid",
        Text::AmountTotal => "Order amount",
        Text::OrderNumber => "Order",
        Text::Loading => "Preparing your order…",
        Text::ScanHint => "Open WeChat and use Scan to pay",
        Text::ScanOnly => "Use the phone’s camera: a long press or a picture from the album does not work",
        Text::QrAlt => "WeChat Pay QR code. Scan it with WeChat on your phone.",
        Text::TimeLeft => "Time left",
        Text::MinuteLeft => "The code expires in one minute",
        Text::HavePaid => "I have paid",
        Text::NewCode => "New code",
        Text::Confirming => "Confirming your payment",
        Text::ConfirmingText => "We are asking WeChat Pay, which takes a few seconds. Please do not pay twice.",
        Text::ShowCode => "Not paid yet: show the code",
        Text::Paid => "Paid",
        Text::PaidText => "The shop has received your payment",
        Text::PaidLate => "The order had expired when it was paid. Please ask the shop to confirm it.",
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
        Text::Retry => "Try again",
        Text::SupportCode => "Code for support",
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
        Text::NoMethod => "This order cannot be paid by QR code",
        Text::NoMethodText => "Please choose another way to pay at the shop.",
        Text::Faulty => "Something is wrong at the shop",
        Text::FaultyText => "Please try again, or tell the shop the code below. If you have paid, do not pay twice.",
        Text::AmountChanged => "The amount of this order has changed",
        Text::AmountChangedText => {
            "We have stopped, to protect your money. Please check the amount with the shop and open the order again."
        }
    }
}
