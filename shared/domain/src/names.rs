//! Names that programs compare: of brokers and of payment methods.

use std::{borrow::Borrow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A broker's name: cTrader's `brokerName`, compared letter by letter. cTrader chooses the names, so any text
/// can be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrokerName(String);

impl BrokerName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for BrokerName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl From<&str> for BrokerName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl Borrow<str> for BrokerName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for BrokerName {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for BrokerName {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for BrokerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a payment method in `broker.toml`: 1 to 64 letters, digits, `_` or `-`. Forms, records, secrets
/// and the URL of the method's notifications contain it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct MethodId(String);

impl MethodId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a [`MethodId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 64 letters, digits, _ or -")]
pub struct BadMethodId;

impl FromStr for MethodId {
    type Err = BadMethodId;

    fn from_str(text: &str) -> Result<Self, BadMethodId> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for MethodId {
    type Error = BadMethodId;

    fn try_from(text: String) -> Result<Self, BadMethodId> {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(letter) {
            Ok(Self(text))
        } else {
            Err(BadMethodId)
        }
    }
}

impl Borrow<str> for MethodId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MethodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_id_needs_no_encoding_in_a_url() {
        for fine in ["card", "bank_transfer", "SEPA-2", &"a".repeat(64)] {
            assert_eq!(fine.parse::<MethodId>().unwrap().as_str(), fine);
        }
        for bad in ["", "a b", "a/b", "é", "a.b", &"a".repeat(65)] {
            assert_eq!(bad.parse::<MethodId>(), Err(BadMethodId), "{bad}");
            assert!(serde_json::from_value::<MethodId>(bad.into()).is_err());
        }
    }
}
