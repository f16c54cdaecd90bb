//! Who acts on records at the broker.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A person or program of the broker who acts on records: the ARN that AWS gives the caller of a signed request.
///
/// The ARN of an assumed role ends with a session name, which whoever assumes the role can choose. It is kept to be
/// shown, and does not count when two principals are [compared](Self::is_same_as).
///
/// ```
/// use domain::Principal;
///
/// let principal = |arn: &str| Principal::try_from(arn.to_owned());
/// let olga = principal("arn:aws:sts::123456789012:assumed-role/Operators/olga")?;
/// assert!(olga.is_same_as(&principal("arn:aws:sts::123456789012:assumed-role/Operators/igor")?));
/// assert!(!olga.is_same_as(&principal("arn:aws:iam::123456789012:user/igor")?));
/// # Ok::<(), domain::BadPrincipal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Principal(String);

/// The text is not the ARN of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the ARN of an IAM user, an assumed role, a federated user or an account's root")]
pub struct BadPrincipal;

impl Principal {
    /// Maximum length in bytes. AWS's own limits for paths and names add up to less.
    const MAX_LENGTH: usize = 700;

    /// The ARN, with the session name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are certainly not two people. Two sessions of one role are the same principal, because whoever
    /// assumes a role chooses the session's name. For the same reason all federated users of an account are the same.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.without_chosen_name() == other.without_chosen_name()
    }

    fn without_chosen_name(&self) -> &str {
        let kinds = [":assumed-role/", ":federated-user/"];
        match self.0.rsplit_once('/') {
            Some((unchosen, _)) if kinds.iter().any(|kind| self.0.contains(kind)) => unchosen,
            _ => &self.0,
        }
    }
}

impl TryFrom<String> for Principal {
    type Error = BadPrincipal;

    fn try_from(arn: String) -> Result<Self, BadPrincipal> {
        let printable = arn.bytes().all(|byte| byte.is_ascii_graphic());
        if arn.len() <= Self::MAX_LENGTH && printable && is_caller(&arn) {
            Ok(Self(arn))
        } else {
            Err(BadPrincipal)
        }
    }
}

/// Whether it is `arn:PARTITION:iam|sts::ACCOUNT:RESOURCE`, with a resource that can call.
fn is_caller(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, service, "", account, resource] = parts.as_slice() else {
        return false;
    };
    let names: Vec<&str> = resource.split('/').collect();
    let is_known = matches!(
        (service, names.as_slice()),
        ("iam", ["root"] | ["user", _, ..]) | ("sts", ["assumed-role", _, _] | ["federated-user", _])
    );
    is_known
        && !partition.is_empty()
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && names.iter().all(|name| !name.is_empty())
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn principal(arn: &str) -> Principal {
        Principal::try_from(arn.to_owned()).unwrap()
    }

    #[test]
    fn a_name_that_the_caller_chose_makes_no_second_principal() {
        let role = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Operators_0123456789abcdef";
        let same = [
            (
                format!("{role}/olga@broker.example"),
                format!("{role}/igor@broker.example"),
            ),
            (
                "arn:aws:sts::123456789012:federated-user/olga".to_owned(),
                "arn:aws:sts::123456789012:federated-user/igor".to_owned(),
            ),
        ];
        for (one, other) in same {
            assert!(principal(&one).is_same_as(&principal(&other)), "{one}, {other}");
            assert_eq!(principal(&one).as_str(), one, "the name is kept");
        }
        let different = [
            "arn:aws:sts::123456789012:assumed-role/Operators/olga",
            "arn:aws:sts::123456789012:assumed-role/Managers/olga",
            "arn:aws:sts::210987654321:assumed-role/Operators/olga",
            "arn:aws:iam::123456789012:user/olga",
            "arn:aws:iam::123456789012:user/staff/olga",
            "arn:aws:iam::123456789012:user/staff/igor",
            "arn:aws:iam::123456789012:root",
        ];
        for (index, one) in different.iter().enumerate() {
            for other in &different[..index] {
                assert!(!principal(one).is_same_as(&principal(other)), "{one}, {other}");
            }
        }
    }

    #[test]
    fn what_cannot_call_is_no_principal() {
        for text in [
            "",
            "olga",
            "operator",
            "arn:aws:iam::123456789012:user/",
            "arn:aws:iam::123456789012:role/Operators",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:sts::123456789012:assumed-role/Operators",
            "arn:aws:sts::12345:assumed-role/Operators/olga",
            "arn:aws:sts::123456789012:assumed-role/Operators/ol ga",
            "arn:aws:sts::123456789012:assumed-role/Operators/ol\u{1b}ga",
            "arn:aws:lambda:eu-central-1:123456789012:function:inapp",
        ] {
            assert_eq!(Principal::try_from(text.to_owned()), Err(BadPrincipal), "{text}");
        }
        let long = format!("arn:aws:iam::123456789012:user/{}", "x".repeat(700));
        assert_eq!(Principal::try_from(long), Err(BadPrincipal));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(arn:aws:(iam|sts)::[0-9]{12}:)?\\PC{0,40}") {
            if let Ok(principal) = Principal::try_from(text.clone()) {
                prop_assert!(principal.is_same_as(&principal));
                prop_assert_eq!(principal.as_str(), text);
            }
        }
    }
}
