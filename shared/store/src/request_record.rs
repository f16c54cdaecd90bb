//! Requests as the table holds them, read back whole: for events and for the operator.

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

/// A request and what became of it. Serializes to the `data` of events, absent values left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// The request's id.
    pub request_id: RecordId,
    /// What the trader was told: the first ten characters of the id.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// On which screen.
    #[serde(rename = "action")]
    pub screen: ScreenKind,
    /// Which custom action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_type: Option<String>,
    /// Name of the broker, as in `broker.toml`.
    pub broker: BrokerName,
    /// Who. `trading_login` is the login for calls under `/v2/webserv/`.
    pub identity: Identity,
    /// Opened how. The theme is not kept.
    pub launch: Launch,
    /// Where from.
    #[serde(skip_serializing_if = "Attribution::is_empty")]
    pub attribution: Attribution,
    /// The form's fields by name.
    pub fields: BTreeMap<String, String>,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// What the broker's backend told the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Where the broker's backend sent the trader. Not in events: such a URL may open somebody's payment.
    #[serde(skip)]
    pub redirect: Option<String>,
    /// When it got the status that it has, unless that is [`Status::Recorded`].
    #[serde(skip)]
    pub concluded_at: Option<Moment>,
    /// Each change of status after it was recorded, the oldest first.
    #[serde(skip)]
    pub history: Vec<StatusChange>,
}

/// A change of a request's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Since then.
    pub status: Status,
    /// When.
    pub at: Moment,
    /// What the broker's backend told the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl RequestRecord {
    /// Reads an item of the table.
    ///
    /// # Errors
    /// [`TableError::Damaged`] names the attribute that is absent or not of the expected form.
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
