//! Sends the trader on to the broker's cashier, to pay.

use config::Redirect;
use deposits::Deposit;
use domain::RecordId;
use rust_decimal::Decimal;
use serde::Serialize;
use web::{Answer, Ask, Failure};

use crate::{
    screen::{DepositContext, DepositScreen},
    status,
};

/// The claims of an assertion for a cashier, beside who the trader is.
#[derive(Serialize)]
struct CashierClaims<'a> {
    deposit: DepositClaim<'a>,
}

/// What is to be paid.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DepositClaim<'a> {
    /// For the cashier's notifications.
    id: &'a RecordId,
    /// The trading account that will be credited.
    account: i64,
    /// How much, in units of the currency. In JSON a decimal string.
    amount: Decimal,
    currency: &'a str,
    method: &'a str,
    /// Where the cashier sends the trader afterwards.
    return_url: String,
}

impl DepositScreen {
    /// Sends the trader on to the cashier, with a fresh assertion.
    pub async fn to_cashier(
        &self,
        cx: &mut DepositContext<'_>,
        deposit: &Deposit,
        cashier: Redirect<'_>,
        code: &'static str,
    ) -> Result<Answer, Failure> {
        let order = &deposit.order;
        let page = cashier.page(&order.broker);
        let page = page.ok_or_else(|| Failure::internal("broker.toml has no cashier for this broker"))?;
        let redirects = self.redirects.as_ref();
        let redirects = redirects.ok_or_else(|| Failure::internal("there is no assertion key"))?;
        let claims = CashierClaims {
            deposit: DepositClaim {
                id: &deposit.id,
                account: order.login,
                amount: order.amount,
                currency: &order.currency,
                method: &order.method,
                return_url: cx.absolute(&cx.subpath_url(deposit.id.as_str())),
            },
        };
        let json = cx.request.prefers_json();
        match redirects.assertion(cx, page, Some(&claims)).await {
            Ok(assertion) if json => {
                let content = status::created(deposit, Some(page.with_assertion(&assertion)));
                Ok(Answer::new(201, code, content))
            }
            Ok(assertion) => cx.redirect(code, page.with_assertion(&assertion)),
            Err(failure) if failure.code.worth_retrying() && !json => cx.try_again(failure, Ask::Restore),
            Err(failure) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposits_amount_is_a_decimal_string() {
        let id = RecordId::random().unwrap();
        let claim = DepositClaim {
            id: &id,
            account: 1_000_501,
            amount: "250.50".parse().unwrap(),
            currency: "EUR",
            method: "card",
            return_url: "https://screens.broker.example/inapp/deposit/D1".into(),
        };
        let json = serde_json::to_value(CashierClaims { deposit: claim }).unwrap();
        assert_eq!(json["deposit"]["id"], id.as_str());
        assert_eq!(json["deposit"]["amount"], "250.50");
        assert_eq!(
            json["deposit"]["returnUrl"],
            "https://screens.broker.example/inapp/deposit/D1"
        );
    }
}
