//! What a PostgreSQL server or its connection failed with.
//!
//! Owns: the cause that is logged for it, which names the server. May use: `sqlstate`. Invariant: the cause holds no values of
//! rows, and its `Debug` is its `Display`: both are read by an operator.

use std::{fmt, sync::Arc};

use super::{
    Error, Retry,
    sqlstate::{self, Connection, SqlStateMeaning},
};

/// What a log line calls a server: `the writer db.example:5432/cs12`. No login, no password.
#[derive(Clone)]
pub(crate) struct ServerName(Arc<str>);

impl ServerName {
    pub(crate) fn new(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A failure, in words for the log.
#[derive(Clone)]
struct ServerFailure {
    server: ServerName,
    words: String,
    connection: Connection,
}

impl fmt::Display for ServerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.server, self.words)
    }
}

impl fmt::Debug for ServerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ServerFailure {}

impl Error {
    /// Of a statement or a connection of a server.
    pub(crate) fn of_server(error: &tokio_postgres::Error, server: &ServerName) -> Self {
        let Some(told) = error.as_db_error() else {
            let is_lost = error.is_closed() || source_is::<std::io::Error>(error);
            let connection = if is_lost { Connection::Lost } else { Connection::Kept };
            let failure = ServerFailure { server: server.clone(), words: with_sources(error), connection };
            return if is_lost { Self::Unavailable(Arc::new(failure)) } else { Self::Internal(Arc::new(failure)) };
        };
        let code = told.code().code();
        let (meaning, connection) = sqlstate::read(code);
        // The server's sentence, without the values that it names beside: they belong to a tenant.
        let at = told.constraint().or(told.table()).map_or_else(String::new, |at| format!(", at `{at}`"));
        let words = format!("{} (SQLSTATE {code}{at})", told.message());
        let failure = ServerFailure { server: server.clone(), words, connection };
        match meaning {
            SqlStateMeaning::Duplicate => Self::Duplicate,
            // A lock was not given in time: the same may go well in a moment.
            SqlStateMeaning::Unavailable if code == "55P03" => Self::Retry(Retry::LockTimeout),
            SqlStateMeaning::Unavailable => Self::Unavailable(Arc::new(failure)),
            SqlStateMeaning::Fault => Self::Internal(Arc::new(failure)),
        }
    }

    /// No connection to a server came about.
    pub(crate) fn no_connection(server: &ServerName, why: impl fmt::Display) -> Self {
        let (server, words) = (server.clone(), format!("no connection: {why}"));
        Self::Unavailable(Arc::new(ServerFailure { server, words, connection: Connection::Kept }))
    }

    /// No connection to a server came about, by the driver's word.
    pub(crate) fn not_connected(server: &ServerName, error: &tokio_postgres::Error) -> Self {
        Self::no_connection(server, with_sources(error))
    }

    /// The cause, in words for the log. It is not fit for a client.
    #[must_use]
    pub fn logged(&self) -> String {
        std::error::Error::source(self).map_or_else(|| self.to_string(), ToString::to_string)
    }

    /// Whether the server has closed the connection, or it broke.
    pub(crate) fn is_of_a_lost_connection(&self) -> bool {
        self.connection() == Connection::Lost
    }

    /// Whether the connection must not be used for other statements.
    pub(crate) fn ends_its_connection(&self) -> bool {
        match self.connection() {
            Connection::Kept => false,
            Connection::Stale | Connection::Lost => true,
        }
    }

    fn connection(&self) -> Connection {
        let (Self::Unavailable(cause) | Self::Internal(cause)) = self else { return Connection::Kept };
        cause.downcast_ref::<ServerFailure>().map_or(Connection::Kept, |failure| failure.connection)
    }
}

/// Of a connection outside of every pool.
impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::of_server(&error, &ServerName::new("PostgreSQL"))
    }
}

fn source_is<E: std::error::Error + 'static>(error: &dyn std::error::Error) -> bool {
    error.source().is_some_and(<dyn std::error::Error>::is::<E>)
}

/// An error and its sources, as one sentence.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let next = cause.to_string();
        if !words.contains(&next) {
            words = format!("{words}: {next}");
        }
        source = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_names_the_server_in_plain_words() {
        let error = Error::no_connection(&ServerName::new("the writer db:5432/cs12"), "none became free within 5s");
        let line = format!("{error:?}");
        assert_eq!(line, "Unavailable(the writer db:5432/cs12: no connection: none became free within 5s)");
    }
}
