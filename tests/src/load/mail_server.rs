//! The run's own mail server.
//!
//! Owns: the part of SMTP that one mail needs, and the accepted mails. May use: the `stand` module. Invariant: a mail
//! counts as accepted only when its sender has received the reply.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::stand::{Manner, Stand};

/// The server.
pub struct MailServer {
    stand: Stand,
    mails: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Starts a server that accepts all mails.
    pub async fn start() -> Self {
        let mails = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&mails);
        let stand = Stand::open(move |stream, _| {
            let taken = Arc::clone(&taken);
            async move { drop(converse(stream, &taken).await) }.boxed()
        });
        Self { stand: stand.await, mails }
    }

    /// URL of the server, for a gateway.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.stand.address())
    }

    /// Changes the behaviour of the server from now on.
    pub async fn turn(&mut self, manner: Manner) {
        self.stand.turn(manner).await;
    }

    /// Number of mails that the server accepted for this address.
    #[must_use]
    pub fn mails_to(&self, address: &str) -> usize {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().filter(|mail| mail.contains(address)).count()
    }
}

async fn converse(stream: TcpStream, mails: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 endure\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push('\n');
                }
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 endure",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
