//! The money on the trading accounts: balances and their histories.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::lock;
use crate::users::{Account, User};

/// `balanceHistoryId` of the first change.
const FIRST_ID: i64 = 6_340_680;

/// The kind of a balance change: `type` of changebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeType {
    /// Adds money.
    Deposit,
    /// Takes money.
    Withdraw,
    /// Adds a bonus, which is not part of the balance and cannot be withdrawn.
    DepositNonwithdrawableBonus,
    /// Takes such a bonus back.
    WithdrawNonwithdrawableBonus,
}

/// A change of an account's balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceChange {
    /// `balanceHistoryId`: unique.
    pub id: i64,
    /// The kind of change.
    #[serde(rename = "type")]
    pub kind: ChangeType,
    /// A positive decimal with all digits of the currency: `250.00`.
    pub amount: String,
    /// The caller's own id. cTrader does not check that it is unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// A note for the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_note: Option<String>,
    /// A note for the broker's managers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A request to change a balance.
pub(crate) struct ChangeRequest {
    pub(crate) kind: ChangeType,
    pub(crate) amount: Decimal,
    pub(crate) external_id: Option<String>,
    pub(crate) external_note: Option<String>,
    pub(crate) comment: Option<String>,
}

/// Why a balance was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeError {
    NoSuchAccount,
    BadAmount,
    NotEnoughMoney,
}

/// A change that was applied, and the account afterwards.
#[derive(Debug)]
pub(crate) struct AppliedChange {
    pub(crate) change: BalanceChange,
    pub(crate) account: Account,
    /// Whether the account had a change with this `externalId` before.
    pub(crate) again: bool,
}

/// All accounts of all users.
pub(crate) struct Accounts(Mutex<AccountBook>);

struct AccountBook {
    accounts: BTreeMap<u64, Account>,
    next_id: i64,
}

impl Accounts {
    pub(crate) fn new(users: &[User]) -> Self {
        let accounts = users.iter().flat_map(|user| &user.accounts);
        Self(Mutex::new(AccountBook {
            accounts: accounts.map(|account| (account.login, account.clone())).collect(),
            next_id: FIRST_ID,
        }))
    }

    /// The present state of an account.
    pub(crate) fn find(&self, login: u64) -> Option<Account> {
        lock(&self.0).accounts.get(&login).cloned()
    }

    /// Changes a balance. Like the real cTrader, applies a repeated `externalId` again.
    pub(crate) fn change(&self, login: u64, request: ChangeRequest) -> Result<AppliedChange, ChangeError> {
        let mut book = lock(&self.0);
        let id = book.next_id;
        let account = book.accounts.get_mut(&login).ok_or(ChangeError::NoSuchAccount)?;
        let minor = minor_units(request.amount, account.money_digits).ok_or(ChangeError::BadAmount)?;
        let total = match request.kind {
            ChangeType::Deposit | ChangeType::Withdraw => &mut account.balance,
            _ => &mut account.bonus,
        };
        *total = match request.kind {
            ChangeType::Deposit | ChangeType::DepositNonwithdrawableBonus => {
                total.checked_add(minor).ok_or(ChangeError::BadAmount)?
            }
            _ => total.checked_sub(minor).ok_or(ChangeError::NotEnoughMoney)?,
        };
        let change = BalanceChange {
            id,
            kind: request.kind,
            amount: decimal(minor, account.money_digits),
            external_id: request.external_id,
            external_note: request.external_note,
            comment: request.comment,
        };
        let again = change.external_id.is_some()
            && account
                .history
                .iter()
                .any(|earlier| earlier.external_id == change.external_id);
        account.history.push(change.clone());
        let account = account.clone();
        book.next_id += 1;
        Ok(AppliedChange {
            change,
            account,
            again,
        })
    }
}

/// Converts an amount to units of 10^-`digits`. `None` if it is not positive, has more digits or is too large.
fn minor_units(amount: Decimal, digits: u32) -> Option<u64> {
    let mut exact = amount;
    exact.rescale(digits);
    let is_exact = exact == amount && exact.scale() == digits;
    u64::try_from(exact.mantissa())
        .ok()
        .filter(|minor| is_exact && *minor > 0)
}

/// Formats an amount with all digits of its currency.
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
