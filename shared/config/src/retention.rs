//! `[retention]`: how long records are kept.

use domain::ScreenKind;

use crate::{
    read::{Section, Table},
    values::BoundedInteger,
};

/// How many days the requests of each screen are kept, counted from the submit. Deposits are kept for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    kyc: u32,
    chat: u32,
    actions: u32,
}

impl Default for Retention {
    /// Five years for what money-laundering law is about, two for messages to support.
    fn default() -> Self {
        Self {
            kyc: 1_825,
            chat: 730,
            actions: 1_825,
        }
    }
}

impl Retention {
    /// The days for the records of this screen; `None` if they are kept for ever.
    pub fn days(&self, screen: ScreenKind) -> Option<u32> {
        match screen {
            ScreenKind::Deposit => None,
            ScreenKind::Kyc => Some(self.kyc),
            ScreenKind::Custom => Some(self.actions),
            ScreenKind::Support => Some(self.chat),
        }
    }
}

/// From a month to a century.
type Days = BoundedInteger<30, 36_500>;

impl Section for Retention {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let default = Self::default();
        let kyc: Option<Days> = table.optional(
            "kyc_days",
            "Days to keep identity forms. Default: 1825, five years.",
        );
        let chat: Option<Days> =
            table.optional("chat_days", "Days to keep messages to support. Default: 730.");
        let actions: Option<Days> = table.optional(
            "action_days",
            "Days to keep requests of custom actions. Default: 1825, because withdrawals are among them.",
        );
        Some(Self {
            kyc: kyc.map_or(default.kyc, |days| days.0),
            chat: chat.map_or(default.chat, |days| days.0),
            actions: actions.map_or(default.actions, |days| days.0),
        })
    }
}
