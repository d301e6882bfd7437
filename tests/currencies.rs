//! The one table of ISO 4217: held against somebody else's, and written out for the scripts.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files fails")]

use std::fs;
use std::path::Path;

use wechat_cashier::contract::{Currency, decode};

/// Holds the file against what it should be; with `UPDATE_GOLDEN=1`, writes it.
fn holds(name: &str, want: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, want).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, want, "{name} is out of date: UPDATE_GOLDEN=1 cargo test --test currencies");
}

#[test]
fn scripts_have_the_same_table() {
    let listed: String = Currency::all()
        .filter(|currency| currency.exponent() != 2)
        .map(|currency| format!("  {}: {},\n", currency.code(), currency.exponent()))
        .collect();
    let head = "// Written by tests/currencies.rs out of src/contract/currency.rs: UPDATE_GOLDEN=1 cargo test --test currencies\n\
                // The exponent of ISO 4217 where it is not 2.\n";
    holds("src/embed/counter/exponents.js", &format!("{head}export default {{\n{listed}}};\n"));
    holds("sandbox/src/assets/inside/exponents.js", &format!("{head}const EXPONENTS = {{\n{listed}}};\n"));
}

#[test]
fn another_list_of_iso_4217_has_the_same_exponents() {
    // What the crate still has although it was withdrawn: ISO's amendments 171 and later, Bulgaria's euro the last.
    const WITHDRAWN: [&str; 5] = ["BGN", "CUC", "HRK", "SLL", "ZWL"];
    // What it does not have yet: the Arab Accounting Dinar, of 2025.
    const NEW: [&str; 1] = ["XAD"];
    let letters = || 'A'..='Z';
    let codes =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| String::from_iter([a, b, c]))));
    for code in codes {
        let theirs = iso_currency::Currency::from_code(&code).and_then(|currency| currency.exponent());
        let ours = Currency::new(&code).map(|currency| u16::from(currency.exponent()));
        let want = match &*code {
            code if WITHDRAWN.contains(&code) => None,
            code if NEW.contains(&code) => Some(2),
            _ => theirs,
        };
        assert_eq!(ours, want, "{code}: {theirs:?} in the crate");
        assert!(
            ours != theirs || ![&WITHDRAWN[..], &NEW].concat().contains(&&*code),
            "{code} is no exception any more"
        );
    }
}

#[test]
fn each_currency_is_itself_once() {
    let all: Vec<Currency> = Currency::all().collect();
    let mut codes: Vec<&str> = all.iter().map(Currency::code).collect();
    for currency in &all {
        assert_eq!(Currency::new(currency.code()), Some(*currency));
        assert_eq!(decode::<Currency>(&format!("{:?}", currency.code())).unwrap(), *currency);
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    assert!(codes.len() > 160);
}

#[test]
fn what_iso_4217_does_not_have_is_refused() {
    for code in [
        "RMB",
        "CNH",
        "rmb",
        "cny",
        "Cny",
        "BTC",
        "USDT",
        "XXX",
        "XAU",
        "XTS",
        "XDR",
        "BGN",
        "AFA",
        "NAE",
        "CN",
        "",
        "¥",
        "ＣＮＹ",
    ] {
        assert_eq!(Currency::new(code), None, "{code}");
        let said = decode::<Currency>(&format!("{code:?}")).unwrap_err().to_string();
        assert!(said.contains("\"CNY\"") && said.ends_with(&format!("got {code:?}")), "{said}");
        let renminbi = ["RMB", "CNH", "rmb"].contains(&code);
        assert_eq!(said.contains("expected \"CNY\", which is ISO 4217's code of the renminbi"), renminbi, "{said}");
    }
}
