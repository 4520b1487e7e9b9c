//! Where letters go: into a folder, to a server, or nowhere in time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::{Duration, Instant};

use entity::id::{MailId, TypedId};
use lettre::Message;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use super::sink::{Says, Sink};
use crate::config::{Mail, Secret};
use crate::mail::failure::Failure;
use crate::mail::transport::Transport;

pub(super) fn settings(smtp_url: Option<&str>, folder: &Path) -> Mail {
    Mail {
        from: "CS12 <no-reply@cs12.example>".parse().unwrap(),
        smtp_url: smtp_url.map(Secret::new),
        folder: folder.to_owned(),
        timeout: Duration::from_millis(1500),
    }
}

fn message(text: &str) -> Message {
    let builder = Message::builder().from("a@b.example".parse().unwrap()).to("c@d.example".parse().unwrap());
    builder.subject("s").body(text.to_owned()).unwrap()
}

async fn sent(url: &str) -> Result<(), Failure> {
    let transport = Transport::new(&settings(Some(url), Path::new("unused"))).unwrap();
    transport.send(MailId::generate(), message("hello")).await
}

#[tokio::test]
async fn a_folder_holds_each_mail_once_and_for_its_owner_only() {
    let root = std::env::temp_dir().join(format!("cs12-mails-{}", Uuid::new_v4().simple()));
    let folder = root.join("deep");
    let transport = Transport::new(&settings(None, &folder)).unwrap();
    assert!(!root.exists(), "nothing is made before the first mail");
    let id = MailId::generate();
    for text in ["first", "second"] {
        transport.send(id, message(text)).await.unwrap();
    }
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, [folder.join(format!("{}.eml", id.to_text()))]);
    assert!(std::fs::read_to_string(&files[0]).unwrap().ends_with("second"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&files[0])), (0o700, 0o600));
    }
    #[cfg(unix)]
    {
        let (elsewhere, link) = (root.join("elsewhere"), folder.join(format!("{}.part", id.to_text())));
        std::fs::write(&elsewhere, "untouched").unwrap();
        std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
        transport.send(id, message("over a link")).await.unwrap();
        assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "untouched", "a mail is never written through a link");
        assert!(!link.exists(), "and the link is gone");
    }
    std::fs::remove_dir_all(&root).unwrap();

    std::fs::write(&root, "in the way").unwrap();
    let failure = transport.send(id, message("third")).await.unwrap_err();
    assert!(matches!(failure, Failure::Folder(_)), "{failure}");
    std::fs::remove_file(&root).unwrap();
}

#[tokio::test]
async fn a_server_takes_it_or_the_kind_of_failure_is_told() {
    let private = "550 5.1.1 <c@d.example> nobody here";
    let table = [
        (Says::Taken, Ok(())),
        (Says::Line("451 4.3.0 <c@d.example> later"), Err(Failure::NotNow(451))),
        (Says::Line(private), Err(Failure::Refused(550))),
        (Says::Line("nonsense"), Err(Failure::NotSmtp)),
        (Says::Nothing, Err(Failure::Late)),
    ];
    for (says, expected) in table {
        let sink = Sink::start([says]).await;
        let outcome = sent(&sink.url).await;
        assert_eq!(outcome, expected);
        assert_eq!(sink.mails().len(), usize::from(outcome.is_ok()));
        if let Err(failure) = outcome {
            assert!(!failure.to_string().contains('@'), "{failure}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_away_or_cannot_encrypt_gets_nothing() {
    // A port that nobody listens on: taken and given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(sent(&format!("smtp://{port}")).await, Err(Failure::Unreachable));
    let sink = Sink::start([]).await;
    assert_eq!(sent(&format!("{}?tls=required", sink.url)).await, Err(Failure::Unable));
    let began = Instant::now();
    let failure = sent(&sink.url.replace("smtp:", "smtps:")).await.unwrap_err();
    assert!(matches!(failure, Failure::Tls | Failure::Unreachable | Failure::Late), "{failure}");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(sink.mails().is_empty());
}

/// Whoever sits between could send it.
#[tokio::test]
async fn a_server_that_never_ends_its_line_is_left() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let talking = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut said = 0;
        stream.write_all(b"220 ").await.unwrap();
        while stream.write_all(&[b'x'; 8 * 1024]).await.is_ok() {
            said += 8 * 1024;
        }
        said
    });
    assert_eq!(sent(&url).await, Err(Failure::NotSmtp));
    let said = talking.await.unwrap();
    assert!(said < 64 * 1024 * 1024, "the system's own buffers hold less: {said} bytes were taken");
}

/// What is said in the clear behind the answer to STARTTLS is a part of the handshake, and spoils it.
#[tokio::test]
async fn nothing_said_before_encryption_counts_within_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}?tls=required", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 sink\r\n").await.unwrap();
        let mut lines = tokio::io::BufReader::new(stream);
        let mut line = String::new();
        lines.read_line(&mut line).await.unwrap();
        lines.get_mut().write_all(b"250-sink\r\n250 STARTTLS\r\n").await.unwrap();
        lines.read_line(&mut line).await.unwrap();
        lines.get_mut().write_all(b"220 go on\r\n250 sink\r\n").await.unwrap();
        let mut heard = Vec::new();
        let _ = lines.read_to_end(&mut heard).await;
        heard
    });
    let failure = sent(&url).await.unwrap_err();
    assert_ne!(failure, Failure::Late, "it waits for a handshake that has failed already");
    let heard = heard.await.unwrap();
    assert_eq!(heard.first(), Some(&0x16), "a handshake, and nothing in the clear");
    assert!(!heard.windows(4).any(|word| word == b"MAIL"));
}
