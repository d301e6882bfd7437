//! The configuration of this machine: its file, its environment, its disk.

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::describe::unknown_variables;
use super::{Config, Fault};

/// The file that is read where none is named, if it is there.
const FILE: &str = "merchant.toml";

/// What a configuration is read from.
struct Source {
    text: String,
    folder: PathBuf,
}

impl Config {
    /// Reads the configuration from `file`, or from `merchant.toml` if that is there, or from the environment alone. Paths in it
    /// are relative to the file's folder.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load(file: Option<&Path>) -> Result<Self, Vec<Fault>> {
        let source = Source::open(file)?;
        let read = Self::read(&source.text, &variable, &|path| fs::read_to_string(source.folder.join(path)));
        let mut config = Source::with_unknown(read)?;
        config.database = config.database.within(&source.folder);
        config.page = config.page.map(|page| source.folder.join(page));
        Ok(config)
    }

    /// The same configuration as a text: each key with what is in force and where that is from, and no secret.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load_description(file: Option<&Path>) -> Result<String, Vec<Fault>> {
        let source = Source::open(file)?;
        let text = Self::describe(&source.text, &variable, &|path| fs::read_to_string(source.folder.join(path)));
        Source::with_unknown(text)
    }
}

impl Source {
    fn open(file: Option<&Path>) -> Result<Self, Vec<Fault>> {
        let path = file.unwrap_or(Path::new(FILE));
        if file.is_none() && !path.exists() {
            return Ok(Self { text: String::new(), folder: PathBuf::new() });
        }
        let text = fs::read_to_string(path).map_err(|error| {
            let came = format!("no text to read from {} ({error})", path.display());
            vec![Fault { key: String::new(), variable: None, expected: "a configuration in TOML".to_owned(), came }]
        })?;
        Ok(Self { text, folder: path.parent().unwrap_or(Path::new("")).to_owned() })
    }

    /// Adds to the faults the variables that nobody knows.
    fn with_unknown<T>(read: Result<T, Vec<Fault>>) -> Result<T, Vec<Fault>> {
        let names: Vec<_> = env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
        let unknown = unknown_variables(names.iter().map(String::as_str));
        match read {
            Ok(value) if unknown.is_empty() => Ok(value),
            Ok(_) => Err(unknown),
            Err(faults) => Err(faults.into_iter().chain(unknown).collect()),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    // A value that is no UTF-8 is read as near as can be, and then refused by its key.
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}
