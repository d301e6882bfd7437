//! The shop's own page of an order, where the payer comes back to.

use wechat_cashier::contract::{Money, Order, OrderStatus, Timestamp};

use super::shop::{cashier_url, wechat_url};
use crate::assets::{escape, page};
use crate::shop::Language;
use crate::state::ShopOrder;

/// While nothing is decided, the page asks again by itself.
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"5\">\n";

/// `order` is what the merchant's backend answers.
pub(super) fn html(order: &Order, shop: &ShopOrder, now: Timestamp) -> String {
    let language = Language::from_tag(&shop.lang);
    let say = |mainland, hong_kong, english| match language {
        Language::Mainland => mainland,
        Language::HongKong => hong_kong,
        Language::English => english,
    };
    let waiting = order.status == OrderStatus::Pending && now < order.expires_at;
    let (class, status) = match order.status {
        OrderStatus::Paid => ("paid", say("已付款，谢谢惠顾", "已付款，多謝惠顧", "Paid. Thank you!")),
        OrderStatus::Refunded => ("refunded", say("已退款", "已退款", "Refunded")),
        OrderStatus::Closed => ("closed", say("订单已关闭", "訂單已關閉", "Closed")),
        OrderStatus::Pending | OrderStatus::Unknown(_) if waiting => {
            ("pending", say("等待付款", "等待付款", "Waiting for payment"))
        }
        OrderStatus::Pending | OrderStatus::Unknown(_) => ("closed", say("订单已过期", "訂單已過期", "Expired")),
    };
    let pay = if waiting {
        let text = say("去付款", "去付款", "Go to the cashier");
        let wechat = say("在模拟的微信里打开", "在模擬的微信裡開啟", "Open inside an emulated WeChat");
        let open: String = url::form_urlencoded::byte_serialize(wechat_url(&order.order_id, shop).as_bytes()).collect();
        format!(
            r#"<p><a class="button primary" href="{}">{text}</a></p>
<p><a href="/wechat?lang={}&amp;open={open}">{wechat}</a></p>"#,
            escape(&cashier_url(&order.order_id, shop)),
            language.tag(),
        )
    } else {
        String::new()
    };
    let paid_at = order.paid_at.and_then(Timestamp::to_rfc3339).map_or(String::new(), |at| {
        // Seconds are fine enough for a receipt.
        let shown = at.get(..19).unwrap_or(&at).replacen('T', " ", 1);
        let label = say("付款时间", "付款時間", "Paid at");
        format!(r#"<dt>{label}</dt><dd><time datetime="{at}">{shown} UTC</time></dd>"#)
    });
    let main = format!(
        r#"<section class="card order" data-status="{class}">
<p class="status {class}">{status}</p>
<h1>{description}</h1>
<dl><dt>{number}</dt><dd>{order_id}</dd>
<dt>{amount}</dt><dd>{money}</dd>{paid_at}</dl>
{pay}
<p><a href="/?lang={tag}">{again}</a></p>
</section>"#,
        description = escape(&order.description),
        number = say("订单号", "訂單編號", "Order"),
        order_id = escape(&order.order_id),
        amount = say("金额", "金額", "Amount"),
        money = money(order),
        tag = language.tag(),
        again = say("再选一款茶", "再揀一款茶", "Choose another tea"),
    );
    page(language.tag(), "清叶茶舍 Tea House", if waiting { REFRESH } else { "" }, &main)
}

/// The amount with as many decimals as its currency has.
fn money(order: &Order) -> String {
    let Money { value, currency } = order.amount;
    let (code, decimals) = (currency.code(), usize::from(currency.exponent()));
    let unit = 10_i64.pow(decimals as u32);
    match decimals {
        0 => format!("{code} {value}"),
        _ => format!("{code} {}.{:0decimals$}", value / unit, value % unit),
    }
}
