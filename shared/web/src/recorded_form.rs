//! A component for screens that are one form: it records the submit once, and may hand it to the broker's backend.

mod backends;
mod result_page;

use std::{collections::BTreeMap, marker::PhantomData, process::ExitCode, time::SystemTime};

use backend::Submission;
use config::{Backend, Config, Redirect};
use domain::{Launch, RecordId, ScreenKind};
use store::{Limits, Status, StoredRequest, Table};

use self::backends::Backends;
use crate::{
    Code, Failure, Fields, Form, FormState, PageTrigger, Redirects, Response, Screen, ScreenContext,
    ScreenPage, ScreenState, Setup, Sources, StartError, Submit, Texts, run_screen,
};

/// The context of a [`RecordedForm`].
pub type FormContext<'a> = ScreenContext<'a, FormState>;

/// A form that is recorded once. [`RecordedFormScreen`] makes a screen of it.
pub trait RecordedForm: Send + Sync + 'static {
    /// Which of cTrader's screens.
    const KIND: ScreenKind;

    /// As [`Screen::complete`].
    fn complete(config: &Config, launch: &mut Launch) {
        let _ = (config, launch);
    }

    /// As [`Screen::check`].
    ///
    /// # Errors
    /// The failure to respond with.
    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        let _ = (config, launch);
        Ok(())
    }

    /// The heading of the screen, and the texts of the confirmation.
    fn texts(cx: &FormContext<'_>) -> FormTexts;

    /// The form. The submitted fields may decide which values it accepts.
    fn form(cx: &FormContext<'_>, submitted: &Fields) -> Form;

    /// As [`Screen::form_fields`].
    fn form_fields(config: &Config, launch: &Launch) -> Vec<String>;

    /// Renders the page with the form.
    ///
    /// # Errors
    /// An error of the template.
    fn render(cx: &FormContext<'_>, page: &ScreenPage, form: &Form) -> askama::Result<String>;

    /// The `eventName` of the success URL after the request was recorded.
    fn event_name(config: &Config, launch: &Launch) -> Option<String>;

    /// The broker's own page in place of the form, if `broker.toml` has one.
    fn redirect<'c>(config: &'c Config, launch: &Launch) -> Option<Redirect<'c>>;

    /// All redirects that [`RecordedForm::redirect`] can return, for any launch parameters.
    fn redirects(config: &Config) -> Vec<Redirect<'_>> {
        Self::redirect(config, &Launch::default()).into_iter().collect()
    }

    /// The broker's backend that decides about a recorded request, if `broker.toml` has one.
    fn backend<'c>(config: &'c Config, launch: &Launch) -> Option<Backend<'c>> {
        let _ = (config, launch);
        None
    }

    /// Whether [`RecordedForm::backend`] can return a backend.
    fn has_backends(config: &Config) -> bool {
        let _ = config;
        false
    }
}

/// The texts around a form.
pub struct FormTexts {
    /// Heading of the screen.
    pub title: String,
    /// Heading of the confirmation.
    pub recorded_title: String,
    /// Text of the confirmation: what happens next.
    pub recorded_text: String,
}

impl FormTexts {
    /// The built-in texts whose keys begin with `prefix`.
    pub fn built_in(prefix: &str, texts: Texts) -> Self {
        let get = |key: &str| texts.get(&format!("{prefix}-{key}"));
        Self {
            title: get("title"),
            recorded_title: get("recorded-title"),
            recorded_text: get("recorded-text"),
        }
    }
}

/// The screen of a [`RecordedForm`].
pub struct RecordedFormScreen<F> {
    table: Table,
    redirects: Option<Redirects>,
    backends: Option<Backends>,
    sources: Sources,
    form: PhantomData<fn() -> F>,
}

/// The `main` of such a screen.
pub async fn run_recorded_form<F: RecordedForm>() -> ExitCode {
    run_screen::<RecordedFormScreen<F>>().await
}

impl<F: RecordedForm> Screen for RecordedFormScreen<F> {
    const KIND: ScreenKind = F::KIND;
    type State = FormState;

    async fn start(setup: &Setup) -> Result<Self, StartError> {
        let config = setup.config();
        let pages = F::redirects(config);
        let backends = if F::has_backends(config) {
            Some(Backends::start(setup).await?)
        } else {
            None
        };
        Ok(Self {
            table: Table::new(
                aws_sdk_dynamodb::Client::new(&setup.aws),
                setup.settings.ledger_table.clone(),
            ),
            redirects: Redirects::start(setup, &pages)?,
            backends,
            sources: Redirects::sources(config, &pages),
            form: PhantomData,
        })
    }

    fn complete(config: &Config, launch: &mut Launch) {
        F::complete(config, launch);
    }

    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        F::check(config, launch)
    }

    fn form_fields(config: &Config, launch: &Launch) -> Vec<String> {
        F::form_fields(config, launch)
    }

    fn sources(&self) -> Sources {
        self.sources.clone()
    }

    async fn open(&self, cx: &mut FormContext<'_>) -> Result<Response, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            return redirects.open(cx, redirect, F::texts(cx).title).await;
        }
        if cx.session.state.recorded
            && let Some(stored) = self.stored_request(cx).await?
        {
            return self.show_stored(cx, &stored, PageTrigger::Visit);
        }
        Self::show_form(cx)
    }

    async fn submit(&self, cx: &mut FormContext<'_>, submit: Submit) -> Result<Response, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            let title = F::texts(cx).title;
            return redirects.submit(cx, redirect, title, submit).await;
        }
        match submit {
            Submit::Form(fields) => self.record(cx, &fields).await,
            Submit::StartOver => {
                cx.state().start_over()?;
                Self::show_form(cx)
            }
            Submit::CheckAgain => match self.stored_request(cx).await? {
                Some(stored) => self.settle(cx, stored).await,
                None => Self::show_form(cx),
            },
            // The session may be older than the submit: the browser went back to the page with the form.
            Submit::Restore | Submit::GoOn => match self.stored_request(cx).await? {
                Some(stored) => {
                    cx.state().recorded = true;
                    self.show_stored(cx, &stored, PageTrigger::Visit)
                }
                None => Self::show_form(cx),
            },
        }
    }
}

impl<F: RecordedForm> RecordedFormScreen<F> {
    /// The broker's own page in place of the form.
    fn redirect<'c>(&self, cx: &FormContext<'c>) -> Option<(&Redirects, Redirect<'c>)> {
        Some((self.redirects.as_ref()?, F::redirect(cx.config(), cx.launch())?))
    }

    /// The empty form. A program gets the trader's identity as JSON.
    fn show_form(cx: &mut FormContext<'_>) -> Result<Response, Failure> {
        if cx.request.prefers_json() {
            return cx.opened_response();
        }
        let form = F::form(cx, &Fields::default());
        Self::form_page(cx, &form, 200, "OK")
    }

    fn form_page(
        cx: &mut FormContext<'_>,
        form: &Form,
        status: u16,
        code: &'static str,
    ) -> Result<Response, Failure> {
        let page = cx.page(F::texts(cx).title)?;
        let html = F::render(cx, &page, form);
        page.into_response(status, code, html)
    }

    /// Records the submit, unless the form was submitted before.
    async fn record(&self, cx: &mut FormContext<'_>, fields: &Fields) -> Result<Response, Failure> {
        let mut form = F::form(cx, fields);
        form.fill(fields, cx.texts);
        if let Some(failure) = form.failure() {
            if cx.request.prefers_json() {
                return Err(failure);
            }
            // Shows the form again, with the entered values and the problems below their fields.
            return Self::form_page(cx, &form, failure.code.status(), failure.code.as_str());
        }
        let request = request_record(cx, cx.session.state.request.clone(), form.record());
        let recorded = cx
            .within_deadline(self.table.record(&request, SystemTime::now()))
            .await;
        let stored = match recorded {
            Err(failure) if failure.code == Code::TooManyRequests && !cx.request.prefers_json() => {
                // Keeps what the trader has entered.
                let mut page = cx.page(F::texts(cx).title)?;
                page.notice = Some(cx.texts.get(&failure.text_key("text")));
                let html = F::render(cx, &page, &form);
                return page.into_refusal(failure, html);
            }
            recorded => recorded?,
        };
        if stored.again && stored.fields != request.fields {
            // The form was changed after the first submit. Shows what was recorded first and does not call the
            // backend.
            cx.state().recorded = true;
            return self.show_stored(cx, &stored, PageTrigger::RepeatedSubmit);
        }
        self.settle(cx, stored).await
    }

    /// Shows the stored request. If a backend decides about it and it has no final outcome yet, calls the backend
    /// first: once for each submit of the trader, with the same id and content each time.
    async fn settle(&self, cx: &mut FormContext<'_>, stored: StoredRequest) -> Result<Response, Failure> {
        cx.state().recorded = true;
        let has_final_outcome = stored
            .outcome
            .as_ref()
            .is_some_and(|outcome| outcome.status.is_final());
        match F::backend(cx.config(), cx.launch()) {
            Some(backend) if !has_final_outcome => self.call_backend(cx, stored, backend).await,
            _ if stored.again => self.show_stored(cx, &stored, PageTrigger::RepeatedSubmit),
            _ => self.show_stored(cx, &stored, PageTrigger::FirstSubmit),
        }
    }

    /// Calls the backend, stores its outcome and shows it.
    async fn call_backend(
        &self,
        cx: &mut FormContext<'_>,
        mut stored: StoredRequest,
        backend: Backend<'_>,
    ) -> Result<Response, Failure> {
        let Some(url) = backend.url(cx.broker_name().as_str()) else {
            return Err(Failure::internal("broker.toml has no backend for this broker"));
        };
        let Some(backends) = &self.backends else {
            return Err(Failure::internal("there is no client for backends"));
        };
        let id = &cx.session.state.request;
        let submission = Submission {
            id,
            recorded_at: stored.recorded_at,
            screen: F::KIND,
            identity: cx.identity(),
            launch: cx.launch(),
            fields: &stored.fields,
        };
        let result = backends
            .call(backend, url, &submission, cx.request.deadline)
            .await;
        let Some(outcome) = result.outcome.clone() else {
            return Err(Failure {
                detail: result.detail,
                ..Failure::new(Code::ServiceUnavailable)
            });
        };
        let outcome = cx
            .within_deadline(self.table.record_outcome(id, &outcome, SystemTime::now()))
            .await
            .map_err(|failure| result.not_stored(&outcome, id, failure))?;
        let code = match outcome.status {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::Recorded | Status::Unknown => "UNKNOWN",
        };
        let outcome_unknown = !outcome.status.is_final();
        stored.outcome = Some(outcome);
        Ok(Response {
            detail: result.detail,
            outcome_unknown,
            backend: result.exchange,
            code,
            ..self.show_stored(cx, &stored, PageTrigger::FirstSubmit)?
        })
    }

    /// The session's request, if the table has it.
    async fn stored_request(&self, cx: &FormContext<'_>) -> Result<Option<StoredRequest>, Failure> {
        cx.within_deadline(self.table.find(&cx.session.state.request))
            .await
    }
}

/// The record of a submit with these fields.
pub fn request_record<S: ScreenState>(
    cx: &ScreenContext<'_, S>,
    id: RecordId,
    fields: BTreeMap<String, String>,
) -> store::Request {
    store::Request {
        id,
        screen: cx.screen(),
        broker: cx.broker_name().clone(),
        identity: cx.identity().clone(),
        launch: cx.launch().clone(),
        attribution: cx.session.attribution.clone(),
        fields,
        limits: Limits {
            records_per_day: cx.config().records_per_day,
            open_per_account: cx.config().deposit.open_per_account,
        },
        keep_days: cx.config().retention.days(cx.screen()),
    }
}
