//! Points in time, in the forms that databases and programs write.
//!
//! Owns: one parser. May use: chrono. Invariant: a time without a zone is refused, since nobody knows which one was meant.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone as _, Utc};

/// Years that can be meant. SQLite compares times as texts, so that none may have five digits.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// Reads a time; the reason on failure continues the sentence "`column` …".
pub(super) fn parse(text: &str) -> Result<DateTime<Utc>, &'static str> {
    const NOT_A_TIME: &str = "is not a time";
    let (date, rest) = text.split_at_checked(10).ok_or(NOT_A_TIME)?;
    let date =
        NaiveDate::parse_from_str(digits(date, "____-__-__").ok_or(NOT_A_TIME)?, "%Y-%m-%d").map_err(|_| NOT_A_TIME)?;
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(NOT_A_TIME)?.trim_start();
    let zone = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at_checked(zone).ok_or(NOT_A_TIME)?;
    let time = time_of_day(time).ok_or(NOT_A_TIME)?;
    let zone = zone.trim();
    if zone.is_empty() {
        return Err("has no time zone");
    }
    let zone = offset(zone).ok_or(NOT_A_TIME)?;
    let time = zone.from_local_datetime(&date.and_time(time)).single().ok_or(NOT_A_TIME)?.with_timezone(&Utc);
    let year = chrono::Datelike::year(&time);
    if YEARS.contains(&year) { Ok(entity::micros(time)) } else { Err("is not in the years 1900 to 9999") }
}

/// The text, if it has a digit wherever the form has `_`, and the form's own letter everywhere else.
fn digits<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let fits = |(letter, form): (u8, u8)| if form == b'_' { letter.is_ascii_digit() } else { letter == form };
    (text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)).then_some(text)
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = digits(whole, "__:__:__").or_else(|| digits(whole, "__:__"))?;
    let part = |from: usize| whole.get(from..from + 2).map_or(Some(0), |digits| digits.parse::<u32>().ok());
    let micros = match fraction {
        None => 0,
        Some(fraction)
            if !fraction.is_empty() && fraction.len() <= 12 && fraction.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{fraction:0<6}").get(..6)?.parse().ok()?
        }
        Some(_) => return None,
    };
    NaiveTime::from_hms_micro_opt(part(0)?, part(3)?, part(6)?, micros)
}

fn offset(text: &str) -> Option<FixedOffset> {
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
    // The widest zones in use are -12:00 and +14:00; PostgreSQL takes up to 15:59.
    if hours > 15 || minutes > 59 { None } else { FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)) }
}
