//! A mail server of the run's own.
//!
//! Owns: as much of SMTP as one mail takes, and what was taken in. May use: the stand. Invariant: a mail counts as taken in only when its
//! sender has the answer.

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
    /// One that takes all mails in.
    pub async fn start() -> Self {
        let mails = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&mails);
        let stand = Stand::open(move |stream, _| {
            let taken = Arc::clone(&taken);
            async move { drop(converse(stream, &taken).await) }.boxed()
        });
        Self { stand: stand.await, mails }
    }

    /// Its address, for a gateway.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.stand.address())
    }

    /// Is like this from now on.
    pub async fn turn(&mut self, manner: Manner) {
        self.stand.turn(manner).await;
    }

    /// How many mails it took in for this address.
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
