//! The queue between those who log and the file that the log goes to.
//!
//! Owns: [`LogQueue`], the thread that writes, and the count of lost lines. May use: tracing, for the lines of the thread itself.
//! Invariant: to log neither waits nor fails nor panics, whatever becomes of the file; the queue is bounded in lines and in bytes, and a
//! line that finds it full is lost and counted.

#[cfg(test)]
mod tests;
mod writer;

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

use writer::Writer;

/// Most lines that wait.
const MAX_LINES: usize = 8192;

/// Most bytes of lines that wait: a line of usual length is far below its share.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Pause before a full queue is asked again whether it takes the request to flush.
const REPORT_INTERVAL: Duration = Duration::from_millis(5);

/// What the thread does next.
enum Message {
    Line(Box<[u8]>),
    /// A thread has panicked here. The line is made by the thread that writes: a panic hook must not run code that may panic or wait.
    Panic(String),
    /// Everything before it was written, or lost.
    Flush(SyncSender<()>),
}

/// Takes lines and never waits. Clones share the queue.
#[derive(Clone)]
pub struct LogQueue(Arc<Shared>);

struct Shared {
    queue: SyncSender<Message>,
    /// Of the lines that wait.
    bytes: AtomicUsize,
    lost: AtomicU64,
}

thread_local! {
    /// Where the thread that writes collects its own lines: it must not wait for itself.
    static OWN_TARGET: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

impl LogQueue {
    /// Starts the thread that writes to `out`.
    ///
    /// # Errors
    /// Where the system starts no thread.
    pub fn start(out: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, waiting) = sync_channel(MAX_LINES);
        let inner = Arc::new(Shared { queue, bytes: AtomicUsize::new(0), lost: AtomicU64::new(0) });
        let shared = Arc::clone(&inner);
        thread::Builder::new().name("log".to_owned()).spawn(move || run(&shared, &waiting, out))?;
        Ok(Self(inner))
    }

    /// How many lines were lost since the start.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }

    /// Logs that a thread has panicked at a place of the code.
    pub fn panicked(&self, place: String) {
        if self.0.queue.try_send(Message::Panic(place)).is_err() {
            self.0.count_lost(1);
        }
    }

    /// Waits until everything that was logged before is written or lost, but no longer than this.
    pub fn flush(&self, longest: Duration) {
        let end = Instant::now() + longest;
        let (sender, flushed) = sync_channel(1);
        let mut message = Message::Flush(sender);
        while let Err(refused) = self.0.queue.try_send(message) {
            match refused {
                TrySendError::Full(back) if Instant::now() < end => message = back,
                TrySendError::Full(_) | TrySendError::Disconnected(_) => return,
            }
            thread::sleep(REPORT_INTERVAL);
        }
        let _ = flushed.recv_timeout(end.saturating_duration_since(Instant::now()));
    }
}

impl Shared {
    fn count_lost(&self, lines: u64) {
        self.lost.fetch_add(lines, Ordering::Relaxed);
    }

    fn take(&self, line: &[u8]) {
        let waiting = self.bytes.fetch_add(line.len(), Ordering::Relaxed);
        if waiting + line.len() > MAX_BYTES || self.queue.try_send(Message::Line(line.into())).is_err() {
            self.bytes.fetch_sub(line.len(), Ordering::Relaxed);
            self.count_lost(1);
        }
    }
}

/// One line, as the subscriber hands it over: whole.
pub struct LineWriter<'a>(&'a Shared);

impl Write for LineWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let is_own = OWN_TARGET.try_with(|own| match own.try_borrow_mut().as_deref_mut() {
            Ok(Some(lines)) => {
                lines.extend_from_slice(line);
                true
            }
            Ok(None) | Err(_) => false,
        });
        if is_own != Ok(true) {
            self.0.take(line);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogQueue {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> LineWriter<'a> {
        LineWriter(&self.0)
    }
}

/// The life of the thread that writes: as long as the process.
fn run(inner: &Shared, waiting: &Receiver<Message>, out: impl Write) {
    OWN_TARGET.set(Some(Vec::new()));
    let mut writer = Writer::to(out);
    let mut told = 0;
    while let Ok(first) = waiting.recv() {
        let mut flushed = None;
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Line(line) => {
                    inner.bytes.fetch_sub(line.len(), Ordering::Relaxed);
                    writer.add(&line);
                }
                Message::Panic(place) => writer.add(&own(|| tracing::error!(place, "a thread has panicked"))),
                Message::Flush(sender) => flushed = Some(sender),
            }
            next = if flushed.is_some() || writer.is_full() { None } else { waiting.try_recv().ok() };
        }
        let has_lines = !writer.is_empty();
        match writer.write() {
            Ok(()) if has_lines => {
                let lost = inner.lost.load(Ordering::Relaxed);
                if lost > told {
                    let lines = lost - told;
                    writer.add(&own(|| {
                        tracing::error!(lines, "lines of the log were lost: it was not taken fast enough");
                    }));
                    // Where this line is lost as well, the next one says so.
                    match writer.write() {
                        Ok(()) => told = lost,
                        Err(_) => inner.count_lost(1),
                    }
                }
            }
            Ok(()) => {}
            Err(lines) => inner.count_lost(lines),
        }
        if let Some(flushed) = flushed {
            let _ = flushed.try_send(());
        }
    }
}

/// What this thread itself logs meanwhile.
fn own(log: impl FnOnce()) -> Vec<u8> {
    log();
    OWN_TARGET.with_borrow_mut(|own| own.as_mut().map(std::mem::take)).unwrap_or_default()
}
