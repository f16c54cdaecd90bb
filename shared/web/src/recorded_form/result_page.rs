//! The page, or the JSON, about a stored request and its outcome.

use askama::Template;
use domain::ScreenKind;
use serde::Serialize;
use store::{Status, StoredRequest};

use super::{FormContext, RecordedForm, RecordedFormScreen};
use crate::{Ask, Failure, Fields, Icon, PageTrigger, Response, ScreenPage};

impl<F: RecordedForm> RecordedFormScreen<F> {
    /// Shows a stored request and its outcome: as JSON if the client prefers it, else as a page.
    pub(super) fn show_stored(
        &self,
        cx: &mut FormContext<'_>,
        stored: &StoredRequest,
        trigger: PageTrigger,
    ) -> Result<Response, Failure> {
        let reference = cx.session.state.request.reference();
        let backend = F::backend(cx.config(), cx.launch());
        let outcome = stored.outcome.as_ref();
        let status = outcome.map_or(Status::Recorded, |outcome| outcome.status);
        let message = outcome.and_then(|outcome| outcome.message.as_deref());
        // The broker may have removed the origin from broker.toml since the outcome was stored.
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
        let response = if cx.request.prefers_json() {
            let submitted = SubmittedJson {
                action: F::KIND,
                reference: &reference,
                recorded_at: stored.recorded_at.to_string(),
                again: stored.again,
                status: status.as_str(),
                message,
                redirect,
                return_url: cx.absolute_url(&return_url),
            };
            Response::new(200, trigger.code(), cx.json(&submitted)?)
        } else {
            let buttons = result.buttons(redirect, return_url);
            Self::result_page(cx, stored, trigger, result, message, &buttons)?
        };
        Ok(Response {
            reference: Some(reference),
            ..response
        })
    }

    fn result_page(
        cx: &mut FormContext<'_>,
        stored: &StoredRequest,
        trigger: PageTrigger,
        result: SubmitResult,
        message: Option<&str>,
        buttons: &[Button],
    ) -> Result<Response, Failure> {
        let form = F::form(cx, &Fields::from(stored.fields.clone()));
        let texts = F::texts(cx);
        let (title, text) = if result == SubmitResult::Recorded {
            (texts.recorded_title, texts.recorded_text)
        } else {
            let outcome_text = |part: &str| cx.texts.get(&format!("outcome-{}-{part}", result.as_str()));
            (
                outcome_text("title"),
                message.map_or_else(|| outcome_text("text"), str::to_owned),
            )
        };
        let rows = form.rows(&stored.fields, cx.texts);
        let reference = cx.session.state.request.reference();
        let page = cx.page(texts.title)?;
        let html = ResultPage {
            page: &page,
            title: &title,
            text: &text,
            icon: result.icon(),
            again: trigger == PageTrigger::RepeatedSubmit,
            reference: &reference,
            rows: &rows,
            buttons,
        }
        .render();
        page.into_response(200, trigger.code(), html)
    }
}

/// The result of a submit, as the trader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SubmitResult {
    /// Recorded. No backend decides about it.
    Recorded,
    /// The broker's backend carried it out.
    Succeeded,
    /// The broker's backend refused it for good.
    Failed,
    /// The broker's backend may have carried it out, or has not been called yet.
    Unknown,
}

impl SubmitResult {
    fn new(status: Status, has_backend: bool) -> Self {
        match status {
            Status::Recorded if has_backend => Self::Unknown,
            Status::Recorded => Self::Recorded,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::Unknown => Self::Unknown,
        }
    }

    /// The middle part of the keys of the texts.
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

    /// The buttons, the primary one first: the backend's redirect, if it returned one.
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

/// A button of the page.
enum Button {
    Link {
        /// Id of the element.
        id: &'static str,
        url: String,
        /// Key of the text on the button.
        label: &'static str,
    },
    /// Submits the session.
    Submit {
        ask: Ask,
        /// Key of the text on the button.
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
    /// The primary button comes first.
    buttons: &'a [Button],
}

/// JSON of a stored request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubmittedJson<'a> {
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
