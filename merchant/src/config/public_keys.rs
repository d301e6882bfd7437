//! WeChat Pay's public keys: `[[wechat_pay.public_keys]]`, and whether its certificates verify.

use std::path::Path;

use super::given::Given;
use super::reader::Reader;
use super::rules::{has_pem, is_made, kind_of_pem};

/// A public key of WeChat Pay (微信支付公钥).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id, by which answers name it: `PUB_KEY_ID_…`.
    pub id: String,
    /// The key as a PEM of the kind `PUBLIC KEY`.
    pub pem: String,
}

impl PublicKey {
    /// Reads all of them, and whether certificates are used.
    pub(super) fn read_all(reader: &mut Reader<'_>) -> (Option<Vec<Self>>, Option<bool>) {
        let key = "wechat_pay.public_keys";
        let count = reader.tables(key, "id");
        let keys: Vec<_> = (0..count).map(|at| Self::read(reader, at)).collect();
        if count == 0 {
            for part in ["id", "file"] {
                reader.ask(&format!("{key}[].{part}"), None, "not set");
            }
        }
        let certificates = reader.or("wechat_pay.certificates", "true or false", false, Given::flag);
        if count == 0 && certificates == Some(false) && !reader.stands_in_file(key) {
            let wanted = "at least one public key of WeChat Pay, or wechat_pay.certificates = true: \
                          else no answer and no notification can be verified";
            reader.missing(key, wanted);
        }
        let mut ids: Vec<_> = keys.iter().flatten().map(|it| it.id.clone()).collect();
        ids.sort();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            reader.fault(key, "each key once", format!("{} twice", twice[0]));
        }
        (keys.into_iter().collect(), certificates)
    }

    fn read(reader: &mut Reader<'_>, at: usize) -> Option<Self> {
        let key = |part| format!("wechat_pay.public_keys[{at}].{part}");
        let expected = "a public key's id: PUB_KEY_ID_ and digits";
        let id = reader.required(&key("id"), expected, |given| {
            let text = given.text()?;
            let rest = text.strip_prefix("PUB_KEY_ID_")?;
            is_made(rest, 1..=64, |byte| byte.is_ascii_digit()).then(|| text.to_owned())
        });
        let path = reader.required(&key("file"), "the path of a file", |given| given.text().map(ToOwned::to_owned))?;
        let expected = "WeChat Pay's public key: the PEM pub_key.pem, of the kind \"PUBLIC KEY\"";
        match (reader.files)(Path::new(&path)) {
            Err(error) => reader.fault(&key("file"), expected, format!("no text to read ({error})")),
            Ok(text) if !has_pem(&text, "PUBLIC KEY") => reader.fault(&key("file"), expected, kind_of_pem(&text)),
            Ok(pem) => return Some(Self { id: id?, pem }),
        }
        None
    }
}
