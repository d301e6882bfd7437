//! Which call a method and a path are.

use std::borrow::Cow;

use axum::http::Method;

use crate::ledger::TradeType;

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Orders, for the product.
    Prepay(TradeType),
    /// By the merchant's number.
    Query(String),
    /// By the platform's number.
    QueryById(String),
    /// Closes the number.
    Close(String),
    /// Takes the payment by code of this number back.
    Reverse(String),
    /// Pays a paid trade back.
    Refund,
    /// A refund, by the merchant's number.
    QueryRefund(String),
    /// Says where the money of an abnormal refund goes, by the platform's number.
    ApplyAbnormalRefund(String),
    /// The platform's certificates.
    Certificates,
    /// The trade bill of a day.
    TradeBill,
    /// What moved on the merchant's account on a day.
    FundFlowBill,
    /// The file of a bill that was asked for.
    BillFile,
}

/// A call, and by whose address it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) call: Call,
    /// One of a service provider's: `/v3/pay/partner/…`.
    pub(super) is_partner: bool,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCall {
    /// 404: nothing has this path.
    Path,
    /// 405: the path is known, with another method.
    Method,
}

impl Route {
    pub(super) fn of(method: &Method, path: &str) -> Result<Self, NoCall> {
        // A service provider's transactions are the same calls, a step further.
        let partner = path.strip_prefix("/v3/pay/partner/transactions/");
        let plain = partner.map_or(Cow::Borrowed(path), |rest| Cow::Owned(format!("{TRANSACTIONS}{rest}")));
        let (call, wants) = Call::at(&plain).ok_or(NoCall::Path)?;
        if wants == *method { Ok(Self { call, is_partner: partner.is_some() }) } else { Err(NoCall::Method) }
    }
}

const TRANSACTIONS: &str = "/v3/pay/transactions/";

impl Call {
    fn at(path: &str) -> Option<(Self, Method)> {
        if path == "/v3/certificates" {
            return Some((Self::Certificates, Method::GET));
        }
        if let Some(rest) = path.strip_prefix("/v3/refund/domestic/refunds") {
            let parts: Vec<_> = rest.split('/').collect();
            return Some(match parts.as_slice() {
                [""] => (Self::Refund, Method::POST),
                ["", number] if !number.is_empty() => (Self::QueryRefund(decoded(number)), Method::GET),
                ["", id, "apply-abnormal-refund"] => (Self::ApplyAbnormalRefund(decoded(id)), Method::POST),
                _ => return None,
            });
        }
        match path {
            "/v3/bill/tradebill" => return Some((Self::TradeBill, Method::GET)),
            "/v3/bill/fundflowbill" => return Some((Self::FundFlowBill, Method::GET)),
            "/v3/billdownload/file" => return Some((Self::BillFile, Method::GET)),
            _ => {}
        }
        let rest = path.strip_prefix(TRANSACTIONS)?;
        let parts: Vec<_> = rest.split('/').collect();
        Some(match parts.as_slice() {
            ["native"] => (Self::Prepay(TradeType::Native), Method::POST),
            ["jsapi"] => (Self::Prepay(TradeType::Jsapi), Method::POST),
            ["h5"] => (Self::Prepay(TradeType::Mweb), Method::POST),
            ["codepay"] => (Self::Prepay(TradeType::Micropay), Method::POST),
            ["id", id] => (Self::QueryById(decoded(id)), Method::GET),
            ["out-trade-no", number] => (Self::Query(decoded(number)), Method::GET),
            ["out-trade-no", number, "close"] => (Self::Close(decoded(number)), Method::POST),
            ["out-trade-no", number, "reverse"] => (Self::Reverse(decoded(number)), Method::POST),
            _ => return None,
        })
    }

    /// For the log and for faults.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Prepay(_) => "prepay",
            Self::Query(_) | Self::QueryById(_) => "query",
            Self::Close(_) => "close",
            Self::Reverse(_) => "reverse",
            Self::Refund => "refund",
            Self::QueryRefund(_) => "query_refund",
            Self::ApplyAbnormalRefund(_) => "apply_abnormal_refund",
            Self::Certificates => "certificates",
            Self::TradeBill => "tradebill",
            Self::FundFlowBill => "fundflowbill",
            Self::BillFile => "billdownload",
        }
    }

    /// The number in the path.
    pub(super) fn out_trade_no(&self) -> Option<&str> {
        match self {
            Self::Query(number) | Self::Close(number) | Self::Reverse(number) => Some(number),
            Self::Prepay(_)
            | Self::QueryById(_)
            | Self::Refund
            | Self::QueryRefund(_)
            | Self::ApplyAbnormalRefund(_)
            | Self::Certificates
            | Self::TradeBill
            | Self::FundFlowBill
            | Self::BillFile => None,
        }
    }

    /// Whether a body belongs to it.
    pub(super) fn has_body(&self) -> bool {
        matches!(
            self,
            Self::Prepay(_) | Self::Close(_) | Self::Reverse(_) | Self::Refund | Self::ApplyAbnormalRefund(_)
        )
    }
}

/// `%7C` and the like. What is no UTF-8 stays as it is, and is then no number.
fn decoded(part: &str) -> String {
    let pair = format!("a={}", part.replace('+', "%2B"));
    let value = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value);
    value.unwrap_or(Cow::Borrowed(part)).into_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::{Call, NoCall, Route};

    #[test]
    fn paths_are_calls() {
        let of = |method, path| Route::of(&method, path).map(|route| route.call);
        assert_eq!(of(Method::GET, "/v3/certificates"), Ok(Call::Certificates));
        let query = of(Method::GET, "/v3/pay/transactions/out-trade-no/a%7Cb*c+1");
        assert_eq!(query, Ok(Call::Query("a|b*c+1".to_owned())));
        assert_eq!(of(Method::GET, "/v3/pay/transactions/native"), Err(NoCall::Method));
        assert_eq!(of(Method::POST, "/v3/refund/domestic/refunds"), Ok(Call::Refund));
        let query = of(Method::GET, "/v3/refund/domestic/refunds/order-1-R1%40");
        assert_eq!(query, Ok(Call::QueryRefund("order-1-R1@".to_owned())));
        assert_eq!(of(Method::GET, "/v3/refund/domestic/refunds"), Err(NoCall::Method));
        assert_eq!(of(Method::GET, "/v3/refund/domestic/refunds/"), Err(NoCall::Path));
        let partner = Route::of(&Method::GET, "/v3/pay/partner/transactions/out-trade-no/order-1");
        assert_eq!(partner, Ok(Route { call: Call::Query("order-1".to_owned()), is_partner: true }));
        for unknown in [
            "/v3/pay/transactions/app",
            "/v3/pay/transactions/",
            "/v3/certificates/",
            "/v3/refund",
            "/v3/pay/partner/transactions/app",
        ] {
            assert_eq!(of(Method::GET, unknown), Err(NoCall::Path), "{unknown}");
        }
    }
}
