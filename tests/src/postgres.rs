//! A PostgreSQL of the tests' own.
//!
//! Owns: one cluster for each test process, in a private folder, from the installed binaries; a replica and a pooler for the
//! tests that want them. Invariant: it ends with the
//! process, however that ends: a shell holds the server and waits for our end of a pipe to close.

mod pooler;
mod replica;

pub use pooler::Pooler;
pub use replica::Replica;

use crate::Topology;
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// The port of those that listen nowhere: their socket is named after it.
const PORT: u16 = 5432;

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    /// What the server was started with.
    settings: String,
    keeper: Child,
}

/// A program whose processes are stopped, as long as this lives.
pub struct Frozen(String);

impl Frozen {
    /// Stops these processes, whose ids stand between spaces.
    pub(crate) fn of(processes: String) -> Self {
        let frozen = Self(processes);
        run(&format!("kill -STOP {}", frozen.0));
        frozen
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // One that has ended meanwhile is no trouble. `runuser` stops itself where its program is stopped, and goes on only by a signal.
        shell(&format!(
            "kill -CONT {0} 2> /dev/null; for parent in $(ps -o ppid= -p '{0}'); do \
             if [ \"$(cat /proc/$parent/comm)\" = runuser ]; then kill -CONT $parent; fi; done",
            self.0.trim()
        ));
    }
}

/// The cluster of this process; started at first use.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    /// The address of one of its databases, for a superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// The same for one that listens at a port: its socket is named after it.
    #[must_use]
    pub fn url_on(&self, database: &str, port: u16) -> String {
        format!("{}&port={port}", self.url(database))
    }

    /// Another cluster, for a test that changes what all databases of a cluster share; it ends with the process, too.
    #[must_use]
    pub fn of_its_own() -> Self {
        Self::start()
    }

    /// Another cluster, which also listens on `localhost`, at this port, and speaks TLS with this certificate and key (PEM).
    #[must_use]
    pub fn with_tls(port: u16, certificate: &str, key: &str) -> Self {
        let folder = Self::made();
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let file = folder.join(name);
            std::fs::write(&file, text).expect("write what the server proves itself by");
            let owner = if is_root() { "postgres" } else { "$(id -un)" };
            run(&format!("chmod 600 {0} && chown {owner} {0}", file.display()));
        }
        let tls = format!(
            "-c listen_addresses=localhost -c ssl=on -c ssl_cert_file={0}/server.crt -c ssl_key_file={0}/server.key",
            folder.display()
        );
        Self::serve(folder, &tls, port)
    }

    fn start() -> Self {
        Self::serve(Self::made(), "-c listen_addresses=", PORT)
    }

    /// The folder of a new cluster.
    fn made() -> PathBuf {
        let folder = folder("cs12-pg-");
        let data = folder.join("data");
        run(&as_postgres(&format!(
            "{}/initdb -D {} -U postgres -A trust --locale=C -E UTF8 --no-sync",
            binaries().display(),
            data.display()
        )));
        folder
    }

    /// Runs the server over the data in a folder.
    fn serve(folder: PathBuf, listening: &str, port: u16) -> Self {
        let bin = binaries();
        let data = folder.join("data");
        // Nothing is flushed, but where a replica is to have what somebody was told to be done.
        let flushed = if Topology::from_env() == Topology::Replica { "on" } else { "off" };
        let settings = format!(
            "{listening} -c port={port} -c fsync=off -c synchronous_commit={flushed} -c full_page_writes=off \
             -c max_connections=300 -c shared_buffers=128MB -c log_min_messages=fatal"
        );
        let script = format!(
            // A shell's background job ignores the signal to interrupt, so the server is told by its own tool.
            "{server} & cat > /dev/null; kill -CONT $!; {stop}; wait; rm -rf {folder}",
            server = as_postgres(&format!(
                "{}/postgres -D {} -k {} {settings}",
                bin.display(),
                data.display(),
                folder.display()
            )),
            stop = as_postgres(&format!("{}/pg_ctl -D {} -m immediate stop", bin.display(), data.display())),
            folder = folder.display(),
        );
        let keeper = keep(&folder, &script);
        let ready = format!("{}/pg_isready -q -p {port} -h {}", bin.display(), folder.display());
        wait_until(&folder, "PostgreSQL", || shell(&ready));
        Self { folder, settings, keeper }
    }
}

impl Cluster {
    /// Stops the server in the middle of whatever it does; [`Cluster::revive`] starts it again over the same data.
    pub fn halt(&self) {
        let data = self.folder.join("data");
        run(&as_postgres(&format!("{}/pg_ctl -D {} -m immediate stop", binaries().display(), data.display())));
    }

    /// Starts the server again, and waits until it answers.
    pub fn revive(&self) {
        let (data, folder) = (self.folder.join("data"), self.folder.display());
        run(&as_postgres(&format!(
            "{}/pg_ctl -D {} -l {}/again -o '-k {folder} {}' -w start",
            binaries().display(),
            data.display(),
            data.display(),
            self.settings
        )));
    }

    /// Stops the server's processes in the midst of whatever they do, as a host that hangs: its connections stay open, and are not
    /// answered. They go on when the guard is dropped.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        let file = self.folder.join("data/postmaster.pid");
        let server =
            std::fs::read_to_string(&file).expect("the server runs").lines().next().unwrap_or_default().to_owned();
        let children = Command::new("ps").args(["-o", "pid=", "--ppid", &server]).output().expect("list its processes");
        let children = String::from_utf8_lossy(&children.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        // The server first: it starts no process behind our back.
        Frozen::of(format!("{server} {children}"))
    }

    /// Keeps a copy of the data of a halted server.
    pub fn keep_copy(&self) {
        run(&format!("cp -a {0}/data {0}/kept", self.folder.display()));
    }

    /// Puts the copy in the place of a halted server's data, as a restore of its files does.
    pub fn restore_copy(&self) {
        run(&format!("rm -rf {0}/data && cp -a {0}/kept {0}/data", self.folder.display()));
    }

    /// Another cluster, over a copy of the data of this halted one: it has the same history up to here, and goes on by itself.
    #[must_use]
    pub fn copied(&self) -> Self {
        let folder = folder("cs12-pg-");
        run(&format!("cp -a {}/data {}/data", self.folder.display(), folder.display()));
        Self::serve(folder, "-c listen_addresses=", PORT)
    }

    /// Makes a standby a primary.
    pub fn promote(&self) {
        let data = self.folder.join("data");
        run(&as_postgres(&format!("{}/pg_ctl -D {} -w promote", binaries().display(), data.display())));
    }

    /// Runs one of PostgreSQL's own programs (`pg_dump`, `pg_restore`, …) as the superuser of this cluster.
    pub fn run(&self, program: &str, arguments: &str) {
        run(&format!("{}/{program} -h {} -U postgres {arguments}", binaries().display(), self.folder.display()));
    }

    /// The same where it may fail: whether it did not.
    #[must_use]
    pub fn tries(&self, program: &str, arguments: &str) -> bool {
        shell(&format!("{}/{program} -h {} -U postgres {arguments}", binaries().display(), self.folder.display()))
    }

    /// Ends it, as when its machine is lost.
    fn stop(mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("wait for the server's end");
    }
}

/// A private folder of the user that runs PostgreSQL.
fn folder(prefix: &str) -> PathBuf {
    let folder = tempfile::Builder::new().prefix(prefix).tempdir().expect("make a folder for PostgreSQL").keep();
    if is_root() {
        run(&format!("chown postgres {}", folder.display()));
    }
    folder
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// PostgreSQL and PgBouncer refuse to run as root: then the system's own `postgres` user runs them.
fn as_postgres(command: &str) -> String {
    if is_root() { format!("runuser -u postgres -- {command}") } else { command.to_owned() }
}

/// A shell that runs a script, which begins what it starts in the background and reads its standard input to the end: that
/// comes when this process ends, however it ends.
pub(crate) fn keep(folder: &Path, script: &str) -> Child {
    let log = std::fs::File::create(folder.join("log")).expect("make a log");
    Command::new("sh")
        // What it started may be stopped when this process ends: then the system hangs up on the shell, too, which has still to clear up.
        .args(["-c", &format!("trap '' HUP; {script}")])
        .stdin(Stdio::piped())
        .stdout(log.try_clone().expect("share the log"))
        .stderr(log)
        .spawn()
        .expect("start a server")
}

pub(crate) fn wait_until(folder: &Path, what: &str, mut is_ready: impl FnMut() -> bool) {
    for _ in 0..200 {
        if is_ready() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    panic!("{what} did not come up within 20 s; its log says: {log}");
}

/// The folder of the newest installed PostgreSQL's programs.
fn binaries() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    let on_path = std::env::var("PATH").unwrap_or_default();
    found
        .pop()
        .or_else(|| on_path.split(':').map(PathBuf::from).find(|bin| bin.join("initdb").exists()))
        .unwrap_or_else(|| {
            panic!(
                "PostgreSQL is not installed; install its server (Debian: `apt-get install postgresql`) and run again"
            )
        })
}

fn run(command: &str) {
    assert!(shell(command), "`{command}` failed");
}

pub(crate) fn shell(command: &str) -> bool {
    let dir = Path::new("/");
    let status =
        Command::new("sh").args(["-c", command]).current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
