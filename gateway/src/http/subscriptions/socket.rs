//! The line of a WebSocket.
//!
//! Owns: passing messages on, and when the line is closed. May use: async-graphql-axum, which speaks the protocol, and the session. Invariant: a line on
//! which no client was let in within [`INIT`], that is silent for [`SILENCE`], takes nothing for [`WRITE`], waits for nothing for [`IDLE`], or is
//! older than [`OLDEST`], is closed; and one whose session ends, within [`LAST_WORDS`].

use std::sync::Arc;
use std::time::Duration;

use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{sink, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::session::{CloseReason, Runner, Session};
use crate::http::server::HeldConnection;

/// Longest wait for `connection_init`.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);

/// How often the other side is asked whether it is there.
const PING_INTERVAL: Duration = Duration::from_secs(15);

/// Longest time without a word from the other side, which answers each ping.
const PONG_TIMEOUT: Duration = Duration::from_secs(40);

/// Longest wait for the other side to take a message.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest time without a subscription.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a line is open at most. The client connects again, perhaps to another gateway.
const MAX_AGE: Duration = Duration::from_hours(4);

/// Within this time the last messages of an ending session are passed on.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(100);

/// Longest wait for the other side's goodbye.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// Messages that wait for their turn, in each direction.
const MAX_QUEUED: usize = 8;

/// Speaks over a line until it is closed. It is counted as long.
pub(super) async fn serve(
    line: WebSocket,
    protocol: GraphQLProtocol,
    session: Arc<Session>,
    held: Option<HeldConnection>,
) {
    let _held = held;
    let began = Instant::now();
    let (to_runner, from_client) = mpsc::channel::<Result<Message, axum::Error>>(MAX_QUEUED);
    let (to_client, mut from_runner) = mpsc::channel::<Message>(MAX_QUEUED);
    let input =
        stream::unfold(from_client, async |mut messages| messages.recv().await.map(|message| (message, messages)));
    let output = sink::unfold(to_client, async |messages: mpsc::Sender<Message>, message| {
        messages.send(message).await.map(|()| messages)
    });
    let opening = Arc::clone(&session);
    let runner =
        GraphQLWebSocket::new_with_pair(Box::pin(output), Box::pin(input), Runner(Arc::clone(&session)), protocol)
            .on_connection_init(move |payload| async move { opening.init(payload).await })
            .serve();
    let mut runner = std::pin::pin!(runner);
    let mut line = Line { socket: line, heard: began, busy: began };
    let mut ping = interval(PING_INTERVAL);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut over = None;
    let end = loop {
        let next =
            [Some(began + MAX_AGE), session.until(), over].into_iter().flatten().min().unwrap_or(began + MAX_AGE);
        let next = if session.until().is_none() { next.min(began + INIT_TIMEOUT) } else { next };
        tokio::select! {
            biased;
            () = &mut runner => break session.ended(),
            Some(message) = from_runner.recv() => match message {
                // What refuses a client by the library's own code has one of ours.
                Message::Close(frame) => break session.ended().or_else(|| frame.as_ref().map(of_library)),
                message => if line.write(message).await.is_err() { break None },
            },
            (place, message) = async { (to_runner.reserve().await, line.socket.recv().await) } => match (place, message) {
                (Ok(place), Some(Ok(message))) => {
                    line.heard = Instant::now();
                    match message {
                        Message::Text(_) | Message::Binary(_) => place.send(Ok(message)),
                        Message::Ping(_) | Message::Pong(_) => {}
                        Message::Close(_) => break None,
                    }
                }
                (Err(_), _) | (_, Some(Err(_)) | None) => break None,
            },
            () = session.ending(), if over.is_none() => over = Some(Instant::now() + CLOSE_TIMEOUT),
            () = session.leaving() => break Some(CloseReason::LEAVING),
            _ = ping.tick() => {
                if session.open() > 0 {
                    line.busy = Instant::now();
                }
                if line.heard.elapsed() > PONG_TIMEOUT || line.write(Message::Ping(Vec::new().into())).await.is_err() {
                    break None;
                }
                if line.busy.elapsed() > IDLE_TIMEOUT {
                    break Some(CloseReason::IDLE_CONNECTION);
                }
            },
            () = sleep_until(next) => break session.ended().or_else(|| Some(due(&session, began))),
        }
    };
    tracing::info!(code = end.map(|end| end.code), open = session.open(), "a WebSocket was closed");
    if let Some(CloseReason { code, reason }) = end {
        let frame = CloseFrame { code, reason: reason.into() };
        let _ = line.write(Message::Close(Some(frame))).await;
    }
    // Until the other side has said goodbye, too, or has heard ours: a line that is dropped before may lose its last frame.
    let _ = timeout(CLOSE_WAIT, async { while let Some(Ok(_)) = line.socket.recv().await {} }).await;
}

/// What is due where nothing has ended the session.
fn due(session: &Session, began: Instant) -> CloseReason {
    match session.until() {
        None => CloseReason::INIT_TIMEOUT,
        Some(_) if began.elapsed() >= MAX_AGE => CloseReason::TOO_OLD,
        Some(_) => CloseReason::UNAUTHORIZED,
    }
}

/// The protocol's codes for what a client did wrong.
fn of_library(frame: &CloseFrame) -> CloseReason {
    match frame.code {
        // The library closes with it where a message cannot be read.
        1002 => CloseReason { code: 4400, reason: "Invalid message" },
        1011 => CloseReason::UNAUTHORIZED,
        code => CloseReason { code, reason: "" },
    }
}

struct Line {
    socket: WebSocket,
    heard: Instant,
    busy: Instant,
}

impl Line {
    async fn write(&mut self, message: Message) -> Result<(), ()> {
        match timeout(WRITE_TIMEOUT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(()),
        }
    }
}
