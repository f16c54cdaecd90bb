//! The attributes of every submitted form: the trader, the launch parameters, the attribution and the time.

use domain::{Attribution, BrokerName, Identity, Launch, ProvenLogin, ScreenKind, Source};
use serde::{Deserialize, Serialize};

use crate::{Moment, Request, schema::RecordKind};

/// The attributes of every submitted form.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Submission {
    #[serde(rename = "action")]
    pub(crate) screen: ScreenKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) action_type: Option<String>,
    pub(crate) reference: String,
    pub(crate) broker: BrokerName,
    user_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    trader_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<i64>,
    /// The proven login, for calls under `/v2/webserv/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    trading_login: Option<ProvenLogin>,
    /// The account in the URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_account: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kyc_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(default, skip_serializing_if = "Attribution::is_empty")]
    pub(crate) attribution: Attribution,
    pub(crate) recorded_at: Moment,
    /// The partition in the index by day.
    day: String,
}

impl Submission {
    /// The attributes of a form that becomes a record of this kind.
    pub(crate) fn new(kind: RecordKind, request: &Request, recorded_at: Moment) -> Self {
        let identity = &request.identity;
        let launch = &request.launch;
        Self {
            screen: request.screen,
            action_type: launch.action_type.clone(),
            reference: request.id.reference(),
            broker: request.broker.clone(),
            user_id: identity.user_id,
            trader_id: identity.trader_id,
            account_id: identity.account_id,
            trading_login: identity.trading_login,
            launch_account: launch.account,
            email: identity.email.clone(),
            kyc_type: launch.kyc_type.clone(),
            lang: launch.lang.clone(),
            source: launch.source,
            attribution: request.attribution.clone(),
            recorded_at,
            day: kind.day(recorded_at.day()),
        }
    }

    /// The trader. The broker's name is the one in `broker.toml`.
    pub(crate) fn identity(&self) -> Identity {
        Identity {
            user_id: self.user_id,
            trader_id: self.trader_id,
            account_id: self.account_id,
            broker_name: Some(self.broker.clone()),
            email: self.email.clone(),
            trading_login: self.trading_login,
        }
    }

    /// The launch parameters, without the theme, which is not stored.
    pub(crate) fn launch(&self) -> Launch {
        Launch {
            account: self.launch_account,
            lang: self.lang.clone(),
            theme: None,
            source: self.source,
            action_type: self.action_type.clone(),
            kyc_type: self.kyc_type.clone(),
        }
    }
}
