//! The functions' log lines: their events for the timeline, and their form in the console.

use serde_json::Value;
use simulator::Event;

/// The reason in a line of a function that cannot start.
pub(crate) fn start_error(line: &str) -> Option<String> {
    let value: Value = serde_json::from_str(line).ok()?;
    let detail = value["detail"].as_str()?;
    (value["event"] == "cannot_start").then(|| detail.to_owned())
}

/// The events in a line of a function that is no screen; `None` for a line of another kind.
pub(crate) fn background_events(line: &str) -> Option<Vec<Event>> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |value: &Value, name| value[name].as_str().unwrap_or_default().to_owned();
    let events = match value["event"].as_str()? {
        "published" => {
            let events = value["events"].as_array().into_iter().flatten();
            let published = |event| Event::Published {
                event: text(event, "type"),
                reference: text(event, "reference"),
            };
            events.map(published).collect()
        }
        "deposit" => vec![Event::Deposit {
            reference: text(&value, "reference"),
            status: text(&value, "status"),
            method: text(&value, "method"),
            detail: value["detail"].as_str().map(str::to_owned),
        }],
        // Comes every few seconds. Each changed deposit has its own line.
        "reconciled" => Vec::new(),
        "crm_webhook_delivered" | "crm_webhook_not_delivered" => vec![Event::CrmWebhookCalled {
            event: text(&value, "type"),
            reference: text(&value, "reference"),
            status: value["status"].as_u64().and_then(|status| status.try_into().ok()),
        }],
        _ => return None,
    };
    Some(events)
}

/// The log line of a request (`"event":"request"`).
pub(crate) struct RequestLine(Value);

impl RequestLine {
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        (value["event"] == "request").then_some(Self(value))
    }

    /// The event for the timeline. `None` for `HEAD` requests, which only this program makes.
    pub(crate) fn event(&self) -> Option<Event> {
        match self.text("code") {
            code @ ("RECORDED" | "ALREADY_RECORDED") => Some(Event::Recorded {
                action: self.text("action").to_owned(),
                reference: self.0["reference"].as_str().map(str::to_owned),
                account: self.0["account"].as_u64(),
                again: code == "ALREADY_RECORDED",
            }),
            _ if self.text("method") == "HEAD" => None,
            code => Some(Event::Answered {
                action: self.text("action").to_owned(),
                method: self.text("method").to_owned(),
                status: self.number("status").try_into().unwrap_or_default(),
                code: code.to_owned(),
                called_ctrader: !self.0["upstream_ms"].is_null(),
                ms: self.number("ms"),
            }),
        }
    }

    /// The line for the console.
    pub(crate) fn summary(&self) -> String {
        let upstream = match self.0["upstream_status"].as_u64() {
            Some(status) => format!(", of which cTrader's {status} {} ms", self.number("upstream_ms")),
            None => String::new(),
        };
        format!(
            "{} {} {} in {} ms{upstream}",
            self.text("method"),
            self.number("status"),
            self.text("code"),
            self.number("ms"),
        )
    }

    pub(crate) fn action(&self) -> &str {
        self.text("action")
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// Rounded to a whole number.
    fn number(&self, name: &str) -> u64 {
        let number = &self.0[name];
        number
            .as_u64()
            .or_else(|| number.as_f64().map(|number| number.round() as u64))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(line: &str) -> Option<Event> {
        RequestLine::parse(line)?.event()
    }

    #[test]
    fn a_recorded_request_shows_as_such() {
        let line = r#"{"event":"request","action":"deposit","method":"POST","status":200,"code":"RECORDED","reference":"AB-1","ms":12}"#;
        let recorded = |again| Event::Recorded {
            action: "deposit".to_owned(),
            reference: Some("AB-1".to_owned()),
            account: None,
            again,
        };
        assert_eq!(event(line), Some(recorded(false)));
        assert_eq!(
            event(&line.replace("RECORDED", "ALREADY_RECORDED")),
            Some(recorded(true))
        );
    }

    #[test]
    fn a_screen_from_the_session_shows_that_ctrader_was_not_called() {
        let line = r#"{"event":"request","action":"kyc","method":"GET","status":200,"code":"OK","ms":2}"#;
        let sentence = event(line).unwrap().sentence();
        assert!(sentence.contains("no token was sent to cTrader"), "{sentence}");
        let line = line.replace(r#""ms":2"#, r#""ms":2,"upstream_status":200,"upstream_ms":1"#);
        let sentence = event(&line).unwrap().sentence();
        assert!(!sentence.contains("no token was sent"), "{sentence}");
    }

    #[test]
    fn an_error_shows_its_code() {
        let line = r#"{"event":"request","action":"kyc","method":"GET","status":410,"code":"TOKEN_EXPIRED","ms":3.6,"upstream_status":410,"upstream_ms":3}"#;
        let answered = Event::Answered {
            action: "kyc".to_owned(),
            method: "GET".to_owned(),
            status: 410,
            code: "TOKEN_EXPIRED".to_owned(),
            called_ctrader: true,
            ms: 4,
        };
        assert_eq!(event(line), Some(answered));
        let summary = RequestLine::parse(line).unwrap().summary();
        assert_eq!(
            summary,
            "GET 410 TOKEN_EXPIRED in 4 ms, of which cTrader's 410 3 ms"
        );
    }

    #[test]
    fn the_reason_of_a_function_that_cannot_start_is_read() {
        let line = r#"{"level":"FATAL","event":"cannot_start","detail":"LEDGER_TABLE is missing"}"#;
        assert_eq!(start_error(line).as_deref(), Some("LEDGER_TABLE is missing"));
        assert_eq!(start_error(r#"{"event":"request","detail":"x"}"#), None);
    }

    #[test]
    fn published_events_and_webhook_calls_are_shown() {
        let line = r#"{"level":"INFO","event":"published","events":[{"type":"request.recorded","reference":"AB-1"}]}"#;
        let published = Event::Published {
            event: "request.recorded".to_owned(),
            reference: "AB-1".to_owned(),
        };
        assert_eq!(background_events(line), Some(vec![published]));
        let line = r#"{"event":"crm_webhook_delivered","type":"request.recorded","reference":"AB-1","status":204,"detail":null}"#;
        let called = |status| Event::CrmWebhookCalled {
            event: "request.recorded".to_owned(),
            reference: "AB-1".to_owned(),
            status,
        };
        assert_eq!(background_events(line), Some(vec![called(Some(204))]));
        let line = line
            .replace("crm_webhook_delivered", "crm_webhook_not_delivered")
            .replace("204", "null");
        assert_eq!(background_events(&line), Some(vec![called(None)]));
    }

    #[test]
    fn a_changed_deposit_is_shown_and_a_reconcile_run_is_not() {
        let line = r#"{"level":"ERROR","event":"deposit","function":"reconcile","reference":"AB-1","status":"unknown","method":"card","detail":"lost"}"#;
        let deposit = Event::Deposit {
            reference: "AB-1".to_owned(),
            status: "unknown".to_owned(),
            method: "card".to_owned(),
            detail: Some("lost".to_owned()),
        };
        assert_eq!(background_events(line), Some(vec![deposit]));
        assert_eq!(
            background_events(r#"{"level":"INFO","event":"reconciled","updated":0}"#),
            Some(Vec::new())
        );
    }

    #[test]
    fn other_lines_are_not_shown() {
        assert_eq!(background_events(r#"{"event":"request"}"#), None);
        assert_eq!(background_events("Compiling deposit v0.1.0"), None);
        assert_eq!(event("Compiling deposit v0.1.0"), None);
        assert_eq!(event(r#"{"level":"INFO"}"#), None);
        assert_eq!(event(r#"{"event":"request","method":"HEAD","code":"OK"}"#), None);
    }
}
