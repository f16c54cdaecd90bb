//! The body of the call.

use std::collections::BTreeMap;

use domain::{Identity, Launch, RecordId, ScreenKind};
use jiff::Timestamp;
use serde::Serialize;

/// A trader's request, as it was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The id of the request, which is the idempotency key.
    pub id: &'a RecordId,
    /// When the request was recorded.
    pub recorded_at: Timestamp,
    /// The screen that the trader submitted.
    pub screen: ScreenKind,
    /// The trader.
    pub identity: &'a Identity,
    /// The launch parameters of the screen.
    pub launch: &'a Launch,
    /// The form's fields by name.
    pub fields: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    request_id: &'a str,
    reference: String,
    action: ScreenKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_type: Option<&'a str>,
    identity: &'a Identity,
    launch: &'a Launch,
    fields: &'a BTreeMap<String, String>,
}

impl Submission<'_> {
    /// The body as JSON. Each repeat has exactly the same bytes.
    pub(crate) fn body(&self) -> Vec<u8> {
        let event = Event {
            kind: "action.submitted",
            timestamp: self.recorded_at.to_string(),
            data: Data {
                request_id: self.id.as_str(),
                reference: self.id.reference(),
                action: self.screen,
                action_type: self.launch.action_type.as_deref(),
                identity: self.identity,
                launch: self.launch,
                fields: self.fields,
            },
        };
        // A type with text keys and plain values cannot fail to serialize.
        serde_json::to_vec(&event).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_body_is_the_documented_one() {
        let id = RecordId::random().unwrap();
        let identity: Identity = serde_json::from_value(
            json!({"userId": 501, "accountId": 1_000_501, "email": "ada@example.com"}),
        )
        .unwrap();
        let launch = Launch {
            action_type: Some("bonus".into()),
            lang: Some("es".into()),
            ..Launch::default()
        };
        let fields = [("code".to_owned(), "WELCOME".to_owned())].into();
        let submission = Submission {
            id: &id,
            recorded_at: "2026-01-31T03:00:00.5Z".parse().unwrap(),
            screen: ScreenKind::Custom,
            identity: &identity,
            launch: &launch,
            fields: &fields,
        };
        let body = submission.body();
        assert_eq!(body, submission.body());
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap(),
            json!({
                "type": "action.submitted",
                "timestamp": "2026-01-31T03:00:00.5Z",
                "data": {
                    "requestId": id.as_str(),
                    "reference": id.reference(),
                    "action": "action",
                    "actionType": "bonus",
                    "identity": {"userId": 501, "accountId": 1_000_501, "email": "ada@example.com"},
                    "launch": {"lang": "es", "actionType": "bonus"},
                    "fields": {"code": "WELCOME"},
                },
            })
        );
    }
}
