//! What can go wrong outside of deposits, and what the schedules must have met.

use deposits::{DepositBody, Program, Status};
use workflow::simulation::{By, Change};

workflow::kinds! {
    /// What cTrader and the provider can do to us.
    pub enum Fault {
        /// cTrader does not say what the account is.
        AccountUnavailable,
        /// cTrader refuses to say what the account is.
        AccountRefused,
        /// The credit was not delivered.
        CreditNotDone,
        /// cTrader refuses the credit.
        CreditRefused,
        /// Credited, and the answer lost.
        CreditedAnswerLost,
        /// Not credited, and no answer.
        LostBeforeCredit,
        /// No answer; credited some seconds later.
        CreditedLater,
        /// Credited, and the answer takes so long that the function may be killed before it comes.
        CreditedSlowly,
        /// A notification never arrives; the provider sends it again.
        NotificationLost,
        /// Our answer to a notification never arrives; the provider sends it again.
        ReplyLost,
        /// A notification arrives twice in the same moment.
        Duplicated,
        /// A notification arrives again much later.
        Replayed,
        /// The provider reports a payment in other words a second time.
        Reworded,
    }
}

workflow::kinds! {
    /// What happens without any fault, or because of one, and has to be met for the proof to mean something.
    pub enum Event {
        AccountOfOtherBroker,
        AccountWithoutBroker,
        AccountInOtherCurrency,
        AccountWithFewerDigits,
        Declined,
        PaidOtherAmount,
        PaidOtherCurrency,
        PaidTwice,
        PaidAfterDecline,
        PaidAfterExpiry,
        Refunded,
        ChargedBack,
        TakenBack,
        TakenBackBeforeReportedPaid,
        TakenBackWhileCrediting,
        TakenBackAfterCredit,
        Reinstated,
        Forged,
        AppliedChanged,
        AppliedNothingNew,
        AppliedUnknown,
        AppliedBusy,
        AppliedStore,
        CreditStray,
        CreditStore,
        CreditSentTooLate,
        Credited,
        CreditedByHand,
        RefusedCreditedAlready,
        RefusedNotPaidAsAsked,
        ReviewDeferredTooOften,
        ReviewPaidBeforeFailed,
        ReviewPaidOtherwise,
        ReviewPaidMoreThanOnce,
        ReviewTakenBack,
        ReviewPaidAgain,
        ReviewOtherPayment,
        ReviewAccountRefused,
        ReviewCreditRefused,
    }
}

const CREDIT: By<Program> = By::Program(Program::Credit);

/// The states' diagram, with who may.
pub const CHANGES: &[Change<DepositBody>] = {
    use {
        By::{Operator, Provider, Reconcile},
        Status::*,
    };
    &[
        (Created, Pending, Provider),
        (Created, Paid, Provider),
        (Created, Failed, Provider),
        (Created, Review, Provider),
        (Created, Expired, Reconcile),
        (Pending, Pending, Provider),
        (Pending, Paid, Provider),
        (Pending, Failed, Provider),
        (Pending, Review, Provider),
        (Pending, Expired, Reconcile),
        (Failed, Failed, Provider),
        (Failed, Pending, Provider),
        (Failed, Paid, Provider),
        (Failed, Review, Provider),
        (Expired, Expired, Provider),
        (Expired, Pending, Provider),
        (Expired, Paid, Provider),
        (Expired, Review, Provider),
        (Paid, Crediting, CREDIT),
        (Paid, Paid, CREDIT),
        (Paid, Paid, Provider),
        (Paid, Review, CREDIT),
        (Paid, Review, Provider),
        (Crediting, Credited, CREDIT),
        (Crediting, Paid, CREDIT),
        (Crediting, Review, CREDIT),
        (Crediting, Unknown, CREDIT),
        (Crediting, Unknown, Reconcile),
        (Credited, Credited, Provider),
        (Credited, Review, Provider),
        (Review, Review, Provider),
        (Review, Credited, Operator),
        (Review, Paid, Operator),
        (Review, Failed, Operator),
        (Unknown, Unknown, Provider),
        (Unknown, Credited, Operator),
        (Unknown, Paid, Operator),
        (Unknown, Failed, Operator),
    ]
};
