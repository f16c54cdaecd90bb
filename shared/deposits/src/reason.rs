//! Why a deposit stands where it stands.

use std::fmt;

use domain::CurrencyCode;
use serde::{Deserialize, Serialize};

use crate::PaymentEventKind;

/// Why a deposit failed, is in review or unknown, or why its credit was deferred. `Display` is the text for the operator.
/// In the table it has a `code`, and its data beside that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// cTrader does not say what the account is, now.
    AccountUnavailable {
        /// What happened to the call.
        problem: String,
    },
    /// cTrader has no such account, or does not show it.
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
    /// `crediting` was written, and then it was too late to send the credit.
    CreditNotSentInTime,
    /// cTrader certainly did not apply the credit, and may later.
    CreditNotDone {
        /// What happened to the call.
        problem: String,
    },
    /// cTrader refuses the credit as it stands.
    CreditRefused {
        /// cTrader's error code.
        error: String,
    },
    /// cTrader may have applied the credit.
    CreditUnanswered {
        /// What happened to the call.
        problem: String,
    },
    /// The function that sent the credit never recorded the outcome.
    CreditOutcomeNotRecorded,
    /// The credit was deferred too often.
    DeferredTooOften {
        /// How often.
        deferrals: u32,
        /// Why the last time.
        last: Box<Reason>,
    },
    /// The provider has another amount or currency than the order says.
    PaidOtherwise,
    /// The provider reported a second payment.
    PaidMoreThanOnce,
    /// The provider reported the payment after it had reported that it took the payment back.
    PaidAfterReversal,
    /// The provider reported the same payment again, later than its reversal.
    PaidAgainAfterReversal,
    /// The payment is older than the last failure: it may have been taken back since.
    PaidBeforeFailure,
    /// The payment was reported after an operator had decided.
    PaidAfterDecision,
    /// The provider took the payment back.
    Reversed {
        /// How.
        by: PaymentEventKind,
        /// Whether it was paid again after that.
        paid_again: bool,
    },
    /// The provider took another payment back than the one that counts.
    OtherPaymentReversed {
        /// How.
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
    /// Whether it quotes what a person wrote, which may name people: not for the log.
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

/// The reasons as one text for the operator; none for none.
pub fn text(reasons: &[Reason]) -> Option<String> {
    let texts: Vec<_> = reasons.iter().map(Reason::to_string).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}
