//! The documented fields of the bodies about refunds (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>, 4013071193).

use super::fields::is_number;
use super::schema::{Field, Kind, may, must};

const FEN_MAX: i64 = 100_000_000_000;

const OUT_REFUND_NO: Field =
    must("out_refund_no", "商户退款单号", Kind::Chars(1, 64, is_refund_number, r"^[0-9a-zA-Z_\-\|\*@]+$"));

/// A service provider has to say for whom it asks, and no other merchant may.
const SUB_MCHID: Field = may("sub_mchid", "子商户号", Kind::Text(1, 32));

/// Of `transaction_id` and `out_trade_no` one has to be there.
pub(super) const REFUND: &[Field] = &[
    SUB_MCHID,
    may("transaction_id", "微信支付订单号", Kind::Text(1, 32)),
    may("out_trade_no", "商户订单号", Kind::Chars(6, 32, is_number, r"^[0-9a-zA-Z_\-\|\*]+$")),
    OUT_REFUND_NO,
    may("reason", "退款原因", Kind::Text(1, 80)),
    may("notify_url", "退款结果回调url", Kind::Text(1, 256)),
    may("funds_account", "退款资金来源", Kind::OneOf(&["AVAILABLE", "UNSETTLED"])),
    must(
        "amount",
        "金额信息",
        Kind::Object(&[
            must("refund", "退款金额", Kind::Int(1, FEN_MAX)),
            may("from", "退款出资账户及金额", Kind::List(10, &FROM)),
            must("total", "原订单金额", Kind::Int(1, FEN_MAX)),
            must("currency", "退款币种", Kind::Text(1, 16)),
        ]),
    ),
    may("goods_detail", "退款商品", Kind::List(6000, &GOODS)),
];

const FROM: Kind = Kind::Object(&[
    must("account", "出资账户类型", Kind::OneOf(&["AVAILABLE", "UNAVAILABLE"])),
    must("amount", "出资金额", Kind::Int(1, FEN_MAX)),
]);

const GOODS: Kind = Kind::Object(&[
    must("merchant_goods_id", "商户侧商品编码", Kind::Text(1, 32)),
    may("wechatpay_goods_id", "微信支付商品编码", Kind::Text(1, 32)),
    may("goods_name", "商品名称", Kind::Text(1, 256)),
    must("unit_price", "商品单价", Kind::Int(0, FEN_MAX)),
    must("refund_amount", "商品退款金额", Kind::Int(0, FEN_MAX)),
    must("refund_quantity", "商品退货数量", Kind::Int(1, FEN_MAX)),
]);

/// The bank's account and the name are sealed with the platform's key: what is in them is not read.
pub(super) const APPLY_ABNORMAL: &[Field] = &[
    SUB_MCHID,
    OUT_REFUND_NO,
    must("type", "异常退款处理方式", Kind::OneOf(&["USER_BANK_CARD", "MERCHANT_BANK_CARD"])),
    may("bank_type", "开户银行", Kind::Text(1, 16)),
    may("bank_account", "收款银行卡号", Kind::Text(1, 1024)),
    may("real_name", "收款用户姓名", Kind::Text(1, 1024)),
];

/// An `out_refund_no`, but for its length.
pub(super) fn is_refund_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte))
}
