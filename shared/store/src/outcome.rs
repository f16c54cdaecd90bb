//! The outcomes of requests.

use std::time::SystemTime;

use aws_error::describe;
use aws_sdk_dynamodb::{
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::RecordId;
use serde::{Deserialize, Serialize};

use crate::{
    Moment, Table, TableError, item,
    request::RequestAttributes,
    request_record::StatusChange,
    schema::{PK, RecordKind},
};

/// The status of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Recorded. For a form without a backend this stays so: the broker's back office acts on it.
    Recorded,
    /// The broker's backend reported success.
    Succeeded,
    /// The broker's backend reported that nothing was done and nothing will be.
    Failed,
    /// The broker's backend was called and gave no usable answer: the request may have been carried out or not.
    Unknown,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Recorded, Self::Succeeded, Self::Failed, Self::Unknown];

    /// The text in the table and in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the status can never change again.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let named = Self::ALL.into_iter().find(|status| status.as_str() == text);
        named.ok_or(UnknownStatus)
    }
}

/// The text names no [`Status`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be recorded, succeeded, failed or unknown")]
pub struct UnknownStatus;

/// The outcome of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Anything but [`Status::Recorded`].
    pub status: Status,
    /// The message of the broker's backend to the trader, in plain text.
    pub message: Option<String>,
    /// The URL that the broker's backend sends the trader to.
    pub redirect: Option<String>,
}

impl Table {
    /// Records the outcome of a request, unless the table holds a final outcome, and returns the outcome that
    /// the table holds afterwards. A final outcome replaces `unknown`; a second `unknown` changes nothing.
    ///
    /// A replaced outcome stays in the history only: its message and redirect are removed.
    ///
    /// If the SDK retries a write whose first try succeeded, the first try's outcome is returned.
    ///
    /// # Errors
    /// [`TableError`]; calling again with the same outcome is safe.
    pub async fn record_outcome(
        &self,
        id: &RecordId,
        outcome: &Outcome,
        now: SystemTime,
    ) -> Result<Outcome, TableError> {
        let update = self.outcome_update(id, outcome, now)?;
        let Err(error) = update.send().await else {
            return Ok(outcome.clone());
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(existing)) => {
                let missing = TableError::Misused("no such request is recorded");
                let attributes: RequestAttributes = item::read(existing.item.clone().ok_or(missing)?)?;
                attributes.outcome().ok_or_else(|| TableError::damaged("status"))
            }
            _ => Err(TableError::Unavailable(describe(&error))),
        }
    }

    /// The update that records an outcome, on the condition that the request's status may still change to it.
    fn outcome_update(
        &self,
        id: &RecordId,
        outcome: &Outcome,
        now: SystemTime,
    ) -> Result<UpdateItemFluentBuilder, TableError> {
        let replaceable = match outcome.status {
            Status::Recorded => return Err(TableError::Misused("`recorded` is no outcome")),
            Status::Unknown => "#status = :recorded",
            Status::Succeeded | Status::Failed => "#status IN (:recorded, :unknown)",
        };
        let at = Moment::try_from(now).map_err(|error| TableError::Unavailable(error.to_string()))?;
        let change = item::write(&StatusChange {
            status: outcome.status,
            at,
            message: outcome.message.clone(),
        })?;
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(RecordKind::Request.key(id)))
            .condition_expression(format!("attribute_exists(#pk) AND {replaceable}"))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(outcome.status.as_str()))
            .expression_attribute_values(":recorded", text(Status::Recorded.as_str()))
            .expression_attribute_values(":at", text(&at.to_string()))
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(":change", AttributeValue::L(vec![AttributeValue::M(change)]))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if outcome.status.is_final() {
            update = update.expression_attribute_values(":unknown", text(Status::Unknown.as_str()));
        }
        let mut expression = "SET #status = :status, concluded_at = :at, \
                              history = list_append(if_not_exists(history, :none), :change)"
            .to_owned();
        let mut removed = Vec::new();
        for (name, placeholder, value) in [
            ("outcome_message", ":message", &outcome.message),
            ("outcome_redirect", ":redirect", &outcome.redirect),
        ] {
            match value {
                Some(value) => {
                    expression += &format!(", {name} = {placeholder}");
                    update = update.expression_attribute_values(placeholder, text(value));
                }
                None => removed.push(name),
            }
        }
        if !removed.is_empty() {
            expression += &format!(" REMOVE {}", removed.join(", "));
        }
        Ok(update.update_expression(expression))
    }
}
