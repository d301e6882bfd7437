//! `docs/field-problems.md`: each of the 63 problems is there once, with what is done about it and the tests that show it,
//! and these are there. What it quotes as the cashier's words are the cashier's. `docs/accessibility.md` names tests too.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the answer")]

#[path = "field_problems/accessibility.rs"]
mod accessibility;

use std::fs;
use std::path::Path;

use wechat_cashier::text::{Lang, Text};

const DOCUMENT: &str = "docs/field-problems.md";

#[test]
fn every_problem_is_there_once() {
    let numbers: Vec<_> = rows(&document()).iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=63).collect::<Vec<_>>(), "{DOCUMENT}: the numbers, in their order");
}

#[test]
fn every_problem_has_its_source_its_cure_and_what_shows_it() {
    let document = document();
    let wrong: Vec<_> = rows(&document).iter().flat_map(Row::faults).collect();
    assert!(wrong.is_empty(), "{DOCUMENT}:\n{}", wrong.join("\n"));
}

#[test]
fn the_words_it_quotes_are_the_cashiers() {
    let document = document();
    let mut checked = 0;
    for rest in document.split('“').skip(1) {
        let Some((english, rest)) = rest.split_once("” (") else { continue };
        let Some((chinese, _)) = rest.split_once(')') else { continue };
        if english.contains('\n') || chinese.is_ascii() {
            continue;
        }
        let says = |text: &&Text| Lang::En.say(**text) == english && Lang::ZhCn.say(**text) == chinese;
        assert!(Text::ALL.iter().any(|text| says(&text)), "the cashier does not say “{english}” ({chinese})");
        checked += 1;
    }
    assert!(checked >= 5, "only {checked} quotes found");
}

#[test]
fn the_pages_it_refers_to_have_those_headings() {
    for link in document().split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)) {
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        if file.contains("://") {
            continue;
        }
        let page = read(&format!("docs/{file}")).unwrap_or_else(|| panic!("{DOCUMENT}: there is no docs/{file}"));
        let mut headings = page.lines().filter(|line| line.starts_with('#')).map(anchor_of);
        assert!(anchor.is_empty() || headings.any(|heading| heading == anchor), "{file} has no #{anchor}");
    }
}

/// Field problem 20: sizes are the style sheet's, in `em` of the reader's own, and not in `rem` of a root that a shop's
/// script may change; and WeChat's own setting is let be.
#[test]
fn no_script_sets_the_size_of_text() {
    let files = fs::read_dir(at("style")).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let style = files.collect::<String>();
    assert!(style.contains("-webkit-text-size-adjust: 100%;") && !style.contains("text-size-adjust: 100% !important"));
    let style = style.replace(' ', "");
    let in_rem =
        style.match_indices("rem").filter(|(at, _)| style[..*at].ends_with(|before: char| before.is_ascii_digit()));
    for (at, _) in in_rem {
        assert!(
            style[..at].ends_with("--cashier-font-size:1"),
            "only the hosted page's root is its own: {}",
            &style[at - 40..at]
        );
    }
    for folder in ["src/embed", "src/embed/counter", "src/shell", "src/view", "public"] {
        for file in fs::read_dir(at(folder)).unwrap() {
            let file = file.unwrap().path();
            let script = fs::read_to_string(&file).unwrap_or_default();
            let sets_it =
                ["font-size", "fontSize", "font_size", "TextSizeAdjust"].iter().any(|word| script.contains(word));
            assert!(!sets_it, "{}", file.display());
        }
    }
}

// ---- The rules themselves

#[test]
fn a_test_is_named_only_if_it_is_one() {
    let rust =
        "/// What it says.\n#[tokio::test]\nasync fn it_pays() {}\nfn helper() {}\n#[test]\nfn it_pays_twice() {}";
    assert!(has_rust_test(rust, "it_pays") && has_rust_test(rust, "it_pays_twice"));
    assert!(!has_rust_test(rust, "helper") && !has_rust_test(rust, "pays") && !has_rust_test(rust, "it_pays_tw"));
    let script = r#"behaviour('the page\'s "own" word', body);
        elsewhere("it's paid", {}, body); test.skip('not run', body); const x = 'a word';"#;
    assert!(has_script_test(script, r#"the page's "own" word"#) && has_script_test(script, "it's paid"));
    assert!(
        !has_script_test(script, "not run") && !has_script_test(script, "a word") && !has_script_test(script, "own")
    );
}

#[test]
fn a_row_without_an_answer_is_found_out() {
    let faults = |number: u32, shown_by: &str| Row::of(&row(number, shown_by)).unwrap().faults().len();
    assert_eq!(faults(61, "no test: it is made to run elsewhere"), 0);
    for (number, shown_by) in [
        (25, "`tests/document.rs` `places_that_share_a_row_are_the_same`<br>later"),
        (29, ""),
        (40, "to be done later"),
        (61, "no test:"),
        (61, "no test"),
        (1, "`tests/none.rs` `nothing`"),
        (1, "`tests/document.rs` `rows`"),
        (1, "`tests/e2e/happy.test.mjs` \"no such behaviour\""),
        (1, "`tests/document.rs`"),
        (1, "see below"),
    ] {
        assert_eq!(faults(number, shown_by), 1, "{number}: {shown_by}");
    }
    let bare = Row::of("| 1. A problem with no source | | later |").unwrap();
    assert_eq!(bare.faults().len(), 3);
}

fn row(number: u32, shown_by: &str) -> String {
    format!("| {number}. A problem ([source](https://example.com/)) | Something. | {shown_by} |")
}

// ---- Rows

struct Row<'a> {
    number: u32,
    problem: &'a str,
    cure: &'a str,
    shown_by: &'a str,
}

fn rows(document: &str) -> Vec<Row<'_>> {
    document.lines().filter_map(Row::of).collect()
}

impl<'a> Row<'a> {
    /// None for what is no row of a problem.
    fn of(line: &'a str) -> Option<Self> {
        let (number, rest) = line.strip_prefix("| ")?.strip_suffix('|')?.split_once(". ")?;
        let number = number.parse().ok()?;
        let cells: Vec<_> = rest.split('|').map(str::trim).collect();
        let [problem, cure, shown_by] = cells[..] else { panic!("{DOCUMENT}: not three cells: {line}") };
        Some(Self { number, problem, cure, shown_by })
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.problem.contains("[source](https://") && !self.problem.contains("[source](http://") {
            faults.push("no source".to_owned());
        }
        if self.cure.is_empty() {
            faults.push("not said what the cashier does".to_owned());
        }
        faults.extend(self.shown_by.split("<br>").filter_map(|shown| fault(shown).err()));
        faults.into_iter().map(|fault| format!("{}: {fault}", self.number)).collect()
    }
}

/// What is wrong with one thing that shows it.
fn fault(shown: &str) -> Result<(), String> {
    let shown = shown.trim();
    if let Some(reason) = shown.strip_prefix("no test:") {
        return if reason.trim().is_empty() { Err("no test and no reason".to_owned()) } else { Ok(()) };
    }
    let named = shown.strip_prefix('`').and_then(|shown| shown.split_once("` "));
    let Some((file, name)) = named else { return Err(format!("neither a test nor a reason: {shown:?}")) };
    let Some(text) = read(file) else { return Err(format!("there is no {file}")) };
    let between = |mark| name.strip_prefix(mark).and_then(|name: &str| name.strip_suffix(mark));
    let there = match Path::new(file).extension().and_then(|extension| extension.to_str()) {
        Some("rs") => between('`').is_some_and(|name| has_rust_test(&text, name)),
        Some("mjs") => between('"').is_some_and(|name| has_script_test(&text, name)),
        _ => false,
    };
    if there { Ok(()) } else { Err(format!("{file} has no test {name}")) }
}

// ---- Tests

/// Whether there is a function of this name right under an attribute that makes it a test.
fn has_rust_test(text: &str, name: &str) -> bool {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.windows(2).any(|pair| {
        let function = pair[1].strip_prefix("async ").unwrap_or(pair[1]).strip_prefix("fn ");
        pair[0].ends_with("test]")
            && function.is_some_and(|rest| rest.split_once('(').is_some_and(|(it, _)| it == name))
    })
}

/// Whether a call has this name as its first argument, and is not one that is passed over.
fn has_script_test(text: &str, name: &str) -> bool {
    let quoted = |mark: char| [mark.to_string(), name.replace(mark, &format!("\\{mark}")), mark.to_string()].concat();
    ['\'', '"', '`'].map(quoted).iter().any(|literal| {
        text.match_indices(literal.as_str()).any(|(at, _)| {
            let call = text[..at].strip_suffix('(').unwrap_or_default();
            call.ends_with(|last: char| last.is_ascii_alphanumeric())
                && !call.ends_with(".skip")
                && !call.ends_with(".todo")
        })
    })
}

// ---- Files

fn document() -> String {
    read(DOCUMENT).unwrap()
}

fn at(file: &str) -> String {
    [env!("CARGO_MANIFEST_DIR"), "/", file].concat()
}

fn read(file: &str) -> Option<String> {
    fs::read_to_string(at(file)).ok()
}

/// A heading as links name it: small letters, no signs, dashes for blanks.
fn anchor_of(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words
        .chars()
        .filter_map(|char| match char {
            ' ' => Some('-'),
            '-' | '_' => Some(char),
            _ if char.is_alphanumeric() => Some(char),
            _ => None,
        })
        .collect()
}
