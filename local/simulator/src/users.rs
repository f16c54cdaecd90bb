//! The simulated users: one for each case that a broker's screens must handle.

use serde::Serialize;

use crate::accounts::BalanceChange;
use crate::behaviour::{AccountNumber, Behaviour};
use crate::tokens::Identity;

/// A trader who is logged in to the simulated terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The name that tests and the page use to choose the user.
    pub id: &'static str,
    /// The trader's name. The broker does not learn it from cTrader.
    pub name: &'static str,
    /// The case that this user stands for.
    pub case: &'static str,
    /// `userId` at cTrader.
    pub user_id: u64,
    /// `brokerName`.
    pub broker_name: String,
    /// The e-mail address, if the broker learns it from cTrader.
    pub email: Option<&'static str>,
    /// The trading accounts.
    pub accounts: Vec<Account>,
}

/// A trading account of a simulated user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The login: `tradingLogin` in cTrader's answers, `account` in the screen's URL.
    pub login: u64,
    /// `traderId`: the server's internal id.
    pub trader_id: u64,
    /// `ctidTraderAccountId`: the link between user and account.
    pub ctid: u64,
    /// Currency of the account, as cTrader's `depositCurrency`.
    pub currency: &'static str,
    /// Digits after the point of the currency, as cTrader's `moneyDigits`.
    pub money_digits: u32,
    /// Balance in 10^-`money_digits` of the currency.
    pub balance: u64,
    /// Bonuses that cannot be withdrawn, in the same unit.
    pub bonus: u64,
    /// The changes of the balance, oldest first.
    pub history: Vec<BalanceChange>,
}

impl User {
    /// The identity that cTrader returns: with the given account if it belongs to the user, else with the user's
    /// first.
    pub(crate) fn identity(&self, account: Option<u64>, behaviour: &Behaviour) -> Identity {
        let account = self
            .accounts
            .iter()
            .find(|known| account.is_none_or(|wanted| wanted == known.login))
            .or_else(|| self.accounts.first());
        let email = self.email.filter(|_| behaviour.email);
        Identity {
            user_id: Some(self.user_id),
            trader_id: account.map(|account| account.trader_id),
            broker_name: Some(self.broker_name.clone()),
            account_id: account.map(|account| match behaviour.account_id {
                AccountNumber::Login => account.login,
                AccountNumber::TraderId => account.trader_id,
                AccountNumber::Ctid => account.ctid,
            }),
            email: email.map(str::to_owned),
            trading_login: account
                .map(|account| account.login)
                .filter(|_| behaviour.trading_login),
        }
    }
}

/// All simulated users with their initial balances: the broker's, and one of another broker.
pub(crate) fn all(broker_name: &str) -> Vec<User> {
    let user = |id, name, case, number: u64, email, accounts: Vec<Account>| User {
        id,
        name,
        case,
        user_id: number,
        broker_name: broker_name.to_owned(),
        email,
        accounts,
    };
    vec![
        user(
            "ada",
            "Ada Marlow",
            "one account",
            501,
            Some("ada.marlow@example.com"),
            vec![account(1_000_501, "EUR", 1_248_050)],
        ),
        user(
            "bruno",
            "Bruno Castellanos",
            "two accounts",
            502,
            Some("bruno@example.com"),
            vec![
                account(1_000_502, "USD", 530_000),
                account(1_000_602, "EUR", 98_475),
            ],
        ),
        user(
            "chloe",
            "Chloé Lambert",
            "no e-mail",
            503,
            None,
            vec![account(1_000_503, "GBP", 341_222)],
        ),
        user(
            "dina",
            "Dina Haddad",
            "no account",
            504,
            Some("dina@example.com"),
            vec![],
        ),
        user(
            "kenji",
            "Kenji Mori",
            "an account without decimals",
            506,
            Some("kenji.mori@example.com"),
            vec![Account {
                money_digits: 0,
                ..account(1_000_506, "JPY", 1_850_000)
            }],
        ),
        User {
            broker_name: format!("not-{broker_name}"),
            ..user(
                "emil",
                "Emil Novak",
                "of another broker",
                905,
                Some("emil@example.com"),
                vec![account(2_000_905, "EUR", 770_010)],
            )
        },
    ]
}

/// The user with this id.
pub(crate) fn find(broker_name: &str, id: &str) -> Option<User> {
    all(broker_name).into_iter().find(|user| user.id == id)
}

fn account(login: u64, currency: &'static str, balance: u64) -> Account {
    Account {
        login,
        trader_id: login % 100_000 + 70_000,
        ctid: login + 89_000_000,
        currency,
        money_digits: 2,
        balance,
        bonus: 0,
        history: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_has_the_chosen_account() {
        let bruno = find("demobroker", "bruno").unwrap();
        assert_eq!(
            bruno.identity(Some(1_000_602), &Behaviour::default()).account_id,
            Some(1_000_602)
        );
        assert_eq!(
            bruno.identity(None, &Behaviour::default()).account_id,
            Some(1_000_502)
        );
    }

    #[test]
    fn an_account_of_another_user_is_not_granted() {
        let bruno = find("demobroker", "bruno").unwrap();
        assert_eq!(
            bruno.identity(Some(1_000_501), &Behaviour::default()).account_id,
            Some(1_000_502)
        );
    }

    #[test]
    fn the_numbers_of_all_accounts_differ() {
        let users = all("demobroker");
        let accounts = users.iter().flat_map(|user| &user.accounts);
        let numbers: Vec<u64> = accounts
            .flat_map(|account| [account.login, account.trader_id, account.ctid])
            .collect();
        let distinct: std::collections::BTreeSet<&u64> = numbers.iter().collect();
        assert_eq!(distinct.len(), numbers.len(), "{numbers:?}");
    }

    #[test]
    fn one_user_belongs_to_another_broker() {
        let emil = find("demobroker", "emil").unwrap();
        assert_eq!(emil.broker_name, "not-demobroker");
    }
}
