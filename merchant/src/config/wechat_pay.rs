//! The merchant at WeChat Pay: `[wechat_pay]`.

use std::time::Duration;

use url::Url;
use wechat_cashier::contract::{Currency, Method};

use super::methods::{H5, MiniProgram, PaymentCode};
use super::public_keys::PublicKey;
use super::reader::Reader;
use super::rules::{ADDRESS, address, appid, has_pem, is_made, kind_of_pem, origin};
use super::secret::Secret;
use super::secrets::Rule;
use crate::domain::SecondPayment;

/// The merchant at WeChat Pay, and the way there.
#[derive(Clone, Debug)]
pub struct WechatPay {
    /// Whether it takes the money itself, or as a service provider.
    pub mode: Mode,
    /// The merchant's number (商户号), or the service provider's.
    pub mchid: String,
    /// The appid that is bound to it, of the service account or mini-program by which payers pay.
    pub appid: String,
    /// The service account's secret, by which a code of OAuth is exchanged for an openid.
    pub app_secret: Option<Secret>,
    /// The serial number of the API certificate (商户API证书), to which `private_key` belongs.
    pub serial_no: String,
    /// The private key that signs requests: the whole `apiclient_key.pem`.
    pub private_key: Secret,
    /// The APIv3 key, by which notifications and certificates are deciphered: 32 bytes.
    pub apiv3_key: Secret,
    /// WeChat Pay's public keys (微信支付公钥), by which answers and notifications are verified.
    pub public_keys: Vec<PublicKey>,
    /// Whether WeChat Pay's certificates (平台证书) are downloaded and verify as well.
    pub certificates: bool,
    /// Where the API is.
    pub base_url: Url,
    /// Where WeChat Pay sends notifications.
    pub notify_url: Url,
    /// Where OAuth begins.
    pub oauth_authorize_url: Url,
    /// Where a code of OAuth is exchanged.
    pub oauth_base_url: Url,
    /// The methods that are on.
    pub methods: Vec<Method>,
    /// Settings of H5.
    pub h5: H5,
    /// Settings of payment codes, where they are on.
    pub payment_code: Option<PaymentCode>,
    /// Settings of the mini-program, where it is on.
    pub mini_program: Option<MiniProgram>,
    /// How many queries of orders a second at most, over all orders.
    pub queries_per_second: u32,
    /// How long one call may take.
    pub timeout: Duration,
    /// The currencies that orders may have.
    pub currencies: Vec<Currency>,
    /// What is done about a second payment of one order.
    pub refund_second_payment: SecondPayment,
}

/// For whom the merchant takes money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For itself (直连商户).
    Direct,
    /// As a service provider (服务商), for a sub-merchant of each shop's.
    Partner,
}

impl WechatPay {
    /// The part of the notifications' address that follows the public one.
    pub const NOTIFY_PATH: &str = "/wechat-pay/notifications";

    /// Reads `[wechat_pay]`.
    pub(super) fn read(reader: &mut Reader<'_>, public_url: Option<&Url>) -> Option<Self> {
        let mode = reader.or("wechat_pay.mode", "direct or partner", "direct", |given| match given.text()? {
            "direct" => Some(Mode::Direct),
            "partner" => Some(Mode::Partner),
            _ => None,
        });
        let mchid = reader.required("wechat_pay.mchid", "the merchant's number: 8 to 10 digits", |given| {
            given.text().filter(|text| is_made(text, 8..=10, |byte| byte.is_ascii_digit())).map(ToOwned::to_owned)
        });
        let of = "an appid: wx and 16 hexadecimal digits";
        let own_appid = reader.required("wechat_pay.appid", of, |given| appid(given.text()?));
        let app_secret = reader.secret(&app_secret("wechat_pay.app_secret"));
        let serial = "the serial number of the API certificate: 40 hexadecimal digits";
        let serial_no = reader.required("wechat_pay.serial_no", serial, |given| {
            // The merchant platform shows capitals, openssl small letters; WeChat Pay compares the capitals.
            given.text().filter(|text| is_made(text, 40..=40, |it| it.is_ascii_hexdigit())).map(str::to_ascii_uppercase)
        });
        let private_key = reader.required_secret(&PRIVATE_KEY);
        let apiv3_key = reader.required_secret(&APIV3_KEY);
        let (public_keys, certificates) = PublicKey::read_all(reader);
        let base = ["the API's origin: ", ADDRESS].concat();
        let base_url =
            reader.or("wechat_pay.base_url", &base, "https://api.mch.weixin.qq.com", |it| origin(it.text()?));
        let notify_url = notify_url(reader, public_url);
        let begins = "https://open.weixin.qq.com/connect/oauth2/authorize";
        let authorize = reader.or("wechat_pay.oauth_authorize_url", ADDRESS, begins, |it| address(it.text()?));
        let exchange = "https://api.weixin.qq.com";
        let oauth_base_url = reader.or("wechat_pay.oauth_base_url", ADDRESS, exchange, |it| address(it.text()?));
        let methods = methods(reader);
        let h5 = H5::read(reader);
        let on = methods.as_deref().unwrap_or_default();
        let (payment_code, mini_program) = (PaymentCode::read(reader, on), MiniProgram::read(reader, on));
        let rate = "a number from 1 to 600";
        let queries_per_second = reader.or("wechat_pay.queries_per_second", rate, 50, |given| {
            given.number().filter(|rate| (1..=600).contains(rate)).and_then(|rate| u32::try_from(rate).ok())
        });
        // A page gives a call up after 10 s, and one that made an order and asks again should not find its page gone.
        let timeout = reader.or("wechat_pay.timeout_ms", "milliseconds, from 500 to 30000", 5000, |given| {
            given.number().filter(|it| (500..=30_000).contains(it)).map(Duration::from_millis)
        });
        let currencies = currencies(reader);
        let second = "by_hand or at_once";
        let second_payment = reader.or("wechat_pay.refund_second_payment", second, "by_hand", |given| {
            given.text().and_then(SecondPayment::of)
        });
        Some(Self {
            mode: mode?,
            mchid: mchid?,
            appid: own_appid?,
            app_secret,
            serial_no: serial_no?,
            private_key: private_key?,
            apiv3_key: apiv3_key?,
            public_keys: public_keys?,
            certificates: certificates?,
            base_url: base_url?,
            notify_url: notify_url?,
            oauth_authorize_url: authorize?,
            oauth_base_url: oauth_base_url?,
            methods: methods?,
            h5,
            payment_code,
            mini_program,
            queries_per_second: queries_per_second?,
            timeout: timeout?,
            currencies: currencies?,
            refund_second_payment: second_payment?,
        })
    }
}

/// The secret of a service account.
pub(super) fn app_secret(key: &str) -> Rule<'_> {
    Rule {
        key,
        expected: "the service account's secret: 32 hexadecimal digits",
        inline: false,
        refused: |text| {
            (!is_made(text, 32..=32, |it| it.is_ascii_hexdigit()))
                .then(|| format!("something else of {} bytes", text.len()))
        },
    }
}

const PRIVATE_KEY: Rule<'_> = Rule {
    key: "wechat_pay.private_key",
    expected: "the private key of the API certificate: the PEM apiclient_key.pem, of the kind \"PRIVATE KEY\"",
    inline: false,
    refused: |text| {
        let known = has_pem(text, "PRIVATE KEY") || has_pem(text, "RSA PRIVATE KEY");
        (!known).then(|| kind_of_pem(text))
    },
};

const APIV3_KEY: Rule<'_> = Rule {
    key: "wechat_pay.apiv3_key",
    expected: "the APIv3 key: exactly 32 bytes",
    inline: false,
    refused: |text| (text.len() != 32).then(|| format!("{} bytes", text.len())),
};

/// Where notifications come: an address with no query (docs/platform.md, 7.2), of at most 255 characters.
fn notify_url(reader: &mut Reader<'_>, public_url: Option<&Url>) -> Option<Url> {
    let key = "wechat_pay.notify_url";
    let expected = [ADDRESS, ", of at most 255 characters"].concat();
    let read = |text: &str| address(text).filter(|url| url.as_str().len() <= 255);
    match public_url {
        Some(public) => {
            let default = [public.as_str().trim_end_matches('/'), WechatPay::NOTIFY_PATH].concat();
            reader.or(key, &expected, default, |given| read(given.text()?))
        }
        // Without a public address, which is a fault of its own, there is no default.
        None => reader.optional(key, &expected, |given| read(given.text()?)),
    }
}

/// The methods that are on; Native where none is named.
fn methods(reader: &mut Reader<'_>) -> Option<Vec<Method>> {
    let key = "wechat_pay.methods";
    let ids = "one of native, jsapi, h5, payment_code, mini_program";
    let listed = reader.some(key, ids, |id| match Method::from(id.to_owned()) {
        Method::Merchant(_) => None,
        method => Some(method),
    });
    let Some(listed) = listed else {
        return reader.given(key).is_none().then(|| vec![Method::Native]);
    };
    for (at, method) in listed.iter().enumerate() {
        if listed[..at].contains(method) {
            reader.fault(&format!("{key}[{at}]"), "each method once", format!("{:?} again", method.id()));
        }
    }
    Some(listed)
}

/// The currencies; the renminbi where none is named.
fn currencies(reader: &mut Reader<'_>) -> Option<Vec<Currency>> {
    let key = "wechat_pay.currencies";
    let listed = reader.some(key, "a currency of ISO 4217 in capitals, such as CNY", Currency::new);
    match listed {
        None => reader.given(key).is_none().then(|| Currency::new("CNY").into_iter().collect()),
        listed => listed,
    }
}
