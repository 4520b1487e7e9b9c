//! The tests' own Redis.
//!
//! Owns: starting and stopping the installed program. Invariant: it ends with the process, even if the process is
//! killed; it stores nothing on disk.

use std::{
    path::PathBuf,
    process::{Child, Command},
};

use crate::postgres::{Frozen, keep, shell, wait_until};

/// A running Redis, on a socket of its own.
pub struct Redis {
    folder: PathBuf,
    keeper: Option<Child>,
}

impl Redis {
    /// Starts an empty Redis.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("cs12-redis-").tempdir().expect("make a folder for Redis").keep();
        let mut redis = Self { folder, keeper: None };
        redis.begin();
        redis
    }

    /// URL of the server.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket())
    }

    fn socket(&self) -> String {
        self.folder.join("socket").display().to_string()
    }

    /// Starts it again, empty, on the same socket.
    pub fn begin(&mut self) {
        let socket = self.socket();
        let server = format!(
            "redis-server --port 0 --unixsocket {socket} --save '' --appendonly no --dir {}",
            self.folder.display()
        );
        let script = format!("{server} & cat > /dev/null; kill -9 $!; wait; rm -f {socket}");
        self.keeper = Some(keep(&self.folder, &script));
        wait_until(&self.folder, "Redis (`redis-server` must be installed)", || {
            shell(&format!("redis-cli -s {socket} ping 2> /dev/null"))
        });
    }

    /// Sends a command for each key whose name matches the pattern; `{}` in the command is replaced with the key.
    pub fn each(&self, pattern: &str, command: &str) {
        let client = format!("redis-cli -s {}", self.socket());
        let command = command.replace("{}", "$key");
        let sent = shell(&format!(
            "for key in $({client} --scan --pattern '{pattern}'); do {client} {command} > /dev/null || exit 1; done"
        ));
        assert!(sent, "Redis takes the command");
    }

    /// Sends a command.
    pub fn tell(&self, command: &str) {
        assert!(shell(&format!("redis-cli -e -s {} {command} > /dev/null", self.socket())), "Redis takes `{command}`");
    }

    /// Stops its process until the guard is dropped.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        let reply = Command::new("redis-cli").args(["-s", &self.socket(), "info", "server"]).output();
        let reply = String::from_utf8(reply.expect("ask Redis").stdout).expect("Redis answers with text");
        let process =
            reply.lines().find_map(|line| line.strip_prefix("process_id:")).expect("the answer names its process");
        Frozen::of(process.trim().to_owned())
    }

    /// Stops it as if its machine were lost.
    pub fn end(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            keeper.wait().expect("wait for the end of Redis");
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.end();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
