//! A server of the run's own, which a gateway asks: it can be well, silent, failing or gone.
//!
//! Owns: a port on this machine, and who answers there. May use: tokio. Invariant: the port stays the same; while it is silent, a
//! client is let in and gets no answer, and while it is gone, no client is let in.

use std::{net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;
use tokio::{
    io::{copy, sink},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It does what it is for.
    Well,
    /// It takes connections and says nothing.
    Silent,
    /// It says that it cannot do what it is for.
    Failing,
    /// Nobody listens.
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
    /// A server that is well; connections are served by this while it is not silent.
    pub async fn open(serve: impl Fn(TcpStream, Manner) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("find a free port");
        let address = listener.local_addr().expect("know the port");
        let serve: Serve = Arc::new(serve);
        let accepting = Some(tokio::spawn(accept(listener, Arc::clone(&serve), Manner::Well)));
        Self { address, serve, accepting }
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Is like this to later clients.
    pub async fn turn(&mut self, manner: Manner) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // The port is free only when its task has ended.
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
            // Until the other side has had enough of it.
            Manner::Silent => drop(tokio::spawn(async move { copy(&mut stream, &mut sink()).await })),
            Manner::Well | Manner::Failing | Manner::Gone => drop(tokio::spawn(serve(stream, manner))),
        }
    }
}
