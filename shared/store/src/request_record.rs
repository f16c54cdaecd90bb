//! Complete requests from the table, for events and for the operator.

use std::collections::BTreeMap;

use domain::{Attribution, BrokerName, Identity, Launch, RecordId, ScreenKind};
use serde::{Deserialize, Serialize};

use crate::{
    Moment, Status, TableError,
    item::{self, Item},
    request::RequestAttributes,
    schema::RecordKind,
    submission::Submission,
};

/// A request and its outcome. Serializes to the `data` of events (`docs/EVENTS.md`), without absent values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// The request's id.
    pub request_id: RecordId,
    /// The reference that the trader sees.
    pub reference: String,
    /// Its status.
    pub status: Status,
    /// The screen of the form.
    #[serde(rename = "action")]
    pub screen: ScreenKind,
    /// The id of the custom action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_type: Option<String>,
    /// The trader's broker, as in `broker.toml`.
    pub broker: BrokerName,
    /// The trader.
    pub identity: Identity,
    /// The launch parameters, without the theme, which is not stored.
    pub launch: Launch,
    /// The marketing attribution.
    #[serde(skip_serializing_if = "Attribution::is_empty")]
    pub attribution: Attribution,
    /// The form's fields by name.
    pub fields: BTreeMap<String, String>,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// The message of the broker's backend to the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The URL that the broker's backend sent the trader to. Not in events, because the URL may open the
    /// trader's payment.
    #[serde(skip)]
    pub redirect: Option<String>,
    /// When it got its status, unless the status is [`Status::Recorded`].
    #[serde(skip)]
    pub concluded_at: Option<Moment>,
    /// All changes of status after it was recorded, the oldest first.
    #[serde(skip)]
    pub history: Vec<StatusChange>,
}

/// A change of a request's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// The new status.
    pub status: Status,
    /// When it changed.
    pub at: Moment,
    /// The message of the broker's backend to the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl RequestRecord {
    /// Reads an item of the table.
    ///
    /// # Errors
    /// [`TableError::Damaged`] names the attribute that is absent or malformed.
    pub fn read(item: &Item) -> Result<Self, TableError> {
        let submission: Submission = item::read(item.clone())?;
        let attributes: RequestAttributes = item::read(item.clone())?;
        Ok(Self {
            request_id: RecordKind::Request.id(item)?,
            identity: submission.identity(),
            launch: submission.launch(),
            reference: submission.reference,
            screen: submission.screen,
            action_type: submission.action_type,
            broker: submission.broker,
            attribution: submission.attribution,
            recorded_at: submission.recorded_at,
            status: attributes.status,
            fields: attributes.fields,
            message: attributes.outcome_message,
            redirect: attributes.outcome_redirect,
            concluded_at: attributes.concluded_at,
            history: attributes.history,
        })
    }
}
