//! The guards of this crate and of the simulated world. See [`guard`](mod@crate::guard).

crate::guards! {
    OwnFirstTryIsOurs: "a write refused because of its own first try is ours",
    AnothersWriteIsNotOurs: "a write refused because of another write is not ours",
    SilenceIsNotSuccess: "a write without an answer is not taken as written",
    WaitCountsFromFirst: "waiting for a program is counted from its beginning",
    DeferralsAreLimited: "a record deferred for too long goes to an operator",
    NotDueIsLeftAlone: "a record that is not due in the table is left alone, whatever the index says",
    WaitingIsServedFirst: "records that wait for a program are served before all others",
    UnpublishedIsRepublished: "an unpublished record is published again",
    DecisionHasReason: "an operator gives a reason",
    DecisionIsAsked: "an operator decides only about records that wait for an operator",
    DecisionOnWhatWasSeen: "an operator decides about the version that was seen",
    LateDecisionIsRefused: "an operator learns that a decision came too late",
    // Guards of the simulated world.
    WriteIsConditional: "a write is conditional on the version before it",
    MarkIsConditional: "a record is marked as published only while the table holds the published version",
    FunctionsAreKilled: "functions are killed long before their work is stale",
    OperatorsWork: "operators",
    WritesHaveForm: "form",
}
