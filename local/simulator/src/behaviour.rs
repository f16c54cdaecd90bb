//! What a real cTrader may do in one way or another, because no document settles it, or because it depends on the plant.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How the simulated cTrader behaves. As JSON, for `POST /sim/behaviour`, absent members take their defaults:
/// `{"accountId":"ctid","tradingLogin":false,"accounts":{"1000501":{"leftOut":["brokerName","moneyDigits"]}}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Behaviour {
    /// Which number of the account `accountId` is, in tokens of simulated users.
    pub account_id: AccountNumber,
    /// Whether the answer about such a token has `tradingLogin`.
    pub trading_login: bool,
    /// Whether the answer about such a token has the e-mail address.
    pub email: bool,
    /// What is special about single accounts, by login.
    pub accounts: BTreeMap<u64, AccountBehaviour>,
}

/// The kinds of numbers of an account. All of them differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountNumber {
    /// The number that the trader sees; the address of the account.
    Login,
    /// The server's internal id.
    TraderId,
    /// `ctidTraderAccountId`.
    Ctid,
}

/// What is special about an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AccountBehaviour {
    /// The fields that its record lacks.
    pub left_out: BTreeSet<TraderField>,
    /// The e-mail address in its record; that of its user if `None`.
    pub email: Option<String>,
    /// The broker in its record; that of its user if `None`.
    pub broker: Option<String>,
    /// Its broker is not on this plant: every call is refused with `CH_BROKER_NOT_FOUND`.
    pub broker_not_found: bool,
}

/// A field of a trader's record that cTrader may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TraderField {
    /// `brokerName`
    BrokerName,
    /// `moneyDigits`
    MoneyDigits,
    /// The content of `contactDetails`, which is `{}` then.
    ContactDetails,
}

impl Default for Behaviour {
    /// `accountId` is the login, and nothing is left out.
    fn default() -> Self {
        Self {
            account_id: AccountNumber::Login,
            trading_login: true,
            email: true,
            accounts: BTreeMap::new(),
        }
    }
}

impl Behaviour {
    /// Sets what is special about an account.
    #[must_use]
    pub fn account(mut self, login: u64, account: AccountBehaviour) -> Self {
        self.accounts.insert(login, account);
        self
    }

    /// What is special about this account.
    pub(crate) fn of_account(&self, login: u64) -> AccountBehaviour {
        self.accounts.get(&login).cloned().unwrap_or_default()
    }
}
