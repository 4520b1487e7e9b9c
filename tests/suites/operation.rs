//! What whoever runs the gateway relies on. What takes a process and its signals is in `tests/operation`.

mod headers;
mod health;
mod tls;
