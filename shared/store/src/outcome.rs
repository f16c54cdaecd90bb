//! What became of requests.

use std::time::SystemTime;

use aws_error::describe;
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
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

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Recorded. Of a form that is all that happens here: the broker's back office acts on it.
    Recorded,
    /// The broker's backend did what was asked for.
    Succeeded,
    /// The broker's backend said that nothing was done, and that it stays so.
    Failed,
    /// The broker's backend was asked, and no usable answer came: it may have been done or not.
    Unknown,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Recorded, Self::Succeeded, Self::Failed, Self::Unknown];

    /// As in the table and in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing can change it any more.
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

/// A text that names no [`Status`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be recorded, succeeded, failed or unknown")]
pub struct UnknownStatus;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Anything but [`Status::Recorded`].
    pub status: Status,
    /// What the broker's backend tells the trader: plain text.
    pub message: Option<String>,
    /// Where the broker's backend sends the trader: a URL.
    pub redirect: Option<String>,
}

impl Table {
    /// Writes what became of the request of that id, unless a final outcome is there already, and returns the outcome
    /// that the table holds then. `unknown` gives way to a final outcome; a second `unknown` changes nothing.
    ///
    /// Of an outcome that gives way nothing stays but its place in the history: a message or redirect that the new one
    /// has not is removed.
    ///
    /// A retry inside the SDK that finds what its own first try wrote is given just that.
    ///
    /// # Errors
    /// [`TableError`]; calling again with the same outcome is safe.
    pub async fn record_outcome(
        &self,
        id: &RecordId,
        outcome: &Outcome,
        now: SystemTime,
    ) -> Result<Outcome, TableError> {
        let gives_way = match outcome.status {
            Status::Recorded => return Err(TableError::Misused("`recorded` is no outcome")),
            Status::Unknown => "#status = :recorded",
            Status::Succeeded | Status::Failed => "#status IN (:recorded, :unknown)",
        };
        let at = Moment::try_from(now).map_err(|error| TableError::Unavailable(error.to_string()))?;
        let change = StatusChange {
            status: outcome.status,
            at,
            message: outcome.message.clone(),
        };
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut set = "SET #status = :status, concluded_at = :at, \
                       history = list_append(if_not_exists(history, :none), :change)"
            .to_owned();
        let mut remove = Vec::new();
        let mut update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(RecordKind::Request.key(id)))
            .condition_expression(format!("attribute_exists(#pk) AND {gives_way}"))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(outcome.status.as_str()))
            .expression_attribute_values(":recorded", text(Status::Recorded.as_str()))
            .expression_attribute_values(":at", text(&at.to_string()))
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(
                ":change",
                AttributeValue::L(vec![AttributeValue::M(item::write(&change)?)]),
            )
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if outcome.status.is_final() {
            update = update.expression_attribute_values(":unknown", text(Status::Unknown.as_str()));
        }
        for (name, placeholder, value) in [
            ("outcome_message", ":message", &outcome.message),
            ("outcome_redirect", ":redirect", &outcome.redirect),
        ] {
            match value {
                Some(value) => {
                    set += &format!(", {name} = {placeholder}");
                    update = update.expression_attribute_values(placeholder, text(value));
                }
                None => remove.push(name),
            }
        }
        if !remove.is_empty() {
            set += &format!(" REMOVE {}", remove.join(", "));
        }
        let Err(error) = update.update_expression(set).send().await else {
            return Ok(outcome.clone());
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(existing)) => {
                let existing = existing.item.clone();
                let existing = existing.ok_or(TableError::Misused("no such request is recorded"))?;
                let attributes: RequestAttributes = item::read(existing)?;
                attributes.outcome().ok_or_else(|| TableError::damaged("status"))
            }
            _ => Err(TableError::Unavailable(describe(&error))),
        }
    }
}
