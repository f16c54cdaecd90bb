//! The trading account of the deposit screen: whose it is, and in what money.

use config::Config;
use resolution::Account;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use web::{Ask, Failure, Response};

use crate::screen::{DepositContext, DepositScreen, LOOKUP_TIMEOUT};

/// What the screen keeps of the account in the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountTerms {
    /// cTrader's `depositCurrency`.
    pub currency: String,
    /// How many digits after the point the account's amounts have.
    pub digits: u32,
    /// Whether cTrader named no broker of the account.
    pub unnamed_broker: bool,
}

impl AccountTerms {
    /// # Errors
    /// The account's currency can be deposited, and nobody says how many digits it has: nothing is guessed about money.
    fn new(account: &Account, config: &Config) -> Result<Self, Failure> {
        let code = &account.currency;
        let digits = match (account.digits, config.deposit.currency(code)) {
            (Some(digits), _) => digits,
            (None, Some(currency)) => currency.money_digits.ok_or_else(|| {
                let detail = format!(
                    "cTrader's answer about the account has no moneyDigits, and broker.toml has no `money_digits` of {code} \
                     in [[deposit.currencies]]"
                );
                Failure::set_up_unfinished(detail)
            })?,
            // Nothing can be deposited in this currency.
            (None, None) => 0,
        };
        Ok(Self {
            currency: code.clone(),
            digits,
            unnamed_broker: account.broker.is_none(),
        })
    }
}

impl DepositScreen {
    /// The trader's account, from the session, else from cTrader. One call, which also proves that the account is the
    /// trader's if the token did not.
    pub async fn account(&self, cx: &DepositContext<'_>, deadline: Instant) -> Result<KnownAccount, Failure> {
        let identity = cx.identity();
        if let (Some(_), Some(_)) = (&identity.trading_login, &cx.session.state.account) {
            return Ok(KnownAccount::FromSession);
        }
        let account = self
            .resolver
            .account(
                identity,
                cx.launch().account,
                cx.broker_name(),
                self.secrets.manager_token(),
                deadline,
            )
            .await?;
        let terms = AccountTerms::new(&account, cx.config())?;
        Ok(KnownAccount::LookedUp(account, terms))
    }

    /// For a screen that redirects: proves the account before the trader leaves. `Some` is the response if that fails for
    /// now.
    ///
    /// # Errors
    /// What no later try can change.
    pub async fn settle_account(&self, cx: &mut DepositContext<'_>) -> Result<Option<Response>, Failure> {
        if is_settled(cx) {
            return Ok(None);
        }
        let deadline = cx.request.deadline.min(Instant::now() + LOOKUP_TIMEOUT);
        match self.account(cx, deadline).await {
            Ok(account) => account.keep(cx),
            Err(failure) if !failure.code.is_retryable() => return Err(failure),
            Err(failure) if cx.request.prefers_json() => {
                let response = cx.opened_response()?;
                return Ok(Some(Response {
                    detail: failure.detail,
                    ..response
                }));
            }
            Err(failure) => return cx.try_again(failure, Ask::Restore).map(Some),
        }
        Ok(None)
    }
}

/// Whether the redemption left nothing open about the account: it is the trader's, at a named broker.
pub fn is_settled(cx: &DepositContext<'_>) -> bool {
    let identity = cx.identity();
    identity.trading_login.is_some() && (identity.broker_name.is_some() || cx.session.state.account.is_some())
}

/// The trader's account, proven.
pub enum KnownAccount {
    /// The session has it already.
    FromSession,
    /// cTrader has just described it.
    LookedUp(Account, AccountTerms),
}

impl KnownAccount {
    /// Keeps it in the session.
    pub fn keep(self, cx: &mut DepositContext<'_>) {
        if let Self::LookedUp(account, terms) = self {
            cx.session.identity.trading_login = Some(account.login);
            cx.state().account = Some(terms);
        }
    }
}
