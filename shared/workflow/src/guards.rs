//! The guards of this crate and of the simulated world. See [`guard`](mod@crate::guard).

crate::guards! {
    OwnFirstTryIsOurs: "a write that lost to its own first try is ours",
    AnothersWriteIsNotOurs: "a write that lost to another is not ours",
    SilenceIsNotSuccess: "a write without an answer is not taken as written",
    WaitCountsFromFirst: "what waits for a program is counted from when it began to wait",
    DeferralsAreLimited: "what is deferred for too long goes to an operator",
    NotDueIsLeftAlone: "what the table says is not due is left alone, whatever the index says",
    UnpublishedIsRepublished: "what was not published is published again",
    DecisionHasReason: "an operator gives a reason",
    DecisionIsAsked: "an operator decides only what is for an operator to decide",
    DecisionOnWhatWasSeen: "an operator decides about what was looked at",
    LateDecisionIsRefused: "an operator whose decision came too late learns of it",
    // Guards of the simulated world.
    WriteIsConditional: "a write is conditional on the version before it",
    MarkIsConditional: "what was published is marked only while the table holds it",
    FunctionsAreKilled: "functions are killed long before their work is stale",
    OperatorsWork: "operators",
    WritesHaveForm: "form",
}
