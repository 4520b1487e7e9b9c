//! The gateway's binary: the allocator and the command line, nothing else.

use std::process::ExitCode;

#[cfg(no_narrowing)]
compile_error!("a program without the application's wall is not built: `no_narrowing` is for the suites alone");

#[cfg(no_guards)]
compile_error!("a program without guards is not built: `no_guards` is for the benches alone");

/// Measured: with the system's allocator a nested request takes a tenth longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gateway::cli::main()
}
