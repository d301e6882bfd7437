//! The program itself: what it says of its configuration, and by which status it ends.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "support/said.rs"]
mod said;
#[path = "support/secret.rs"]
mod secret;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use said::Said;
use secret::form_of;
use wechat_cashier_merchant::clock::{Clock, SystemClock};
use wechat_cashier_merchant::day::Day;

const KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";

/// A folder with a configuration that can be used, but for what `change` does to it.
fn folder(change: impl FnOnce(String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("admin-key", &"a".repeat(32));
    write("token-key", &"b".repeat(32));
    write("apiv3-key", KEY);
    write("key.pem", include_str!("../../simulator/src/keys/demo_merchant.pem"));
    write("pub.pem", include_str!("../../simulator/src/keys/demo_merchant_public.pem"));
    let text = "public_url = \"http://127.0.0.1:1\"\ndatabase = \"sqlite:orders.db\"\n\
        [shop]\nname = \"Tea House\"\nadmin_key_file = \"admin-key\"\ntoken_key_file = \"token-key\"\n\
        [wechat_pay]\nmchid = \"1900000109\"\nappid = \"wx7e0a5b3c19d2f846\"\n\
        serial_no = \"5F3A1C9E7B2D4068A1C3E5F708192A3B4C5D6E7F\"\nprivate_key_file = \"key.pem\"\n\
        apiv3_key_file = \"apiv3-key\"\npublic_keys = [{ id = \"PUB_KEY_ID_01\", file = \"pub.pem\" }]\n\
        base_url = \"http://127.0.0.1:1\"\n";
    write("merchant.toml", &change(text.to_owned()));
    folder
}

/// Runs it in another folder than its configuration's, with no variable but these.
fn run(folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wechat-cashier-merchant"));
    command.current_dir(elsewhere.path()).env_clear().envs(variables.iter().copied());
    let Output { status, stdout, stderr } =
        command.arg("--config").arg(folder.join("merchant.toml")).args(flags).output().unwrap();
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let said = Said::by_this_process();
    for secret in [KEY, &"a".repeat(32), &"b".repeat(32)] {
        said.secret(secret);
    }
    said.also(&out);
    said.also(&err);
    (status.code().unwrap(), out, err)
}

#[test]
fn every_fault_is_named_and_nothing_starts() {
    let folder = folder(|text| text.replace("1900000109", "19-0").replace("name = ", "nane = "));
    for flags in [&[][..], &["--check"], &["--print-config"]] {
        let (status, out, said) = run(folder.path(), flags, &[("WCM_LISTN", "1"), ("WCM_WECHAT_PAY__TIMEOUT_MS", "1")]);
        assert_eq!((status, out.as_str()), (78, ""), "{said}");
        for begin in [
            "wechat_pay.mchid: expected ",
            "wechat_pay.timeout_ms (from WCM_WECHAT_PAY__TIMEOUT_MS): expected ",
            "shop.name: expected ",
            "shop.nane: expected a known key: is it shop.name?",
            "WCM_LISTN: expected a variable of a known key: is it WCM_LISTEN?",
            "wechat-cashier-merchant: 5 faults in the configuration",
        ] {
            assert_eq!(said.lines().filter(|line| line.starts_with(begin)).count(), 1, "{begin} in\n{said}");
        }
    }
    assert!(!folder.path().join("orders.db").exists());
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let (status, _, said) = run(Path::new("/nowhere"), &[], &[]);
    assert_eq!(status, 78);
    assert!(said.contains("/nowhere/merchant.toml"), "{said}");
}

#[test]
fn what_is_in_force_is_printed_without_secrets() {
    let folder = folder(|text| text);
    let (status, out, said) = run(folder.path(), &["--print-config"], &[("WCM_LISTEN", "127.0.0.1:2")]);
    assert_eq!((status, said.as_str()), (0, ""));
    assert!(out.contains("listen = \"127.0.0.1:2\"  # environment\n"), "{out}");
    assert!(out.contains("# wechat_pay.apiv3_key: a secret of 32 bytes  # file\n"), "{out}");
    assert_eq!(form_of(KEY, &out), None);
    assert_eq!(form_of(&"a".repeat(32), &out), None);
}

#[test]
fn a_check_without_a_network_fails_by_one_line() {
    let folder = folder(|text| text);
    let (status, out, said) = run(folder.path(), &["--check"], &[]);
    assert_eq!((status, said.as_str()), (1, ""));
    assert_eq!(
        out.lines().filter(|line| line.starts_with("FAILED  network: http://127.0.0.1:1/ ")).count(),
        1,
        "{out}"
    );
    assert_eq!(out.lines().filter(|line| line.starts_with("FAILED")).count(), 1, "{out}");
    assert!(!folder.path().join("orders.db").exists(), "a check opens no database");
}

#[test]
fn a_day_that_cannot_be_compared_is_told_and_is_no_success() {
    let folder = folder(|text| text);
    let yesterday = Day::of(SystemClock.now()).plus(-1).to_string();
    let (status, out, said) = run(folder.path(), &["--reconcile", &yesterday], &[("WCM_LOG__LEVEL", "error")]);
    assert_eq!((status, said.as_str()), (1, ""));
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], format!("{yesterday}: failed"), "{out}");
    assert!(lines.len() == 2 && lines[1].starts_with("WeChat Pay is not reached"), "{out}");

    for (day, expected, why) in [("2020-01-01", 1, "is gone"), ("2026-13-01", 2, "expected a day such as 2026-11-29")] {
        let (status, out, said) = run(folder.path(), &["--reconcile", day], &[]);
        assert_eq!((status, out.as_str()), (expected, ""));
        assert!(said.contains(why), "{said}");
    }
}
