//! `[metrics]`: where figures are collected.
//!
//! Owns: [`Metrics`]. May use: `listen`, `section`. Invariant: never where requests come in.

use std::net::SocketAddr;

use super::listen;
use super::reader::Section;
use super::{ConfigErrors, Server};

/// Where figures are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// Address and port; none = nowhere.
    pub listen: Option<SocketAddr>,
    /// So many names of operations get figures of their own.
    pub operation_names: usize,
}

impl Metrics {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let given = section.text("listen");
        let listen = given.as_deref().and_then(listen::read);
        if let (Some(given), None) = (&given, listen) {
            let right = "write an address with its port, such as `127.0.0.1:9090`, or nothing";
            section.problem("listen", format!("is `{given}`"), right);
        }
        let operation_names = section.number("operation_names", 0..=1000) as usize;
        section.finish();
        Self { listen, operation_names }
    }

    /// Nobody signs in for figures, so they are told nowhere where everybody asks.
    pub(super) fn check_beside(&self, server: &Server, problems: &mut ConfigErrors) {
        if self.listen.is_some_and(|listen| listen.port() != 0 && listen == server.listen) {
            let right = "give figures an address of their own, which only their collector reaches";
            problems.add("metrics.listen", "is where requests come in", right);
        }
    }
}
