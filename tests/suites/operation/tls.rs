//! TLS, where no proxy ends it: asked by a real client.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use gateway::{
    config,
    http::{Credentials, Listener, Tls, serve},
};
use rustls::{
    ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName},
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A certificate for `localhost`, in files.
struct Made {
    certificate: CertificateDer<'static>,
    files: config::Tls,
}

fn make(folder: &Path, name: &str) -> Made {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = |end: &str, text: String| {
        let file = folder.join(format!("{name}.{end}"));
        std::fs::write(&file, text).unwrap();
        file
    };
    let files =
        config::Tls { certificate: file("crt", made.cert.pem()), key: file("key", made.signing_key.serialize_pem()) };
    Made { certificate: made.cert.der().clone(), files }
}

/// A gateway's socket with a page behind it.
async fn served(tls: &Tls) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(async || "hello"));
    tokio::spawn(serve(Listener::new(listener, Some(tls.clone())), router, std::future::pending()));
    address
}

/// Shakes hands as somebody who trusts this certificate and nothing else.
async fn connect(
    address: SocketAddr,
    trusted: &Made,
    version: &'static SupportedProtocolVersion,
    protocol: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.certificate.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut read = vec![0; 4096];
    let length = stream.read(&mut read).await.unwrap();
    String::from_utf8_lossy(&read[..length]).into_owned()
}

#[tokio::test]
async fn a_client_that_trusts_the_certificate_is_answered_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (known, unknown) = (make(folder.path(), "known"), make(folder.path(), "unknown"));
    let address = served(&Tls::load(&known.files).unwrap()).await;
    for (version, spoken) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let mut stream = connect(address, &known, version, b"http/1.1").await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
        for _ in 0..2 {
            assert!(ask(&mut stream).await.ends_with("hello"), "{spoken:?}");
        }
    }
    assert!(connect(address, &unknown, &TLS13, b"http/1.1").await.is_err(), "another certificate was taken");
    assert!(connect(address, &known, &TLS13, b"spdy/1").await.is_err(), "a protocol that is not spoken was agreed on");
}

#[tokio::test]
async fn who_never_shakes_hands_costs_nobody_anything_and_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let known = make(folder.path(), "known");
    let address = served(&Tls::load(&known.files).unwrap()).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).contains("hello"), "it was answered in the clear");
    let mut stream = connect(address, &known, &TLS13, b"http/1.1").await.unwrap();
    assert!(ask(&mut stream).await.ends_with("hello"), "the others hold it up");
    for mut one in silent {
        let ended = tokio::time::timeout(Duration::from_mins(1), one.read(&mut [0; 8])).await;
        assert!(ended.is_ok(), "a connection without a handshake is still open a minute later");
    }
}

#[tokio::test]
async fn a_new_certificate_is_put_in_place_for_those_who_come_next() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (make(folder.path(), "old"), make(folder.path(), "new"));
    let tls = Tls::load(&old.files).unwrap();
    let address = served(&tls).await;
    let mut before = connect(address, &old, &TLS13, b"http/1.1").await.unwrap();
    tls.place().store(Credentials::read_valid(&new.files).unwrap());
    let mut after = connect(address, &new, &TLS13, b"http/1.1").await.unwrap();
    assert!(ask(&mut after).await.ends_with("hello"));
    assert!(ask(&mut before).await.ends_with("hello"), "who was there already was cut off");
    assert!(connect(address, &old, &TLS13, b"http/1.1").await.is_err(), "the old certificate is still shown");
}

#[test]
fn files_that_prove_nothing_are_told_apart_and_no_key_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (make(folder.path(), "one"), make(folder.path(), "other"));
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    let broken = folder.path().join("broken");
    std::fs::write(&broken, "-----BEGIN PRIVATE KEY-----\nhunter2!\n-----END PRIVATE KEY-----\n").unwrap();
    let gone = folder.path().join("gone");
    for (certificate, key, says) in [
        (&one.files.certificate, &other.files.key, "cannot be used together"),
        (&gone, &one.files.key, "`server.tls.certificate`: "),
        (&empty, &one.files.key, "holds no certificate"),
        (&one.files.certificate, &gone, "cannot be read (entity not found)"),
        (&one.files.certificate, &empty, "holds none (PEM)"),
        (&one.files.certificate, &broken, "`server.tls.key`: "),
    ] {
        let files = config::Tls { certificate: certificate.clone(), key: key.clone() };
        let error = Tls::load(&files).err().expect("it was taken").to_string();
        assert!(error.contains(says) && !error.contains("hunter2"), "{error}");
    }
}

/// A certificate for `localhost` that is valid between two years, with its key.
fn make_between(folder: &Path, name: &str, from: i32, until: i32) -> config::Tls {
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let files =
        config::Tls { certificate: folder.join(format!("{name}.crt")), key: folder.join(format!("{name}.key")) };
    std::fs::write(&files.certificate, certificate.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

#[test]
fn a_certificate_that_is_not_valid_now_takes_no_others_place() {
    let folder = tempfile::tempdir().unwrap();
    for (name, from, until, says) in [
        ("expired", 2019, 2020, "has expired at 2020-01-01T00:00:00Z"),
        ("early", 2990, 2999, "is not valid before 2990-01-01T00:00:00Z"),
    ] {
        let files = make_between(folder.path(), name, from, until);
        let error = Credentials::read_valid(&files).err().expect("it was taken").to_string();
        assert!(error.contains(says) && error.contains(&format!("{name}.crt")), "{error}");
        // At the start the clock may be what is wrong.
        assert!(Tls::load(&files).is_ok(), "{name}: the gateway does not start");
    }
    // A chain is as good as each of its certificates.
    let (sound, expired) = (make_between(folder.path(), "sound", 2019, 2999), folder.path().join("expired.crt"));
    let chain = std::fs::read_to_string(&sound.certificate).unwrap() + &std::fs::read_to_string(expired).unwrap();
    let certificate = folder.path().join("chain.crt");
    std::fs::write(&certificate, chain).unwrap();
    assert!(Credentials::read_valid(&sound).is_ok(), "the control");
    let error = Credentials::read_valid(&config::Tls { certificate, key: sound.key }).err().expect("it was taken");
    assert!(error.to_string().contains("has expired"), "{error}");
}

#[test]
fn whose_certificate_it_is_and_when_it_ends_can_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::load(&make_between(folder.path(), "sound", 2019, 2100)).unwrap();
    let seconds = tls.ends_at().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(seconds, 4_102_444_800);
    assert!(tls.is_for("localhost"));
    for host in ["cs12.example", "localhost.example", "127.0.0.1", ""] {
        assert!(!tls.is_for(host), "{host}");
    }
}
