//! The file with what the sandbox and the simulated platform keep.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The file, written whole whenever what is kept differs from what it holds.
///
/// It is not forced to the disk: it is there to survive the process, not a power cut.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    written: Vec<u8>,
}

impl Store {
    /// Reads the file; nothing is in one that is not there. One that cannot be read is moved aside; the text says so, and why.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Value, Option<String>)> {
        let store = |written| Self { path: path.to_owned(), written };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok((store(Vec::new()), Value::Null, None));
            }
            Err(error) => return Err(error),
        };
        match serde_json::from_slice(&bytes) {
            Ok(kept) => Ok((store(bytes), kept, None)),
            Err(error) => {
                let notice = move_aside(path, &error)?;
                Ok((store(Vec::new()), Value::Null, Some(notice)))
            }
        }
    }

    /// Writes it beside the file and puts it in its place in one step, so that a kill leaves the old or the new.
    pub(crate) fn save(&mut self, kept: &Value) -> io::Result<()> {
        let bytes = serde_json::to_vec(kept)?;
        if bytes == self.written {
            return Ok(());
        }
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let mut file = fs::File::create(&beside)?;
        file.write_all(&bytes)?;
        drop(file);
        fs::rename(&beside, &self.path)?;
        self.written = bytes;
        Ok(())
    }
}

/// Makes room for a file that can be read. Gives what to say to whoever started the sandbox.
pub(crate) fn move_aside(path: &Path, error: &dyn std::fmt::Display) -> io::Result<String> {
    let aside = free_name(path);
    fs::rename(path, &aside)?;
    Ok(format!(
        "state file {} is unreadable ({error}); it is now {}, and the sandbox starts with nothing",
        path.display(),
        aside.display()
    ))
}

/// `orders.db.unreadable`, or with the first number that is free.
fn free_name(path: &Path) -> PathBuf {
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(".unreadable");
        name.push(suffix);
        PathBuf::from(name)
    };
    let first = named("");
    if !first.exists() {
        return first;
    }
    let mut number = 2_u32;
    loop {
        let next = named(&format!("-{number}"));
        if !next.exists() {
            return next;
        }
        number += 1;
    }
}
