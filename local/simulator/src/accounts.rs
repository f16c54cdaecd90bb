//! The money on the trading accounts: balances, and the history of how they came about.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::locked;
use crate::users::{Account, User};

/// `balanceHistoryId` of the first change.
const FIRST_ID: i64 = 6_340_680;

/// What a change of balance is: `type` of changebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeType {
    /// Money in.
    Deposit,
    /// Money out.
    Withdraw,
    /// A bonus that cannot be paid out, beside the balance.
    DepositNonwithdrawableBonus,
    /// Such a bonus is taken back.
    WithdrawNonwithdrawableBonus,
}

/// A change of an account's balance that has happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceChange {
    /// `balanceHistoryId`: no other change has it.
    pub id: i64,
    /// What it was.
    #[serde(rename = "type")]
    pub kind: ChangeType,
    /// How much, a positive decimal with all digits of the currency: `250.00`.
    pub amount: String,
    /// The caller's own id of it. Nobody looks whether it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What the trader is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_note: Option<String>,
    /// What the broker's managers are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A change of balance that is asked for.
pub(crate) struct Order {
    pub(crate) kind: ChangeType,
    pub(crate) amount: Decimal,
    pub(crate) external_id: Option<String>,
    pub(crate) external_note: Option<String>,
    pub(crate) comment: Option<String>,
}

/// Why a balance is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoSuchAccount,
    BadAmount,
    NotEnoughMoney,
}

/// A change that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) change: BalanceChange,
    pub(crate) account: Account,
    /// A change with this `externalId` was made to this account before.
    pub(crate) again: bool,
}

/// All accounts of all users.
pub(crate) struct Accounts(Mutex<Books>);

struct Books {
    accounts: BTreeMap<u64, Account>,
    next_id: i64,
}

impl Accounts {
    pub(crate) fn of(users: &[User]) -> Self {
        let accounts = users.iter().flat_map(|user| &user.accounts);
        Self(Mutex::new(Books {
            accounts: accounts.map(|account| (account.login, account.clone())).collect(),
            next_id: FIRST_ID,
        }))
    }

    /// The account as it is now.
    pub(crate) fn find(&self, login: u64) -> Option<Account> {
        locked(&self.0).accounts.get(&login).cloned()
    }

    /// Changes a balance, each time that it is asked to: like the real cTrader, it does not know a repeat by its
    /// `externalId`.
    pub(crate) fn change(&self, login: u64, order: Order) -> Result<Made, Refusal> {
        let mut books = locked(&self.0);
        let id = books.next_id;
        let account = books.accounts.get_mut(&login).ok_or(Refusal::NoSuchAccount)?;
        let minor = minor_units(order.amount, account.money_digits).ok_or(Refusal::BadAmount)?;
        let pot = match order.kind {
            ChangeType::Deposit | ChangeType::Withdraw => &mut account.balance,
            _ => &mut account.bonus,
        };
        *pot = match order.kind {
            ChangeType::Deposit | ChangeType::DepositNonwithdrawableBonus => {
                pot.checked_add(minor).ok_or(Refusal::BadAmount)?
            }
            _ => pot.checked_sub(minor).ok_or(Refusal::NotEnoughMoney)?,
        };
        let change = BalanceChange {
            id,
            kind: order.kind,
            amount: decimal(minor, account.money_digits),
            external_id: order.external_id,
            external_note: order.external_note,
            comment: order.comment,
        };
        let again = change.external_id.is_some()
            && account
                .history
                .iter()
                .any(|earlier| earlier.external_id == change.external_id);
        account.history.push(change.clone());
        let account = account.clone();
        books.next_id += 1;
        Ok(Made {
            change,
            account,
            again,
        })
    }
}

/// A positive amount of a currency in 10^-`digits` of it; `None` if it is not positive, has more digits or is too large.
fn minor_units(amount: Decimal, digits: u32) -> Option<u64> {
    let mut exact = amount;
    exact.rescale(digits);
    let whole = exact == amount && exact.scale() == digits;
    u64::try_from(exact.mantissa())
        .ok()
        .filter(|minor| whole && *minor > 0)
}

/// Money as text, with all digits of its currency.
pub(crate) fn decimal(minor: u64, digits: u32) -> String {
    Decimal::from_i128_with_scale(minor.into(), digits).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(amount: &str, digits: u32) -> Option<u64> {
        minor_units(amount.parse().unwrap(), digits)
    }

    #[test]
    fn an_amount_has_at_most_the_digits_of_its_currency() {
        assert_eq!(units("250", 2), Some(25_000));
        assert_eq!(units("0.01", 2), Some(1));
        assert_eq!(units("250.5000", 2), Some(25_050));
        assert_eq!(units("250.501", 2), None);
        assert_eq!(units("250.5", 0), None);
        assert_eq!(units("0.00000001", 8), Some(1));
    }

    #[test]
    fn an_amount_is_positive_and_fits() {
        assert_eq!(units("0", 2), None);
        assert_eq!(units("-1", 2), None);
        assert_eq!(units("79228162514264337593543950335", 2), None);
        assert_eq!(units("184467440737095516.15", 2), Some(u64::MAX));
        assert_eq!(units("184467440737095516.16", 2), None);
    }

    #[test]
    fn money_has_all_its_digits() {
        assert_eq!(decimal(25_000, 2), "250.00");
        assert_eq!(decimal(7, 2), "0.07");
        assert_eq!(decimal(7, 0), "7");
    }
}
