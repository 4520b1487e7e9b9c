//! How long, as people write it: `90s`, `15m`, `8h`, `7d`.

use std::time::Duration;

/// Longest lifetime of a development token, in seconds: a year.
const MAX_LIFETIME: u64 = 365 * 24 * 60 * 60;

/// Reads a whole number with its unit.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let seconds = text.char_indices().last().and_then(|(at, unit)| {
        let factor = match unit {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        text.get(..at)?.parse::<u64>().ok()?.checked_mul(factor)
    });
    match seconds {
        Some(seconds @ 1..=MAX_LIFETIME) => Ok(Duration::from_secs(seconds)),
        Some(_) => Err("give at least `1s` and at most `365d`".to_owned()),
        None => Err("write a whole number and `s`, `m`, `h` or `d`, such as `8h`".to_owned()),
    }
}
