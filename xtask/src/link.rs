//! This program as the linker of the wasm: it leaves out classes that nobody makes an instance of, and has the real linker
//! do the rest.
//!
//! rustc exports all of a class that a crate shows to JavaScript, and what is exported stays, with the tables of functions
//! that it needs. Only the linker can tell which of those belong to it; afterwards they are numbers in memory, and
//! [`crate::unused`] has to take every function in a table for called.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::process::Command;

use anyhow::{Context, ensure};

/// Classes of crates that we have by way of others. If one of them comes into use, `xtask finish` fails: JavaScript's side
/// of it then names functions that the wasm does not export.
const UNUSED: [&str; 3] = ["IntoUnderlyingByteSource", "IntoUnderlyingSink", "IntoUnderlyingSource"]; // wasm-streams

/// As which rustc finds this program.
pub(crate) const THIS: &str = "xtask";
/// The variable that names the real linker.
pub(crate) const REAL: &str = "XTASK_LINKER";
/// The real one of the toolchain in use; rustc calls its linker with a PATH that has it.
pub(crate) const OWN: &str = "rust-lld";
/// Before the name of a class: an option that only we understand.
const WITHOUT: &str = "--without-class=";

/// What rustc is told to tell the linker. As flags, so that cargo builds anew when they change.
pub(crate) fn flags() -> String {
    UNUSED.map(|class| format!("-Clink-arg={WITHOUT}{class}")).join(" ")
}

/// Is it rustc that calls, with a linker's arguments? It begins with the kind of the linker.
pub(crate) fn is_meant(args: &[OsString]) -> bool {
    args.first().is_some_and(|first| first == "-flavor")
}

/// Links.
pub(crate) fn run(args: &[OsString]) -> anyhow::Result<()> {
    let linker = env::var_os(REAL).with_context(|| format!("{REAL} is not set: rustc calls this"))?;
    if let Some(file) = args.iter().find_map(|arg| arg.to_str()?.strip_prefix('@')) {
        // Where the command line would be too long, rustc writes a file with an argument on each line.
        let args = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        let kept = without_unused(&args.lines().collect::<Vec<_>>());
        fs::write(file, kept.join("\n") + "\n").with_context(|| format!("cannot write {file}"))?;
    }
    let mut command = Command::new(&linker);
    command.args(without_unused(args));
    let status = command.status().with_context(|| format!("cannot start the linker {}", linker.display()))?;
    ensure!(status.success(), "{}: {status}", linker.display());
    Ok(())
}

/// The arguments without those that export something of the classes that they say to leave out.
fn without_unused<T: AsRef<OsStr> + Clone>(args: &[T]) -> Vec<T> {
    let text = |arg: &T| arg.as_ref().to_str().map(str::to_owned).unwrap_or_default();
    let classes: Vec<_> = args.iter().filter_map(|arg| Some(text(arg).strip_prefix(WITHOUT)?.to_lowercase())).collect();
    let mut kept = Vec::with_capacity(args.len());
    let mut args = args.iter().filter(|arg| !text(arg).starts_with(WITHOUT)).peekable();
    while let Some(arg) = args.next() {
        let is_unused = |symbol: &&T| classes.iter().any(|class| is_of(class, &text(symbol)));
        if text(arg) == "--export" && args.peek().is_some_and(is_unused) {
            args.next();
        } else {
            kept.push(arg.clone());
        }
    }
    kept
}

/// Is this symbol a class's method, its destructor, or what tells wasm-bindgen of one?
fn is_of(class: &str, symbol: &str) -> bool {
    let symbol = symbol.strip_prefix("__wbindgen_describe_").unwrap_or(symbol);
    let symbol = symbol.strip_prefix("__wbg_").unwrap_or(symbol);
    symbol.strip_prefix(class).is_some_and(|rest| rest.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{flags, is_meant, is_of, without_unused};

    #[test]
    fn what_a_class_exports_is_known_by_its_name() {
        for symbol in ["stream_pull_58a9", "__wbindgen_describe_stream_pull_58a9", "__wbg_stream_free_58a9"] {
            assert!(is_of("stream", symbol), "{symbol}");
        }
        for symbol in ["stream", "streams_pull_58a9", "main", "__wbindgen_describe___wbg_new_with_stream_58a9"] {
            assert!(!is_of("stream", symbol), "{symbol}");
        }
    }

    #[test]
    fn only_exports_of_the_classes_named_go() {
        let args = "-flavor wasm --export main --export stream_pull_58a9 --export=__heap_base stream_a.o \
                    --without-class=Stream --export __wbg_stream_free_58a9 --gc-sections";
        let args: Vec<_> = args.split_whitespace().collect();
        let kept = ["-flavor", "wasm", "--export", "main", "--export=__heap_base", "stream_a.o", "--gc-sections"];
        assert_eq!(without_unused(&args), kept);
        let all: Vec<_> = args.iter().copied().filter(|arg| !arg.starts_with("--without")).collect();
        assert_eq!(without_unused(&all), all);
    }

    #[test]
    fn the_flags_say_the_classes() {
        let args: Vec<_> =
            flags().split(' ').map(|flag| flag.strip_prefix("-Clink-arg=").unwrap().to_owned()).collect();
        let exports = ["--export", "intounderlyingsink_abort_58a9", "--export", "intounderlyingbytesource_type_58a9"];
        let args: Vec<_> = args.into_iter().chain(exports.map(str::to_owned)).collect();
        assert!(without_unused(&args).is_empty());
    }

    #[test]
    fn rustc_is_told_from_a_person() {
        let args = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(is_meant(&args("-flavor wasm --export main")));
        assert!(!is_meant(&args("dist")) && !is_meant(&[]));
    }
}
