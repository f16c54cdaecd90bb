//! The time format of the table.

use std::{fmt, str::FromStr, time::SystemTime};

use jiff::{Timestamp, Unit, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A time in milliseconds. Its text is RFC 3339 in UTC and always of the same length, so the order of the texts
/// is the order in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "Timestamp")]
pub struct Moment(Timestamp);

impl Moment {
    /// The moment as a timestamp.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The day in UTC.
    pub fn day(self) -> Date {
        self.0.to_zoned(TimeZone::UTC).date()
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        // Rounding fails only at the end of jiff's range of years.
        Self(timestamp.round(Unit::Millisecond).unwrap_or(timestamp))
    }
}

impl TryFrom<SystemTime> for Moment {
    type Error = jiff::Error;

    fn try_from(time: SystemTime) -> Result<Self, jiff::Error> {
        Ok(Timestamp::try_from(time)?.into())
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        Ok(text.parse::<Timestamp>()?.into())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_moments_have_texts_of_the_same_length() {
        for (text, moment) in [
            ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"),
            ("2026-01-31T12:00:00.1234+01:00", "2026-01-31T11:00:00.123Z"),
            ("1970-01-01T00:00:01.9999Z", "1970-01-01T00:00:02.000Z"),
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), moment);
        }
        let moment: Moment = "2026-01-31T23:59:59.999Z".parse().unwrap();
        assert_eq!(moment.day().to_string(), "2026-01-31");
        assert_eq!(
            serde_json::to_string(&moment).unwrap(),
            r#""2026-01-31T23:59:59.999Z""#
        );
    }
}
