//! Asks for a day's bill, and downloads it.

use std::io::Read;
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::http::{Method, StatusCode};
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use url::Url;

use super::{Bill, BillState, read};
use crate::day::Day;
use crate::wechat_pay::client::{Client, escaped};
use crate::wechat_pay::error::{Error, Refusal};
use crate::wechat_pay::payee::Payee;
use crate::wechat_pay::verify::Unverified;

/// More is no bill of a merchant's, zipped or unzipped: a million lines are 256 MiB.
const MOST: usize = 256 * 1024 * 1024;
/// How long a file may be on its way.
const WITHIN: Duration = Duration::from_secs(120);
/// The platform's own hosts end so.
const PLATFORM: &str = ".mch.weixin.qq.com";
/// Nothing else of the platform's gives out files of bills.
const PATH: &str = "/v3/bill";
/// Nothing was paid on that day.
const NO_BILL: &str = "NO_STATEMENT_EXIST";

/// Where the file is, and what it has to be.
#[derive(Deserialize)]
struct Told {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Payee<'_> {
    /// The bill of a day. A day on which nothing was paid has an empty one.
    ///
    /// # Errors
    /// See [`Error`]. Before 10:00 of the next day, and while it is being made, it is refused with `STATEMENT_CREATING`.
    pub async fn trade_bill(&self, day: Day) -> Result<Bill, Error> {
        let of = self.sub.map(|sub| format!("&sub_mchid={}", escaped(sub.mchid))).unwrap_or_default();
        let target = format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL{of}&tar_type=GZIP");
        let told: Told = match self.client.exchange.call(Method::GET, &target, None).await {
            Ok(answer) => answer.json()?,
            Err(Error::Refused(refusal)) if refusal.code == NO_BILL => return Ok(Bill::default()),
            Err(error) => return Err(error),
        };
        if !told.hash_type.eq_ignore_ascii_case("SHA1") {
            return Err(Error::unreadable("the bill's hash is of another kind than SHA1"));
        }
        let sent = self.client.download(&told.download_url).await?;
        let mchid = self.client.mchid().to_owned();
        let sub_mchid = self.sub.map(|sub| sub.mchid.to_owned());
        // Hashing and reading a large file would hold up everything else on this thread.
        let reading = tokio::task::spawn_blocking(move || {
            let bill = believed(sent, &told.hash_value)?;
            is_of(&bill, &mchid, sub_mchid.as_deref(), day)?;
            Ok(bill)
        });
        reading.await.unwrap_or_else(|_| Err(Error::unreadable("the bill made its reader fail")))
    }
}

impl Client {
    /// The file as it is sent. It is asked for at the hosts of the configuration, whatever the address says: nobody else is sent
    /// anything that we have signed, and a merchant who reaches the platform by a proxy gets bills by it as well.
    async fn download(&self, address: &str) -> Result<Vec<u8>, Error> {
        let unknown = || Error::unreadable("the bill's address is not WeChat Pay's");
        let url = Url::parse(address).map_err(|_| unknown())?;
        let is_ours = self.exchange.hosts.iter().any(|host| host.host() == url.host() && host.scheme() == url.scheme());
        let is_platforms = url.scheme() == "https" && url.host_str().is_some_and(|host| host.ends_with(PLATFORM));
        if !(is_ours || is_platforms) || !url.path().starts_with(PATH) {
            return Err(unknown());
        }
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let raw = self.exchange.download(target, WITHIN, MOST).await?;
        match raw.status {
            StatusCode::OK => Ok(raw.body),
            StatusCode::TOO_MANY_REQUESTS => Err(Error::RateLimited { retry_after: None }),
            status if status.is_server_error() => Err(Error::Unavailable { status: status.as_u16() }),
            status => {
                let claims = Refusal::claimed(&raw.headers, &raw.body).unwrap_or_default();
                Err(Error::unreadable(format!("the bill is answered by {}: {claims}", status.as_u16())))
            }
        }
    }
}

/// The bill, if it is the file whose hash the platform has signed.
fn believed(sent: Vec<u8>, hash: &str) -> Result<Bill, Error> {
    let file = unzipped(sent)?;
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, &file);
    let hex: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    if !hex.eq_ignore_ascii_case(hash.trim()) {
        return Err(Error::unverified(Unverified::Hash));
    }
    read(&file).map_err(|fault| Error::unreadable(fault.to_string()))
}

/// What is zipped says so itself: a server between may have unzipped it.
fn unzipped(sent: Vec<u8>) -> Result<Vec<u8>, Error> {
    if !sent.starts_with(&[0x1f, 0x8b]) {
        return Ok(sent);
    }
    let mut file = Vec::new();
    let most = u64::try_from(MOST).unwrap_or(u64::MAX);
    // Of a file that was changed on its way there is no more to be said than that.
    let unzipped = MultiGzDecoder::new(&*sent).take(most + 1).read_to_end(&mut file);
    unzipped.map_err(|_| Error::unverified(Unverified::Hash))?;
    if file.len() > MOST {
        return Err(Error::unreadable("the bill is more than 256 MiB"));
    }
    Ok(file)
}

/// Whether it is the bill that was asked for.
fn is_of(bill: &Bill, mchid: &str, sub_mchid: Option<&str>, day: Day) -> Result<(), Error> {
    let other = bill.rows.iter().find(|row| {
        // Of a refund another day would be possible: when it came to the payer.
        let is_its = row.mchid == mchid && row.sub_mchid.as_deref() == sub_mchid;
        !is_its || row.state == BillState::Success && Day::of(row.at) != day
    });
    match other {
        None => Ok(()),
        Some(row) => {
            Err(Error::unreadable(format!("the bill, line {}: is another merchant's or of another day", row.line)))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const EMPTY: &str =
        "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,订单金额\r\n总交易单数,订单总金额\r\n`0,`0.00\r\n";

    fn hash(text: &str) -> String {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
    }

    fn zipped(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_file_is_believed_for_its_hash_alone() {
        for sent in [EMPTY.as_bytes().to_vec(), zipped(EMPTY)] {
            assert_eq!(believed(sent.clone(), &hash(EMPTY)), Ok(Bill::default()));
            assert_eq!(believed(sent, &hash("")), Err(Error::unverified(Unverified::Hash)));
        }
    }

    #[test]
    fn no_bit_of_a_file_can_be_another() {
        let plain = EMPTY.as_bytes().to_vec();
        for bit in 0..plain.len() * 8 {
            let mut sent = plain.clone();
            sent[bit / 8] ^= 1 << (bit % 8);
            assert!(believed(sent, &hash(EMPTY)).is_err(), "bit {bit}");
        }
        // A zipped file has bits that mean nothing, such as its time; what comes out of it is the file or nothing.
        let sent = zipped(EMPTY);
        for bit in 0..sent.len() * 8 {
            let mut sent = sent.clone();
            sent[bit / 8] ^= 1 << (bit % 8);
            let believed = believed(sent, &hash(EMPTY));
            assert!(believed.is_err() || believed == Ok(Bill::default()), "bit {bit}");
        }
    }
}
