//! Which column is where: by its name, for their sequence differs from kind to kind and has changed over the years
//! (<https://pay.weixin.qq.com/docs/merchant/products/bill-download/format-trade.html>).

use super::BillFault;

/// Where the columns are that are read. The second of two names is that of before 2018, which some merchants still have.
#[derive(Debug)]
pub(super) struct Columns {
    names: Vec<String>,
    pub(super) at: usize,
    pub(super) mchid: usize,
    pub(super) sub_mchid: Option<usize>,
    pub(super) transaction_id: usize,
    pub(super) out_trade_no: usize,
    pub(super) state: usize,
    pub(super) currency: usize,
    pub(super) total: usize,
    pub(super) refund_id: Option<usize>,
    pub(super) out_refund_no: Option<usize>,
    pub(super) refunded: Option<usize>,
    pub(super) refund_status: Option<usize>,
}

/// A total, and the column that it is the sum of. Fees are rounded, and are not ours to know.
pub(super) const TOTALS: [(&str, &str); 8] = [
    ("应结订单总金额", "应结订单金额"),
    ("总交易额", "总金额"),
    ("退款总金额", "退款金额"),
    ("总退款金额", "退款金额"),
    ("充值券退款总金额", "充值券退款金额"),
    ("总代金券或立减优惠退款金额", "代金券或立减优惠退款金额"),
    ("订单总金额", "订单金额"),
    ("申请退款总金额", "申请退款金额"),
];

/// The first name in the line of totals.
pub(super) const COUNT: &str = "总交易单数";

impl Columns {
    /// Of the line with their names.
    pub(super) fn read(names: Vec<String>, line: usize) -> Result<Self, BillFault> {
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
        if let Some((_, name)) = twice {
            return Err(BillFault { line, column: Some(name.clone()), what: "is there twice".to_owned() });
        }
        let find = |wanted: &[&str]| wanted.iter().find_map(|wanted| names.iter().position(|name| name == wanted));
        let need = |wanted: &[&str]| {
            let column = wanted.first().map(|name| (*name).to_owned());
            find(wanted).ok_or_else(|| BillFault { line, column, what: "is missing".to_owned() })
        };
        Ok(Self {
            at: need(&["交易时间"])?,
            mchid: need(&["商户号"])?,
            sub_mchid: find(&["特约商户号", "子商户号"]),
            transaction_id: need(&["微信订单号"])?,
            out_trade_no: need(&["商户订单号"])?,
            state: need(&["交易状态"])?,
            currency: need(&["货币种类"])?,
            total: need(&["订单金额", "总金额"])?,
            refund_id: find(&["微信退款单号"]),
            out_refund_no: find(&["商户退款单号"]),
            refunded: find(&["申请退款金额", "退款金额"]),
            refund_status: find(&["退款状态"]),
            names,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn name(&self, at: usize) -> Option<String> {
        self.names.get(at).cloned()
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}
