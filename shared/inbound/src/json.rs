//! JSON in which no object has a member twice.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

/// Reads JSON. Refuses an object, at any depth, that has a member twice: of the two values one program takes the
/// first and another one the last, so they would disagree about what was sent (RFC 8259, section 4).
///
/// ```
/// use std::collections::BTreeMap;
///
/// assert!(inbound::from_json::<BTreeMap<String, u32>>(br#"{"amount": 10}"#).is_ok());
/// assert!(inbound::from_json::<BTreeMap<String, u32>>(br#"{"amount": 10, "amount": 20}"#).is_err());
/// ```
///
/// A byte order mark before the JSON is ignored, as RFC 8259, section 8.1, allows: some platforms write one.
///
/// # Errors
/// The body is not JSON, has a member twice, or is not a `T`.
pub fn from_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> serde_json::Result<T> {
    let body = without_byte_order_mark(body);
    serde_json::from_slice::<NoRepeatedMember>(body)?;
    serde_json::from_slice(body)
}

/// The body without a byte order mark of UTF-8 at its beginning.
pub fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

/// Any JSON value in which no object has a member twice.
struct NoRepeatedMember;

impl<'de> Deserialize<'de> for NoRepeatedMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NoRepeatedMember)
    }
}

impl<'de> Visitor<'de> for NoRepeatedMember {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        // Two names are the same if they are so after unescaping: "a" and "\u0061".
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a member is there twice"));
            }
            members.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self, A::Error> {
        while elements.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_object_with_a_member_twice_is_refused_at_any_depth() {
        for body in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"":null,"":null}"#,
            r#"{"data":{"amount":"1","amount":"2"}}"#,
            r#"[[{"x":{"y":[{"z":1,"z":2}]}}]]"#,
        ] {
            assert!(from_json::<Value>(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_name_may_occur_again_in_another_object_and_in_another_spelling() {
        for body in [
            r#"{"a":{"a":{"a":1}},"A":2,"a ":3}"#,
            r#"[{"a":1},{"a":2}]"#,
            r#"{"a":[1,-1,1.5,1e30,true,null,"x"]}"#,
        ] {
            assert!(from_json::<Value>(body.as_bytes()).is_ok(), "{body}");
        }
    }

    #[test]
    fn one_byte_order_mark_at_the_beginning_is_ignored() {
        let read = |body: &str| from_json::<Value>(body.as_bytes()).ok();
        assert_eq!(read("\u{feff}{\"a\":1}"), read("{\"a\":1}"));
        assert_eq!(
            read("{\"a\":\"\u{feff}\"}").unwrap()["a"],
            "\u{feff}",
            "in a text it stays"
        );
        for body in [
            "\u{feff}",
            "\u{feff}\u{feff}{}",
            "{}\u{feff}",
            "\u{feff}{\"a\":1,\"a\":1}",
        ] {
            assert_eq!(read(body), None, "{body:?}");
        }
    }

    #[test]
    fn the_error_does_not_quote_the_body() {
        let error = from_json::<Value>(br#"{"secret":1,"secret":2}"#).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = from_json::<Value>(&body);
        }

        #[test]
        fn json_without_repeated_members_reads_as_before(names in proptest::collection::hash_set("\\PC{0,6}", 0..9)) {
            let object: Value = names.iter().map(|name| (name.clone(), Value::from(name.len()))).collect();
            let body = serde_json::json!([object, { "in": object }]).to_string();
            prop_assert_eq!(from_json::<Value>(body.as_bytes()).unwrap(), serde_json::from_str::<Value>(&body).unwrap());
        }
    }
}
