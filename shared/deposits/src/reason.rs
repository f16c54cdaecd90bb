//! Why a deposit has its status.

use std::fmt;

use domain::CurrencyCode;
use serde::{Deserialize, Serialize};

use crate::PaymentEventKind;

/// Why a deposit failed, is in review or unknown, or why its credit was deferred. Its `Display` is for the
/// operator. In the table it is a `code` with data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// cTrader does not show the account now.
    AccountUnavailable {
        /// The failure of the call.
        problem: String,
    },
    /// cTrader has no such account, or refuses to show it.
    AccountRefused {
        /// cTrader's error code.
        error: String,
    },
    /// The account belongs to another broker than the order names.
    AccountOfAnotherBroker,
    /// The account has another currency than the order.
    AccountInAnotherCurrency {
        /// The account's.
        account: String,
        /// The order's.
        order: CurrencyCode,
    },
    /// The order's amount has more digits after the point than the account.
    AccountHasFewerDigits {
        /// The account's.
        digits: u32,
    },
    /// After `crediting` was written it was too late to send the credit.
    CreditNotSentInTime,
    /// cTrader certainly did not apply the credit. Another try may succeed.
    CreditNotDone {
        /// The failure of the call.
        problem: String,
    },
    /// cTrader refuses the credit.
    CreditRefused {
        /// cTrader's error code.
        error: String,
    },
    /// No usable answer came: cTrader may have applied the credit.
    CreditUnanswered {
        /// The failure of the call.
        problem: String,
    },
    /// The function that sent the credit did not record the outcome.
    CreditOutcomeNotRecorded,
    /// The credit was deferred too often.
    DeferredTooOften {
        /// How often.
        deferrals: u32,
        /// The reason of the last deferral.
        last: Box<Reason>,
    },
    /// No function that learns of payments has recorded the payment that the deposit names.
    PaymentNotRecorded,
    /// The provider has another amount or currency than the order.
    PaidOtherwise,
    /// The provider reported a second payment.
    PaidMoreThanOnce,
    /// The provider reported the payment after its reversal.
    PaidAfterReversal,
    /// The provider reported the same payment again, later than its reversal.
    PaidAgainAfterReversal,
    /// The payment is older than the last failure, so it may have been taken back.
    PaidBeforeFailure,
    /// The payment was reported after an operator had decided.
    PaidAfterDecision,
    /// The provider took the payment back.
    Reversed {
        /// The kind of event that reversed it.
        by: PaymentEventKind,
        /// Whether it was paid again afterwards.
        paid_again: bool,
    },
    /// The provider took another payment back than the recorded one.
    OtherPaymentReversed {
        /// The kind of event that reversed it.
        by: PaymentEventKind,
    },
    /// The provider's reason for a failure.
    Provider {
        /// The provider's words.
        text: String,
    },
    /// An operator's reason for a decision.
    Operator {
        /// The operator's words.
        text: String,
    },
}

impl Reason {
    /// Whether it quotes text of a person. Such text may name people, so it is not logged.
    pub const fn quotes_people(&self) -> bool {
        matches!(self, Self::Provider { .. } | Self::Operator { .. })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountUnavailable { problem }
            | Self::CreditNotDone { problem }
            | Self::CreditUnanswered { problem } => f.write_str(problem),
            Self::AccountRefused { error } => write!(f, "cTrader answered {error}"),
            Self::AccountOfAnotherBroker => f.write_str("the account is of another broker"),
            Self::AccountInAnotherCurrency { account, order } => {
                write!(f, "the account is in {account}, the deposit in {order}")
            }
            Self::AccountHasFewerDigits { digits } => {
                write!(f, "the account has {digits} digits after the point")
            }
            Self::CreditNotSentInTime => f.write_str("too much time passed before it could be sent"),
            Self::CreditRefused { error } => write!(f, "cTrader refused the credit: {error}"),
            Self::CreditOutcomeNotRecorded => f.write_str("nobody wrote down what became of the credit"),
            Self::DeferredTooOften { deferrals, last } => {
                write!(f, "crediting was deferred {deferrals} times: {last}")
            }
            Self::PaymentNotRecorded => f.write_str(
                "no notification of this payment is recorded, so something else may have written it: \
                 ask the provider whether it has the money",
            ),
            Self::PaidOtherwise => f.write_str("paid another amount or currency than asked for"),
            Self::PaidMoreThanOnce => f.write_str("paid more than once"),
            Self::PaidAfterReversal => f.write_str("the payment was taken back"),
            Self::PaidAgainAfterReversal => f.write_str("paid again after it was taken back"),
            Self::PaidBeforeFailure => f.write_str("paid before it failed"),
            Self::PaidAfterDecision => f.write_str("paid after an operator had decided"),
            Self::Reversed { by, paid_again } => {
                let again = if *paid_again {
                    ", and paid again after that"
                } else {
                    ""
                };
                write!(f, "the payment was {by}{again}")
            }
            Self::OtherPaymentReversed { by } => write!(f, "another payment of it was {by}"),
            Self::Provider { text } | Self::Operator { text } => f.write_str(text),
        }
    }
}

/// The reasons as one text for the operator; `None` if there are none.
pub fn text(reasons: &[Reason]) -> Option<String> {
    let texts: Vec<_> = reasons.iter().map(Reason::to_string).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}
