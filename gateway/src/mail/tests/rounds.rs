//! The postman on a real outbox: whom he serves, what he leaves, what he says aloud.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::{
    audit::RequestMetadata,
    auth::{OrgRole, Principal, VerifiedEmail},
    commands::{InvitationDraft, InvitationRef, TokenKey},
    db::Db,
    membership::{AccessHint, EnterResult, Selector},
};
use tokio::sync::oneshot;

use super::places::settings;
use super::sink::{Says, Sink};
use crate::config::{Mail, Secret};
use crate::legacy_import::tests::World;
use crate::mail::MailWorker;

const SECRET: &str = "a secret of the operator, long enough";

/// Everything that was logged on this thread.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<u8>>>);

impl io::Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn enter(db: &Db, email: &str) -> EnterResult {
    let person =
        Principal::verified("test".to_owned(), email.to_owned()).with_email(VerifiedEmail::new(email).unwrap());
    let person = person.with_name("Ida".to_owned());
    db.enter(&person, &Selector::Default, AccessHint::Changing, &RequestMetadata::new("test")).await.unwrap()
}

async fn invite(db: &Db, email: &str) {
    let scope = enter(db, "ida@inviters.example").await.scope.unwrap();
    let draft = InvitationDraft { email: email.to_owned(), role: OrgRole::Member, grants: vec![], expires_at: None };
    scope.admin().unwrap().invitation_create(draft).await.unwrap();
}

/// Lets a postman go round until `is_done`, then stops him.
async fn round(db: &Db, mail: &Mail, is_done: impl Fn() -> bool) {
    let postman = MailWorker::with(db.clone(), mail, Some(&Secret::new(SECRET)), "https://cs12.example").unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let going = tokio::spawn(postman.run(async move { drop(stopped.await) }));
    for _ in 0..200 {
        if is_done() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(is_done(), "nothing came in time");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), going).await.unwrap().unwrap();
}

/// The token in a letter: base32, wherever quoted-printable has cut the line.
fn token(letter: &str) -> String {
    let (_, rest) = letter.split_once("#invitation=").unwrap();
    let rest = rest.trim_start_matches("3D").replace("=\n", "");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn a_mail_that_fails_holds_no_other_up_and_the_log_names_nobody() {
    let ear = Ear::default();
    let heard = ear.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let subscriber = subscriber.with_writer(move || ear.clone()).finish();
    let listening = tracing::subscriber::set_default(subscriber);

    let world = World::new("mail-round").await;
    let db = world.open().await;
    // Known before: whoever comes for the first time with an invitation waiting is let in without a token.
    enter(&db, "second@people.example").await;
    for email in ["first@people.example", "second@people.example"] {
        invite(&db, email).await;
    }
    let sink = Sink::start([Says::Line("451 4.3.0 <first@people.example> try later")]).await;
    let mail = settings(Some(&sink.url), "unused".as_ref());
    round(&db, &mail, || !sink.mails().is_empty()).await;

    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("To: second@people.example\n") && mails[0].contains("Subject: Ida invites you to "));
    // The first waits for its time; the second is gone from the outbox.
    assert!(db.next_mail(&TokenKey::of(SECRET.as_bytes())).await.unwrap().is_none());

    drop(listening);
    let log = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
    let token = token(&mails[0]);
    assert!(log.contains("a mail was sent") && log.contains("does not take it now, with code 451"), "{log}");
    for private in ["people.example", "inviters", "Ida", &token, "try later"] {
        assert!(!log.contains(private), "`{private}` in the log: {log}");
    }

    let visitor = enter(&db, "second@people.example").await.visitor.unwrap();
    visitor.invitation_accept(&InvitationRef::Token(token)).await.unwrap();
    db.close().await.unwrap();
}

#[tokio::test]
async fn without_a_server_the_mail_is_a_file_with_the_same_token() {
    let world = World::new("mail-folder").await;
    let db = world.open().await;
    enter(&db, "third@people.example").await;
    invite(&db, "third@people.example").await;
    let folder = std::env::temp_dir().join(format!("cs12-round-{}", std::process::id()));
    let files = || -> Vec<_> {
        let found = std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        found.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect()
    };
    round(&db, &settings(None, &folder), || !files().is_empty()).await;
    let letter = std::fs::read_to_string(&files()[0]).unwrap().replace("\r\n", "\n");
    std::fs::remove_dir_all(&folder).unwrap();
    let visitor = enter(&db, "third@people.example").await.visitor.unwrap();
    visitor.invitation_accept(&InvitationRef::Token(token(&letter))).await.unwrap();
    db.close().await.unwrap();
}
