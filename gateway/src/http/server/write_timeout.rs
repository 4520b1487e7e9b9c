//! The time that a client has to read.
//!
//! Owns: [`WriteTimeout`]. May use: tokio. Invariant: a connection to which nothing can be written does not stay open, whatever is written:
//! an answer in memory or a file that is streamed.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// Bytes that must be taken within the time, or the connection is closed: who takes one byte now and then reads nothing either. Over 30
/// seconds it is 2 KiB a second.
const MIN_BYTES: usize = 64 * 1024;

/// A stream that fails when its other side reads too slowly. Only the time is counted in which there is something to write and no room for it.
#[derive(Debug)]
pub(super) struct WriteTimeout<S> {
    stream: S,
    patience: Duration,
    /// What is left of it until [`LEAST`] bytes were taken.
    left: Duration,
    taken: usize,
    stalled: Option<Stalled>,
}

/// Nothing can be written.
#[derive(Debug)]
struct Stalled {
    since: Instant,
    end: Pin<Box<Sleep>>,
}

impl<S> WriteTimeout<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, left: patience, taken: 0, stalled: None }
    }

    /// Passes on what came of writing, unless it takes too long.
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
        written: impl Fn(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match polled {
            Poll::Ready(result) => {
                if let Some(Stalled { since, .. }) = self.stalled.take() {
                    self.left = self.left.saturating_sub(since.elapsed());
                }
                self.taken = self.taken.saturating_add(result.as_ref().map_or(0, written));
                if self.taken >= MIN_BYTES {
                    self.taken = 0;
                    self.left = self.patience;
                }
                Poll::Ready(result)
            }
            Poll::Pending => {
                let left = self.left;
                let stalled =
                    self.stalled.get_or_insert_with(|| Stalled { since: Instant::now(), end: Box::pin(sleep(left)) });
                match stalled.end.as_mut().poll(context) {
                    Poll::Ready(()) => {
                        let message = "the other side takes nothing of its answer";
                        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, message)))
                    }
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.watch(context, polled, |written| *written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.watch(context, polled, |written| *written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_flush(context);
        this.watch(context, polled, |()| 0)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_shutdown(context);
        this.watch(context, polled, |()| 0)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(300);

    /// Writes as much as this to a reader that takes so many bytes every 20 ms; how long it took, or none if it was given up.
    async fn write(bytes: usize, each_time: usize) -> Option<Duration> {
        let (ours, mut theirs) = duplex(1024);
        let mut ours = WriteTimeout::new(ours, PATIENCE);
        let reader = tokio::spawn(async move {
            let mut buffer = vec![0; each_time];
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if each_time > 0 && theirs.read_exact(&mut buffer).await.is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let written = ours.write_all(&vec![0; bytes]).await;
        reader.abort();
        written.ok().map(|()| began.elapsed())
    }

    #[tokio::test]
    async fn a_reader_that_takes_nothing_or_next_to_nothing_is_given_up() {
        assert!(write(100_000, 0).await.is_none(), "nothing");
        assert!(write(1_000_000, 1).await.is_none(), "one byte at a time");
        assert!(write(1_000_000, 512).await.is_none(), "much less than is needed in the time");
    }

    #[tokio::test]
    async fn a_slow_line_is_waited_for_as_long_as_it_takes() {
        let took = write(1_000_000, 16 * 1024).await;
        assert!(took.is_some_and(|took| took > PATIENCE * 3), "{took:?}");
        assert!(write(512, 0).await.is_some(), "what fits into the socket's own room needs no reader");
    }

    #[tokio::test]
    async fn time_without_anything_to_write_does_not_count() {
        let (ours, mut theirs) = duplex(1024);
        let mut ours = WriteTimeout::new(ours, PATIENCE);
        for _ in 0..3 {
            assert!(ours.write_all(&[0; 1000]).await.is_ok());
            tokio::time::sleep(PATIENCE).await;
            let mut buffer = [0; 1000];
            assert!(theirs.read_exact(&mut buffer).await.is_ok());
        }
    }
}
