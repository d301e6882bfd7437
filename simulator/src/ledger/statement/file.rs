//! How the lines stand in the file: UTF-8 with a mark, CRLF, a backtick before each value, yuan, China's time.

use wechat_cashier::contract::Currency;

use super::{Kind, Line};
use crate::clock::beijing;
use crate::ledger::TradeType;

/// The columns that all kinds begin with.
const PAYMENT: [&str; 14] = [
    "交易时间",
    "公众账号ID",
    "商户号",
    "特约商户号",
    "设备号",
    "微信订单号",
    "商户订单号",
    "用户标识",
    "交易类型",
    "交易状态",
    "付款银行",
    "货币种类",
    "应结订单金额",
    "代金券金额",
];
/// When a refund was accepted and came to the payer: of refunds alone.
const REFUND_TIMES: [&str; 2] = ["退款申请时间", "退款成功时间"];
const REFUND: [&str; 6] = ["微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态"];
const GOODS: [&str; 5] = ["商品名称", "商户数据包", "手续费", "费率", "订单金额"];
const REQUESTED: &str = "申请退款金额";
const RATE_NOTE: &str = "费率备注";

/// 0.60 %, what most merchants pay.
const FEE_PER_THOUSAND: i64 = 6;

/// The whole file.
pub fn file(kind: Kind, lines: &[Line]) -> String {
    let columns = columns(kind);
    let mut text = format!("\u{feff}{}\r\n", columns.join(","));
    for line in lines {
        let cells: Vec<_> = columns.iter().map(|column| format!("`{}", plain(&cell(line, column)))).collect();
        text.push_str(&format!("{}\r\n", cells.join(",")));
    }
    let totals = totals(kind, lines);
    let names: Vec<_> = totals.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = totals.iter().map(|(_, value)| format!("`{value}")).collect();
    text.push_str(&format!("{}\r\n{}\r\n", names.join(","), values.join(",")));
    text
}

fn columns(kind: Kind) -> Vec<&'static str> {
    let mut columns = PAYMENT.to_vec();
    if kind == Kind::Refund {
        columns.extend(REFUND_TIMES);
    }
    if kind != Kind::Success {
        columns.extend(REFUND);
    }
    columns.extend(GOODS);
    if kind != Kind::Success {
        columns.push(REQUESTED);
    }
    columns.push(RATE_NOTE);
    columns
}

fn totals(kind: Kind, lines: &[Line]) -> Vec<(&'static str, String)> {
    let currency = lines.first().map_or("CNY", |line| &line.currency);
    let sum = |of: fn(&Line) -> i64| yuan(lines.iter().map(of).sum(), currency);
    let mut totals = vec![("总交易单数", lines.len().to_string()), ("应结订单总金额", sum(paid))];
    if kind != Kind::Success {
        totals.push(("退款总金额", sum(refunded)));
        totals.push(("充值券退款总金额", yuan(0, currency)));
    }
    totals.push(("手续费总金额", fee_text(lines.iter().map(fee).sum(), currency)));
    totals.push(("订单总金额", sum(paid)));
    if kind != Kind::Success {
        totals.push(("申请退款总金额", sum(refunded)));
    }
    totals
}

fn cell(line: &Line, column: &str) -> String {
    let refund = line.refund.as_ref();
    let of_refund = |text: &str, none: &str| if refund.is_some() { text.to_owned() } else { none.to_owned() };
    let money = |minor: i64| yuan(minor, &line.currency);
    match column {
        "交易时间" | "退款申请时间" => time(line.at),
        "退款成功时间" => refund.and_then(|refund| refund.success_at).map(time).unwrap_or_default(),
        "公众账号ID" => line.appid.clone(),
        "商户号" => line.mchid.clone(),
        // A merchant of its own has no other under it.
        "特约商户号" => line.sub_mchid.as_deref().unwrap_or("0").to_owned(),
        "设备号" => line.device_id.clone(),
        "微信订单号" => line.transaction_id.clone(),
        "商户订单号" => line.out_trade_no.clone(),
        "用户标识" => line.openid.clone(),
        "交易类型" => trade_type(line.trade_type).to_owned(),
        "交易状态" => line.state.clone(),
        "付款银行" => "OTHERS".to_owned(),
        "货币种类" => line.currency.clone(),
        "应结订单金额" | "订单金额" => money(paid(line)),
        "微信退款单号" => refund.map_or("0", |refund| &refund.refund_id).to_owned(),
        "商户退款单号" => refund.map_or("0", |refund| &refund.out_refund_no).to_owned(),
        "退款金额" | "申请退款金额" => money(refunded(line)),
        "代金券金额" | "充值券退款金额" => money(0),
        "退款类型" => of_refund("ORIGINAL", ""),
        "退款状态" => refund.map_or("", |refund| &refund.status).to_owned(),
        "商品名称" => line.description.clone(),
        "商户数据包" => line.attach.clone(),
        "手续费" => fee_text(fee(line), &line.currency),
        "费率" => "0.60%".to_owned(),
        _ => String::new(),
    }
}

/// A line's own order amount: a refund has none.
fn paid(line: &Line) -> i64 {
    if line.refund.is_some() { 0 } else { line.total }
}

pub(super) fn refunded(line: &Line) -> i64 {
    line.refund.as_ref().map_or(0, |refund| refund.amount)
}

/// In the smallest unit, rounded; of a refund it comes back.
pub(super) fn fee(line: &Line) -> i64 {
    let of = |amount: i64| (amount * FEE_PER_THOUSAND + 500) / 1000;
    of(paid(line)) - of(refunded(line))
}

/// Fees have five decimals, whatever the currency.
fn fee_text(minor: i64, currency: &str) -> String {
    let text = yuan(minor, currency);
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let point = if decimals == 0 { "." } else { "" };
    format!("{text}{point}{}", "0".repeat(5_usize.saturating_sub(decimals)))
}

/// An amount in the currency's own unit.
pub(super) fn yuan(minor: i64, currency: &str) -> String {
    let decimals = Currency::new(currency).map_or(2, |currency| usize::from(currency.exponent()));
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let sign = if minor < 0 { "-" } else { "" };
    let point = if decimals == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{rest}")
}

pub(super) fn time(at: wechat_cashier::contract::Timestamp) -> String {
    beijing(at).get(..19).unwrap_or_default().replace('T', " ")
}

/// Commas stay as they are, for no value is quoted; a line is a line.
pub(super) fn plain(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

fn trade_type(of: TradeType) -> &'static str {
    match of {
        TradeType::Native => "NATIVE",
        TradeType::Jsapi => "JSAPI",
        TradeType::Mweb => "MWEB",
        TradeType::Micropay => "MICROPAY",
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, columns, fee_text, yuan};

    #[test]
    fn amounts_have_the_currencys_decimals() {
        assert_eq!(yuan(1999, "CNY"), "19.99");
        assert_eq!(yuan(5, "CNY"), "0.05");
        assert_eq!(yuan(-27, "CNY"), "-0.27");
        assert_eq!(yuan(500, "JPY"), "500");
        assert_eq!(fee_text(-27, "CNY"), "-0.27000");
        assert_eq!(fee_text(3, "JPY"), "3.00000");
    }

    #[test]
    fn each_kind_has_its_columns() {
        assert_eq!(columns(Kind::All).len(), 27);
        assert_eq!(columns(Kind::Success).len(), 20);
        assert_eq!(columns(Kind::Refund).len(), 29);
    }
}
