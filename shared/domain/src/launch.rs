//! The launch parameters that cTrader puts into the URL of a screen, after they were checked.

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
    /// In the specification's example, though not in its list of values.
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

/// The checked launch parameters. Serializes to the `launch` object of the JSON answer, without absent values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Launch {
    /// The trading account that the trader acts on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<i64>,
    /// Language of the device: a two-letter code in lower case, or `zh-Hant`. The broker may not support it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Light or dark. If absent, the page follows the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// The application that opened the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The id of a custom action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_type: Option<String>,
    /// The KYC procedure, by the broker's own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kyc_type: Option<String>,
}

/// Marketing attribution: the parameters `utm_*` and `gclid`, by name. It travels in the session's cookie, so
/// its size is limited: each value is cut to 128 characters, and values beyond 1,000 bytes in all are left out.
pub type Attribution = std::collections::BTreeMap<String, String>;
