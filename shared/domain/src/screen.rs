//! The screens that cTrader opens.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One of the screens that cTrader opens, named in its path `/inapp/{screen}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScreenKind {
    /// Deposit: `/inapp/deposit`.
    Deposit,
    /// Verify identity: `/inapp/kyc`.
    Kyc,
    /// A custom action of the broker, which `actionType` names: `/inapp/action`.
    #[serde(rename = "action")]
    Custom,
    /// Support: `/inapp/chat`.
    #[serde(rename = "chat")]
    Support,
}

impl ScreenKind {
    /// All screens.
    pub const ALL: [Self; 4] = [Self::Deposit, Self::Kyc, Self::Custom, Self::Support];

    /// The path segment, which is also the name of the Lambda function: `deposit`, `kyc`, `action` or `chat`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Kyc => "kyc",
            Self::Custom => "action",
            Self::Support => "chat",
        }
    }
}

impl fmt::Display for ScreenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no [`ScreenKind`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be deposit, kyc, action or chat")]
pub struct UnknownScreen;

impl FromStr for ScreenKind {
    type Err = UnknownScreen;

    fn from_str(text: &str) -> Result<Self, UnknownScreen> {
        let mut all = Self::ALL.into_iter();
        all.find(|screen| screen.as_str() == text).ok_or(UnknownScreen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_json_and_text_are_one_name() {
        for screen in ScreenKind::ALL {
            assert_eq!(screen.as_str().parse(), Ok(screen));
            assert_eq!(serde_json::to_value(screen).unwrap(), screen.as_str());
        }
        assert_eq!("custom".parse::<ScreenKind>(), Err(UnknownScreen));
    }
}
