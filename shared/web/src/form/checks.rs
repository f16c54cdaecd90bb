//! Checks of single values. The error is the key of the text that says what is wrong.

use iban::{Iban, ParseIbanError};
use jiff::{Zoned, civil::Date};

use super::typed;

/// A calendar date as browsers send it, `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Result<String, &'static str> {
    parse_date(text).map(|date| date.to_string())
}

/// A calendar date from 1900 to tomorrow: in another time zone it may already be tomorrow.
pub(super) fn past_date(text: &str) -> Result<String, &'static str> {
    let date = parse_date(text)?;
    let tomorrow = Zoned::now().date().tomorrow().unwrap_or(Date::MAX);
    if date > tomorrow {
        return Err("field-date-future");
    }
    if date.year() < 1900 {
        return Err("field-date-invalid");
    }
    Ok(date.to_string())
}

fn parse_date(text: &str) -> Result<Date, &'static str> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "field-date-invalid")
}

/// Text before the only `@`, and a domain with a dot after it. Only a sent mail shows whether the address exists.
pub(super) fn email(text: &str) -> Result<String, &'static str> {
    let address = typed::visible(text);
    let Some((local, domain)) = address.split_once('@') else {
        return Err("field-email-invalid");
    };
    let clean = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    let has_dot_inside = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    let valid = clean(local) && clean(domain) && has_dot_inside;
    valid.then_some(address).ok_or("field-email-invalid")
}

/// 6 to 15 digits (ITU-T E.164 allows 15), with an optional leading `+` and the usual signs between the digits. Digits
/// and signs of other scripts are accepted, and recorded in ASCII.
pub(super) fn phone(text: &str) -> Result<String, &'static str> {
    let number = typed::phone(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let rest = number.strip_prefix('+').unwrap_or(&number);
    let plain = rest.chars().all(|c| c.is_ascii_digit() || " -()./".contains(c));
    let valid = (6..=15).contains(&digits) && plain;
    valid.then_some(number).ok_or("field-phone-invalid")
}

/// An account number after ISO 13616, recorded in capitals and without spaces. Its checksum is right, and its length is
/// that of its country. Of a country that joined lately only the checksum is known.
pub(super) fn iban(text: &str) -> Result<String, &'static str> {
    let typed: String = typed::visible(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| typed::ascii_digit(c).to_ascii_uppercase())
        .collect();
    match typed.parse::<Iban>() {
        Ok(_) | Err(ParseIbanError::UnknownCountry(_)) => Ok(typed),
        Err(_) => Err("field-iban-invalid"),
    }
}
