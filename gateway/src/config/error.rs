//! What is wrong with a configuration, all of it at once.
//!
//! Owns: the wording's shape: `path: what is wrong, what would be right`. May use: nothing.
//! Invariant: a problem never repeats a secret's text (a parser's excerpt of the offending line is cut out).

use std::fmt;
use std::path::Path;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    path: String,
    wrong: String,
    right: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}, {}", self.path, self.wrong, self.right)
    }
}

/// All that is wrong with a configuration: one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

impl ConfigErrors {
    /// Whether there is nothing to mend.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in the order of reading.
    pub fn iter(&self) -> std::slice::Iter<'_, ConfigError> {
        self.0.iter()
    }

    pub(super) fn add(&mut self, path: impl Into<String>, wrong: impl Into<String>, right: impl Into<String>) {
        self.0.push(ConfigError { path: path.into(), wrong: wrong.into(), right: right.into() });
    }

    pub(super) fn file_unreadable(&mut self, file: &Path, error: &std::io::Error) {
        let wrong = format!("cannot be read ({})", error.kind());
        self.add(file.display().to_string(), wrong, "name a readable file with `--config`");
    }

    /// A file that is not TOML: nothing more is known of it.
    pub(super) fn of_syntax(file: Option<&Path>, error: &impl fmt::Display) -> Self {
        let path = file.map_or_else(|| "configuration".to_owned(), |file| file.display().to_string());
        let text = error.to_string();
        // The parser prints the line itself between bars: it may hold a secret.
        let lines: Vec<&str> = text.lines().filter(|line| !is_excerpt(line)).map(str::trim).collect();
        let mut problems = Self::default();
        problems.add(path, format!("is not TOML: {}", lines.join("; ").to_lowercase()), "mend the syntax there");
        problems
    }
}

impl<'a> IntoIterator for &'a ConfigErrors {
    type Item = &'a ConfigError;
    type IntoIter = std::slice::Iter<'a, ConfigError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn is_excerpt(line: &str) -> bool {
    line.trim_start().trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start().starts_with('|')
}
