//! The file: a line of names, a line for each payment and refund, a line of totals' names and one of totals.

use wechat_cashier::contract::Currency;

use super::cells::{cells, minor, time};
use super::columns::{COUNT, Columns, TOTALS};
use super::{Bill, BillFault, BillRefund, BillRow, BillState};

/// Reads a bill. Its rows add up to its totals, or there is none.
///
/// # Errors
/// The first line and column that is not as it should be.
pub fn read(file: &[u8]) -> Result<Bill, BillFault> {
    let text = std::str::from_utf8(file).map_err(|error| {
        let line = file[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        fault(line, None, "is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    let mut lines = (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty());
    let (line, names) = lines.next().ok_or_else(|| fault(1, None, "the file is empty"))?;
    let columns = Columns::read(parted(line, names)?, line)?;
    let mut reading = Reading { sums: vec![Some(0); TOTALS.len()], columns, rows: Vec::new() };
    let mut last = line;
    for (line, text) in lines.by_ref() {
        last = line;
        let values = parted(line, text)?;
        if values.first().is_some_and(|first| first == COUNT) {
            let (line, totals) = lines.next().ok_or_else(|| fault(line, None, "the totals are missing"))?;
            reading.totals(line, &values, &parted(line, totals)?)?;
            return match lines.next() {
                None => Ok(Bill { rows: reading.rows }),
                Some((line, _)) => Err(fault(line, None, "stands behind the totals")),
            };
        }
        reading.row(line, &values)?;
    }
    Err(fault(last, None, "the file ends here, without its totals"))
}

struct Reading {
    columns: Columns,
    rows: Vec<BillRow>,
    /// Of the columns of [`TOTALS`]. None: amounts of several currencies, or a sum too large, which are no sum.
    sums: Vec<Option<i64>>,
}

impl Reading {
    fn row(&mut self, line: usize, values: &[String]) -> Result<(), BillFault> {
        let columns = &self.columns;
        if values.len() != columns.len() {
            let what = format!("has {} values under {} names", values.len(), columns.len());
            return Err(fault(line, None, what));
        }
        let value = |at: usize| values.get(at).map_or("", String::as_str);
        let wrong = |at: usize, what: &str| fault(line, columns.name(at), what);
        let filled = |at: usize| match value(at) {
            "" => Err(wrong(at, "is empty")),
            text => Ok(text.to_owned()),
        };
        // Where there is no number, there is a 0.
        let number =
            |at: Option<usize>| at.map(value).filter(|number| !["", "0"].contains(number)).map(ToOwned::to_owned);
        let currency = Currency::new(value(columns.currency));
        let currency = currency.ok_or_else(|| wrong(columns.currency, "is no currency of ISO 4217"))?;
        let amount =
            |at: usize| minor(value(at), currency.exponent()).ok_or_else(|| wrong(at, "is no amount in that currency"));
        let state = match value(columns.state) {
            "SUCCESS" => BillState::Success,
            "REFUND" => BillState::Refund,
            "REVOKED" => BillState::Revoked,
            "" => return Err(wrong(columns.state, "is empty")),
            word => BillState::Unknown(word.chars().take(32).collect()),
        };
        let (refund_id, out_refund_no) = (number(columns.refund_id), number(columns.out_refund_no));
        let is_refund = matches!(state, BillState::Refund | BillState::Revoked) || out_refund_no.is_some();
        let refund = match is_refund {
            true => Some(BillRefund {
                refund_id,
                out_refund_no,
                amount: columns.refunded.map(amount).transpose()?.unwrap_or(0),
                status: columns.refund_status.map(value).unwrap_or_default().to_owned(),
            }),
            false => None,
        };
        let row = BillRow {
            line,
            at: time(value(columns.at)).ok_or_else(|| wrong(columns.at, "is no time"))?,
            mchid: filled(columns.mchid)?,
            sub_mchid: number(columns.sub_mchid),
            transaction_id: filled(columns.transaction_id)?,
            out_trade_no: filled(columns.out_trade_no)?,
            state,
            currency,
            total: amount(columns.total)?,
            refund,
        };
        let is_other = self.rows.first().is_some_and(|first| first.currency != currency);
        for (sum, (_, column)) in self.sums.iter_mut().zip(TOTALS) {
            let Some(at) = columns.find(column) else { continue };
            let amount = amount(at)?;
            *sum = sum.and_then(|sum| sum.checked_add(amount)).filter(|_| !is_other);
        }
        self.rows.push(row);
        Ok(())
    }

    fn totals(&self, line: usize, names: &[String], totals: &[String]) -> Result<(), BillFault> {
        let wrong = |name: &str, what: String| fault(line, Some(name.to_owned()), what);
        if names.len() != totals.len() {
            return Err(fault(line, None, format!("has {} values under {} names", totals.len(), names.len())));
        }
        let total = |wanted: &str| names.iter().position(|name| name == wanted).and_then(|at| totals.get(at));
        let count = total(COUNT).and_then(|count| count.parse::<usize>().ok());
        if count != Some(self.rows.len()) {
            return Err(wrong(COUNT, format!("is not the number of the lines, which is {}", self.rows.len())));
        }
        let exponent = self.rows.first().map_or(2, |row| row.currency.exponent());
        for ((name, column), sum) in TOTALS.into_iter().zip(&self.sums) {
            let (Some(total), Some(sum), Some(_)) = (total(name), sum, self.columns.find(column)) else { continue };
            if minor(total, exponent) != Some(*sum) {
                return Err(wrong(name, format!("is not the sum of {column}")));
            }
        }
        Ok(())
    }
}

fn parted(line: usize, text: &str) -> Result<Vec<String>, BillFault> {
    cells(text).ok_or_else(|| fault(line, None, "a quote does not close"))
}

fn fault(line: usize, column: Option<String>, what: impl Into<String>) -> BillFault {
    BillFault { line, column, what: what.into() }
}
