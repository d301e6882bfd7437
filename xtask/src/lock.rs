//! What `Cargo.lock` says.

use anyhow::Context;
use xshell::Shell;

/// The version of a package in the lock file; wasm-bindgen's command line tool must be of exactly its crate's.
pub(crate) fn version(sh: &Shell, package: &str) -> anyhow::Result<String> {
    let lock = sh.read_file("Cargo.lock")?;
    version_in(&lock, package).map(str::to_owned).with_context(|| format!("Cargo.lock has no package {package}"))
}

fn version_in<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut name = None;
    for line in lock.lines() {
        match line.split_once(" = ") {
            Some(("name", value)) => name = Some(value.trim_matches('"')),
            Some(("version", value)) if name == Some(package) => return Some(value.trim_matches('"')),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::version_in;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "cfg-if",
]

[[package]]
name = "wasm-bindgen-futures"
version = "0.4.58"
"#;

    #[test]
    fn finds_the_package_of_exactly_that_name() {
        assert_eq!(version_in(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in(LOCK, "wasm-bindgen-futures"), Some("0.4.58"));
        assert_eq!(version_in(LOCK, "wasm"), None);
    }

    #[test]
    fn does_not_take_the_version_of_the_file_for_one_of_a_package() {
        assert_eq!(version_in("version = 4\n", "wasm-bindgen"), None);
    }
}
