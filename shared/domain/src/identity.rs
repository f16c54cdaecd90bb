//! The trader's identity, from cTrader.

use serde::{Deserialize, Serialize};

use crate::BrokerName;

/// A trader whom cTrader identified. Serializes to the `identity` object of the JSON answer, without absent values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// cTrader's id of the user.
    pub user_id: i64,
    /// cTrader's internal id of the account. Not a login.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trader_id: Option<i64>,
    /// The trading account's number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_id: Option<i64>,
    /// The broker's name, as cTrader gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub broker_name: Option<BrokerName>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// The trading account's login.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trading_login: Option<i64>,
}

impl Identity {
    /// The trading login for calls under `/v2/webserv/`: `tradingLogin`, or `accountId` if there is none.
    /// `traderId` is no login, and a login from the URL cannot be trusted.
    ///
    /// ```
    /// # use domain::Identity;
    /// let identity: Identity = serde_json::from_str(r#"{"userId":1,"traderId":2,"accountId":3}"#)?;
    /// assert_eq!(identity.trading_login(), Some(3));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn trading_login(&self) -> Option<i64> {
        self.trading_login.or(self.account_id)
    }

    /// Whether `account`, which a URL names, belongs to this trader.
    pub fn owns(&self, account: i64) -> bool {
        [self.account_id, self.trading_login].contains(&Some(account))
    }
}
