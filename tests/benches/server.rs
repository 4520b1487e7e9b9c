//! The gateway's server as a bench target, to measure what the guards cost a server.
//!
//! Owns: the allocator, which is the same as the gateway's. May use: the gateway's command line. Invariant: this is
//! the gateway's program; the gateway's own binary is never built without guards. Built with `tests/without-guards` it
//! is the same program without guards, to be measured beside it:
//!
//! ```sh
//! cargo bench -p tests --bench server --no-run
//! RUSTC_WORKSPACE_WRAPPER=$PWD/tests/without-guards cargo bench -p tests --bench server --no-run
//! tests/peers/run --gateway target/release/deps/server-… --beside target/release/deps/server-… --only ours --workloads w3
//! ```

use std::process::ExitCode;

/// The same allocator as in the gateway's binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // `cargo bench` runs every bench target with this argument; this one measures nothing by itself.
    if std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    gateway::cli::main()
}
