//! What becomes of lines whose file is not read, full, or gone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter as _;

use super::{LogQueue, MAX_BYTES, MAX_LINES};

/// Longest wait for what takes a moment.
const PATIENCE: Duration = Duration::from_secs(20);

/// A file whose state the test decides.
#[derive(Clone, Default)]
struct File(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    text: Vec<u8>,
    fails: Option<ErrorKind>,
    /// Takes so many bytes more before it fails.
    room: usize,
    /// Waits for the other half to go before it takes anything.
    blocked: Option<Receiver<()>>,
}

impl File {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().text.clone()).unwrap()
    }

    fn fails(&self, kind: ErrorKind, room: usize) {
        let mut state = self.0.lock().unwrap();
        (state.fails, state.room) = (Some(kind), room);
    }

    fn recovers(&self) {
        self.0.lock().unwrap().fails = None;
    }

    fn block(&self) -> Sender<()> {
        let (sender, receiver) = channel();
        self.0.lock().unwrap().blocked = Some(receiver);
        sender
    }
}

impl File {
    /// Whether somebody waits in it.
    fn is_blocked(&self) -> bool {
        self.0.lock().unwrap().blocked.is_none()
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let blocked = self.0.lock().unwrap().blocked.take();
        if let Some(blocked) = blocked {
            let _ = blocked.recv();
        }
        let mut state = self.0.lock().unwrap();
        let taken = match state.fails {
            None => bytes.len(),
            Some(kind) if state.room == 0 => return Err(kind.into()),
            Some(_) => bytes.len().min(state.room),
        };
        state.room = state.room.saturating_sub(taken);
        state.text.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log(queue: &LogQueue, line: &str) {
    queue.make_writer().write_all(line.as_bytes()).unwrap();
}

#[test]
fn lines_are_written_in_their_order() {
    let file = File::default();
    let queue = LogQueue::start(file.clone()).unwrap();
    for n in 0..1000 {
        log(&queue, &format!("{n}\n"));
    }
    queue.flush(PATIENCE);
    let written: Vec<_> = file.text().lines().map(|line| line.parse::<u32>().unwrap()).collect();
    assert_eq!(written, (0..1000).collect::<Vec<_>>());
    assert_eq!(queue.lost(), 0);
}

#[test]
fn nobody_waits_for_a_file_that_is_not_read_and_what_does_not_fit_is_counted() {
    for (line, fits) in [("short\n".to_owned(), MAX_LINES), ("x".repeat(64 * 1024) + "\n", MAX_BYTES / (64 * 1024))] {
        let file = File::default();
        let reader = file.block();
        let queue = LogQueue::start(file.clone()).unwrap();
        let began = Instant::now();
        log(&queue, &line);
        while !file.is_blocked() {
            assert!(began.elapsed() < PATIENCE, "nothing is written");
            std::thread::yield_now();
        }
        for _ in 0..3 * fits {
            log(&queue, &line);
        }
        queue.flush(Duration::from_millis(20));
        assert!(began.elapsed() < PATIENCE, "to log has waited");
        let (lost, most) = (queue.lost(), 3 * fits as u64 + 1);
        assert!(lost.abs_diff(2 * fits as u64) <= 1, "{lost} of {most}");
        drop(reader);
        queue.flush(PATIENCE);
        assert_eq!(file.text().lines().count() as u64, most - lost);
        log(&queue, "at the end\n");
        queue.flush(PATIENCE);
        assert!(file.text().ends_with("at the end\n"), "it is not written any more");
    }
}

#[test]
fn a_file_that_is_full_or_gone_costs_lines_and_the_next_line_that_is_written_says_how_many() {
    for kind in [ErrorKind::StorageFull, ErrorKind::BrokenPipe, ErrorKind::Other] {
        let file = File::default();
        let queue = LogQueue::start(file.clone()).unwrap();
        log(&queue, "first\n");
        queue.flush(PATIENCE);
        file.fails(kind, 3);
        for n in 0..10 {
            log(&queue, &format!("lost {n}\n"));
            queue.flush(PATIENCE);
        }
        assert_eq!(queue.lost(), 10, "{kind}");
        file.recovers();
        log(&queue, "again\n");
        queue.flush(PATIENCE);
        assert!(file.text().starts_with("first\nlos\nagain\n"), "a line is torn: {}", file.text());
        assert_eq!(queue.lost(), 10, "{kind}: told once");
    }
}

/// The line of the thread itself comes the same way, and the thread must not wait for itself.
#[test]
fn how_many_lines_were_lost_is_a_line_of_the_log() {
    let program = std::env::current_exe().unwrap();
    let name = "sight::log_queue::tests::how_many_lines_were_lost_is_a_line_of_the_log";
    if std::env::var_os("TEST_LOST").is_none() {
        // In a process of its own: there, the subscriber is everybody's.
        let ended = std::process::Command::new(program).args(["--exact", name]).env("TEST_LOST", "1").output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
        return;
    }
    let file = File::default();
    let queue = LogQueue::start(file.clone()).unwrap();
    let subscriber = tracing_subscriber::fmt().json().with_writer(queue.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    file.fails(ErrorKind::StorageFull, 0);
    for _ in 0..3 {
        tracing::info!("lost");
        queue.flush(PATIENCE);
    }
    file.recovers();
    tracing::info!("written");
    queue.flush(PATIENCE);
    let lines: Vec<serde_json::Value> = file.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0]["fields"]["message"], "written");
    assert_eq!((&lines[1]["fields"]["lines"], &lines[1]["level"]), (&3.into(), &"ERROR".into()));
}

#[test]
fn a_file_that_would_have_to_wait_is_asked_again() {
    let file = File::default();
    let queue = LogQueue::start(file.clone()).unwrap();
    file.fails(ErrorKind::WouldBlock, 2);
    log(&queue, "line\n");
    queue.flush(Duration::from_millis(30));
    file.recovers();
    queue.flush(PATIENCE);
    assert_eq!((file.text().as_str(), queue.lost()), ("line\n", 0));
}
