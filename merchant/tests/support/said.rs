//! What a test binary says: its logs, at every level, and what else it passes on. It is kept in a file beside those of the other
//! binaries and of the programs that the tests start, where `tests/said.rs` looks for secrets in the end.

#![allow(dead_code, reason = "not every binary has all of it to say")]

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use tracing::Level;
use wechat_cashier_merchant::config::{Format, Log};
use wechat_cashier_merchant::log::subscriber;

/// Where all of it is.
pub(crate) fn folder() -> PathBuf {
    // What is built where does not matter here: `cargo xtask test` has one target folder.
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("said")
}

/// What this process says.
pub(crate) struct Said {
    log: PathBuf,
    secrets: Mutex<File>,
}

impl Said {
    /// From the first call on, all that this process logs is kept, of every thread.
    pub(crate) fn by_this_process() -> &'static Self {
        static SAID: OnceLock<Said> = OnceLock::new();
        SAID.get_or_init(|| {
            let name = std::env::current_exe().unwrap().file_stem().unwrap().to_string_lossy().into_owned();
            let name = name.rsplit_once('-').map_or(name.as_str(), |(name, _)| name).to_owned();
            let path = |end: &str| folder().join(format!("{name}-{}.{end}", std::process::id()));
            let (log, secrets) = (path("log"), Mutex::new(open(&path("secrets"))));
            let everything = subscriber(&Log { format: Format::Text, level: Level::TRACE }, Mutex::new(open(&log)));
            // Where something else wrote logs already, a test that finds nothing would prove nothing.
            tracing::subscriber::set_global_default(everything).unwrap();
            Self { log, secrets }
        })
    }

    /// Something else that it says, such as an error, or what a program has printed.
    pub(crate) fn also(&self, text: &str) {
        open(&self.log).write_all(format!("{text}\n").as_bytes()).unwrap();
    }

    /// What was logged so far.
    pub(crate) fn logged(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// What may stand in nothing of it, whoever says it.
    pub(crate) fn secret(&self, secret: &str) {
        let line = serde_json::to_string(secret.trim()).unwrap();
        self.secrets.lock().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

fn open(path: &Path) -> File {
    fs::create_dir_all(folder()).unwrap();
    OpenOptions::new().create(true).append(true).open(path).unwrap()
}
