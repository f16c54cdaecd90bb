//! A form that is recorded once, as one component: what the custom actions do, and what a screen can do that has no more to
//! it than a form.

mod backends;
mod result_page;

use std::{collections::BTreeMap, marker::PhantomData, process::ExitCode, time::SystemTime};

use backend::Submission;
use config::{Backend, Config, Redirect};
use domain::{Launch, RecordId, ScreenKind};
use store::{Status, StoredRequest, Table};

use self::backends::Backends;
use crate::{
    Answer, Code, Context, Failure, Fields, Form, FormState, Redirects, Screen, ScreenPage, ScreenState,
    Setup, Shown, Sources, StartError, Submit, Texts, run_screen,
};

/// The context of a form that is recorded once.
pub type FormContext<'a> = Context<'a, FormState>;

/// A form, and what is peculiar to it. [`RecordedFormScreen`] makes a screen of it.
pub trait RecordedForm: Send + Sync + 'static {
    /// Which of cTrader's screens.
    const KIND: ScreenKind;

    /// As [`Screen::check`].
    ///
    /// # Errors
    /// The failure to answer with.
    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        let _ = (config, launch);
        Ok(())
    }

    /// Heading, and what the confirmation says.
    fn texts(cx: &FormContext<'_>) -> FormTexts;

    /// The form. What was submitted may decide what is accepted.
    fn form(cx: &FormContext<'_>, submitted: &Fields) -> Form;

    /// The page with the form.
    ///
    /// # Errors
    /// Those of the template.
    fn render(cx: &FormContext<'_>, page: &ScreenPage, form: &Form) -> askama::Result<String>;

    /// `eventName` for the success URL once the request is recorded.
    fn event_name(config: &Config, launch: &Launch) -> Option<String>;

    /// The broker's own page that takes the place of the form, where `broker.toml` says so.
    fn redirect<'c>(config: &'c Config, launch: &Launch) -> Option<Redirect<'c>>;

    /// All that [`RecordedForm::redirect`] can give, whatever the launch parameters.
    fn redirects(config: &Config) -> Vec<Redirect<'_>> {
        Self::redirect(config, &Launch::default()).into_iter().collect()
    }

    /// The broker's backend that a recorded request is handed to, where `broker.toml` says so.
    fn backend<'c>(config: &'c Config, launch: &Launch) -> Option<Backend<'c>> {
        let _ = (config, launch);
        None
    }

    /// Whether [`RecordedForm::backend`] can give one.
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
    /// What happens next.
    pub recorded_text: String,
}

impl FormTexts {
    /// The built-in texts of a screen, by the prefix of their keys.
    pub fn built_in(prefix: &str, texts: Texts) -> Self {
        let get = |key: &str| texts.get(&format!("{prefix}-{key}"));
        Self {
            title: get("title"),
            recorded_title: get("recorded-title"),
            recorded_text: get("recorded-text"),
        }
    }
}

/// The screen that a [`RecordedForm`] makes.
pub struct RecordedFormScreen<F> {
    table: Table,
    redirects: Option<Redirects>,
    backends: Option<Backends>,
    sources: Sources,
    form: PhantomData<fn() -> F>,
}

/// The whole of such a screen's `main`.
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

    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        F::check(config, launch)
    }

    fn sources(&self) -> Sources {
        self.sources.clone()
    }

    async fn open(&self, cx: &mut FormContext<'_>) -> Result<Answer, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            return redirects.open(cx, redirect, F::texts(cx).title).await;
        }
        if cx.session.state.recorded
            && let Some(recorded) = self.recorded(cx).await?
        {
            return self.show_recorded(cx, &recorded, Shown::AsItStands);
        }
        Self::show_form(cx)
    }

    async fn submit(&self, cx: &mut FormContext<'_>, submit: Submit) -> Result<Answer, Failure> {
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
            Submit::CheckAgain => match self.recorded(cx).await? {
                Some(recorded) => self.settle(cx, recorded).await,
                None => Self::show_form(cx),
            },
            // The page may be one from before the submit, which going back has brought up again.
            Submit::Restore | Submit::GoOn => match self.recorded(cx).await? {
                Some(recorded) => {
                    cx.state().recorded = true;
                    self.show_recorded(cx, &recorded, Shown::AsItStands)
                }
                None => Self::show_form(cx),
            },
        }
    }
}

impl<F: RecordedForm> RecordedFormScreen<F> {
    /// Where the trader is sent on to in place of the form.
    fn redirect<'c>(&self, cx: &FormContext<'c>) -> Option<(&Redirects, Redirect<'c>)> {
        Some((self.redirects.as_ref()?, F::redirect(cx.config(), cx.launch())?))
    }

    /// The empty form; to a program, who the trader is.
    fn show_form(cx: &mut FormContext<'_>) -> Result<Answer, Failure> {
        if cx.request.prefers_json() {
            return cx.opened();
        }
        let form = F::form(cx, &Fields::default());
        Self::form_page(cx, &form, 200, "OK")
    }

    fn form_page(
        cx: &mut FormContext<'_>,
        form: &Form,
        status: u16,
        code: &'static str,
    ) -> Result<Answer, Failure> {
        let page = cx.page(F::texts(cx).title)?;
        let html = F::render(cx, &page, form);
        page.answer(status, code, html)
    }

    /// Records what was submitted, unless the form has been submitted before.
    async fn record(&self, cx: &mut FormContext<'_>, fields: &Fields) -> Result<Answer, Failure> {
        let mut form = F::form(cx, fields);
        form.fill(fields, cx.texts);
        if let Some(failure) = form.failure() {
            if cx.request.prefers_json() {
                return Err(failure);
            }
            // The form again, filled in, with what is wrong in its place.
            return Self::form_page(cx, &form, failure.code.status(), failure.code.as_str());
        }
        let request = request_record(cx, cx.session.state.request.clone(), form.record());
        let recorded = cx.in_time(self.table.record(&request, SystemTime::now())).await?;
        if recorded.again && recorded.fields != request.fields {
            // The form was changed after the first submit. What was recorded first is shown, and no backend is asked.
            cx.state().recorded = true;
            return self.show_recorded(cx, &recorded, Shown::Before);
        }
        self.settle(cx, recorded).await
    }

    /// Shows what has been recorded. Before that hands it to the broker's backend, if it is for one and has no final outcome
    /// yet: once per submit of the trader's, under the same id and with the same content each time.
    async fn settle(&self, cx: &mut FormContext<'_>, mut recorded: StoredRequest) -> Result<Answer, Failure> {
        cx.state().recorded = true;
        let settled = recorded.outcome.as_ref();
        let settled = settled.is_some_and(|outcome| outcome.status.is_final());
        let (Some(backend), false) = (F::backend(cx.config(), cx.launch()), settled) else {
            return if recorded.again {
                self.show_recorded(cx, &recorded, Shown::Before)
            } else {
                self.show_recorded(cx, &recorded, Shown::Now)
            };
        };
        let url = backend.url(cx.broker_name().as_str());
        let url = url.ok_or_else(|| Failure::internal("broker.toml has no backend for this broker"))?;
        let backends = self.backends.as_ref();
        let backends = backends.ok_or_else(|| Failure::internal("there is no client for backends"))?;
        let id = &cx.session.state.request;
        let submission = Submission {
            id,
            recorded_at: recorded.recorded_at,
            screen: F::KIND,
            identity: cx.identity(),
            launch: cx.launch(),
            fields: &recorded.fields,
        };
        let result = backends.ask(backend, url, &submission, cx.request.deadline).await;
        let Some(outcome) = result.outcome.clone() else {
            return Err(Failure {
                detail: result.detail,
                ..Failure::new(Code::ServiceUnavailable)
            });
        };
        let stored = self.table.record_outcome(id, &outcome, SystemTime::now());
        let outcome = cx
            .in_time(stored)
            .await
            .map_err(|failure| result.not_stored(&outcome, id, failure))?;
        let code = match outcome.status {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::Recorded | Status::Unknown => "UNKNOWN",
        };
        let outcome_unknown = !outcome.status.is_final();
        recorded.outcome = Some(outcome);
        Ok(Answer {
            detail: result.detail,
            misconfigured: result.misconfigured,
            outcome_unknown,
            backend: result.exchange,
            code,
            ..self.show_recorded(cx, &recorded, Shown::Now)?
        })
    }

    /// What the table holds of the session's request.
    async fn recorded(&self, cx: &FormContext<'_>) -> Result<Option<StoredRequest>, Failure> {
        cx.in_time(self.table.find(&cx.session.state.request)).await
    }
}

/// What is recorded of a submit.
pub fn request_record<S: ScreenState>(
    cx: &Context<'_, S>,
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
    }
}
