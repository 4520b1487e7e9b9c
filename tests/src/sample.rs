//! Reduced size of long tests.
//!
//! Owns: [`sample`]. May use: the environment. Invariant: a sample covers the same kinds of cases as the whole test,
//! only fewer of them.

/// How often to repeat: `whole` where `TESTS_WHOLE` is set, as `tests/run --whole` does, and `part` otherwise.
#[must_use]
pub fn sample(part: usize, whole: usize) -> usize {
    if std::env::var_os("TESTS_WHOLE").is_some() { whole } else { part }
}
