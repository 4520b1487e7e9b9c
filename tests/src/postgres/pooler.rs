//! A real PgBouncer.
//!
//! Owns: one pooler in front of one cluster, in transaction mode, in a private folder. May use: the installed program.
//! Invariant: a client holds a server connection for one transaction only; session state that a client leaves on it is
//! visible to the next client. The pooler ends with the process.

use std::{
    path::{Path, PathBuf},
    process::Child,
};

use super::{Cluster, Frozen, as_postgres, folder, keep, run, shell, wait_until};

/// Port number of the socket; the folder contains no other server's socket.
const PORT: u16 = 6432;

/// A pooler in front of a cluster.
pub struct Pooler {
    folder: PathBuf,
    _keeper: Child,
}

impl Cluster {
    /// A pooler that shares this many server connections among all clients of a database.
    #[must_use]
    pub fn pooler(&self, connections: u32) -> Pooler {
        let folder = folder("cs12-pooler-");
        let place = folder.display();
        let settings = format!(
            "[databases]\n* = host={primary}\n\n\
             [pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\nunix_socket_dir = {place}\n\
             auth_type = trust\nauth_file = {place}/users\nadmin_users = postgres\npidfile = {place}/pid\n\
             pool_mode = transaction\ndefault_pool_size = {connections}\nmax_client_conn = 500\n\
             ignore_startup_parameters = extra_float_digits\n\
             server_login_retry = 1\n",
            primary = self.folder.display(),
        );
        std::fs::write(folder.join("ini"), settings).expect("write the pooler's settings");
        std::fs::write(folder.join("users"), "\"postgres\" \"\"\n\"gateway_login\" \"\"\n")
            .expect("write the pooler's users");
        let program = program();
        let script = format!(
            // The process id is read from the file: after a restart it differs from that of the first process.
            "{} & cat > /dev/null; kill -CONT $!; kill $(cat {place}/pid); wait; rm -rf {place}",
            as_postgres(&format!("{} {place}/ini", program.display())),
        );
        let keeper = keep(&folder, &script);
        let pooler = Pooler { folder, _keeper: keeper };
        pooler.wait();
        pooler
    }
}

impl Pooler {
    fn wait(&self) {
        let ready = format!("{}/pg_isready -q -h {} -p {PORT}", super::binaries().display(), self.folder.display());
        wait_until(&self.folder, "PgBouncer", || shell(&ready));
    }

    fn process(&self) -> String {
        let process = std::fs::read_to_string(self.folder.join("pid")).expect("the pooler runs");
        process.trim().to_owned()
    }

    /// Stops its process until the guard is dropped.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        Frozen::of(self.process())
    }

    /// Kills it; [`Pooler::revive`] starts it again at the same address.
    pub fn halt(&self) {
        run(&format!("kill -9 {}", self.process()));
    }

    /// Starts it again, and waits until it accepts connections.
    pub fn revive(&self) {
        let place = self.folder.display();
        // The leftover files would indicate that it still runs.
        run(&format!("rm -f {place}/pid {place}/.s.PGSQL.{PORT}*"));
        run(&as_postgres(&format!("{} -d -q {place}/ini", program().display())));
        self.wait();
    }

    /// URL of one of the cluster's databases through the pooler, for a superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost:{PORT}/{database}?host={}", self.folder.display())
    }
}

fn program() -> PathBuf {
    let path = std::env::var("PATH").unwrap_or_default();
    // Debian installs it in a folder that is only on root's path.
    path.split(':')
        .chain(["/usr/sbin"])
        .map(|folder| Path::new(folder).join("pgbouncer"))
        .find(|it| it.exists())
        .unwrap_or_else(|| {
            panic!("PgBouncer is not installed; install it (Debian: `apt-get install pgbouncer`) and run again")
        })
}
