//! The faults of the outside of deposits, and the events that the schedules have to meet.

use deposits::{DepositBody, Program, Status};
use workflow::simulation::{By, Change};

workflow::kinds! {
    /// The faults of cTrader and the provider.
    pub enum Fault {
        /// The provider has sent hundreds of notifications about the deposit.
        FilledItem,
        /// cTrader does not answer the look-up of the account.
        AccountUnavailable,
        /// cTrader refuses the look-up of the account.
        AccountRefused,
        /// The credit was not delivered.
        CreditNotDone,
        /// cTrader refuses the credit.
        CreditRefused,
        /// The credit is applied, and its answer is lost.
        CreditedAnswerLost,
        /// The credit is lost, and no answer comes.
        LostBeforeCredit,
        /// No answer comes, and the credit is applied some seconds later.
        CreditedLater,
        /// The credit is applied, and the function may be killed before the slow answer comes.
        CreditedSlowly,
        /// A notification never arrives; the provider sends it again.
        NotificationLost,
        /// Our answer to a notification never arrives; the provider sends it again.
        ReplyLost,
        /// A notification arrives twice at the same time.
        Duplicated,
        /// A notification arrives again much later.
        Replayed,
        /// The provider reports a payment a second time, with another timestamp.
        Reworded,
        /// The record of a payment is written, and its answer is lost.
        RecordAnswerLost,
        /// The record of a payment is lost, and no answer comes.
        RecordLost,
        /// No answer comes, and the record of a payment is written later.
        RecordedLater,
    }
}

workflow::kinds! {
    /// The events that the schedules have to meet for the proof to mean something.
    pub enum Event {
        AccountOfOtherBroker,
        AccountWithoutBroker,
        AccountInOtherCurrency,
        AccountWithFewerDigits,
        Declined,
        DeclinedAfterPayment,
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
        ForgedItem,
        ForgedItemOfRecordedPayment,
        AppliedChanged,
        AppliedNothingNew,
        /// A payment event was acknowledged and not kept.
        AppliedNotKept,
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
        RefusedNotRecorded,
        RecordedByStaff,
        ReviewDeferredTooOften,
        ReviewPaidBeforeFailed,
        ReviewPaidOtherwise,
        ReviewNotRecorded,
        ReviewPaidMoreThanOnce,
        ReviewTakenBack,
        ReviewPaidAgain,
        ReviewOtherPayment,
        ReviewAccountRefused,
        ReviewCreditRefused,
    }
}

const CREDIT: By<Program> = By::Program(Program::Credit);

/// The state diagram, with the allowed writers.
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
