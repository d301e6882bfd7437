//! What comments and documents cite can be read by whoever has the repository: no page of the people who built it, and of
//! `docs/platform.md` only sections that are there. The links between documents lead somewhere, and the source that
//! `docs/mutants.md` quotes stands where it says.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the answer")]

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are built, fetched, or git's own.
const NOT_OURS: [&str; 5] = ["target", "node_modules", "dist", "dist-screens", "pkg"];
/// Text that people write. Data, pictures and lock files cite nothing.
const KINDS: [&str; 13] = ["rs", "js", "mjs", "ts", "tsx", "vue", "css", "html", "md", "toml", "tsv", "yml", "sh"];
/// This file names what it forbids.
const THIS: &str = "tests/citations.rs";

#[test]
fn nothing_is_cited_that_only_its_authors_could_read() {
    let wrong: Vec<_> =
        files().iter().flat_map(|(name, text)| hidden(text).map(move |it| [name, ": ", &it].concat())).collect();
    assert!(wrong.is_empty(), "say what is meant, or cite a document of the repository:\n{}", wrong.join("\n"));
}

#[test]
fn the_sections_of_the_platforms_rules_that_are_cited_are_there() {
    let rules = fs::read_to_string(at("docs/platform.md")).unwrap();
    let mut cited = 0;
    for (name, text) in files() {
        for section in sections(&text) {
            let heading = ["## ", "### "].iter().any(|mark| {
                let (plain, dotted) = ([mark, section.as_str(), " "].concat(), [mark, section.as_str(), ". "].concat());
                rules.lines().any(|line| line.starts_with(&plain) || line.starts_with(&dotted))
            });
            assert!(heading, "{name}: docs/platform.md has no section {section}");
            cited += 1;
        }
    }
    assert!(cited >= 50, "only {cited} citations found");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut wrong = Vec::new();
    let documents = files().into_iter().filter(|(name, _)| Path::new(name).extension().is_some_and(|it| it == "md"));
    for (name, text) in documents {
        for link in without_code(&text).split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            if file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            let folder = Path::new(&name).parent().unwrap();
            let path = if file.is_empty() { at(&name) } else { root().join(folder).join(file) };
            let there = path.exists() && (anchor.is_empty() || has_heading(&path, anchor));
            if !there {
                wrong.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these lead nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn the_source_that_the_mutants_replace_is_there() {
    let text = fs::read_to_string(at("docs/mutants.md")).unwrap();
    let mutants = mutants(&text);
    assert!(mutants.len() >= 200, "only {} mutants found", mutants.len());
    let mut wrong = Vec::new();
    for (line, file, quote) in mutants {
        let source = ["src/core", "src"].iter().find_map(|folder| fs::read_to_string(at(folder).join(&file)).ok());
        match source {
            None => wrong.push(format!("docs/mutants.md:{line}: there is no file {file}")),
            Some(source) if quote.is_empty() || !on_one_line(&source).contains(&on_one_line(&quote)) => {
                wrong.push(format!("docs/mutants.md:{line}: {file} has no `{quote}`"));
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "quote what stands there now, and try the mutant again:\n{}", wrong.join("\n"));
}

// ---- The rules themselves

#[test]
fn what_is_hidden_is_found_also_over_a_line_break() {
    for text in [
        "// as facts section 1.3 says",
        "/// so many (facts\n    /// section 6).",
        "# facts 7.2",
        "by `facts/wechat-pay.md`",
        "//! DESIGN section 5",
        "see DESIGN.md",
        "/// Acceptance 6.",
        "(acceptance 8 of issue 4)",
        "// of issue #8",
        "// fault 12: bounded",
        "behaviour('acceptance 7: none overlap', test)",
        "/work/shared/style.md",
    ] {
        assert!(hidden(text).next().is_some(), "{text}");
    }
    for text in [
        "const facts = card.querySelector('.facts');",
        "(field problem 11)",
        "change the design first",
        "https://github.com/leptos-rs/leptos/issues/4382",
        "not in a public issue. You get",
        "a fault of 5 s",
    ] {
        assert_eq!(hidden(text).next(), None, "{text}");
    }
}

#[test]
fn sections_are_read_in_every_form() {
    let read = |text: &str| sections(text).collect::<Vec<_>>().join(" ");
    assert_eq!(read("(docs/platform.md, 1.3, field problem 10)"), "1.3");
    assert_eq!(read("docs/platform.md, 1.1, 3 and 7.6 a)."), "1.1 3 7.6");
    assert_eq!(read("rules of docs/platform.md, 1.2 to\n// 1.6 and"), "1.2 1.6");
    assert_eq!(read("in docs/platform.md.\nthen docs/platform.md, 4, and so on"), "4");
}

#[test]
fn of_a_mutant_the_file_and_the_quote_are_read() {
    let table = "| mutant | file | this | became |\n|---|---|---|---|\n";
    let read = |row: &str| mutants(&[table, row, "\n\n| `other` |\n|---|\n| `cells` |"].concat());
    let one = |quote: &str| vec![(3, "core/a.rs".to_owned(), quote.to_owned())];
    assert_eq!(read("| no `x` | `core/a.rs` | `let x = 1;` | `let x = 2;` |"), one("let x = 1;"));
    assert_eq!(read(r"| `\|\|` | `core/a.rs` | `a \|\| b.map(\|c\| c)` | `b` |"), one("a || b.map(|c| c)"));
    assert_eq!(read("| two | `core/a.rs` | x | y |"), one(""), "no quote");
    assert_eq!(on_one_line(" if a\n        && b {\n"), "if a && b {");
}

// ---- Reading

/// The line, the file and the quote of each mutant that a document lists, in the columns `file` and `this` of its tables.
fn mutants(text: &str) -> Vec<(usize, String, String)> {
    let mut mutants = Vec::new();
    let mut columns = None;
    for (line, text) in (1..).zip(text.lines()) {
        let cells = cells(text);
        let column = |name| cells.iter().position(|cell| cell == name);
        match columns {
            _ if cells.is_empty() => columns = None,
            None => columns = Some((column("file"), column("this"))),
            Some(_) if text.starts_with("|---") => {}
            Some((Some(file), Some(this))) => {
                let code = |cell: usize| cells.get(cell).and_then(|cell| cell.strip_prefix('`')?.strip_suffix('`'));
                let code = |cell| code(cell).unwrap_or_default().to_owned();
                mutants.push((line, code(file), code(this)));
            }
            Some(_) => {}
        }
    }
    mutants
}

/// The cells of a row of a table, none of a line that is no row.
fn cells(line: &str) -> Vec<String> {
    // A stroke within a cell is written `\|`.
    let line = line.replace("\\|", "\0");
    let Some(row) = line.strip_prefix('|').and_then(|rest| rest.trim_end().strip_suffix('|')) else {
        return Vec::new();
    };
    row.split('|').map(|cell| cell.trim().replace('\0', "|")).collect()
}

/// The text with each run of white space made one blank.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a text cites that is not in the repository.
fn hidden(text: &str) -> impl Iterator<Item = String> {
    let words = words(text);
    let found: Vec<_> = (0..words.len())
        .filter(|&at| {
            let word = words[at].as_str();
            let last = word.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
            let next = words.get(at + 1).map_or("", String::as_str).trim_start_matches('#');
            let numbered = next.starts_with(|first: char| first.is_ascii_digit());
            match last.to_lowercase().as_str() {
                "facts" => numbered || next.starts_with("section"),
                "acceptance" | "issue" | "issues" | "fault" => numbered,
                _ => {
                    let named = word.trim_matches(|sign: char| !sign.is_alphanumeric());
                    matches!(named, "DESIGN" | "DESIGN.md") || word.contains("facts/") || word.contains("/work/")
                }
            }
        })
        .map(|at| words[at..words.len().min(at + 4)].join(" "))
        .collect();
    found.into_iter()
}

/// The sections of `docs/platform.md` that a text cites.
fn sections(text: &str) -> impl Iterator<Item = String> {
    let text = words(text).join(" ");
    let found: Vec<_> = text
        .split("platform.md, ")
        .skip(1)
        .flat_map(|rest| {
            let mut sections = Vec::new();
            for word in rest.split(' ') {
                let is_last = !word.ends_with(',');
                let number = word.trim_end_matches(|last: char| !last.is_ascii_digit());
                let is_number = number.chars().all(|it| it.is_ascii_digit() || it == '.') && !number.is_empty();
                match word {
                    "and" | "to" if !sections.is_empty() => {}
                    _ if is_number => {
                        sections.push(number.to_owned());
                        if is_last && word != number {
                            break;
                        }
                    }
                    _ => break,
                }
            }
            sections
        })
        .collect();
    found.into_iter()
}

/// The words of a text, with the signs that begin a line of a comment left out.
fn words(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        let leader = ["//!", "///", "//", "* ", "# "].into_iter().find(|leader| line.starts_with(leader));
        line.strip_prefix(leader.unwrap_or_default()).unwrap_or(line)
    });
    lines.flat_map(str::split_whitespace).map(ToOwned::to_owned).collect()
}

/// A document without its code, in which a bracket is no link.
fn without_code(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<String>();
    outside.lines().flat_map(|line| line.split('`').step_by(2).chain(["\n"])).collect()
}

fn has_heading(path: &Path, anchor: &str) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| line.starts_with('#')).any(|heading| anchor_of(heading) == anchor)
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

// ---- Files

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn at(file: &str) -> PathBuf {
    root().join(file)
}

/// Every file that people write, by its name from the root, with its text.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|kind| KINDS.iter().any(|it| kind == *it)) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                if name != THIS {
                    files.push((name, fs::read_to_string(path).unwrap()));
                }
            }
        }
    }
    files.sort();
    files
}
