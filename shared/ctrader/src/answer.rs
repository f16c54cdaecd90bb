//! cTrader's answer about a redeemed token. Values may be written in several ways, but they must be usable.

use inbound::without_control;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::Value;

/// The trader behind a one-time token.
///
/// The two revisions of the call document different fields. The specification also says that the token carries
/// the e-mail address and the trading login. So any field may be present in either revision. `null`, an empty
/// text and the number 0 count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RedeemedTrader {
    /// cTrader's id of the user (cTID).
    #[serde(deserialize_with = "id")]
    pub user_id: Option<i64>,
    /// cTrader's internal id of the trading account. Never a login: no `/webserv/` call takes it.
    #[serde(deserialize_with = "id")]
    pub trader_id: Option<i64>,
    /// The trading account's number.
    #[serde(deserialize_with = "id")]
    pub account_id: Option<i64>,
    /// The broker, or white label, that the account belongs to; case-sensitive.
    #[serde(deserialize_with = "text")]
    pub broker_name: Option<String>,
    /// The trader's e-mail address.
    #[serde(deserialize_with = "shown_text")]
    pub email: Option<String>,
    /// The trading account's login.
    #[serde(deserialize_with = "id")]
    pub trading_login: Option<i64>,
}

impl RedeemedTrader {
    /// Reads the body of a 200 response. `None` if it is not a JSON object with usable values.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        object(body)
    }
}

/// Reads a JSON object. serde alone would also accept an array for a struct.
pub(crate) fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let object: serde_json::Map<String, Value> = serde_json::from_slice(body).ok()?;
    serde_json::from_value(Value::Object(object)).ok()
}

/// Reads a positive whole number, written as a number or as text.
pub(crate) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_i64(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        Some(0) => Ok(None),
        Some(id) if id > 0 => Ok(Some(id)),
        _ => Err(D::Error::custom("not an id")),
    }
}

/// Longest text that is accepted, in bytes. An e-mail address has at most 320 (RFC 3696; its erratum 1690 says 254).
const MAX_TEXT_LENGTH: usize = 320;

/// Reads a text; `None` if it is empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if text.len() > MAX_TEXT_LENGTH => Err(D::Error::custom("text too long")),
        Some(text) if text.is_empty() => Ok(None),
        text => Ok(text),
    }
}

/// Reads a text that people read. The control characters in it are dropped: its source is what a person typed.
pub(crate) fn shown_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = text(deserializer)?.map(|text| without_control(&text));
    Ok(text.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_sent_as_text_and_unknown_fields_are_fine() {
        let read = RedeemedTrader::read(
            br#"{"userId":"1001","traderId":77,"brokerName":"demobroker","accountId":" 67890 ","actionContext":{"a":[1]}}"#,
        );
        assert_eq!(
            read,
            Some(RedeemedTrader {
                user_id: Some(1001),
                trader_id: Some(77),
                account_id: Some(67890),
                broker_name: Some("demobroker".into()),
                ..RedeemedTrader::default()
            })
        );
    }

    #[test]
    fn an_absent_value_can_be_written_in_several_ways() {
        for body in [
            r#"{}"#,
            r#"{"userId":null}"#,
            r#"{"userId":0}"#,
            r#"{"userId":"","brokerName":"","email":null}"#,
        ] {
            assert_eq!(
                RedeemedTrader::read(body.as_bytes()),
                Some(RedeemedTrader::default()),
                "{body}"
            );
        }
    }

    #[test]
    fn an_e_mail_address_has_no_control_characters() {
        let email = |text: &str| {
            let body = serde_json::json!({ "email": text }).to_string();
            RedeemedTrader::read(body.as_bytes()).unwrap().email
        };
        assert_eq!(
            email("ada\u{1b}[2J@example\u{9b}.com\n").as_deref(),
            Some("ada[2J@example.com")
        );
        assert_eq!(email("\u{7f}\u{85}"), None);
    }

    #[test]
    fn unusable_values_break_the_contract() {
        for body in [
            "",
            "null",
            "[]",
            "\"x\"",
            "<html>",
            r#"{"userId":-1}"#,
            r#"{"userId":1.5}"#,
            r#"{"userId":"12a"}"#,
            r#"{"userId":true}"#,
            r#"{"userId":99999999999999999999}"#,
            r#"{"userId":1,"email":5}"#,
        ] {
            assert_eq!(RedeemedTrader::read(body.as_bytes()), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = RedeemedTrader::read(&body);
        }

        #[test]
        fn an_id_reads_the_same_as_number_and_as_text(id in 1..i64::MAX) {
            let as_number = RedeemedTrader::read(format!(r#"{{"userId":{id}}}"#).as_bytes());
            let as_text = RedeemedTrader::read(format!(r#"{{"userId":"{id}"}}"#).as_bytes());
            prop_assert_eq!(as_number.clone(), as_text);
            prop_assert_eq!(as_number.unwrap().user_id, Some(id));
        }
    }
}
