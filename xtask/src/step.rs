//! One step of work: a child process, shown with its elapsed time while it runs.
//!
//! What we say about a step goes to stderr, what the step itself prints goes to stdout.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::repo;

const ON_A_TERMINAL: Duration = Duration::from_millis(120);
const IN_A_LOG: Duration = Duration::from_secs(15);
const SPINNER: [char; 8] = ['⣾', '⣽', '⣻', '⢿', '⡿', '⣟', '⣯', '⣷'];

/// What is shown of a step's output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Its last line beside the elapsed time; all of it if the step fails.
    Progress,
    /// All of it, as it comes; beside other work when it ends.
    Output,
}

thread_local! {
    /// Whether other steps run beside those of this thread.
    static BESIDE: Cell<bool> = const { Cell::new(false) };
}

/// From now on other steps run beside those of this thread: the output of each is shown in one piece, when it ends.
pub(crate) fn run_beside_others() {
    BESIDE.set(true);
}

/// A child process with a title.
pub(crate) struct Step<'a> {
    title: &'a str,
    show: Show,
    limit: Option<Duration>,
}

impl<'a> Step<'a> {
    /// A step that shows its progress.
    pub(crate) fn new(title: &'a str) -> Self {
        Self { title, show: Show::Progress, limit: None }
    }

    /// Shows the whole output.
    pub(crate) fn loud(self) -> Self {
        Self { show: Show::Output, ..self }
    }

    /// Ends the child after this time.
    pub(crate) fn limit(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Runs the command to its end. The error is one line: what failed, and the last thing it said.
    pub(crate) fn run(self, command: impl Into<Command>) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut log = Log::create(self.title)?;
        let mut command = command.into();
        if self.show == Show::Output && io::stdout().is_terminal() {
            // It writes to a pipe, but we to a terminal.
            command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        let (mut child, lines) = spawn(command).with_context(|| format!("{}: cannot be started", self.title))?;
        if self.show == Show::Output && !BESIDE.get() {
            eprintln!("── {}", self.title);
        }
        let mut display = Display::new(self.title, self.show, started);
        let in_time = self.follow(&lines, &mut log, &mut display, started);
        if !in_time {
            child.kill().ok();
        }
        let status = child.wait()?;
        display.clear();
        if self.show == Show::Output && BESIDE.get() {
            print!("── {}\n{}", self.title, fs::read_to_string(&log.path).unwrap_or_default());
        }
        let seconds = started.elapsed().as_secs_f32();
        if in_time && status.success() {
            eprintln!("✔ {} ({seconds:.1} s)", self.title);
            return Ok(());
        }
        eprintln!("✘ {} ({seconds:.1} s)", self.title);
        if self.show == Show::Progress && in_time {
            eprint!("{}", fs::read_to_string(&log.path).unwrap_or_default());
            eprintln!("(this output is also in {})", log.path.display());
        }
        if in_time {
            bail!("{} failed, {status}: {}", self.title, log.last);
        }
        bail!("{} took longer than {} s", self.title, self.limit.unwrap_or_default().as_secs());
    }

    /// Takes the output until it ends (true) or the time is over (false).
    fn follow(&self, lines: &Receiver<String>, log: &mut Log, display: &mut Display<'_>, started: Instant) -> bool {
        loop {
            let left = self.limit.map(|limit| limit.saturating_sub(started.elapsed()));
            if left == Some(Duration::ZERO) {
                return false;
            }
            match lines.recv_timeout(left.unwrap_or(Duration::MAX).min(display.until_due())) {
                Ok(line) => {
                    display.line(&line);
                    log.line(line);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return true,
            }
            if display.until_due().is_zero() {
                display.tick(&log.last);
            }
        }
    }
}

/// Starts a child whose output, both kinds in the order written, comes line by line.
fn spawn(mut command: Command) -> io::Result<(Child, Receiver<String>)> {
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let child = command.spawn()?;
    drop(command); // and with it our ends of the pipe, which would keep it open
    let (sender, lines) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Ok((child, lines))
}

/// The output of a step, kept in a file.
struct Log {
    path: PathBuf,
    file: File,
    /// The last line that says something.
    last: String,
}

impl Log {
    fn create(title: &str) -> anyhow::Result<Self> {
        let folder = repo::target().join("xtask-logs");
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let name: String = title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let path = folder.join(format!("{name}.log"));
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, file, last: String::new() })
    }

    fn line(&mut self, line: String) {
        // A log that cannot be written is no reason to stop the work it is about.
        writeln!(self.file, "{line}").ok();
        if !line.trim().is_empty() {
            self.last = line;
        }
    }
}

/// What is seen of a step while it runs.
struct Display<'a> {
    title: &'a str,
    show: Show,
    started: Instant,
    terminal: bool,
    beside: bool,
    /// When something was last seen to happen.
    shown: Instant,
    ticks: usize,
}

impl<'a> Display<'a> {
    fn new(title: &'a str, show: Show, started: Instant) -> Self {
        let beside = BESIDE.get();
        // Two that move on one line would be none.
        let terminal = io::stderr().is_terminal() && show == Show::Progress && !beside;
        Self { title, show, started, terminal, beside, shown: started, ticks: 0 }
    }

    /// How long until the elapsed time is to be shown again.
    fn until_due(&self) -> Duration {
        (if self.terminal { ON_A_TERMINAL } else { IN_A_LOG }).saturating_sub(self.shown.elapsed())
    }

    fn line(&mut self, line: &str) {
        if self.show == Show::Output && !self.beside {
            println!("{line}");
            self.shown = Instant::now();
        }
    }

    fn tick(&mut self, last: &str) {
        let seconds = self.started.elapsed().as_secs();
        self.ticks += 1;
        self.shown = Instant::now();
        if self.terminal {
            let spinner = SPINNER[self.ticks % SPINNER.len()];
            let last: String = last.trim().chars().filter(|c| !c.is_control()).take(48).collect();
            eprint!("\r\x1b[2K{spinner} {} {seconds} s  \x1b[2m{last}\x1b[0m", self.title);
        } else {
            eprintln!("… {} {seconds} s", self.title);
        }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::{Step, spawn};

    /// A child every platform with cargo has.
    fn cargo(argument: &str) -> Command {
        let mut command = Command::new("cargo");
        command.arg(argument);
        command
    }

    #[test]
    fn the_output_of_a_child_comes_line_by_line() {
        let lines = spawn(cargo("--version")).map(|(_, lines)| lines.iter().collect::<Vec<_>>()).unwrap_or_default();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("cargo "), "{lines:?}");
    }

    #[test]
    fn a_failed_step_names_itself_and_the_last_line() {
        let error = Step::new("a bad flag").run(cargo("--no-such-flag")).map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.starts_with("a bad flag failed")));
    }

    #[test]
    #[cfg(unix)]
    fn a_step_that_hangs_is_ended_at_its_limit() {
        let mut hanging = Command::new("tail");
        hanging.args(["-f", "/dev/null"]);
        let started = Instant::now();
        let result = Step::new("a hanging child").limit(Duration::from_millis(200)).run(hanging);
        assert!(result.is_err_and(|error| error.to_string().contains("took longer")));
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
