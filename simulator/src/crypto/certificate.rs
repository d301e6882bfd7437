//! The platform's certificate: X.509, self-signed, its serial number 40 hexadecimal digits as the real ones have.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use wechat_cashier::contract::Timestamp;

use super::der::{bits, integer, oid, sequence, tagged, utf8};
use super::{SigningKey, hex, sha256};

const RSA_SHA256: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
const ORGANIZATION: [u8; 3] = [0x55, 0x04, 0x0a];

/// A platform certificate and its key.
#[derive(Debug)]
pub struct Certificate {
    /// 40 hexadecimal digits.
    pub serial_no: String,
    /// The certificate.
    pub pem: String,
    /// From when.
    pub effective_time: Timestamp,
    /// Until when.
    pub expire_time: Timestamp,
    /// What it certifies.
    pub key: SigningKey,
}

impl Certificate {
    /// Makes one. None for a time that a certificate cannot state (years 1950 to 2049).
    pub fn self_signed(key: SigningKey, effective_time: Timestamp, expire_time: Timestamp) -> Option<Self> {
        let digest = sha256(&[key.public_der(), &effective_time.millis().to_be_bytes()].concat());
        // The first byte is never 0 and never negative: always 40 digits, whoever prints it.
        let mut serial = digest[..20].to_vec();
        serial[0] = 0x40 | serial[0] & 0x3f;
        let algorithm = sequence(&[oid(&RSA_SHA256), tagged(0x05, &[])]);
        let name = |id: &[u8], text| tagged(0x31, &sequence(&[oid(id), utf8(text)]));
        let name = sequence(&[
            name(&ORGANIZATION, "wechat-cashier simulator, not Tenpay"),
            name(&COMMON_NAME, "simulated platform certificate"),
        ]);
        let signed = sequence(&[
            tagged(0xa0, &integer(&[2])),
            integer(&serial),
            algorithm.clone(),
            name.clone(),
            sequence(&[utc_time(effective_time)?, utc_time(expire_time)?]),
            name,
            key.public_der().to_vec(),
        ]);
        let signature = bits(&key.sign_bytes(&signed));
        let der = sequence(&[signed, algorithm, signature]);
        Some(Self { serial_no: hex(&serial), pem: pem(&der), effective_time, expire_time, key })
    }
}

fn utc_time(at: Timestamp) -> Option<Vec<u8>> {
    let digits: String = at.to_rfc3339()?.split('.').next()?.chars().filter(char::is_ascii_digit).take(14).collect();
    let year: u16 = digits.get(..4)?.parse().ok()?;
    (1950..2050).contains(&year).then(|| tagged(0x17, format!("{}Z", &digits[2..]).as_bytes()))
}

fn pem(der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
