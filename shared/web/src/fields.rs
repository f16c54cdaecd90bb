//! The fields of a form body or a JSON body.

use std::collections::BTreeMap;

use http::header;
use resolution::SessionError;
use serde_json::value::RawValue;

use crate::{Code, Failure, Request, Separators, Texts};

/// Maximum size of a body, in bytes. The texts of a form of `broker.toml` have 20,000 characters at most, which are
/// 240,000 bytes percent-encoded.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Maximum number of fields of a body, repeated ones included. The largest form of `broker.toml` has 60.
const MAX_FIELDS: usize = 64;

/// Submitted fields by name. If a form repeats a name, the first value counts. JSON must not repeat one.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: BTreeMap<String, String>,
    json: bool,
    /// What is wrong with the `Content-Type`, if the body is probably none of a form.
    misread: Option<&'static str>,
}

impl Fields {
    /// Reads the body of `request`: as JSON if its `Content-Type` is `application/json`, else as a form.
    ///
    /// # Errors
    /// [`Code::PayloadTooLarge`] for more than 256 KiB, [`Code::InvalidParameter`] if a JSON body is not an object
    /// of texts and numbers, or has a member twice,
    /// and for more than 64 fields. A form may have any `Content-Type`, because a cashier sends the trader back with the
    /// form of its choice: see [`AnonymousRequest::known_by_field`](crate::AnonymousRequest::known_by_field).
    pub fn read(request: &Request) -> Result<Self, Failure> {
        if request.body.len() > MAX_BODY_BYTES {
            return Err(Failure::new(Code::PayloadTooLarge));
        }
        let content_type = request
            .header(header::CONTENT_TYPE)
            .trim_start()
            .to_ascii_lowercase();
        if content_type.starts_with("application/json") {
            return Self::from_json(&request.body).ok_or_else(|| Failure::invalid("body"));
        }
        let misread = misread(&content_type, &request.body);
        let fields = Self::from_form(&request.body).ok_or_else(|| match misread {
            Some(problem) => Failure::bad_content_type(problem),
            None => Failure::invalid("body"),
        })?;
        Ok(Self { misread, ..fields })
    }

    /// Why no session is known that the field `session` should hold: it may be there, in a body of another
    /// `Content-Type`.
    pub(crate) fn without_session(&self, error: SessionError) -> Failure {
        match self.misread {
            Some(problem) if self.get("session").is_empty() => Failure::bad_content_type(problem),
            _ => error.into(),
        }
    }

    /// `None` for too many fields.
    fn from_form(body: &[u8]) -> Option<Self> {
        let body = inbound::without_byte_order_mark(body);
        if form_urlencoded::parse(body).nth(MAX_FIELDS).is_some() {
            return None;
        }
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            fields
                .entry(name.into_owned())
                .or_insert_with(|| value.into_owned());
        }
        Some(Self::from(fields))
    }

    /// `None` for another JSON than an object of texts and numbers, and for too many of them. Numbers are kept as
    /// written and never read as floating point, because they may be money.
    fn from_json(body: &[u8]) -> Option<Self> {
        let object: BTreeMap<String, &RawValue> = inbound::from_json(body).ok()?;
        if object.len() > MAX_FIELDS {
            return None;
        }
        let fields = object.into_iter().filter_map(|(name, value)| {
            let raw = value.get();
            let text = match raw.as_bytes().first()? {
                b'"' => serde_json::from_str(raw).ok(),
                b'-' | b'0'..=b'9' => Some(raw.to_owned()),
                _ if raw == "null" => return None,
                _ => None,
            };
            Some(text.map(|text: String| (name, text)))
        });
        let values = fields.collect::<Option<BTreeMap<_, _>>>()?;
        Some(Self {
            json: true,
            ..Self::from(values)
        })
    }

    /// The value of a field. Empty if the field is missing.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// How the fields write amounts: a form as the trader's language does, JSON with a point.
    pub(crate) fn separators(&self, texts: Texts) -> Separators {
        if self.json {
            Separators::JSON
        } else {
            texts.separators()
        }
    }

    /// All fields by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl From<BTreeMap<String, String>> for Fields {
    fn from(values: BTreeMap<String, String>) -> Self {
        Self {
            values,
            json: false,
            misread: None,
        }
    }
}

/// What is wrong with the `Content-Type` of a body that is read as a form; `None` if nothing is.
fn misread(content_type: &str, body: &[u8]) -> Option<&'static str> {
    let begins_as_json = inbound::without_byte_order_mark(body)
        .trim_ascii_start()
        .starts_with(b"{");
    let kind = content_type.split(';').next().unwrap_or_default().trim_end();
    if begins_as_json {
        Some("The body looks like JSON, but its Content-Type is not application/json")
    } else if kind.is_empty() || kind == "application/x-www-form-urlencoded" {
        None
    } else {
        Some("The Content-Type must be application/json or application/x-www-form-urlencoded")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_and_form_bodies_have_the_same_fields() {
        let json = Fields::from_json(br#"{"amount": 250.10, "currency": "EUR", "note": null}"#).unwrap();
        let form = Fields::from_form(b"amount=250.10&currency=EUR&amount=999").unwrap();
        for name in ["amount", "currency", "note"] {
            assert_eq!(json.get(name), form.get(name));
        }
        assert_eq!(json.get("amount"), "250.10");
    }

    #[test]
    fn a_json_body_must_be_an_object_of_texts_and_numbers() {
        for body in [
            "",
            "[]",
            "1",
            r#"{"a":{}}"#,
            r#"{"a":[1]}"#,
            r#"{"a":true}"#,
            "{",
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"a":null}"#,
        ] {
            assert!(Fields::from_json(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn a_body_has_at_most_64_fields() {
        for (count, is_read) in [(64, true), (65, false), (20_000, false)] {
            let names: Vec<String> = (0..count).map(|n| format!("f{n}")).collect();
            let form = names.join("&");
            assert_eq!(Fields::from_form(form.as_bytes()).is_some(), is_read, "{count}");
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":1")).collect();
            let json = format!("{{{}}}", members.join(","));
            assert_eq!(Fields::from_json(json.as_bytes()).is_some(), is_read, "{count}");
        }
        assert!(
            Fields::from_form("a=1&".repeat(65).as_bytes()).is_none(),
            "repeated ones count"
        );
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Fields::from_form(&body);
            let _ = Fields::from_json(&body);
        }

        #[test]
        fn a_json_number_keeps_every_digit(number in "[1-9][0-9]{0,30}\\.[0-9]{1,30}") {
            let fields = Fields::from_json(format!(r#"{{"amount":{number}}}"#).as_bytes()).unwrap();
            prop_assert_eq!(fields.get("amount"), number);
        }
    }
}
