//! A server of the run that gateways depend on: it can work, be silent, fail, or be gone.
//!
//! Owns: a port on this machine, and the server there. May use: tokio. Invariant: the port stays the same; while the
//! server is silent, a client can connect and gets no answer, and while it is gone, no client can connect.

use std::{net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;
use tokio::{
    io::{copy, sink},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Behaviour of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It works.
    Well,
    /// It accepts connections and sends nothing.
    Silent,
    /// It answers with errors.
    Failing,
    /// The port is closed.
    Gone,
}

/// Serves one connection.
type Serve = Arc<dyn Fn(TcpStream, Manner) -> BoxFuture<'static, ()> + Send + Sync>;

/// The server.
pub struct Stand {
    address: SocketAddr,
    serve: Serve,
    accepting: Option<JoinHandle<()>>,
}

impl Stand {
    /// Opens a server that works; `serve` handles its connections while it is not silent.
    pub async fn open(serve: impl Fn(TcpStream, Manner) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("find a free port");
        let address = listener.local_addr().expect("know the port");
        let serve: Serve = Arc::new(serve);
        let accepting = Some(tokio::spawn(accept(listener, Arc::clone(&serve), Manner::Well)));
        Self { address, serve, accepting }
    }

    /// Address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the behaviour for later connections.
    pub async fn turn(&mut self, manner: Manner) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // The port is released only when the accepting task has ended.
            let _ = accepting.await;
        }
        if manner != Manner::Gone {
            let listener = TcpListener::bind(self.address).await.expect("listen at the same port again");
            self.accepting = Some(tokio::spawn(accept(listener, Arc::clone(&self.serve), manner)));
        }
    }
}

async fn accept(listener: TcpListener, serve: Serve, manner: Manner) {
    while let Ok((mut stream, _)) = listener.accept().await {
        match manner {
            // Reads until the client closes the connection.
            Manner::Silent => drop(tokio::spawn(async move { copy(&mut stream, &mut sink()).await })),
            Manner::Well | Manner::Failing | Manner::Gone => drop(tokio::spawn(serve(stream, manner))),
        }
    }
}
