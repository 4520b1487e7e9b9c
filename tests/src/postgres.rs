//! A PostgreSQL of the tests' own.
//!
//! Owns: one cluster for each test process, in a private folder, from the installed binaries. Invariant: it ends with the
//! process, however that ends: a shell holds the server and waits for our end of a pipe to close.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    _keeper: Child,
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

    /// Another cluster, for a test that changes what all databases of a cluster share; it ends with the process, too.
    #[must_use]
    pub fn of_its_own() -> Self {
        Self::start()
    }

    #[expect(clippy::zombie_processes, reason = "the keeper ends after us, by itself")]
    fn start() -> Self {
        let bin = binaries();
        let folder =
            tempfile::Builder::new().prefix("cs12-pg-").tempdir().expect("make a folder for PostgreSQL").keep();
        let data = folder.join("data");
        // PostgreSQL refuses to run as root: then the system's own `postgres` user runs it.
        let as_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let prefix = if as_root { "runuser -u postgres -- " } else { "" };
        if as_root {
            run(&format!("chown postgres {}", folder.display()));
        }
        let initdb = bin.join("initdb");
        run(&format!(
            "{prefix}{} -D {} -U postgres -A trust --locale=C -E UTF8 --no-sync",
            initdb.display(),
            data.display()
        ));
        let settings = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
                        -c max_connections=300 -c shared_buffers=128MB -c log_min_messages=fatal";
        let script = format!(
            // A shell's background job ignores the signal to interrupt, so the server is told by its own tool.
            "{prefix}{bin}/postgres -D {data} -k {folder} {settings} & cat > /dev/null; \
             {prefix}{bin}/pg_ctl -D {data} -m immediate stop; wait; rm -rf {folder}",
            bin = bin.display(),
            data = data.display(),
            folder = folder.display(),
        );
        let log = std::fs::File::create(folder.join("log")).expect("make PostgreSQL's log");
        let keeper = Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("share the log"))
            .stderr(log)
            .spawn()
            .expect("start PostgreSQL");
        let ready = format!("{}/pg_isready -q -h {}", bin.display(), folder.display());
        for _ in 0..200 {
            if shell(&ready) {
                return Self { folder, _keeper: keeper };
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL did not come up within 20 s; its log says: {log}");
    }
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

fn shell(command: &str) -> bool {
    let dir = Path::new("/");
    let status =
        Command::new("sh").args(["-c", command]).current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
