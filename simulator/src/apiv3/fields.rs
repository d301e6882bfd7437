//! The documented fields of each order but for its ids (`id_fields`): pay.weixin.qq.com/doc/v3/merchant/4012791877 (Native), 4012791856 (JSAPI), 4012791834 (H5),
//! 4012382150 (payment code); what they leave open is from the transcription TheNorthMemory/wechatpay-openapi.

use std::net::IpAddr;

use super::schema::{Field, Kind, may, must};

const DESCRIPTION: Field = must("description", "商品描述", Kind::Text(1, 127));
const OUT_TRADE_NO: Field = must("out_trade_no", "商户订单号", Kind::Chars(6, 32, is_number, r"^[0-9a-zA-Z_\-\|\*]+$"));
const TIME_EXPIRE: Field = may("time_expire", "交易结束时间", Kind::Time);
const ATTACH: Field = may("attach", "附加数据", Kind::Text(1, 128));
const NOTIFY_URL: Field = must("notify_url", "通知地址", Kind::Text(1, 255));
const GOODS_TAG: Field = may("goods_tag", "订单优惠标记", Kind::Text(1, 32));
const FAPIAO: Field = may("support_fapiao", "电子发票入口开放标识", Kind::Bool);
const LIMIT_PAY: Field = may("limit_pay", "指定支付方式", Kind::List(4, &LIMITS));
const LIMITS: Kind = Kind::OneOf(&["no_balance", "no_credit", "no_debit", "balance_only"]);
const SETTLE_INFO: Field =
    may("settle_info", "结算信息", Kind::Object(&[may("profit_sharing", "是否指定分账", Kind::Bool)]));

const TOTAL_MAX: i64 = 100_000_000_000;
/// The currency is checked against the configuration.
const AMOUNT: Field = must(
    "amount",
    "订单金额",
    Kind::Object(&[must("total", "总金额", Kind::Int(1, TOTAL_MAX)), may("currency", "货币类型", Kind::Text(1, 16))]),
);

pub(super) const IDENTITY: Field = may(
    "identity",
    "实名支付信息",
    Kind::Object(&[
        must(
            "type",
            "证件类型",
            Kind::OneOf(&[
                "IDCARD",
                "HONGKONG_MACAO",
                "HONGKONG_MACAO_RESIDENT",
                "TAIWAN_RESIDENT",
                "FOREIGN_RESIDENT",
                "OVERSEA_PASSPORT",
                "PHONE_NUMBER",
            ]),
        ),
        must("number", "证件号", Kind::Text(1, 1024)),
        must("name", "证件姓名", Kind::Text(1, 1024)),
    ]),
);

const PAYER: Field = may("payer", "支付者", Kind::Object(&[IDENTITY]));

const DETAIL: Field = may(
    "detail",
    "优惠功能",
    Kind::Object(&[
        may("cost_price", "订单原价", Kind::Int(0, TOTAL_MAX)),
        may("invoice_id", "商品小票ID", Kind::Text(1, 32)),
        may("goods_detail", "单品列表", Kind::List(6000, &GOODS)),
    ]),
);

const GOODS: Kind = Kind::Object(&[
    must("merchant_goods_id", "商户侧商品编码", Kind::Text(1, 32)),
    may("wechatpay_goods_id", "微信支付商品编码", Kind::Text(1, 32)),
    may("goods_name", "商品名称", Kind::Text(1, 256)),
    must("quantity", "商品数量", Kind::Int(1, TOTAL_MAX)),
    must("unit_price", "商品单价", Kind::Int(0, TOTAL_MAX)),
]);

const CLIENT_IP: Field = must("payer_client_ip", "用户终端IP", Kind::Chars(1, 45, is_ip, "IPv4或IPv6地址"));
const DEVICE_ID: Field = may("device_id", "商户端设备号", Kind::Text(1, 32));
const STORE_INFO: Field = may(
    "store_info",
    "商户门店信息",
    Kind::Object(&[
        must("id", "门店编号", Kind::Text(1, 32)),
        may("name", "门店名称", Kind::Text(1, 256)),
        may("area_code", "地区编码", Kind::Text(1, 32)),
        may("address", "详细地址", Kind::Text(1, 512)),
    ]),
);

const SCENE_INFO: Field = may("scene_info", "场景信息", Kind::Object(&[CLIENT_IP, DEVICE_ID, STORE_INFO]));

const H5_SCENE_INFO: Field = must(
    "scene_info",
    "场景信息",
    Kind::Object(&[
        CLIENT_IP,
        DEVICE_ID,
        STORE_INFO,
        must(
            "h5_info",
            "H5场景信息",
            Kind::Object(&[
                must("type", "场景类型", Kind::Text(1, 32)),
                may("app_name", "应用名称", Kind::Text(1, 64)),
                may("app_url", "网站URL", Kind::Text(1, 128)),
                may("bundle_id", "iOS平台BundleID", Kind::Text(1, 128)),
                may("package_name", "Android平台PackageName", Kind::Text(1, 128)),
            ]),
        ),
    ]),
);

const SUBSIDY_INFO: Field =
    may("subsidy_info", "贴息信息", Kind::Object(&[may("subsidy_detail", "贴息详情列表", Kind::List(10, &SUBSIDY))]));

const SUBSIDY: Kind = Kind::Object(&[
    must("subsidy_period_type", "贴息方案类型", Kind::OneOf(&["DAILY", "PERIOD"])),
    must("subsidy_plan", "贴息方案列表", Kind::List(10, &SUBSIDY_PLAN)),
]);

const SUBSIDY_PLAN: Kind = Kind::Object(&[
    must("subsidy_installment_num", "贴息期数", Kind::Number(&[3, 6, 12])),
    must("subsidy_percent", "贴息比例", Kind::Number(&[0, 100])),
]);

pub(super) const NATIVE: &[Field] = &[
    DESCRIPTION,
    OUT_TRADE_NO,
    TIME_EXPIRE,
    ATTACH,
    NOTIFY_URL,
    GOODS_TAG,
    FAPIAO,
    LIMIT_PAY,
    AMOUNT,
    DETAIL,
    SCENE_INFO,
    SETTLE_INFO,
    PAYER,
];

pub(super) const JSAPI: &[Field] = &[
    DESCRIPTION,
    OUT_TRADE_NO,
    TIME_EXPIRE,
    ATTACH,
    NOTIFY_URL,
    GOODS_TAG,
    FAPIAO,
    LIMIT_PAY,
    AMOUNT,
    DETAIL,
    SCENE_INFO,
    SETTLE_INFO,
    SUBSIDY_INFO,
];

pub(super) const H5: &[Field] = &[
    DESCRIPTION,
    OUT_TRADE_NO,
    TIME_EXPIRE,
    ATTACH,
    NOTIFY_URL,
    GOODS_TAG,
    FAPIAO,
    LIMIT_PAY,
    AMOUNT,
    DETAIL,
    H5_SCENE_INFO,
    SETTLE_INFO,
    PAYER,
];

/// Neither `notify_url` nor `time_expire`; the store is required, and has other fields.
pub(super) const CODEPAY: &[Field] = &[
    DESCRIPTION,
    OUT_TRADE_NO,
    ATTACH,
    GOODS_TAG,
    FAPIAO,
    must(
        "payer",
        "支付者",
        Kind::Object(&[must("auth_code", "授权码", Kind::Chars(18, 18, is_auth_code, r"^1[0-5]\d{16}$"))]),
    ),
    AMOUNT,
    must(
        "scene_info",
        "场景信息",
        Kind::Object(&[
            DEVICE_ID,
            may("device_ip", "商户端设备IP", Kind::Chars(1, 45, is_ip, "IPv4或IPv6地址")),
            must(
                "store_info",
                "商户门店信息",
                Kind::Object(&[
                    may("id", "门店编号", Kind::Text(1, 32)),
                    may("out_id", "商家自定义编码", Kind::Text(1, 32)),
                ]),
            ),
        ]),
    ),
    may(
        "detail",
        "优惠功能",
        Kind::Object(&[
            may("cost_price", "订单原价", Kind::Int(0, TOTAL_MAX)),
            may("invoice_id", "商品小票ID", Kind::Text(1, 32)),
            must("goods_detail", "单品列表", Kind::List(6000, &CODEPAY_GOODS)),
        ]),
    ),
    SETTLE_INFO,
];

const CODEPAY_GOODS: Kind = Kind::Object(&[
    must("merchant_goods_id", "商户侧商品编码", Kind::Text(1, 32)),
    may("wxpay_goods_id", "微信支付商品编码", Kind::Text(1, 32)),
    may("goods_name", "商品名称", Kind::Text(1, 256)),
    must("quantity", "商品数量", Kind::Int(1, TOTAL_MAX)),
    must("unit_price", "商品单价", Kind::Int(0, TOTAL_MAX)),
]);

/// An `out_trade_no`, but for its length.
pub(super) fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte))
}

fn is_auth_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && ("10".."16").contains(&text.get(..2).unwrap_or_default())
}

fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}
