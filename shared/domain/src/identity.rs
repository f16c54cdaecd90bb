//! The trader's identity, from cTrader.

use serde::{Deserialize, Serialize};

use crate::{BrokerName, ProvenLogin};

/// A trader whom cTrader identified. Serializes to the `identity` object of the JSON answer, without absent values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// cTrader's id of the user.
    pub user_id: i64,
    /// cTrader's internal id of the account. Not a login.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trader_id: Option<i64>,
    /// cTrader's `accountId`. No document says which number of the account it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_id: Option<i64>,
    /// The broker's name, as cTrader gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub broker_name: Option<BrokerName>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// The trading account's login, once it is proven. Every call under `/v2/webserv/` takes this number and no other.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trading_login: Option<ProvenLogin>,
}
