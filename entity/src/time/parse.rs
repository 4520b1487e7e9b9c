//! Parsing of points in time, in the formats of clients, databases and programs.
//!
//! Owns: one parser, for the API and for imports. May use: chrono. Invariant: a time without an offset is rejected,
//! since the intended offset is unknown; so is a time before 1900 or after 9999.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, TimeZone as _, Utc};

use super::micros;

/// Accepted years. SQLite compares times as texts, so a year must not have five digits.
const YEAR_RANGE: std::ops::RangeInclusive<i32> = 1900..=9999;

/// Why a text is not a time. The message continues a sentence that begins with the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTime {
    /// The text has no known time format.
    #[error("is not a time: write it like `2026-01-31T09:30:00Z`")]
    NoTime,
    /// A date alone, or a time of day without an offset.
    #[error("has no offset: write a time with its offset, like `2026-01-31T09:30:00Z`")]
    NoOffset,
    /// Before 1900 or after 9999.
    #[error("is not in the years 1900 to 9999")]
    Year,
}

/// Parses a time to the microsecond: RFC 3339, and its usual variants: a blank for the `T`, a time without seconds,
/// offsets as `+00` and `+0000`, and ` UTC` for `Z`. The second 60 is the first second of the next minute.
pub fn parse_time(text: &str) -> Result<DateTime<Utc>, InvalidTime> {
    let (date, rest) = text.split_at_checked(10).ok_or(InvalidTime::NoTime)?;
    let date = digits(date, "____-__-__").and_then(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok());
    let date = date.ok_or(InvalidTime::NoTime)?;
    if rest.is_empty() {
        return Err(InvalidTime::NoOffset);
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(InvalidTime::NoTime)?;
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (time, offset) = rest.split_at_checked(end).ok_or(InvalidTime::NoTime)?;
    let (time, leap) = time_of_day(time).ok_or(InvalidTime::NoTime)?;
    let offset = offset.strip_prefix(' ').unwrap_or(offset);
    if offset.is_empty() {
        return Err(InvalidTime::NoOffset);
    }
    let offset = offset_of(offset).ok_or(InvalidTime::NoTime)?;
    let time = offset.from_local_datetime(&date.and_time(time)).single();
    let time = time.and_then(|time| time.checked_add_signed(leap)).ok_or(InvalidTime::Year)?.with_timezone(&Utc);
    if YEAR_RANGE.contains(&chrono::Datelike::year(&time)) { Ok(micros(time)) } else { Err(InvalidTime::Year) }
}

/// The text, if it has a digit wherever the form has `_`, and the form's own character everywhere else.
fn digits<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let fits = |(letter, form): (u8, u8)| if form == b'_' { letter.is_ascii_digit() } else { letter == form };
    (text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)).then_some(text)
}

/// A time of day, and the duration that a leap second adds to it.
fn time_of_day(text: &str) -> Option<(NaiveTime, Duration)> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = digits(whole, "__:__:__").or_else(|| digits(whole, "__:__"))?;
    let part = |from: usize| whole.get(from..from + 2).map_or(Some(0), |digits| digits.parse::<u32>().ok());
    let micros = match fraction {
        None => 0,
        // A time without seconds cannot have a fraction of a second.
        Some(_) if whole.len() < 8 => return None,
        Some(fraction)
            if !fraction.is_empty() && fraction.len() <= 12 && fraction.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{fraction:0<6}").get(..6)?.parse().ok()?
        }
        Some(_) => return None,
    };
    match part(6)? {
        60 => Some((NaiveTime::from_hms_opt(part(0)?, part(3)?, 59)?, Duration::seconds(1))),
        second => Some((NaiveTime::from_hms_micro_opt(part(0)?, part(3)?, second, micros)?, Duration::zero())),
    }
}

fn offset_of(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return FixedOffset::east_opt(0);
    }
    let (sign, rest) =
        text.strip_prefix('+').map(|rest| (1, rest)).or(text.strip_prefix('-').map(|rest| (-1, rest)))?;
    let form = digits(rest, "__").or_else(|| digits(rest, "____")).or_else(|| digits(rest, "__:__"))?;
    let hours: i32 = form.get(..2)?.parse().ok()?;
    let minutes: i32 = match form.len() {
        2 => 0,
        length => form.get(length - 2..)?.parse().ok()?,
    };
    // The widest zones in use are -12:00 and +14:00; PostgreSQL accepts up to 15:59.
    if hours > 15 || minutes > 59 { None } else { FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_the_forms_that_clients_send() {
        for (text, expected) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"),
            ("2026-01-01T00:00Z", "2026-01-01T00:00:00+00:00"),
            ("2026-01-01t00:00:00z", "2026-01-01T00:00:00+00:00"),
            ("2026-01-01 00:00:00+00", "2026-01-01T00:00:00+00:00"),
            ("2026-01-01T02:00:00+0200", "2026-01-01T00:00:00+00:00"),
            ("2025-12-31T19:00:00-05:00", "2026-01-01T00:00:00+00:00"),
            ("2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00+00:00"),
            ("2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00.123456+00:00"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
            ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00+00:00"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00+00:00"),
        ] {
            assert_eq!(parse_time(text).map(|time| time.to_rfc3339()), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn invalid_times_are_rejected_with_a_reason() {
        for (flaw, texts) in [
            (InvalidTime::NoOffset, &["2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00"][..]),
            (
                InvalidTime::Year,
                &[
                    "0226-01-05T00:00:00Z",
                    "1899-12-31T23:59:59Z",
                    "1900-01-01T00:00:00+01:00",
                    "9999-12-31T23:59:59-01:00",
                    "9999-12-31T23:59:60Z",
                ],
            ),
            (
                InvalidTime::NoTime,
                &[
                    "",
                    "now",
                    "2026-1-1T0:0:0Z",
                    " 2026-01-01T00:00:00Z",
                    "2026-01-01T00:00:00Z ",
                    "-5000-01-01T00:00:00Z",
                    "+12026-01-01T00:00:00Z",
                    "2026-02-29T00:00:00Z",
                    "2026-01-01T24:00:00Z",
                    "2026-01-01T00:60:00Z",
                    "2026-01-01T00:00:61Z",
                    "2026-01-01T00:00:00+16:00",
                    "2026-01-01T00:00:00+0",
                    "2026-01-01T00:00:00.Z",
                    "2026-01-01T00:00.5Z",
                    "2026-01-01T  00:00:00Z",
                    "2026-01-01T00:00:00  Z",
                    "2026-01-01T00:00:00,5Z",
                    "1767225600",
                    "2026-01-01T00:00:00\u{2212}01:00",
                    "２026-01-01T00:00:00Z",
                ],
            ),
        ] {
            for text in texts {
                assert_eq!(parse_time(text), Err(flaw), "{text}");
            }
        }
    }
}
