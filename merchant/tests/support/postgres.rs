//! A PostgreSQL of a test's own: the newest of Debian's that is installed, on a socket in a temporary folder, without TCP.
#![allow(dead_code, reason = "a binary of tests takes of it what it needs")]

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const MISSING: &str = "there is no PostgreSQL: `cargo xtask setup` installs it, or apt-get install postgresql";

/// What is told to the server. It survives the death of its processes, not of the machine; that is faster.
const CONF: &str = "listen_addresses = ''\nfsync = off\nmax_connections = 100\nshared_buffers = 16MB\n";

/// Runs when the pipe to its input ends: with the test's process at the latest, however that ends. A frozen server is woken.
const AT_THE_END: &str = r#"
cat > /dev/null
kill -CONT "$(head -n 1 "$2/data/postmaster.pid")"
"$1/pg_ctl" stop --pgdata "$2/data" --mode immediate
rm -rf "$2"
"#;

/// A server. Ends when it is dropped, or with the process.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// Whom its processes run as, where we are root: PostgreSQL refuses to run as root.
    user: Option<(u32, u32)>,
    at_the_end: Option<Child>,
    databases: AtomicU32,
}

impl Server {
    /// The one that all tests of a binary share, who each take a database of their own.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(Self::new)
    }

    /// One that nobody else uses, to be stopped.
    pub(crate) fn new() -> Self {
        let programs = programs().expect(MISSING);
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir().unwrap().keep();
        let user = (number("-u", None) == Some(0)).then(|| {
            let unprivileged = |name| Some((number("-u", Some(name))?, number("-g", Some(name))?));
            ["postgres", "nobody"].into_iter().find_map(unprivileged).expect("neither a user postgres nor nobody")
        });
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let mut server = Self { programs, folder, user, at_the_end: None, databases: AtomicU32::new(0) };
        let mut at_the_end = server.as_user("sh");
        at_the_end.args(["-c", AT_THE_END, "sh"]).arg(&server.programs).arg(&server.folder);
        // In a group of its own, so that Ctrl-C ends the test and not this.
        at_the_end.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        server.at_the_end = Some(at_the_end.spawn().unwrap());

        let data = server.data();
        let how = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        run(server.program("initdb").arg("--pgdata").arg(&data).args(how));
        let socket = format!("unix_socket_directories = '{}'\n", server.folder.display());
        fs::write(data.join("postgresql.auto.conf"), CONF.to_owned() + &socket).unwrap();
        server.start();
        server
    }

    /// The address of a new database.
    pub(crate) fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(self.program("createdb").args(["--username=postgres", &name]).arg("--host").arg(&self.folder));
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.display())
    }

    /// Runs one of PostgreSQL's programs on a database of which [`Server::database`] gave the address, in the server's folder.
    pub(crate) fn run(&self, name: &str, arguments: &[&str]) {
        run(self.program(name).args(arguments));
    }

    /// Starts it, and waits until it answers.
    pub(crate) fn start(&self) {
        let log = self.folder.join("log");
        run(self.program("pg_ctl").arg("start").arg("--pgdata").arg(self.data()).arg("--log").arg(log));
    }

    /// Stops it: connections are closed, what is not committed is taken back.
    pub(crate) fn stop(&self) {
        run(self.program("pg_ctl").args(["stop", "--mode=fast"]).arg("--pgdata").arg(self.data()));
    }

    /// Lets it go silent, with all its connections, until what is returned is dropped.
    #[must_use]
    pub(crate) fn freeze(&self) -> Frozen {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap().lines().next().unwrap().to_owned();
        // First the one that starts the others.
        signal("STOP", std::slice::from_ref(&pid));
        let list = Command::new("ps").args(["-A", "-o", "pid=", "-o", "ppid="]).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        let pairs = list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let children = pairs.filter(|pair| pair[1] == pid).map(|pair| pair[0].to_owned()).collect::<Vec<_>>();
        let frozen = Frozen([vec![pid], children].concat());
        signal("STOP", &frozen.0);
        frozen
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        self.as_user(self.programs.join(name))
    }

    fn as_user(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.folder);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.at_the_end.take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

/// The processes of a server that stand still.
#[derive(Debug)]
pub(crate) struct Frozen(Vec<String>);

impl Drop for Frozen {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

/// Those of the processes that are gone are none of our business.
fn signal(name: &str, processes: &[String]) {
    Command::new("kill").arg(format!("-{name}")).args(processes).stderr(Stdio::null()).status().unwrap();
}

/// Where the programs of the newest one are.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .collect();
    versions.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().rev().map(|(_, folder)| folder).chain(std::env::split_paths(&on_path));
    folders.into_iter().find(|folder| ["initdb", "pg_ctl", "createdb"].iter().all(|name| folder.join(name).is_file()))
}

/// Of a user, or of who runs this.
fn number(of: &str, user: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(of).args(user).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().ok()
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&text));
}
