//! The id of a record.

use std::{fmt, str::FromStr};

use aws_lc_rs::rand;
use serde::{Deserialize, Serialize};

/// The id of a record, such as a request or a deposit: 26 characters of Crockford's base32. 128 of its 130 bits
/// are random, so ids cannot be guessed.
///
/// The id is made together with the form, and the record keeps it however often the form is submitted. A
/// deposit's id is also the payment provider's `depositId` and cTrader's `externalId`.
///
/// ```
/// use domain::RecordId;
///
/// let id: RecordId = "0123456789ABCDEFGHJKMNPQRS".parse()?;
/// assert_eq!(id.reference(), "01234-56789");
/// assert!("0123456789ABCDEFGHIJKLMNOP".parse::<RecordId>().is_err());
/// # Ok::<(), domain::BadRecordId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RecordId(String);

/// Crockford's base32: no I, L, O or U, so a reference can be read out on the telephone.
const BASE32: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RecordId {
    /// Length in characters.
    const LENGTH: usize = 26;

    /// A new random id.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 16];
        rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
        let mut bits = u128::from_be_bytes(bytes);
        let mut text = String::with_capacity(Self::LENGTH);
        for _ in 0..Self::LENGTH {
            text.push(char::from(BASE32[(bits & 31) as usize]));
            bits >>= 5;
        }
        Ok(Self(text))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reference that the trader sees and the broker's support looks up: the first ten characters, as
    /// `XXXXX-XXXXX`.
    pub fn reference(&self) -> String {
        let (head, tail) = self.0.split_at(5);
        format!("{head}-{}", &tail[..5])
    }
}

/// The operating system provides no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random numbers")]
pub struct NoRandomness;

/// The text is not a [`RecordId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 26 characters of 0-9 and A-Z without I, L, O and U")]
pub struct BadRecordId;

impl FromStr for RecordId {
    type Err = BadRecordId;

    fn from_str(text: &str) -> Result<Self, BadRecordId> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for RecordId {
    type Error = BadRecordId;

    fn try_from(text: String) -> Result<Self, BadRecordId> {
        let fine = text.len() == Self::LENGTH && text.bytes().all(|byte| BASE32.contains(&byte));
        if fine { Ok(Self(text)) } else { Err(BadRecordId) }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_random_id_reads_as_one() {
        let id = RecordId::random().unwrap();
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_ne!(RecordId::random().unwrap(), id);
        assert_eq!(id.reference().len(), 11);
    }

    #[test]
    fn what_is_no_id_is_not_read_as_one() {
        assert!(serde_json::from_str::<RecordId>(r#""../../secret""#).is_err());
        for text in ["", "0123456789abcdefghjkmnpqrs", "0123456789ABCDEFGHJKMNPQRST"] {
            assert_eq!(text.parse::<RecordId>(), Err(BadRecordId), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<RecordId>() {
                prop_assert_eq!(id.as_str(), text);
                prop_assert_eq!(id.reference().len(), 11);
            }
        }
    }
}
