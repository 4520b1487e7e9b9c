//! The answer to a request whose head is not HTTP.
//!
//! Owns: [`RefusedHead`]. May use: the failures' body. Invariant: it touches nothing but what the HTTP library says by itself, which has no request
//! id: an answer that is this gateway's own passes as it is.
//!
//! The library refuses such a head (a quote or a blank in the address, a method that is none, too many headers) before there is a request that
//! the router could answer, with an empty body. Its answer is exchanged here for one like any other failure's.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::errors::ErrorCode;
use crate::http::error::HttpError;
use crate::http::request_id::{HEADER, RequestId};

/// A stream on which the library's own refusals are exchanged.
#[derive(Debug)]
pub(super) struct RefusedHead<S> {
    stream: S,
    /// What stands for a refusal and is not written yet.
    waiting: Vec<u8>,
}

impl<S> RefusedHead<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, waiting: Vec::new() }
    }
}

impl<S: AsyncWrite + Unpin> RefusedHead<S> {
    /// Writes what waits.
    fn poll_waiting(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.waiting))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.waiting.drain(..written);
        }
        Poll::Ready(Ok(()))
    }

    /// Takes the bytes if they are a refusal of the library: then there is more to write in their place.
    fn exchange(&mut self, bytes: &[u8]) -> bool {
        let Some((status, message)) = refusal(bytes) else { return false };
        let id = RequestId::generate();
        tracing::info!(%id, status = status.as_u16(), "a request was refused by its head");
        self.waiting = HttpError::new(status, ErrorCode::BadUserInput, message).as_http(&id);
        true
    }
}

/// What the library says by itself: a head alone, of an empty body, without an id.
fn refusal(bytes: &[u8]) -> Option<(StatusCode, &'static str)> {
    let status = bytes.strip_prefix(b"HTTP/1.1 ")?.get(..3).and_then(|digits| StatusCode::from_bytes(digits).ok())?;
    let message = match status {
        StatusCode::BAD_REQUEST => {
            "the head of the request is not HTTP/1.1: in an address, percent-encode quotes, blanks, `<`, `>` and letters outside ASCII"
        }
        StatusCode::URI_TOO_LONG => "the address is too long: send the document in the body of a POST",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "the headers of the request are too large or too many",
        _ => return None,
    };
    let head = std::str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
    let is_ours = head.lines().any(|line| line.len() > HEADER.as_str().len() && names(line, HEADER.as_str()));
    (!is_ours).then_some((status, message))
}

fn names(line: &str, header: &str) -> bool {
    line.get(..header.len()).is_some_and(|name| name.eq_ignore_ascii_case(header))
}

impl<S: AsyncRead + Unpin> AsyncRead for RefusedHead<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for RefusedHead<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_waiting(context))?;
        if this.exchange(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut this.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_waiting(context))?;
        // A refusal is a head alone: one piece.
        if let [bytes] = pieces
            && this.exchange(bytes)
        {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut this.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_waiting(context))?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_waiting(context))?;
        Pin::new(&mut this.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn only_what_the_library_says_by_itself_is_exchanged() {
        let rest = "connection: close\r\ncontent-length: 0\r\ndate: Tue, 01 Dec 2026 00:00:00 GMT\r\n\r\n";
        for (bytes, status) in [
            (format!("HTTP/1.1 400 Bad Request\r\n{rest}"), Some(400)),
            (format!("HTTP/1.1 414 URI Too Long\r\n{rest}"), Some(414)),
            (format!("HTTP/1.1 431 Request Header Fields Too Large\r\n{rest}"), Some(431)),
            (format!("HTTP/1.1 400 Bad Request\r\nX-Request-Id: a\r\n{rest}"), None),
            (format!("HTTP/1.1 400 Bad Request\r\nx-request-id: a\r\n{rest}{{}}"), None),
            (format!("HTTP/1.1 200 OK\r\n{rest}"), None),
            (format!("HTTP/1.1 503 Service Unavailable\r\n{rest}"), None),
            ("HTTP/1.1 100 Continue\r\n\r\n".to_owned(), None),
            ("{\"data\":null}".to_owned(), None),
        ] {
            assert_eq!(refusal(bytes.as_bytes()).map(|(status, _)| status.as_u16()), status, "{bytes}");
        }
    }
}
