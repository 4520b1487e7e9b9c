//! A connection whose other end may say anything.
//!
//! Owns: [`Limited`]. May use: tokio. Invariant: no more than [`MOST`] bytes are read in all; until TLS begins they are handed out one at a
//! time, so that whoever reads lines holds nothing that was said behind the line.
//!
//! lettre looks at the length of a line when it has the whole line, and keeps what came behind an answer to `STARTTLS` for the encrypted
//! conversation.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Most bytes of a conversation: an honest one has some thousands, with the server's certificates.
const MAX_BYTES: usize = 256 * 1024;

/// Read at a time.
const MAX_LINE_BYTES: usize = 4096;

/// The first byte of a TLS handshake, and of no command of SMTP.
const HANDSHAKE: u8 = 0x16;

/// More was said than a mail server has to say.
#[derive(Debug, thiserror::Error)]
#[error("the mail server has said more than {MAX_BYTES} bytes")]
pub(in crate::mail) struct ResponseTooLarge;

/// Reads no more than it should.
#[derive(Debug)]
pub(super) struct LimitedStream<S> {
    stream: S,
    left: usize,
    encryption: Encryption,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    NotYet,
    Begun,
}

impl<S> LimitedStream<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, left: MAX_BYTES, encryption: Encryption::NotYet }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LimitedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::other(ResponseTooLarge)));
        }
        let mut room = [0; MAX_LINE_BYTES];
        let most = match self.encryption {
            Encryption::NotYet => 1,
            Encryption::Begun => MAX_LINE_BYTES,
        };
        let most = most.min(self.left).min(into.remaining());
        let mut part = ReadBuf::new(&mut room[..most]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut part))?;
        self.left -= part.filled().len();
        into.put_slice(part.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for LimitedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if bytes.first() == Some(&HANDSHAKE) {
            self.encryption = Encryption::Begun;
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, duplex};

    use super::*;

    #[tokio::test]
    async fn no_more_is_read_than_a_server_has_to_say() {
        let (ours, mut theirs) = duplex(64 * 1024);
        let talking = tokio::spawn(async move { while theirs.write_all(&[b'x'; 4096]).await.is_ok() {} });
        let mut line = Vec::new();
        let read = BufReader::new(LimitedStream::new(ours)).read_until(b'\n', &mut line).await;
        assert!(read.unwrap_err().get_ref().and_then(|cause| cause.downcast_ref::<ResponseTooLarge>()).is_some());
        assert_eq!(line.len(), MAX_BYTES);
        talking.await.unwrap();
    }

    #[tokio::test]
    async fn what_was_said_behind_a_line_is_left_to_the_handshake() {
        let (ours, mut theirs) = duplex(1024);
        theirs.write_all(b"220 go on\r\n250 said too early\r\n").await.unwrap();
        let mut reader = BufReader::new(LimitedStream::new(ours));
        let mut line = String::new();
        reader.read_line(&mut line).await.unwrap();
        assert_eq!((line.as_str(), reader.buffer()), ("220 go on\r\n", b"".as_slice()));
        reader.get_mut().write_all(&[HANDSHAKE, 3, 1]).await.unwrap();
        let mut rest = [0; 20];
        assert_eq!(reader.get_mut().read(&mut rest).await.unwrap(), 20, "within TLS it is read in pieces");
    }
}
