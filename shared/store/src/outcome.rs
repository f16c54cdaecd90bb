//! What became of requests.

use std::{collections::HashMap, time::SystemTime};

use aws_error::describe;
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::RecordId;
use serde::Serialize;

use crate::{
    Table, TableError,
    entry::Attributes,
    record::{key, millisecond},
};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
        let allowed = match outcome.status {
            Status::Recorded => return Err(TableError::Misused("`recorded` is no outcome")),
            Status::Unknown => "attribute_not_exists(#status) OR #status = :recorded",
            Status::Succeeded | Status::Failed => {
                "attribute_not_exists(#status) OR #status IN (:recorded, :unknown)"
            }
        };
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let at = millisecond(now)?;
        let mut step = HashMap::from([
            ("status".to_owned(), text(outcome.status.as_str())),
            ("at".to_owned(), text(&at)),
        ]);
        let mut set = "SET #status = :status, concluded_at = :at, \
                       history = list_append(if_not_exists(history, :none), :step)"
            .to_owned();
        let mut remove = Vec::new();
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id)))
            .condition_expression(format!("attribute_exists(pk) AND ({allowed})"))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(outcome.status.as_str()))
            .expression_attribute_values(":recorded", text(Status::Recorded.as_str()))
            .expression_attribute_values(":at", text(&at))
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
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
        if let Some(message) = &outcome.message {
            step.insert("message".to_owned(), text(message));
        }
        if !remove.is_empty() {
            set += &format!(" REMOVE {}", remove.join(", "));
        }
        let update = update
            .update_expression(set)
            .expression_attribute_values(":step", AttributeValue::L(vec![AttributeValue::M(step)]))
            .send()
            .await;
        match update {
            Ok(_) => Ok(outcome.clone()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(existing)) => {
                    let item = existing.item.as_ref();
                    let item = item.ok_or(TableError::Misused("no such request is recorded"))?;
                    Attributes(item).outcome()?.ok_or(TableError::Damaged("status"))
                }
                _ => Err(TableError::Unavailable(describe(&error))),
            },
        }
    }
}
