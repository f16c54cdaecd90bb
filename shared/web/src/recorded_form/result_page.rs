//! What has been recorded, and what became of it.

use askama::Template;
use domain::ScreenKind;
use serde::Serialize;
use store::{Status, StoredRequest};

use super::{FormContext, RecordedForm, RecordedFormScreen};
use crate::{Answer, Ask, Failure, Fields, Icon, ScreenPage, Shown};

impl<F: RecordedForm> RecordedFormScreen<F> {
    /// What has been recorded, and what became of it.
    pub(super) fn show_recorded(
        &self,
        cx: &mut FormContext<'_>,
        recorded: &StoredRequest,
        shown: Shown,
    ) -> Result<Answer, Failure> {
        let reference = cx.session.state.request.reference();
        let backend = F::backend(cx.config(), cx.launch());
        let outcome = recorded.outcome.as_ref();
        let status = outcome.map_or(Status::Recorded, |outcome| outcome.status);
        let message = outcome.and_then(|outcome| outcome.message.as_deref());
        // An origin that was allowed when the outcome was stored may not be any more.
        let redirect = outcome
            .and_then(|outcome| outcome.redirect.as_deref())
            .filter(|url| backend.is_some_and(|backend| backend.may_redirect(url)));
        let result = SubmitResult::new(status, backend.is_some());
        let return_url = match result {
            SubmitResult::Recorded | SubmitResult::Succeeded => {
                let event_name = F::event_name(cx.config(), cx.launch());
                cx.success_url(event_name.as_deref())
            }
            SubmitResult::Failed => cx.config().failure_url.to_string(),
            SubmitResult::Unknown => cx.success_url(None),
        };
        let answer = if cx.request.prefers_json() {
            let submitted = Submitted {
                action: F::KIND,
                reference: &reference,
                recorded_at: recorded.recorded_at.to_string(),
                again: recorded.again,
                status: status.as_str(),
                message,
                redirect,
                return_url: cx.absolute(&return_url),
            };
            Answer::new(200, shown.code(), cx.json(&submitted)?)
        } else {
            let form = F::form(cx, &Fields::from(recorded.fields.clone()));
            let texts = F::texts(cx);
            let (title, text) = if result == SubmitResult::Recorded {
                (texts.recorded_title, texts.recorded_text)
            } else {
                let outcome_text = |what: &str| cx.texts.get(&format!("outcome-{}-{what}", result.as_str()));
                (
                    outcome_text("title"),
                    message.map_or_else(|| outcome_text("text"), str::to_owned),
                )
            };
            let rows = form.rows(&recorded.fields, cx.texts);
            let page = cx.page(texts.title)?;
            let html = ResultPage {
                page: &page,
                title: &title,
                text: &text,
                icon: result.icon(),
                again: shown == Shown::Before,
                reference: &reference,
                rows: &rows,
                buttons: &result.buttons(redirect, return_url),
            }
            .render();
            page.answer(200, shown.code(), html)?
        };
        Ok(Answer {
            reference: Some(reference),
            ..answer
        })
    }
}

/// What became of a submit, for the trader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SubmitResult {
    /// Recorded; that is all there is to it here.
    Recorded,
    /// The broker's backend did it.
    Succeeded,
    /// The broker's backend did not, and will not.
    Failed,
    /// The broker's backend may have done it, or was to be asked and no outcome was stored.
    Unknown,
}

impl SubmitResult {
    fn new(status: Status, for_backend: bool) -> Self {
        match status {
            Status::Recorded if for_backend => Self::Unknown,
            Status::Recorded => Self::Recorded,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::Unknown => Self::Unknown,
        }
    }

    /// As in the keys of the texts.
    fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Recorded | Self::Succeeded => Icon::Done,
            Self::Failed => Icon::Problem,
            Self::Unknown => Icon::Waiting,
        }
    }

    /// The buttons, the one that most will want first: where the backend sends the trader, if it does.
    fn buttons(self, redirect: Option<&str>, return_url: String) -> [Button; 2] {
        let link = |id, url, label| Button::Link { id, url, label };
        let submit = |ask, label| Button::Submit { ask, label };
        let leave = match self {
            Self::Recorded | Self::Succeeded => link("done", return_url, "done"),
            Self::Failed | Self::Unknown => link("close", return_url, "close"),
        };
        match (redirect, self) {
            (Some(url), _) => [link("continue", url.to_owned(), "continue"), leave],
            (None, Self::Recorded | Self::Succeeded) => [leave, submit(Ask::StartOver, "new-request")],
            (None, Self::Failed) => [submit(Ask::StartOver, "try-again"), leave],
            (None, Self::Unknown) => [submit(Ask::CheckAgain, "check-again"), leave],
        }
    }
}

/// A button below what has been recorded.
enum Button {
    /// A link.
    Link {
        /// Id of the element.
        id: &'static str,
        /// Where it leads.
        url: String,
        /// Key of its text.
        label: &'static str,
    },
    /// A submit of the session.
    Submit {
        /// What is asked for.
        ask: Ask,
        /// Key of its text.
        label: &'static str,
    },
}

#[derive(Template)]
#[template(path = "recorded.html")]
struct ResultPage<'a> {
    page: &'a ScreenPage,
    title: &'a str,
    text: &'a str,
    icon: Icon,
    again: bool,
    reference: &'a str,
    rows: &'a [(String, String)],
    /// The first is the one that most will want.
    buttons: &'a [Button],
}

/// JSON of a request that has been recorded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Submitted<'a> {
    action: ScreenKind,
    reference: &'a str,
    recorded_at: String,
    again: bool,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<&'a str>,
    return_url: String,
}
