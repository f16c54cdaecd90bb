//! What the log line of a request says beyond its response: what became known while the request was served.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

/// How many characters of API Gateway's request id an error page shows.
const SHORT_ID_LENGTH: usize = 8;

/// What is known of a request, for its log line.
#[derive(Debug, Default)]
pub(crate) struct LogNotes {
    /// API Gateway's id of the request. The access log has it too. Empty if the event has none that can be shown.
    pub request_id: String,
    /// The pseudonym of the trader, once a session or a redemption has shown who it is.
    trader: OnceLock<String>,
    /// Whether the request came to redeem a one-time token: a trader tapped a button.
    tap: AtomicBool,
}

impl LogNotes {
    /// The notes of a request with this id. An id with other characters than API Gateway's is left out, because
    /// pages and headers show it.
    pub fn new(request_id: Option<&str>) -> Self {
        let is_shown = |id: &&str| {
            id.len() <= 64
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte))
        };
        Self {
            request_id: request_id.filter(is_shown).unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    /// The beginning of the request id, which a trader can read to the support.
    pub fn short_id(&self) -> &str {
        let length = self.request_id.len().min(SHORT_ID_LENGTH);
        &self.request_id[..length]
    }

    /// Notes who the trader is, by pseudonym.
    pub fn know_trader(&self, pseudonym: String) {
        // If the trader was known already, it is the same one.
        let _ = self.trader.set(pseudonym);
    }

    /// Notes that the request came to redeem a one-time token.
    pub fn tapped(&self) {
        self.tap.store(true, Ordering::Relaxed);
    }

    /// The pseudonym of the trader, if known.
    pub fn trader(&self) -> Option<&str> {
        self.trader.get().map(String::as_str)
    }

    /// Whether the request came to redeem a one-time token.
    pub fn is_tap(&self) -> bool {
        self.tap.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_api_gateway_is_kept_and_its_beginning_is_for_pages() {
        let notes = LogNotes::new(Some("JKJaXmPLvHcESHA="));
        assert_eq!(
            (notes.request_id.as_str(), notes.short_id()),
            ("JKJaXmPLvHcESHA=", "JKJaXmPL")
        );
        assert_eq!(LogNotes::new(Some("abc")).short_id(), "abc");
    }

    #[test]
    fn an_id_that_could_not_stand_in_a_page_is_left_out() {
        for id in [
            Some("<b>"),
            Some("a b"),
            Some("\u{e9}t\u{e9}"),
            Some(&*"x".repeat(65)),
            None,
        ] {
            assert_eq!(LogNotes::new(id).request_id, "", "{id:?}");
        }
    }
}
