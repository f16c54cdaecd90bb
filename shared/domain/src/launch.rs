//! The launch parameters that cTrader puts into the URL of a screen, as they are kept.

use serde::{Deserialize, Serialize};

/// `source`: the cTrader application that opened the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// cTrader Web.
    Web,
    /// cTrader Mobile for Android.
    Android,
    /// cTrader Mobile for iOS.
    #[serde(rename = "iOS")]
    Ios,
    /// cTrader Mac.
    MacOS,
    /// cTrader Windows.
    Desktop,
    /// As the specification's own example has it.
    Mobile,
}

impl Source {
    /// As cTrader spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "Web",
            Self::Android => "Android",
            Self::Ios => "iOS",
            Self::MacOS => "MacOS",
            Self::Desktop => "Desktop",
            Self::Mobile => "Mobile",
        }
    }
}

/// `theme`: how the application around the screen looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The launch parameters, checked. Serializes to the `launch` object of the JSON answer, absent values left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Launch {
    /// The trading account that the trader acts on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<i64>,
    /// Two-letter language code of the device, in lower case, or `zh-Hant`; not necessarily one that the broker supports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Light or dark; absent: as the device prefers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// The application that opened the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Which custom action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_type: Option<String>,
    /// Which KYC procedure; the broker's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kyc_type: Option<String>,
}

/// Marketing attribution: `utm_*` and `gclid`, by name. It travels in a cookie with the session, so it is capped: values
/// are cut to 128 characters, and what makes it longer than 1,000 bytes in all is left out.
pub type Attribution = std::collections::BTreeMap<String, String>;
