//! Types of single values. Each checks its value while it is read.

use std::fmt;

use domain::{BrokerName, CurrencyCode, MethodId};
use rust_decimal::Decimal;

use crate::{
    Colour, ExitUrl, FrameAncestor, Logo, Origin,
    read::{Node, Value},
    web_url::{PageAddress, WebUrl},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// Implements `Value` for types with `TryFrom<String>`. The JSON is the schema of the type.
macro_rules! read_as_text {
    ($($type:ty: $schema:tt;)*) => {$(
        impl Value for $type {
            fn read(node: Node<'_>) -> Option<Self> {
                node.parsed()
            }

            #[cfg(any(test, feature = "schema"))]
            fn schema(_: &mut Definitions) -> serde_json::Value {
                let mut schema = serde_json::json!($schema);
                schema["type"] = "string".into();
                schema
            }
        }
    )*};
}

read_as_text! {
    Colour: { "pattern": "^#[0-9a-fA-F]{6}$" };
    CurrencyCode: { "pattern": "^[A-Z0-9]{3,8}$" };
    EventName: { "pattern": "^[A-Za-z][A-Za-z0-9_]{0,39}$" };
    ExitUrl: { "pattern": "^(/([^/]|$)|https://)" };
    FrameAncestor: { "pattern": "^https?://" };
    Id: { "pattern": "^[A-Za-z0-9_-]{1,64}$" };
    Logo: { "pattern": "^\\s*<svg ", "maxLength": 4200 };
    MethodId: { "pattern": "^[A-Za-z0-9_-]{1,64}$" };
    Origin: { "pattern": "^https?://" };
    PageAddress: { "pattern": "^https?://" };
    WebUrl: { "pattern": "^https?://" };
    PlainText: { "pattern": "\\S" };
    Amount: { "pattern": "^[0-9]+(\\.[0-9]+)?$" };
}

/// A text that is not empty, the same for all languages.
pub(crate) struct PlainText(pub(crate) String);

impl TryFrom<String> for PlainText {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() {
            return Err("is empty");
        }
        Ok(Self(text))
    }
}

/// A stable id: 1 to 64 letters, digits, `_` or `-`. Forms and records use it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err("must be 1 to 64 letters, digits, _ or -")
        }
    }
}

/// The name of an event in cTrader Mobile's analytics: 1 to 40 letters, digits or `_`, beginning with a letter. The
/// rule is Firebase's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventName(String);

impl TryFrom<String> for EventName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let begins_with_letter = text.starts_with(|first: char| first.is_ascii_alphabetic());
        if text.len() <= 40 && begins_with_letter && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err("must be 1 to 40 letters, digits or _, beginning with a letter (Firebase's rule)")
        }
    }
}

/// Implements `as_str`, `Display` and comparison with `str` for types that wrap a text.
macro_rules! is_text {
    ($($type:ty),*) => {$(
        impl $type {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $type {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    )*};
}

pub(crate) use is_text;

is_text!(Id, EventName);

/// An amount greater than zero. The section that reads it knows the currency.
pub(crate) struct Amount(pub(crate) Decimal);

impl Amount {
    /// Whether the amount has no more than this number of decimals.
    pub(crate) fn fits_decimals(&self, decimals: u32) -> bool {
        self.0.normalize().scale() <= decimals
    }
}

impl TryFrom<String> for Amount {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let allowed = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        match text.parse().ok().filter(|_| text.bytes().all(allowed)) {
            Some(amount) if amount > Decimal::ZERO => Ok(Self(amount)),
            Some(_) => Err("must be greater than zero"),
            None => Err("must be an amount greater than zero, such as \"10.50\""),
        }
    }
}

/// A whole number within limits.
pub(crate) struct BoundedInteger<const MIN: u32, const MAX: u32>(pub(crate) u32);

impl<const MIN: u32, const MAX: u32> Value for BoundedInteger<MIN, MAX> {
    fn read(node: Node<'_>) -> Option<Self> {
        match node.integer() {
            Some(number) if (MIN..=MAX).contains(&number) => Some(Self(number)),
            _ => node.mistake(format!("must be a whole number from {MIN} to {MAX}")),
        }
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(_: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

impl Value for bool {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(value) = node.boolean() else {
            return node.mistake("must be true or false");
        };
        Some(value)
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(_: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "boolean" })
    }
}

impl Value for BrokerName {
    fn read(node: Node<'_>) -> Option<Self> {
        let name = node
            .text()
            .filter(|name| !name.trim().is_empty() && name.len() <= 64);
        let Some(name) = name else {
            return node.mistake("must be cTrader's brokerName: 1 to 64 bytes");
        };
        Some(name.into())
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(_: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "string", "pattern": "\\S", "maxLength": 64 })
    }
}
