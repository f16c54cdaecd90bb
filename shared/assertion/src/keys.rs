//! The ids of the KMS keys that sign assertions and whose public keys are served.

use std::str::FromStr;

/// One or two KMS keys. The first one signs; the public keys of all are served. There are two during a rotation.
///
/// ```
/// let keys: assertion::KeyIds =
///     "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab, 9876fedc".parse()?;
/// let kids: Vec<_> = keys.published().map(|key| key.kid()).collect();
/// assert_eq!(kids, ["1234abcd-12ab-34cd-56ef-1234567890ab", "9876fedc"]);
/// # Ok::<(), assertion::BadKeyIds>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyIds {
    signing: KeyId,
    other: Option<KeyId>,
}

/// Id or ARN of a KMS key. Never an alias: an alias can be moved to another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyId(String);

/// The text does not name one or two keys.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one or two different KMS key ids or ARNs, separated by a comma; aliases are not allowed")]
pub struct BadKeyIds;

impl KeyIds {
    /// The key that signs.
    pub fn signing(&self) -> &KeyId {
        &self.signing
    }

    /// All keys whose signatures receivers accept.
    pub fn published(&self) -> impl Iterator<Item = &KeyId> {
        std::iter::once(&self.signing).chain(&self.other)
    }
}

impl KeyId {
    /// The id or ARN as it was configured, for calls to KMS.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The `kid` of signatures and of the public key: the bare key id, without region and account.
    pub fn kid(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl FromStr for KeyIds {
    type Err = BadKeyIds;

    fn from_str(text: &str) -> Result<Self, BadKeyIds> {
        let mut ids = text.split(',').map(|id| id.trim().parse());
        let signing: KeyId = ids.next().ok_or(BadKeyIds)??;
        let other: Option<KeyId> = ids.next().transpose()?;
        let repeated = other.as_ref().is_some_and(|other| other.kid() == signing.kid());
        if repeated || ids.next().is_some() {
            return Err(BadKeyIds);
        }
        Ok(Self { signing, other })
    }
}

impl FromStr for KeyId {
    type Err = BadKeyIds;

    fn from_str(text: &str) -> Result<Self, BadKeyIds> {
        let id = match text.split_once(":key/") {
            Some((arn, id)) if arn.starts_with("arn:") && arn.contains(":kms:") => id,
            Some(_) => return Err(BadKeyIds),
            None => text,
        };
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if id.is_empty() || !id.bytes().all(is_allowed) {
            return Err(BadKeyIds);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_signs_and_all_are_published() {
        let keys: KeyIds = "key-a,key-b".parse().unwrap();
        assert_eq!(keys.signing().kid(), "key-a");
        assert_eq!(keys.published().count(), 2);
        let keys: KeyIds = "key-a".parse().unwrap();
        assert_eq!(keys.published().count(), 1);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            ",",
            "a,",
            "a,b,c",
            "a,a",
            "arn:aws:kms:eu-west-1:1:key/a,a",
            "alias/a",
            "arn:aws:kms:eu-west-1:1:alias/a",
            "arn:aws:s3:::key/a",
            "key/a",
            "a b",
        ] {
            assert_eq!(text.parse::<KeyIds>(), Err(BadKeyIds), "{text}");
        }
    }
}
