//! Parses times on the command line.

use jiff::{SpanRelativeTo, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use store::Moment;

/// Parses the start of a period. A date means its first moment, in UTC.
pub fn since(text: &str) -> Result<Moment, String> {
    moment(text, Timestamp::now(), false)
}

/// Parses the end of a period. A date means its last moment, in UTC.
pub fn until(text: &str) -> Result<Moment, String> {
    moment(text, Timestamp::now(), true)
}

fn moment(text: &str, now: Timestamp, is_end: bool) -> Result<Moment, String> {
    let moment = if let Ok(moment) = text.parse::<Timestamp>() {
        Some(moment)
    } else if let Ok(date) = text.parse::<Date>() {
        if is_end {
            date.tomorrow()
                .and_then(|next| next.to_zoned(TimeZone::UTC))
                .and_then(|next| next.timestamp().checked_sub(1.millisecond()))
                .ok()
        } else {
            date.to_zoned(TimeZone::UTC).map(|start| start.timestamp()).ok()
        }
    } else {
        text.parse::<jiff::Span>().ok().and_then(|span| {
            let ago = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
            now.checked_sub(ago.abs()).ok()
        })
    };
    moment
        .map(Moment::from)
        .ok_or_else(|| "expected 7d, 12h, 2026-01-31 or 2026-01-31T12:00:00Z".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_span_before_now_a_date_or_a_timestamp() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        for (text, since, until) in [
            ("7d", "2026-03-03T12:00:00.000Z", "2026-03-03T12:00:00.000Z"),
            ("90m", "2026-03-10T10:30:00.000Z", "2026-03-10T10:30:00.000Z"),
            ("0d", "2026-03-10T12:00:00.000Z", "2026-03-10T12:00:00.000Z"),
            (
                "2026-01-31",
                "2026-01-31T00:00:00.000Z",
                "2026-01-31T23:59:59.999Z",
            ),
            (
                "2026-01-31T12:00:00+01:00",
                "2026-01-31T11:00:00.000Z",
                "2026-01-31T11:00:00.000Z",
            ),
        ] {
            assert_eq!(moment(text, now, false).unwrap().to_string(), since, "{text}");
            assert_eq!(moment(text, now, true).unwrap().to_string(), until, "{text}");
        }
        for bad in ["", "yesterday", "2026-02-30", "7", "99999999d"] {
            assert!(moment(bad, now, false).is_err(), "{bad}");
        }
    }
}
