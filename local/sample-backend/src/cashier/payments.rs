//! The payments of the simulated payment provider.

use std::collections::HashMap;

use jiff::Timestamp;
use reqwest::Url;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::AppState;
use crate::assertions::{Claims, DepositClaims};
use crate::notifier::{PaymentEvent, PaymentEventKind, random};

/// All payments by their ids, and the payment of each deposit.
#[derive(Default)]
pub(crate) struct Payments {
    by_id: HashMap<String, Payment>,
    ids_by_deposit: HashMap<String, String>,
}

/// A payment of a trader.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    /// The provider's id: `providerReference` of the notifications.
    pub(super) id: String,
    pub(super) deposit: DepositClaims,
    pub(super) payee: String,
    /// The e-mail address of the trader whose account is credited.
    pub(super) email: Option<String>,
    pub(super) theme: String,
    pub(super) framed: bool,
    pub(super) state: PaymentState,
    pub(super) started: Timestamp,
}

/// The state of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentState {
    Open,
    /// The trader will pay later.
    Pending,
    Paid,
    Declined,
    /// It was paid, and the payer got the money back.
    Reversed,
}

/// A button of the cashier, or the same command of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Button {
    Approve,
    Decline,
    PayLater,
    PayNow,
    OtherAmount,
    Twice,
    Late,
    OutOfOrder,
    WrongSignature,
    ReturnByPost,
    Abandon,
    FailedTry,
    LateFailedTry,
    Refund,
    ChargeBack,
}

impl Payments {
    /// The payment for the deposit in the claims: the existing one if the trader came before, otherwise a new one.
    /// `None` if the claims cannot be paid.
    pub(super) fn find_or_create(&mut self, app: &AppState, claims: Claims, framed: bool) -> Option<Payment> {
        let deposit = claims.deposit?;
        if !is_payable(&deposit) || !app.notifier.has_secret(&deposit.method) {
            return None;
        }
        if let Some(id) = self.ids_by_deposit.get(&deposit.id) {
            let payment = self.by_id.get_mut(id)?;
            // Only the return URL may differ.
            let expected = DepositClaims {
                return_url: deposit.return_url.clone(),
                ..payment.deposit.clone()
            };
            if expected != deposit {
                return None;
            }
            payment.deposit = deposit;
            payment.framed = framed;
            return Some(payment.clone());
        }
        let payment = Payment {
            id: format!("pay_{}", random()),
            payee: claims.identity.broker_name.unwrap_or_default(),
            email: claims.identity.email,
            theme: claims.launch.theme.unwrap_or_default(),
            framed,
            state: PaymentState::Open,
            started: Timestamp::now(),
            deposit,
        };
        let id = payment.id.clone();
        self.ids_by_deposit.insert(payment.deposit.id.clone(), id.clone());
        self.by_id.insert(id, payment.clone());
        Some(payment)
    }

    pub(super) fn find(&self, id: &str) -> Option<Payment> {
        self.by_id.get(id).cloned()
    }

    pub(super) fn find_by_deposit(&self, deposit: &str) -> Option<Payment> {
        self.by_id.get(self.ids_by_deposit.get(deposit)?).cloned()
    }

    /// Changes the state of a payment. `None` if the button is not possible in this state, so only one of two
    /// simultaneous taps counts.
    pub(super) fn press(&mut self, id: &str, button: Button) -> Option<Payment> {
        let payment = self.by_id.get_mut(id)?;
        let is_of_paid = matches!(
            button,
            Button::Refund | Button::ChargeBack | Button::LateFailedTry
        );
        match payment.state {
            PaymentState::Open | PaymentState::Pending if !is_of_paid => {}
            PaymentState::Paid if is_of_paid => {}
            _ => return None,
        }
        payment.state = match button {
            Button::Refund | Button::ChargeBack => PaymentState::Reversed,
            Button::PayLater => PaymentState::Pending,
            Button::Decline | Button::Abandon => PaymentState::Declined,
            Button::WrongSignature => payment.state,
            _ => PaymentState::Paid,
        };
        Some(payment.clone())
    }
}

fn is_payable(deposit: &DepositClaims) -> bool {
    let amount = deposit.amount.parse::<Decimal>();
    amount.is_ok_and(|amount| amount.is_sign_positive() && !amount.is_zero())
        && Url::parse(&deposit.return_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

impl Payment {
    pub(super) fn path(&self) -> String {
        format!("/cashier/payments/{}", self.id)
    }

    pub(super) fn event(&self, kind: PaymentEventKind) -> PaymentEvent {
        PaymentEvent {
            kind,
            at: Timestamp::now(),
            deposit: self.deposit.id.clone(),
            method: self.deposit.method.clone(),
            amount: self.deposit.amount.clone(),
            currency: self.deposit.currency.clone(),
            reference: Some(self.id.clone()),
            reason: None,
        }
    }

    /// One unit more than the amount, which is possible in every currency.
    pub(super) fn other_amount(&self) -> String {
        let amount: Decimal = self.deposit.amount.parse().unwrap_or_default();
        (amount + Decimal::ONE).to_string()
    }
}
