//! The tests' own PostgreSQL.
//!
//! Owns: one cluster for each test process, in a private folder, from the installed binaries; a replica and a pooler
//! for the tests that need them. Invariant: the cluster ends with the process, even if the process is killed: a shell
//! holds the server and waits for the process's end of a pipe to close.

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

/// Port number of clusters that listen only on a Unix socket: the socket is named after it.
const PORT: u16 = 5432;

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    /// Settings with which the server was started.
    settings: String,
    keeper: Child,
}

/// Guard: the processes of a program are stopped while it exists.
pub struct Frozen(String);

impl Frozen {
    /// Stops these processes; their ids are separated by spaces.
    pub(crate) fn of(processes: String) -> Self {
        let frozen = Self(processes);
        run(&format!("kill -STOP {}", frozen.0));
        frozen
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // A process that has already ended is no error. `runuser` stops itself when its program is stopped, and only a
        // signal continues it.
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
    /// URL of one of its databases, for a superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// The same for a cluster with another port, after which its socket is named.
    #[must_use]
    pub fn url_on(&self, database: &str, port: u16) -> String {
        format!("{}&port={port}", self.url(database))
    }

    /// Another cluster, for a test that changes state shared by all databases of a cluster; it also ends with the
    /// process.
    #[must_use]
    pub fn of_its_own() -> Self {
        Self::start()
    }

    /// Another cluster that also listens on `localhost` at this port, and uses TLS with this certificate and key
    /// (PEM).
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

    /// Creates the folder of a new cluster.
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
        // Commits are acknowledged before they are flushed, except where a replica must have every acknowledged
        // change.
        let flushed = if Topology::from_env() == Topology::Replica { "on" } else { "off" };
        let settings = format!(
            "{listening} -c port={port} -c fsync=off -c synchronous_commit={flushed} -c full_page_writes=off \
             -c max_connections=300 -c shared_buffers=128MB -c log_min_messages=fatal"
        );
        let script = format!(
            // A background job of a shell ignores SIGINT, so the server is stopped with its own tool.
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
    /// Stops the server immediately; [`Cluster::revive`] starts it again over the same data.
    pub fn halt(&self) {
        let data = self.folder.join("data");
        run(&as_postgres(&format!("{}/pg_ctl -D {} -m immediate stop", binaries().display(), data.display())));
    }

    /// Starts the server again, and waits until it accepts connections.
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

    /// Stops the server's processes as on a host that hangs: its connections stay open and are not answered. The
    /// processes continue when the guard is dropped.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        let file = self.folder.join("data/postmaster.pid");
        let server =
            std::fs::read_to_string(&file).expect("the server runs").lines().next().unwrap_or_default().to_owned();
        let children = Command::new("ps").args(["-o", "pid=", "--ppid", &server]).output().expect("list its processes");
        let children = String::from_utf8_lossy(&children.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        // The main process first, so that it cannot start further processes.
        Frozen::of(format!("{server} {children}"))
    }

    /// Copies the data of a halted server.
    pub fn keep_copy(&self) {
        run(&format!("cp -a {0}/data {0}/kept", self.folder.display()));
    }

    /// Replaces a halted server's data with the copy, as a restore of its files does.
    pub fn restore_copy(&self) {
        run(&format!("rm -rf {0}/data && cp -a {0}/kept {0}/data", self.folder.display()));
    }

    /// Another cluster over a copy of the data of this halted one: it has the same history up to here, and then its
    /// own.
    #[must_use]
    pub fn copied(&self) -> Self {
        let folder = folder("cs12-pg-");
        run(&format!("cp -a {}/data {}/data", self.folder.display(), folder.display()));
        Self::serve(folder, "-c listen_addresses=", PORT)
    }

    /// Promotes a standby to a primary.
    pub fn promote(&self) {
        let data = self.folder.join("data");
        run(&as_postgres(&format!("{}/pg_ctl -D {} -w promote", binaries().display(), data.display())));
    }

    /// Runs one of PostgreSQL's own programs (`pg_dump`, `pg_restore`, …) as the superuser of this cluster.
    pub fn run(&self, program: &str, arguments: &str) {
        run(&format!("{}/{program} -h {} -U postgres {arguments}", binaries().display(), self.folder.display()));
    }

    /// The same where it may fail; returns whether it succeeded.
    #[must_use]
    pub fn tries(&self, program: &str, arguments: &str) -> bool {
        shell(&format!("{}/{program} -h {} -U postgres {arguments}", binaries().display(), self.folder.display()))
    }

    /// Stops the server as if its machine were lost.
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

/// PostgreSQL and PgBouncer refuse to run as root, so as root their commands run as the system's `postgres` user.
fn as_postgres(command: &str) -> String {
    if is_root() { format!("runuser -u postgres -- {command}") } else { command.to_owned() }
}

/// Starts a shell that runs a script. The script starts its program in the background and reads standard input to the
/// end, which comes when this process ends, however it ends.
pub(crate) fn keep(folder: &Path, script: &str) -> Child {
    let log = std::fs::File::create(folder.join("log")).expect("make a log");
    Command::new("sh")
        // The program may be stopped when this process ends; the system then sends SIGHUP to the shell as well, which
        // still has to clean up.
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

/// Folder of the programs of the newest installed PostgreSQL.
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
