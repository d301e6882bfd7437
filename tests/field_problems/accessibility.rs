//! `docs/accessibility.md`: each criterion of WCAG 2.2, level A and AA, is there once, with how it stands and the tests that
//! show it, and these are there. The contrasts that it gives are computed here from the style sheet's own colours.

use std::collections::BTreeMap;

use wechat_cashier::text::{Lang, Text};

use super::{fault, read};

const DOCUMENT: &str = "docs/accessibility.md";

/// Level A and AA of WCAG 2.2 (<https://www.w3.org/TR/WCAG22/>); 4.1.1 is obsolete.
const CRITERIA: &str = "1.1.1 A, 1.2.1 A, 1.2.2 A, 1.2.3 A, 1.2.4 AA, 1.2.5 AA, 1.3.1 A, 1.3.2 A, 1.3.3 A, 1.3.4 AA, \
    1.3.5 AA, 1.4.1 A, 1.4.2 A, 1.4.3 AA, 1.4.4 AA, 1.4.5 AA, 1.4.10 AA, 1.4.11 AA, 1.4.12 AA, 1.4.13 AA, 2.1.1 A, \
    2.1.2 A, 2.1.4 A, 2.2.1 A, 2.2.2 A, 2.3.1 A, 2.4.1 A, 2.4.2 A, 2.4.3 A, 2.4.4 A, 2.4.5 AA, 2.4.6 AA, 2.4.7 AA, \
    2.4.11 AA, 2.5.1 A, 2.5.2 A, 2.5.3 A, 2.5.4 A, 2.5.7 AA, 2.5.8 AA, 3.1.1 A, 3.1.2 AA, 3.2.1 A, 3.2.2 A, 3.2.3 AA, \
    3.2.4 AA, 3.2.6 A, 3.3.1 A, 3.3.2 A, 3.3.3 AA, 3.3.4 AA, 3.3.7 A, 3.3.8 AA, 4.1.2 A, 4.1.3 AA";
const STANDINGS: [&str; 4] = ["met", "partly", "not met", "not applicable"];
/// What stands for tests where there is nothing to test.
const NOTHING: &str = "–";

#[test]
fn every_criterion_is_there_once() {
    let document = document();
    let found: Vec<_> = rows(&document).map(|[criterion, ..]| in_short(criterion)).collect();
    assert_eq!(found.join(", "), CRITERIA, "{DOCUMENT}: number and level, in their order");
}

#[test]
fn every_criterion_says_how_it_stands_and_what_shows_it() {
    let document = document();
    let mut wrong = Vec::new();
    for [criterion, standing, what, shown_by] in rows(&document) {
        let mut wrongs = Vec::new();
        if !STANDINGS.contains(&standing) {
            wrongs.push(format!("{standing:?} is no word for how it stands"));
        }
        if what.is_empty() {
            wrongs.push("not said what the cashier does".to_owned());
        }
        if standing != "not applicable" {
            wrongs.extend(shown_by.split("<br>").filter_map(|shown| fault(shown).err()));
        } else if shown_by != NOTHING {
            wrongs.push(format!("not applicable, and shown by {shown_by}"));
        }
        wrong.extend(wrongs.into_iter().map(|fault| format!("{criterion}: {fault}")));
    }
    assert!(wrong.is_empty(), "{DOCUMENT}:\n{}", wrong.join("\n"));
}

#[test]
fn they_are_counted_right() {
    let document = document();
    for standing in STANDINGS {
        let count = rows(&document).filter(|[_, stands, ..]| *stands == standing).count();
        let line = format!("| {standing} | {count} |");
        assert!(document.lines().any(|other| other.starts_with(&line)), "{DOCUMENT} does not say: {line}");
    }
}

#[test]
fn the_words_it_quotes_are_the_cashiers() {
    let document = document();
    let quotes: Vec<_> = document.split('“').skip(1).filter_map(|rest| Some(rest.split_once('”')?.0)).collect();
    for quote in &quotes {
        assert!(Text::ALL.iter().any(|text| Lang::En.say(*text) == *quote), "the cashier does not say “{quote}”");
    }
    assert!(quotes.len() >= 10, "only {} quotes found", quotes.len());
}

/// `| what | colour on ground | light | dark | needed |`: the contrast of each theme, rounded down, and the least.
#[test]
fn the_contrasts_are_those_of_the_tokens() {
    let sheet = read("style/tokens.css").unwrap();
    let themes = [tokens(&sheet, "light"), tokens(&sheet, "dark")];
    let document = document();
    let mut checked = 0;
    for line in document.lines() {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, pair, light, dark, needed] = cells[..] else { continue };
        let Some((colour, ground)) = pair.trim_matches('`').split_once("` on `") else { continue };
        let least: f64 = needed.trim_end_matches(":1").parse().unwrap();
        for (tokens, cell) in themes.iter().zip([light, dark]) {
            let contrast = contrast(seen(tokens, colour), seen(tokens, ground));
            let said = format!("{:.2}:1", (contrast * 100.0).floor() / 100.0);
            let wanted = if contrast < least { [&said, ", too little"].concat() } else { said };
            assert_eq!(cell, wanted, "{line}");
            checked += 1;
        }
    }
    assert!(checked >= 20, "only {checked} contrasts found");
}

// ---- The rules themselves

#[test]
fn contrasts_are_wcags() {
    let [black, white, grey] = [[0.0; 3], [255.0; 3], [0x76.into(); 3]];
    assert!((contrast(black, white) - 21.0).abs() < 1e-9 && (contrast(white, white) - 1.0).abs() < 1e-9);
    assert!((contrast(grey, white) - 4.54).abs() < 0.005, "the lightest grey that is enough on white");
}

#[test]
fn of_a_row_number_and_level_are_read() {
    assert_eq!(in_short("1.1.1 Non-text Content (A)"), "1.1.1 A");
    assert_eq!(rows("| 1.1.1 Non-text Content (A) | met | It does. | – |\n| a | b |").count(), 1);
    assert_eq!(rows("| clause | applies | what | why |\n|---|---|---|---|").count(), 0);
}

// ---- Reading

fn document() -> String {
    read(DOCUMENT).unwrap()
}

/// The cells of the rows that begin with the number of a criterion.
fn rows(document: &str) -> impl Iterator<Item = [&str; 4]> {
    document.lines().filter_map(|line| {
        let row = line.strip_prefix("| ")?.strip_suffix('|')?;
        let number = row.split(' ').next()?;
        let is_number = number.split('.').count() == 3 && number.split('.').all(|part| part.parse::<u8>().is_ok());
        is_number.then(|| {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            cells.try_into().unwrap_or_else(|_| panic!("{DOCUMENT}: not four cells: {line}"))
        })
    })
}

/// `1.1.1 A` of `1.1.1 Non-text Content (A)`.
fn in_short(criterion: &str) -> String {
    let number = criterion.split(' ').next().unwrap_or_default();
    let level = criterion.rsplit_once('(').and_then(|(_, level)| level.strip_suffix(')')).unwrap_or_default();
    [number, level].join(" ")
}

// ---- Colours

type Colour = [f64; 3];

/// The colours of a theme by their names, `card` of `--wc-card`: as they are written, with a veil's share at the end.
fn tokens<'a>(sheet: &'a str, theme: &str) -> BTreeMap<&'a str, &'a str> {
    let declarations = sheet.lines().filter_map(|line| line.trim().strip_prefix("--wc-")?.split_once(": "));
    let colour = |value: &'a str| {
        let own = value.split_once(&["var(--wc-", theme, ", "].concat()).map_or(value, |(_, own)| own);
        let (_, hex) = own.split_once('#')?;
        Some(hex.split(|sign: char| !sign.is_ascii_hexdigit()).next().unwrap_or(hex))
    };
    declarations.filter_map(|(name, value)| Some((name, colour(value)?))).collect()
}

/// What is seen of a colour: a veil lies on the card.
fn seen(tokens: &BTreeMap<&str, &str>, name: &str) -> Colour {
    let hex = tokens.get(name).unwrap_or_else(|| panic!("style/tokens.css has no colour {name}"));
    let digits =
        if hex.len() == 3 { hex.chars().flat_map(|digit| [digit, digit]).collect() } else { (*hex).to_owned() };
    let part = |at: usize| digits.get(at..at + 2).map(|part| f64::from(u8::from_str_radix(part, 16).unwrap()));
    let own = [0, 2, 4].map(|at| part(at).unwrap());
    match part(6) {
        None => own,
        Some(share) => {
            let card = seen(tokens, "card");
            [0, 1, 2].map(|at| (own[at] * share + card[at] * (255.0 - share)) / 255.0)
        }
    }
}

/// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
fn contrast(one: Colour, other: Colour) -> f64 {
    let [one, other] = [luminance(one), luminance(other)];
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|part| match part / 255.0 {
        dark if dark <= 0.04045 => dark / 12.92,
        part => ((part + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
