//! What the platform says that runs the gateway: `PORT` and `DATABASE_URL`, without our prefix.
//!
//! Owns: the two variables. May use: `database`. Invariant: they win over the defaults alone. A developer's shell may hold those of another
//! program, so a file, a variable of ours or the command line wins over them, and an address of another kind of database is none.

use super::database::SCHEMES;

/// Whether the platform's variables count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// For a gateway that serves, and for the commands on its database.
    #[default]
    Heeded,
    /// For the demo: it is for this machine and brings its own database.
    Ignored,
}

/// Keys and values of the configuration, by what the variables hold.
pub(super) fn layer(variable: impl Fn(&str) -> Option<String>) -> Vec<(&'static str, String)> {
    let said = |name| variable(name).filter(|text| !text.is_empty());
    let url = said("DATABASE_URL").filter(|url| SCHEMES.iter().any(|scheme| url.starts_with(scheme)));
    let url = url.map(|url| ("database.url", url));
    // Who sets it sends requests from another machine.
    let listen = said("PORT").map(|port| ("server.listen", format!(":{port}")));
    url.into_iter().chain(listen).collect()
}
