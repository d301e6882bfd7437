//! The fund flow bill of a day (资金账单): each movement on the merchant's account, with what is on it afterwards. Its form is that of
//! published ones; of its words no page tells.

use wechat_cashier::contract::Timestamp;

use super::file::{fee, plain, refunded, time, yuan};
use crate::ledger::Ledger;

const COLUMNS: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
const TOTALS: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/// A movement on a merchant's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// When.
    pub at: Timestamp,
    /// The platform's number of the payment or refund.
    pub id: String,
    /// Of what (业务名称), and which part of it (业务类型).
    pub of: (&'static str, &'static str),
    /// How much, in the currency's smallest unit: more than 0 came in, less went out.
    pub amount: i64,
    /// What is on the account afterwards.
    pub balance: i64,
    /// ISO 4217.
    pub currency: String,
    /// Who wanted it.
    pub by: String,
    /// In words.
    pub note: String,
    /// The merchant's number of the payment or refund.
    pub voucher: String,
}

impl Ledger {
    /// What moved on a merchant's account from `from` to before `before`, earliest first. Nothing was on it before the first payment,
    /// and nothing leaves it but by refunds and fees. What a service provider orders moves on the account of its sub-merchant, and not on
    /// its own.
    pub fn flows(&self, mchid: &str, sub_mchid: Option<&str>, from: Timestamp, before: Timestamp) -> Vec<Flow> {
        let mut flows = Vec::new();
        let mut balance = 0;
        let lines = self.statement(mchid, sub_mchid, Timestamp::from_millis(i64::MIN), before);
        for line in lines.into_iter().filter(|line| line.sub_mchid.as_deref() == sub_mchid) {
            let fee = fee(&line);
            let by = format!("{mchid}API");
            let moves = match &line.refund {
                None => vec![
                    (("交易", "交易"), line.total, String::new()),
                    (("交易", "扣除交易手续费"), -fee, String::new()),
                ],
                // The fee comes back with it.
                Some(refund) => {
                    let (gross, part) = (yuan(refund.amount, &line.currency), yuan(-fee, &line.currency));
                    let note = format!("退款总金额{gross}元;含手续费{part}元");
                    vec![(("退款", "退款"), -refunded(&line) - fee, note)]
                }
            };
            let (id, voucher) = match &line.refund {
                Some(refund) if refund.refund_id != "0" => (&refund.refund_id, &refund.out_refund_no),
                _ => (&line.transaction_id, &line.out_trade_no),
            };
            for (of, amount, note) in moves.into_iter().filter(|(_, amount, _)| *amount != 0) {
                balance += amount;
                let (id, voucher, currency, by) = (id.clone(), voucher.clone(), line.currency.clone(), by.clone());
                flows.push(Flow { at: line.at, id, of, amount, balance, currency, by, note, voucher });
            }
        }
        flows.retain(|flow| from <= flow.at);
        flows
    }
}

/// The whole file.
pub fn flow_file(flows: &[Flow]) -> String {
    let mut text = format!("\u{feff}{COLUMNS}\r\n");
    for (number, flow) in flows.iter().enumerate() {
        let money = |minor: i64| yuan(minor, &flow.currency);
        let cells = [
            time(flow.at),
            flow.id.clone(),
            format!("{}{number:04}", flow.id),
            flow.of.0.to_owned(),
            flow.of.1.to_owned(),
            if flow.amount > 0 { "收入" } else { "支出" }.to_owned(),
            money(flow.amount.abs()),
            money(flow.balance),
            flow.by.clone(),
            flow.note.clone(),
            flow.voucher.clone(),
        ];
        let cells: Vec<_> = cells.iter().map(|cell| format!("`{}", plain(cell))).collect();
        text.push_str(&format!("{}\r\n", cells.join(",")));
    }
    let currency = flows.first().map_or("CNY", |flow| &flow.currency);
    let side = |comes_in: bool| {
        let amounts: Vec<i64> = flows.iter().map(|flow| flow.amount).filter(|it| (*it > 0) == comes_in).collect();
        (amounts.len(), yuan(amounts.iter().sum::<i64>().abs(), currency))
    };
    let ((ins, income), (outs, spent)) = (side(true), side(false));
    text.push_str(&format!("{TOTALS}\r\n`{},`{ins},`{income},`{outs},`{spent}\r\n", flows.len()));
    text
}
