//! The configuration: what is read, and what is said of what cannot be read.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "support/secret.rs"]
mod secret;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::Duration;

use wechat_cashier::contract::Method;
use wechat_cashier_merchant::config::{Config, Database, Fault, Format, Mode};
use wechat_cashier_merchant::webhook::Kind;

use secret::form_of;

const EXAMPLE: &str = include_str!("../merchant.example.toml");
const APIV3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n";

/// The files that the example names.
fn file(path: &Path) -> io::Result<String> {
    let text = match path.to_str().unwrap_or_default() {
        "keys/bookkeeping-key" => "0f0e0d0c0b0a09080706050403020100",
        "keys/admin-key" => "5d1c0a2f5d1c0a2f5d1c0a2f5d1c0a2f\n",
        "keys/token-key" => "99887766554433221100aabbccddeeff\n",
        "keys/app-secret" => "00112233445566778899aabbccddeeff",
        "keys/apiclient_key.pem" => PRIVATE_KEY,
        "keys/apiv3-key" => APIV3_KEY,
        "keys/pub_key.pem" => PUBLIC_KEY,
        "keys/webhook-secret" => WEBHOOK_SECRET,
        "keys/webhook-secret-old" => "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cy0wMQ==",
        "keys/sub-app-secret" => "aa112233445566778899aabbccddeeff",
        "keys/tea-admin-key" => "tea-admin-5d1c0a2f5d1c0a2f5d1c0a2f",
        "keys/tea-token-key" => "tea-token-5d1c0a2f5d1c0a2f5d1c0a2f",
        "keys/cake-admin-key" => "cake-admin-5d1c0a2f5d1c0a2f5d1c0a2f",
        "keys/cake-token-key" => "cake-token-5d1c0a2f5d1c0a2f5d1c0a2f",
        "keys/cake-till-key" => "cake-till-5d1c0a2f5d1c0a2f5d1c0a2f",
        "database-url" => "postgres://pay:hunter2hunter2@db/orders\n",
        _ => return Err(io::ErrorKind::NotFound.into()),
    };
    Ok(text.to_owned())
}

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config, Vec<Fault>> {
    Config::read(text, &|name| variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()), &file)
}

fn faults(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    read(text, variables).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// The example with one line changed.
fn with(from: &str, to: &str) -> String {
    assert_eq!(EXAMPLE.matches(from).count(), 1, "{from}");
    EXAMPLE.replace(from, to)
}

#[test]
fn the_example_is_read_whole() {
    let config = read(EXAMPLE, &[]).unwrap();
    assert_eq!(config.public_url.as_str(), "https://pay.shop.example/");
    assert_eq!(config.origins, ["https://shop.example"]);
    assert_eq!(config.log.format, Format::Json);
    assert_eq!(config.shops[0].keys[0].key.expose(), "5d1c0a2f5d1c0a2f5d1c0a2f5d1c0a2f", "without the end of the line");
    assert_eq!(config.metrics_listen, Some(([127, 0, 0, 1], 9464).into()));
    assert_eq!(config.shops[0].methods, [Method::Native, Method::Jsapi, Method::H5]);
    assert_eq!(config.wechat_pay.apiv3_key.expose(), APIV3_KEY);
    assert_eq!(config.wechat_pay.public_keys[0].pem, PUBLIC_KEY);
    assert_eq!(config.wechat_pay.payment_code.unwrap().store_out_id.as_deref(), Some("T1"));
    assert_eq!(config.wechat_pay.mini_program.unwrap().path, "/pages/pay/index");
    let webhooks = config.shops[0].webhooks.clone().unwrap();
    assert_eq!(webhooks.url.as_str(), "https://shop.example/webhooks/cashier");
    assert_eq!((webhooks.secrets.len(), webhooks.types), (1, Kind::ALL.to_vec()));
}

#[test]
fn the_example_has_every_key_and_no_other() {
    let in_example: BTreeSet<String> = keys_of(EXAMPLE);
    let known: BTreeSet<String> = Config::keys().into_iter().collect();
    assert!(known.len() > 40, "{known:?}");
    assert_eq!(in_example, known);
}

/// The keys that stand in a file, those that are commented out too.
fn keys_of(text: &str) -> BTreeSet<String> {
    let mut table = String::new();
    let mut keys = BTreeSet::new();
    for line in text.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        if let Some(name) = line.strip_prefix("[[").and_then(|it| it.strip_suffix("]]")) {
            table = format!("{}[].", of_shops(name));
        } else if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            table = format!("{}.", of_shops(name));
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains(' ')) {
            keys.insert([&table, key].concat());
        }
    }
    keys
}

/// In TOML a table of a table of a list is named without the place.
fn of_shops(name: &str) -> String {
    name.strip_prefix("shops.").map_or_else(|| name.to_owned(), |part| format!("shops[].{part}"))
}

#[test]
fn what_is_left_out_has_the_default_that_the_example_shows() {
    let least = "public_url = \"https://pay.shop.example\"\ndatabase = \"sqlite:orders.db\"\n\
        [shop]\nname = \"Tea House\"\nadmin_key_file = \"keys/admin-key\"\ntoken_key_file = \"keys/token-key\"\n\
        [wechat_pay]\nmchid = \"1900000001\"\nappid = \"wx0123456789abcdef\"\n\
        serial_no = \"0123456789abcdef0123456789abcdef01234567\"\nprivate_key_file = \"keys/apiclient_key.pem\"\n\
        apiv3_key_file = \"keys/apiv3-key\"\ncertificates = true\n";
    let (least, example) = (read(least, &[]).unwrap(), read(EXAMPLE, &[]).unwrap());
    assert_eq!(least.listen, example.listen);
    assert_eq!(least.api_prefix, example.api_prefix);
    assert_eq!(least.trusted_proxies, example.trusted_proxies);
    assert_eq!(least.log, example.log);
    assert_eq!(least.limits, example.limits);
    assert!(least.shops[0].webhooks.is_none());
    assert_eq!(least.shops[0].order_expires_in, example.shops[0].order_expires_in);
    let (least, example) = (least.wechat_pay, example.wechat_pay);
    assert_eq!(least.serial_no, example.serial_no, "in capitals, as WeChat Pay writes it");
    assert_eq!(least.base_url, example.base_url);
    assert_eq!(least.notify_url, example.notify_url);
    assert_eq!(least.oauth_authorize_url, example.oauth_authorize_url);
    assert_eq!(least.oauth_base_url, example.oauth_base_url);
    assert_eq!(least.queries_per_second, example.queries_per_second);
    assert_eq!(least.timeout, example.timeout);
    assert_eq!(least.currencies, example.currencies);
    assert_eq!(least.methods, [Method::Native]);
    assert_eq!(least.payment_code, None);
}

#[test]
fn an_empty_configuration_names_all_that_is_missing() {
    let missing: Vec<_> = read("", &[]).unwrap_err().into_iter().map(|it| (it.key, it.came)).collect();
    let keys: Vec<_> = missing.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(
        keys,
        [
            "public_url",
            "database_file",
            "wechat_pay.mchid",
            "wechat_pay.appid",
            "wechat_pay.serial_no",
            "wechat_pay.private_key_file",
            "wechat_pay.apiv3_key_file",
            "wechat_pay.public_keys",
            "shop.name",
            "shop.admin_key_file",
            "shop.token_key_file",
        ]
    );
    assert!(missing.iter().all(|it| it.1 == "nothing"));
}

#[test]
fn the_environment_counts_more_than_the_file() {
    let key = "00000000000000000000000000000000";
    let config = read(
        EXAMPLE,
        &[
            ("WCM_LISTEN", "0.0.0.0:80"),
            ("WCM_WECHAT_PAY__MCHID", " 1900000002\n"),
            ("WCM_WECHAT_PAY__APIV3_KEY", key),
            ("WCM_WECHAT_PAY__CERTIFICATES", "true"),
            ("WCM_WECHAT_PAY__TIMEOUT_MS", "700"),
            ("WCM_WECHAT_PAY__PUBLIC_KEYS__1__ID", "PUB_KEY_ID_02"),
            ("WCM_WECHAT_PAY__PUBLIC_KEYS__1__FILE", "keys/pub_key.pem"),
            ("WCM_ORIGINS", "https://a.example, https://b.example"),
            ("WCM_DATABASE", "postgres://pay:hunter2hunter2@db/orders"),
            ("WCM_SHOP__NAME", ""),
        ],
    );
    let config = config.unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:80");
    assert_eq!(config.origins, ["https://a.example", "https://b.example"]);
    assert_eq!(config.shops[0].name, "Tea House", "an empty variable sets nothing");
    assert!(matches!(config.database, Database::Postgres(url) if url.expose().ends_with("@db/orders")));
    assert_eq!(config.wechat_pay.mchid, "1900000002");
    assert_eq!(config.wechat_pay.apiv3_key.expose(), key);
    assert!(config.wechat_pay.certificates);
    assert_eq!(config.wechat_pay.timeout, Duration::from_millis(700));
    let ids: Vec<_> = config.wechat_pay.public_keys.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["PUB_KEY_ID_0119000000012024101500000000000001", "PUB_KEY_ID_02"]);
}

#[test]
fn a_fault_of_the_environment_names_its_variable() {
    assert_eq!(
        faults(EXAMPLE, &[("WCM_LISTEN", "8080"), ("WCM_WECHAT_PAY__CERTIFICATES", "yes")]),
        [
            "listen (from WCM_LISTEN): expected an address and a port, such as 127.0.0.1:8080, got \"8080\"",
            "wechat_pay.certificates (from WCM_WECHAT_PAY__CERTIFICATES): expected true or false, got \"yes\"",
        ]
    );
}

#[test]
fn each_wrong_value_is_named() {
    for (from, to, key) in [
        ("listen = \"127.0.0.1:8080\"", "listen = 8080", "listen"),
        ("public_url = \"https://pay.shop.example\"", "public_url = \"http://pay.shop.example\"", "public_url"),
        ("public_url = \"https://pay.shop.example\"", "public_url = \"https://pay.shop.example/a\"", "public_url"),
        ("api_prefix = \"/api\"", "api_prefix = \"/api/\"", "api_prefix"),
        ("api_prefix = \"/api\"", "api_prefix = \"/a/../b\"", "api_prefix"),
        ("api_prefix = \"/api\"", "api_prefix = \"/admin/v1\"", "api_prefix"),
        ("\"::1\"]", "\"localhost\"]", "trusted_proxies[1]"),
        ("sqlite:orders.db", "orders.db", "database"),
        ("origins = [\"https://shop.example\"]", "origins = [\"https://shop.example/pay\"]", "origins[0]"),
        ("origins = [\"https://shop.example\"]", "origins = \"https://shop.example\"", "origins"),
        ("format = \"json\"", "format = \"xml\"", "log.format"),
        ("level = \"info\"", "level = \"INFO\"", "log.level"),
        ("name = \"Tea House\"\n# An", "name = \" \"\n# An", "shop.name"),
        ("\"/logo.svg\"", "\"http://shop.example/logo.svg\"", "shop.logo_url"),
        ("\"keys/token-key\"", "\"keys/admin-key\"", "shop.token_key_file"),
        ("\"keys/token-key\"", "\"keys/none\"", "shop.token_key_file"),
        ("orders/{order_id}", "orders/{id}", "shop.return_url"),
        ("methods = [\"native\", \"jsapi\", \"h5\"]\n", "methods = []\n", "shop.methods"),
        ("methods = [\"native\", \"jsapi\", \"h5\"]\n", "methods = [\"h5\", \"h5\"]\n", "shop.methods[1]"),
        ("methods = [\"native\", \"jsapi\", \"h5\"]\n", "methods = [\"Native\"]\n", "shop.methods[0]"),
        ("order_expires_in_s = 900", "order_expires_in_s = 59", "shop.order_expires_in_s"),
        ("order_expires_in_s = 900", "order_expires_in_s = \"900\"", "shop.order_expires_in_s"),
        ("\"1900000001\"", "\"190000000\u{ff11}\"", "wechat_pay.mchid"),
        ("\"1900000001\"", "1900000001", "wechat_pay.mchid"),
        ("\"wx0123456789abcdef\"", "\"wx0123456789abcde\"", "wechat_pay.appid"),
        ("\"0123456789ABCDEF0123456789ABCDEF01234567\"", "\"0x0123456789ABCDEF\"", "wechat_pay.serial_no"),
        ("\"keys/apiclient_key.pem\"", "\"keys/pub_key.pem\"", "wechat_pay.private_key_file"),
        ("\"keys/apiv3-key\"", "\"keys/apiclient_key.pem\"", "wechat_pay.apiv3_key_file"),
        ("\"keys/app-secret\"", "\"keys/apiv3-key\"", "wechat_pay.app_secret_file"),
        ("certificates = false", "certificates = \"false\"", "wechat_pay.certificates"),
        ("\"https://api.mch.weixin.qq.com\"", "\"http://api.mch.weixin.qq.com\"", "wechat_pay.base_url"),
        ("wechat-pay/notifications\"", "wechat-pay/notifications?a=1\"", "wechat_pay.notify_url"),
        ("oauth2/authorize\"", "oauth2/authorize#a\"", "wechat_pay.oauth_authorize_url"),
        ("\"https://api.weixin.qq.com\"", "\"api.weixin.qq.com\"", "wechat_pay.oauth_base_url"),
        ("\"payment_code\", \"mini_program\"]", "\"alipay\"]", "wechat_pay.methods[3]"),
        ("queries_per_second = 50", "queries_per_second = 0", "wechat_pay.queries_per_second"),
        ("timeout_ms = 5000", "timeout_ms = -1", "wechat_pay.timeout_ms"),
        ("[\"CNY\"]", "[\"RMB\"]", "wechat_pay.currencies[0]"),
        ("\"PUB_KEY_ID_01", "\"PUB_KEY_01", "wechat_pay.public_keys[0].id"),
        ("file = \"keys/pub_key.pem\"", "file = \"keys/apiclient_key.pem\"", "wechat_pay.public_keys[0].file"),
        ("file = \"keys/pub_key.pem\"", "", "wechat_pay.public_keys[0].file"),
        ("app_url = \"https://shop.example\"", "app_url = \"shop\"", "wechat_pay.h5.app_url"),
        ("store_id = \"0001\"\nstore_out_id = \"T1\"", "", "wechat_pay.payment_code.store_id"),
        ("device_ip = \"203.0.113.7\"", "device_ip = \"till\"", "wechat_pay.payment_code.device_ip"),
        ("appid = \"wxfedcba9876543210\"", "", "wechat_pay.mini_program.appid"),
        ("path = \"/pages/pay/index\"", "path = \"pages/pay\"", "wechat_pay.mini_program.path"),
        ("https://shop.example/webhooks", "http://shop.example/webhooks", "webhooks.url"),
        ("https://shop.example/webhooks/cashier", "https://shop.example/webhooks?key=1", "webhooks.url"),
        ("url = \"https://shop.example/webhooks/cashier\"", "", "webhooks.url"),
        ("\"keys/webhook-secret\"", "\"keys/apiv3-key\"", "webhooks.secret_file"),
        ("secret_file = \"keys/webhook-secret\"", "", "webhooks.secret_file"),
        (
            "# old_secret_file = \"keys/webhook-secret-old\"",
            "old_secret_file = \"keys/webhook-secret\"",
            "webhooks.old_secret_file",
        ),
        ("\"order.paid_twice\"", "\"order.pending\"", "webhooks.types[3]"),
        ("timeout_ms = 15000", "timeout_ms = 30001", "webhooks.timeout_ms"),
        ("delay_min = 5", "delay_min = 721", "reconciliation.delay_min"),
        ("event_streams = 10000", "event_streams = 0", "limits.event_streams"),
        ("endpoint = \"http://127.0.0.1:4318\"", "endpoint = \"127.0.0.1:4318\"", "traces.endpoint"),
        ("percent = 100", "percent = 0", "traces.percent"),
        ("admin_requests_per_second = 100", "admin_requests_per_second = 0", "limits.admin_requests_per_second"),
        ("scopes = [\"read\"]", "scopes = [\"look\"]", "shop.keys[0].scopes[0]"),
        ("scopes = [\"read\"]", "scopes = []", "shop.keys[0].scopes"),
        ("scopes = [\"read\"]", "", "shop.keys[0].scopes"),
        ("name = \"bookkeeping\"", "name = \"shop\"", "shop.keys[0].name"),
        ("keys/bookkeeping-key", "keys/none", "shop.keys[0].key_file"),
        ("drain_s = 0", "drain_s = 301", "limits.drain_s"),
        ("metrics_listen = \"127.0.0.1:9464\"", "metrics_listen = \"9464\"", "metrics_listen"),
    ] {
        let faults = read(&with(from, to), &[]).map(|_| ()).unwrap_err();
        let keys: Vec<_> = faults.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, [key], "{to}: {faults:?}");
    }
}

#[test]
fn a_method_that_is_off_cannot_be_the_default() {
    let text =
        with("methods = [\"native\", \"jsapi\", \"h5\", \"payment_code\", \"mini_program\"]", "methods = [\"native\"]");
    assert_eq!(
        faults(&text, &[]),
        [
            "shop.methods[1]: expected a method that is on, got \"jsapi\", which is not in wechat_pay.methods",
            "shop.methods[2]: expected a method that is on, got \"h5\", which is not in wechat_pay.methods",
        ]
    );
    let own = with("methods = [\"native\", \"jsapi\", \"h5\"]\n", "methods = [\"native\", \"alipay\"]\n");
    assert_eq!(read(&own, &[]).unwrap().shops[0].methods[1], Method::Merchant("alipay".to_owned()));
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    let text = format!("{EXAMPLE}event_steams = 5\ncolour = \"{APIV3_KEY}\"\n[whechat_pay]\nmchid = \"1900000001\"\n");
    assert_eq!(
        faults(&text, &[]),
        [
            "limits.colour: expected a known key, got an unknown one",
            "limits.event_steams: expected a known key: is it limits.event_streams?, got an unknown one",
            "whechat_pay: expected a known key, got an unknown one",
        ]
    );
    assert_eq!(
        faults(&with("[log]", "mchid = \"1900000001\"\n[log]"), &[]),
        ["mchid: expected a known key: is it wechat_pay.mchid?, got an unknown one",]
    );
    let single = with(
        "[log]\n# json or text.\nformat = \"json\"\n# error, warn, info, debug or trace.\nlevel = \"info\"",
        "log = \"json\"",
    );
    assert_eq!(faults(&single, &[]), ["log: expected a table, got a single value"]);
}

#[test]
fn one_way_to_verify_there_must_be() {
    let others_off = with(", \"payment_code\", \"mini_program\"]", "]");
    let without = others_off.split("[[wechat_pay.public_keys]]").next().unwrap();
    let found = read(without, &[]).unwrap_err();
    assert_eq!(found.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["wechat_pay.public_keys"]);
    assert!(read(&without.replace("certificates = false", "certificates = true"), &[]).is_ok());
    let wrong = without.replace("certificates = false", "public_keys = \"keys/pub_key.pem\"");
    assert_eq!(
        faults(&wrong, &[]),
        ["wechat_pay.public_keys: expected a list of tables, got \"keys\" and so on, 16 characters",]
    );
}

#[test]
fn what_is_no_toml_is_refused_without_its_text() {
    let text = with("mchid = \"1900000001\"", &format!("apiv3_key = {APIV3_KEY}"));
    let faults = faults(&text, &[]);
    assert_eq!(faults.len(), 1);
    let line = text.lines().position(|line| line.starts_with("apiv3_key =")).unwrap() + 1;
    assert!(faults[0].starts_with(&format!("the file: expected TOML, got in line {line}: ")), "{faults:?}");
    assert!(!faults[0].contains(APIV3_KEY), "{faults:?}");
}

#[test]
fn a_secret_does_not_stand_in_the_file() {
    for (key, value) in [
        ("shop.admin_key", APIV3_KEY),
        ("shop.token_key", APIV3_KEY),
        ("wechat_pay.app_secret", APIV3_KEY),
        ("wechat_pay.private_key", PRIVATE_KEY),
        ("wechat_pay.apiv3_key", APIV3_KEY),
        ("webhooks.secret", WEBHOOK_SECRET),
        ("webhooks.old_secret", WEBHOOK_SECRET),
    ] {
        let (table, name) = key.split_once('.').unwrap();
        let text = with(&format!("[{table}]\n"), &format!("[{table}]\n{name} = {value:?}\n"));
        let variable = format!("WCM_{}", key.replace('.', "__").to_uppercase());
        let expected = format!(
            "{key}: expected no secret in this file, but the path of one as {key}_file, or the variable {variable}, got a value"
        );
        assert_eq!(faults(&text, &[]), [expected]);
    }
    let url = "postgres://pay:hunter2hunter2@db/orders";
    let found = faults(&with("sqlite:orders.db", url), &[]);
    assert!(found.len() == 1 && found[0].starts_with("database: expected no password in this file"), "{found:?}");
    let file = with("database = \"sqlite:orders.db\"\n# ", "");
    assert!(matches!(read(&file, &[]).unwrap().database, Database::Postgres(it) if it.expose() == url));
}

/// Each secret in the place of each value, in the file and the environment: whatever is said, no secret is in it.
#[test]
fn no_fault_and_no_description_holds_a_secret() {
    let config = read(EXAMPLE, &[]).unwrap();
    let described = Config::describe(EXAMPLE, &|_| None, &file).unwrap();
    let names =
        ["admin-key", "bookkeeping-key", "token-key", "app-secret", "apiclient_key.pem", "apiv3-key", "webhook-secret"];
    for name in names {
        let secret = file(Path::new(&["keys/", name].concat())).unwrap();
        for text in [format!("{config:?}"), format!("{config:#?}"), described.clone()] {
            assert_eq!(form_of(secret.trim(), &text), None, "{name}");
        }
    }
    let mut refused = 0;
    for key in Config::keys() {
        for secret in [APIV3_KEY, PRIVATE_KEY, "postgres://pay:hunter2hunter2@db:x/orders"] {
            let name = format!("WCM_{}", key.replace("[]", "__0").replace('.', "__").to_uppercase());
            let mut said = faults(EXAMPLE, &[(&name, secret)]).join("\n");
            let line =
                EXAMPLE.lines().find(|it| it.starts_with(&[key.rsplit(['.', ' ']).next().unwrap(), " = "].concat()));
            if let Some(line) = line {
                let changed = format!("{} = {secret:?}", line.split(" = ").next().unwrap());
                said += &faults(&EXAMPLE.replacen(line, &changed, 1), &[]).join("\n");
            }
            refused += usize::from(!said.is_empty());
            for part in [secret, "hunter2hunter2"] {
                assert_eq!(form_of(part, &said), None, "{key}: {said}");
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn while_the_secret_of_webhooks_is_changed_there_are_two() {
    let text = with("# old_secret_file = \"keys/webhook-secret-old\"", "old_secret_file = \"keys/webhook-secret-old\"");
    let secrets = read(&text, &[]).unwrap().shops.remove(0).webhooks.unwrap().secrets;
    assert_eq!(secrets.iter().map(|secret| secret.is(WEBHOOK_SECRET.as_bytes())).collect::<Vec<_>>(), [true, false]);
    // The environment alone turns them on.
    let none = EXAMPLE.split("[webhooks]").next().unwrap();
    assert!(read(none, &[]).unwrap().shops[0].webhooks.is_none());
    let variables = [("WCM_WEBHOOKS__URL", "http://127.0.0.1:3000/"), ("WCM_WEBHOOKS__SECRET", WEBHOOK_SECRET)];
    assert!(read(none, &variables).unwrap().shops[0].webhooks.is_some());
    let alone = faults(none, &variables[1..]);
    assert!(alone.len() == 1 && alone[0].starts_with("webhooks.url: expected"), "{alone:?}");
}

/// The example with two shops in the place of its one.
fn of_two() -> String {
    let (before, rest) = EXAMPLE.split_once("[shop]\n").unwrap();
    let (_, rest) = rest.split_once("\n[wechat_pay]\n").unwrap();
    let (wechat_pay, rest) = rest.split_once("\n[webhooks]\n").unwrap();
    let (_, rest) = rest.split_once("\n[reconciliation]\n").unwrap();
    let shop = |id: &str, name: &str, more: &str| {
        format!(
            "[[shops]]\nid = \"{id}\"\nname = \"{name}\"\nadmin_key_file = \"keys/{id}-admin-key\"\n\
             token_key_file = \"keys/{id}-token-key\"\n{more}\n"
        )
    };
    let cake = "origins = [\"https://cake.example/\"]\nmethods = [\"native\"]\n\
        [[shops.keys]]\nname = \"till\"\nkey_file = \"keys/cake-till-key\"\nscopes = [\"read\"]\n\
        [shops.webhooks]\nurl = \"https://cake.example/webhooks\"\nsecret_file = \"keys/webhook-secret\"\n";
    let shops = [shop("tea", "Tea House", ""), shop("cake", "Cake House", cake)].concat();
    format!("{before}{shops}[wechat_pay]\n{wechat_pay}\n[reconciliation]\n{rest}")
}

#[test]
fn there_may_be_several_shops() {
    let config = read(&of_two(), &[]).unwrap();
    let ids: Vec<_> = config.shops.iter().map(|shop| shop.id.as_str()).collect();
    assert_eq!(ids, ["tea", "cake"]);
    let [tea, cake] = &config.shops[..] else { panic!("{ids:?}") };
    assert_eq!((cake.name.as_str(), &cake.origins[..]), ("Cake House", &["https://cake.example".to_owned()][..]));
    assert_eq!((cake.keys.len(), cake.keys[1].name.as_str(), cake.methods.len()), (2, "till", 1));
    assert_eq!(cake.webhooks.as_ref().unwrap().url.as_str(), "https://cake.example/webhooks");
    assert!(tea.webhooks.is_none() && tea.origins.is_empty() && tea.methods.len() == 5);
    assert_eq!(read(EXAMPLE, &[]).unwrap().shops[0].id, "shop", "the only one");
    // By the environment alone, and beside the file.
    let variables = [
        ("WCM_SHOPS__2__ID", "bread"),
        ("WCM_SHOPS__2__NAME", "Bread House"),
        ("WCM_SHOPS__2__ADMIN_KEY", "an admin key of the environment, long"),
        ("WCM_SHOPS__2__TOKEN_KEY", "a token key of the environment, long."),
        ("WCM_SHOPS__2__KEYS__0__NAME", "till"),
        ("WCM_SHOPS__2__KEYS__0__KEY", "a till's key of the environment, long"),
        ("WCM_SHOPS__2__KEYS__0__SCOPES", "read, refund"),
        ("WCM_SHOPS__2__WEBHOOKS__URL", "https://bread.example/"),
        ("WCM_SHOPS__2__WEBHOOKS__SECRET", WEBHOOK_SECRET),
        ("WCM_SHOPS__0__NAME", "Oolong House"),
    ];
    let config = read(&of_two(), &variables).unwrap();
    assert_eq!((config.shops[0].name.as_str(), config.shops[2].id.as_str()), ("Oolong House", "bread"));
    assert_eq!(config.shops[2].keys[1].scopes.len(), 2);
    assert!(config.shops[2].webhooks.is_some());
    let described = Config::describe(&of_two(), &|_| None, &file).unwrap();
    for line in [
        "shops[1].name = \"Cake House\"  # file",
        "shops[0].order_expires_in_s = 900  # default",
        "# shops[0].token_key: a secret of 34 bytes  # file",
        "# shop.order_expires_in_s  # not set",
    ] {
        assert!(described.lines().any(|it| it == line), "{line} in\n{described}");
    }
}

#[test]
fn what_is_wrong_with_several_shops_is_named_by_its_key() {
    let both = [of_two(), "[shop]\nname = \"Tea House\"\n".to_owned()].concat();
    let beside = "expected nothing beside [[shops]], each of which has its own, got something";
    assert_eq!(faults(&both, &[]), [format!("shop: {beside}")]);
    let webhooks = [of_two(), "[webhooks]\nurl = \"https://shop.example/\"\n".to_owned()].concat();
    assert_eq!(faults(&webhooks, &[]), [format!("webhooks: {beside}")]);
    let variable = faults(&of_two(), &[("WCM_SHOP__NAME", "Tea House")]);
    assert_eq!(variable, [format!("shop.name (from WCM_SHOP__NAME): {beside}")]);
    for (from, to, key) in [
        ("id = \"cake\"", "id = \"tea\"", "shops[1].id"),
        ("id = \"cake\"", "id = \"Cake\"", "shops[1].id"),
        ("id = \"cake\"\n", "", "shops[1].id"),
        ("name = \"Cake House\"", "name = \"Tea House\"", "shops[1].name"),
        ("keys/cake-admin-key", "keys/tea-admin-key", "shops[1].admin_key_file"),
        ("keys/cake-token-key", "keys/tea-token-key", "shops[1].token_key_file"),
        ("keys/cake-token-key", "keys/tea-admin-key", "shops[1].token_key_file"),
        ("keys/cake-till-key", "keys/cake-admin-key", "shops[1].keys[0].key_file"),
        ("keys/cake-till-key", "keys/none", "shops[1].keys[0].key_file"),
        ("name = \"till\"", "name = \"shop\"", "shops[1].keys[0].name"),
        ("https://cake.example/\"]", "https://cake.example/pay\"]", "shops[1].origins[0]"),
        ("methods = [\"native\"]\n[[", "methods = [\"nativ e\"]\n[[", "shops[1].methods[0]"),
        ("secret_file = \"keys/webhook-secret\"\n", "", "shops[1].webhooks.secret_file"),
        ("url = \"https://cake.example/webhooks\"", "url = \"http://cake.example\"", "shops[1].webhooks.url"),
        ("name = \"Cake House\"", "nam = \"Cake House\"\nname = \"Cake House\"", "shops[1].nam"),
    ] {
        let text = of_two();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let faults = read(&text.replace(from, to), &[]).map(|_| ()).unwrap_err();
        let keys: Vec<_> = faults.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, [key], "{to}: {faults:?}");
    }
    let list = EXAMPLE.replacen("listen = ", "shops = \"tea\"\nlisten = ", 1);
    assert_eq!(faults(&list, &[]), ["shops: expected a list of tables, got \"tea\""]);
    let same = with("token_key_file = \"keys/token-key\"", "token_key_file = \"keys/bookkeeping-key\"");
    assert_eq!(
        faults(&same, &[]),
        ["shop.token_key_file: expected another key than shop.keys[0].key_file, got the same"]
    );
}

#[test]
fn a_service_provider_has_a_sub_merchant_for_each_shop() {
    let mode = |text: &str| text.replacen("mode = \"direct\"", "mode = \"partner\"", 1);
    let subs = |text: &str| {
        let text = text.replacen("# sub_mchid", "sub_mchid", 1).replacen("# sub_appid", "sub_appid", 1);
        text.replacen("# sub_app_secret_file", "sub_app_secret_file", 1)
    };
    assert_eq!(read(EXAMPLE, &[]).unwrap().wechat_pay.mode, Mode::Direct);
    let config = read(&mode(&subs(EXAMPLE)), &[]).unwrap();
    assert_eq!(config.wechat_pay.mode, Mode::Partner);
    let sub = config.shops[0].sub().unwrap();
    assert_eq!((sub.mchid.as_str(), sub.appid.as_deref()), ("1900000011", Some("wx00112233445566aa")));
    assert!(config.shops[0].sub_app_secret.as_ref().unwrap().is(b"aa112233445566778899aabbccddeeff"));
    let keys = |text: &str| -> Vec<String> {
        read(text, &[]).map(|_| ()).unwrap_err().into_iter().map(|fault| fault.key).collect()
    };
    assert_eq!(keys(&mode(EXAMPLE)), ["shop.sub_mchid"]);
    assert_eq!(keys(&subs(EXAMPLE)), ["shop.sub_mchid", "shop.sub_appid", "shop.sub_app_secret_file"]);
    assert_eq!(keys(&with("mode = \"direct\"", "mode = \"both\"")), ["wechat_pay.mode"]);
    assert_eq!(keys(&mode(&of_two())), ["shops[0].sub_mchid", "shops[1].sub_mchid"]);
    let wrong = mode(&subs(EXAMPLE)).replacen("\"1900000011\"", "\"sub\"", 1);
    assert_eq!(keys(&wrong), ["shop.sub_mchid"]);
    let alone = mode(&subs(EXAMPLE)).replacen("sub_appid = \"wx00112233445566aa\"\n", "", 1);
    assert_eq!(keys(&alone), ["shop.sub_appid"]);
    let variables = [("WCM_WECHAT_PAY__MODE", "partner"), ("WCM_SHOP__SUB_MCHID", "1900000019")];
    assert_eq!(read(EXAMPLE, &variables).unwrap().shops[0].sub_mchid.as_deref(), Some("1900000019"));
}

#[test]
fn what_is_in_force_is_told_with_where_it_is_from() {
    let variables = |name: &str| (name == "WCM_LISTEN").then(|| "127.0.0.1:1".to_owned());
    let described = Config::describe(&with("timeout_ms = 5000\n", ""), &variables, &file).unwrap();
    for line in [
        "listen = \"127.0.0.1:1\"  # environment",
        "wechat_pay.timeout_ms = 5000  # default",
        "wechat_pay.mchid = \"1900000001\"  # file",
        "# wechat_pay.apiv3_key: a secret of 32 bytes  # file",
        "origins = [\"https://shop.example\"]  # file",
    ] {
        assert!(described.lines().any(|it| it == line), "{line} in\n{described}");
    }
}

#[test]
fn the_document_tells_of_every_key() {
    let document = include_str!("../../docs/merchant.md");
    let table = document.split("\n## The configuration\n").nth(1).unwrap().split("\n## ").next().unwrap();
    for key in Config::keys() {
        let mut first = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        assert!(first.any(|cell| cell.contains(&format!("`{key}`"))), "{key}");
    }
    // What the document shows to copy is right.
    let least = document.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(read(least, &[]).is_ok(), "{:?}", faults(least, &[]));
}
