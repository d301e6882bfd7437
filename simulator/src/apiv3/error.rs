//! How the platform says no: status, code, message, detail, and the internal number at the end of `Request-ID`
//! (docs/platform.md, 7.4).

use serde_json::{Value, json};

use crate::ledger::Refused;

/// An error, as it is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) detail: Option<Value>,
    pub(crate) number: u32,
    /// Whether the answer has a `Request-ID`.
    pub(crate) has_request_id: bool,
}

/// 参数非法.
const PARAM: u32 = 268_435_461;
/// 参数超出取值范围.
const RANGE: u32 = 268_435_464;

impl ApiError {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>, number: u32) -> Self {
        Self { status, code, message: message.into(), detail: None, number, has_request_id: true }
    }

    /// 401. <https://pay.weixin.qq.com/doc/v3/merchant/4012072670>
    pub(super) fn sign(message: &str) -> Self {
        Self::new(401, "SIGN_ERROR", message, 268_443_699)
    }

    /// 400 for a field that is not as documented.
    pub(super) fn field(location: &str, field: &str, value: Value, message: String) -> Self {
        Self::at(location, field, value, message, PARAM)
    }

    /// 400 for a value that is too short, too long, too small or too large.
    pub(super) fn range(location: &str, field: &str, value: Value, message: String) -> Self {
        Self::at(location, field, value, message, RANGE)
    }

    /// 400 for a field that nobody knows.
    pub(super) fn unknown(location: &str, field: &str) -> Self {
        Self::at(location, field, "".into(), "参数中含有非法的额外参数".to_owned(), 270_924_358)
    }

    /// 400 for JSAPI without a payer.
    pub(super) fn no_openid(mut self) -> Self {
        self.number = 268_501_013;
        self
    }

    fn at(location: &str, field: &str, value: Value, message: String, number: u32) -> Self {
        let mut detail = json!({ "location": location, "field": field, "issue": message });
        detail["value"] = value;
        Self { detail: Some(detail), ..Self::new(400, "PARAM_ERROR", message, number) }
    }

    /// 400 for a request that is not as APIv3 wants requests.
    pub(super) fn request(message: &str) -> Self {
        Self::new(400, "INVALID_REQUEST", message, PARAM)
    }

    /// 429.
    pub(super) fn too_many() -> Self {
        Self::new(429, "FREQUENCY_LIMITED", "请求频率超过限制", 268_447_840)
    }

    /// 5xx.
    pub(super) fn system(status: u16) -> Self {
        match status {
            502 | 503 => Self::new(status, "SERVICE_UNAVAILABLE", "服务不可用，请稍后重试", 268_435_456),
            _ => Self::new(status, "SYSTEM_ERROR", "系统异常，请稍后重试", 268_435_456),
        }
    }

    /// 400 for an appid that is not the merchant's.
    pub(super) fn appid() -> Self {
        Self::new(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配", 268_445_527)
    }

    /// 400 for a merchant who asks for another's order.
    pub(super) fn not_yours() -> Self {
        Self::new(400, "INVALID_REQUEST", "商户号和订单不匹配", 268_447_843)
    }

    /// 400 for a body of another merchant than the one who signed.
    pub(super) fn mchid(location: &str, name: &str, value: Value) -> Self {
        let said = "http header中的mchid与post payload中的mchid不匹配";
        let field = if location == "body" { format!("/{name}") } else { name.to_owned() };
        Self::at(location, &field, value, said.to_owned(), PARAM)
    }

    /// 400 for a service provider that does not say for whom it asks.
    pub(super) fn no_sub() -> Self {
        Self::new(400, "PARAM_ERROR", "受理机构必须传入sub_mch_id", 268_443_704)
    }

    /// 400 for a merchant of its own that asks for another.
    pub(super) fn no_partner() -> Self {
        Self::new(400, "PARAM_ERROR", "普通商户不允许传sub_mch_id", PARAM)
    }

    /// 400 for a service provider that names itself.
    pub(super) fn own_sub() -> Self {
        Self::new(400, "PARAM_ERROR", "子商户mchid不能与自身mchid相同", 268_443_705)
    }

    /// 403 for a sub-merchant of another service provider, or of none.
    pub(super) fn no_relation() -> Self {
        Self::new(403, "NO_AUTH", "受理关系不存在", 268_443_701)
    }

    /// 403 for a product that the sub-merchant has not authorised.
    pub(super) fn no_product() -> Self {
        Self::new(403, "NO_AUTH", "特约子商户商户号未授权服务商的产品权限", PARAM)
    }

    /// 400 for an appid that is not the sub-merchant's.
    pub(super) fn sub_appid() -> Self {
        Self::new(400, "PARAM_ERROR", "sub_mch_id与sub_appid不匹配", PARAM)
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some(detail) = &self.detail {
            body["detail"] = detail.clone();
        }
        body
    }
}

/// The codes that the sources do not settle are in README, "Where the sources disagree".
impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::OrderPaid => Self::new(400, "ORDERPAID", "该订单已支付", 268_449_538),
            Refused::OrderClosed => Self::new(400, "ORDER_CLOSED", "该订单已失效", 268_447_914),
            Refused::OtherParameters => {
                Self::new(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致", 268_498_688)
            }
            Refused::OtherTradeType | Refused::NumberUsed => {
                Self::new(403, "OUT_TRADE_NO_USED", "201 商户订单号重复", PARAM)
            }
            Refused::OrderNotExist => Self::new(404, "ORDER_NOT_EXIST", "订单不存在", 268_512_771),
            Refused::ReverseOnly => {
                Self::new(403, "TRADE_ERROR", "当前交易不允许进行普通关单（只能撤销）", 268_449_641)
            }
            Refused::NotReversible => Self::new(400, "INVALID_REQUEST", "订单的支付场景不支持该请求", PARAM),
            Refused::OtherSub => Self::new(400, "INVALID_REQUEST", "子商户号和订单信息不匹配", 268_447_845),
            Refused::OpenidOfOtherAppid => Self::new(400, "PARAM_ERROR", "appid和openid不匹配", PARAM),
            Refused::SubOpenidOfOtherAppid => Self::new(400, "PARAM_ERROR", "sub_appid和sub_openid不匹配", PARAM),
            Refused::OpenidUnknown => Self::new(400, "PARAM_ERROR", "无效的openid", PARAM),
            Refused::AuthCodeUnknown => Self::new(400, "AUTH_CODE_ERROR", "付款码无效，请重新扫码", PARAM),
            Refused::NothingToRefund => Self::new(404, "RESOURCE_NOT_EXISTS", "订单不存在", PARAM),
            Refused::RefundOfAnother => Self::not_yours(),
            Refused::RefundAmountDiffers | Refused::RefundOtherParameters => {
                Self::request("订单金额或退款金额与之前请求不一致，请核实后再试")
            }
            Refused::RefundTooLate => Self::request("订单已经超过退款期限"),
            Refused::AllRefunded => Self::request("订单已全额退款"),
            Refused::RefundTooMuch => Self::request("累计退款金额大于支付金额"),
            Refused::RefundsTooMany => Self::request("部分退款次数超过50次"),
            Refused::RefundTooSoon => Self::too_many(),
            Refused::NotEnough => Self::new(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起", PARAM),
            Refused::RefundNotExist => Self::new(404, "RESOURCE_NOT_EXISTS", "退款单不存在", PARAM),
            Refused::RefundNotAbnormal => Self::request("退款单状态不是异常，不能发起异常退款"),
            Refused::AuthCodeExpired => Self::new(400, "AUTH_CODE_INVALID", "101 付款码已过期，请退出重试", PARAM),
        }
    }
}
