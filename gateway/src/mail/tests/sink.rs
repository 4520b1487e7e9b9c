//! A mail server that says what it is told to say.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server says to a recipient.
#[derive(Clone, Copy)]
pub(super) enum Says {
    Taken,
    /// This line, which begins with a code.
    Line(&'static str),
    Nothing,
}

/// A running mail server.
pub(super) struct Sink {
    pub(super) url: String,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    /// Answers each connection's recipient with the next of these, then takes everything.
    pub(super) async fn start<const N: usize>(script: [Says; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let mails = Arc::new(Mutex::new(Vec::new()));
        let (taken, mut script) = (Arc::clone(&mails), script.into_iter());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, script.next().unwrap_or(Says::Taken), Arc::clone(&taken)));
            }
        });
        Self { url, mails }
    }

    pub(super) fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}

async fn converse(stream: TcpStream, says: Says, mails: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "RCPT" => match says {
                Says::Taken => "250 fine",
                Says::Line(line) => line,
                Says::Nothing => continue,
            },
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                let mut mail = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    mail.push_str(&line);
                    mail.push('\n');
                }
                mails.lock().unwrap().push(mail);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 sink",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}
