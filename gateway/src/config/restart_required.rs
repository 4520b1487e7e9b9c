//! What cannot be changed while the gateway runs.
//!
//! Owns: the list, and the comparison by it. May use: every section. Invariant: a key that is added here or there does not compile before
//! somebody has decided whether it is reloaded.

use super::{Config, Documents, Log, Server};

impl Config {
    /// What differs in `next` and takes a restart: keys and sections, as they are written in the file.
    #[must_use]
    pub fn restart_required_changes(&self, next: &Self) -> Vec<&'static str> {
        let Self {
            server,
            database,
            // Reloaded: keys and what is believed of whom.
            authn: _,
            cursor_secret,
            rules,
            invitation_secret,
            mail,
            pages,
            log: Log { format, level: _, slow, probing_denials },
            metrics,
            otlp,
            limits: _,
            redis_url,
            // The lists are read anew, and what they are for is decided anew.
            documents: Documents { trust: _, manifest: _, exploring: _, persisted: _, introspection, suggestions },
        } = self;
        let Server {
            listen,
            public_host,
            public_url,
            client_address,
            max_connections,
            max_connections_per_address,
            max_body_bytes,
            allowed_origins,
            allowed_headers,
            drain,
            // The files are read anew, from wherever they are now.
            tls,
        } = server;
        [
            ("server.listen", *listen == next.server.listen),
            ("server.public_host", *public_host == next.server.public_host),
            ("server.public_url", *public_url == next.server.public_url),
            ("server.client_address", *client_address == next.server.client_address),
            ("server.max_connections", *max_connections == next.server.max_connections),
            (
                "server.max_connections_per_address",
                *max_connections_per_address == next.server.max_connections_per_address,
            ),
            ("server.max_body_bytes", *max_body_bytes == next.server.max_body_bytes),
            ("server.allowed_origins", *allowed_origins == next.server.allowed_origins),
            ("server.allowed_headers", *allowed_headers == next.server.allowed_headers),
            ("server.drain_seconds", *drain == next.server.drain),
            ("server.tls, on or off", tls.is_some() == next.server.tls.is_some()),
            ("database", *database == next.database),
            ("cursor.secret", *cursor_secret == next.cursor_secret),
            ("organizations or invitations", *rules == next.rules),
            ("invitations.secret", *invitation_secret == next.invitation_secret),
            ("mail", *mail == next.mail),
            ("pages", *pages == next.pages),
            ("log.format", *format == next.log.format),
            ("log.slow_ms", *slow == next.log.slow),
            ("log.probing_denials", *probing_denials == next.log.probing_denials),
            ("metrics", *metrics == next.metrics),
            ("otlp", *otlp == next.otlp),
            ("redis", *redis_url == next.redis_url),
            ("documents.introspection", *introspection == next.documents.introspection),
            ("documents.suggestions", *suggestions == next.documents.suggestions),
        ]
        .into_iter()
        .filter_map(|(key, is_same)| (!is_same).then_some(key))
        .collect()
    }
}
