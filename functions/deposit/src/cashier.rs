//! Redirects the trader to the broker's cashier, the page where the trader pays.

use config::Redirect;
use deposits::Deposit;
use domain::{ProvenLogin, RecordId};
use rust_decimal::Decimal;
use serde::Serialize;
use web::{Ask, Failure, Purpose, Response};

use crate::{
    screen::{DepositContext, DepositScreen},
    status,
};

/// The additional claims of an assertion for a cashier.
#[derive(Serialize)]
struct CashierClaims<'a> {
    deposit: DepositClaim<'a>,
}

/// The deposit to pay.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DepositClaim<'a> {
    /// The cashier repeats the id in its notifications.
    id: &'a RecordId,
    /// The trading account to credit.
    account: ProvenLogin,
    /// In units of the currency. A decimal string in JSON.
    amount: Decimal,
    currency: &'a str,
    /// Id of the payment method.
    method: &'a str,
    /// Where the cashier redirects the trader after the payment.
    return_url: String,
}

impl DepositScreen {
    /// Redirects the trader to the cashier with a new assertion. A program gets the URL as JSON.
    pub async fn redirect_to_cashier(
        &self,
        cx: &mut DepositContext<'_>,
        deposit: &Deposit,
        cashier: Redirect<'_>,
        code: &'static str,
    ) -> Result<Response, Failure> {
        let order = &deposit.order;
        let Some(page) = cashier.page(order.broker.as_str()) else {
            return Err(Failure::internal("broker.toml has no cashier for this broker"));
        };
        let Some(redirects) = &self.redirects else {
            return Err(Failure::internal("there is no assertion key"));
        };
        let claims = CashierClaims {
            deposit: DepositClaim {
                id: &deposit.id,
                account: order.login,
                amount: order.money.amount,
                currency: order.money.currency.as_str(),
                method: order.method.as_str(),
                return_url: cx.absolute_url(&cx.subpath_url(deposit.id.as_str())),
            },
        };
        let json = cx.request.prefers_json();
        match redirects.assertion(cx, page, Purpose::Cashier(&claims)).await {
            Ok(assertion) if json => {
                let content = status::created_json(deposit, Some(page.with_assertion(&assertion)));
                Ok(Response::new(201, code, content))
            }
            Ok(assertion) => cx.redirect(code, page.with_assertion(&assertion)),
            Err(failure) if failure.code.is_retryable() && !json => cx.try_again(failure, Ask::Restore),
            Err(failure) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_amount_in_the_claims_is_a_decimal_string() {
        let id = RecordId::random().unwrap();
        let claim = DepositClaim {
            id: &id,
            account: serde_json::from_value(1_000_501.into()).unwrap(),
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
