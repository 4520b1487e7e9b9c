//! The gateway as a bench: what its guards cost a server.
//!
//! Owns: nothing but the allocator, which is the gateway's. May use: the gateway's command line. Invariant: it is the gateway's program, which
//! itself is not built without guards. Built with `tests/without-guards` it is the same without them, for the comparison to measure beside it:
//!
//! ```sh
//! cargo bench -p tests --bench server --no-run
//! RUSTC_WORKSPACE_WRAPPER=$PWD/tests/without-guards cargo bench -p tests --bench server --no-run
//! tests/peers/run --gateway target/release/deps/server-… --beside target/release/deps/server-… --only ours --workloads w3
//! ```

use std::process::ExitCode;

/// As in the gateway's binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // So `cargo bench` runs each bench: by itself this one measures nothing.
    if std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    gateway::cli::main()
}
