//! No secret is in anything that the tests have said: their logs, their errors, and what the programs printed that they started.
//!
//! It looks through what is there. `cargo xtask test` runs it once more after all others, and names who must have said something.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "support/said.rs"]
mod said;
#[path = "support/secret.rs"]
mod secret;

use std::fs;
use std::path::PathBuf;

use secret::form_of;
use wechat_cashier_simulator::config::Merchant;

/// Names of those who must have said something, with commas between.
const WANTED: &str = "SAID_BY";

/// The files whose names end so.
fn files(end: &str) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(said::folder()) else { return Vec::new() };
    let paths = folder.map(|file| file.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == end)).collect()
}

#[test]
fn nothing_that_was_said_holds_a_secret() {
    let mut secrets: Vec<String> = files("secrets")
        .iter()
        .flat_map(|file| fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect();
    let demo = Merchant::demo();
    secrets.extend([Merchant::DEMO_PRIVATE_KEY, &demo.apiv3_key, &demo.app_secret].map(ToOwned::to_owned));
    secrets.sort();
    secrets.dedup();
    let logs = files("log");
    for log in &logs {
        let text = fs::read_to_string(log).unwrap();
        for secret in &secrets {
            assert_eq!(form_of(secret, &text), None, "{secret} in {}", log.display());
        }
    }
    let wanted = std::env::var(WANTED).unwrap_or_default();
    for name in wanted.split(',').filter(|name| !name.is_empty()) {
        let is_theirs = |log: &&PathBuf| {
            log.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with(&format!("{name}-")))
        };
        let bytes: u64 = logs.iter().filter(is_theirs).map(|log| fs::metadata(log).unwrap().len()).sum();
        assert!(bytes > 0, "{name} has said nothing: what is not heard cannot be looked through");
    }
}

#[test]
fn a_secret_is_found_in_every_form() {
    let secret = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
    let form = |text: String| form_of(secret, &text);
    assert_eq!(form(format!("key={secret}")), Some("as it is"));
    assert_eq!(form("YTdjZGUxWkpCMWtHMmU3VmZUczNqUXphV2l6dXI4R2I=".to_owned()), Some("in base64"));
    assert_eq!(form(format!("{:02x?}", secret.as_bytes()).replace(", ", "")), Some("in hexadecimal"));
    assert_eq!(form(format!("{:?}", secret.as_bytes())), Some("as a list of numbers"));
    assert_eq!(form("***".to_owned()), None);
    let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
    assert_eq!(form_of(pem, "pem: \"…\\nhkiG9w0BAQEFAASC\\n\""), Some("as it is"));
    assert_eq!(form_of(pem, "-----BEGIN PRIVATE KEY-----"), None);
}
