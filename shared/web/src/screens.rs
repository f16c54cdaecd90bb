//! The life of a screen: opened with a one-time token, reloaded with a session, submitted once.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
    process::ExitCode,
    sync::Arc,
    time::SystemTime,
};

use askama::Template;
use assertion::{Assertion, Signer};
use backend::Submission;
use broker::{Backend, Broker, Config, Named, PageUrl, Redirect, Text};
use ctrader::Client;
use deposits::Deposit;
use domain::{Identity, Launch, ScreenKind, Theme};
use http::Method;
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Recorded, Status};
use resolution::{AccountCurrency, LaunchUrl, OneTimeToken, Resolver, Session, SessionKey};
use secret::Secret;
use serde::Serialize;
use tokio::time::timeout_at;

use crate::{
    Answer, Choice, Code, Content, Failure, Fields, Form, Handler, Kind, Look, Page, Request, Settings, Site,
    Texts,
    answer::{self, ALLOW},
    assertion_keys,
    backends::Backends,
    page::{LinkPage, RecordedPage, Step, theme_name},
    run,
    secrets::Secrets,
    settings, site, telemetry,
};

/// What is peculiar to one screen. Everything else is [`Screens`]'s.
pub trait Screen: Send + Sync + 'static {
    /// Which of cTrader's screens.
    const ACTION: ScreenKind;

    /// Checks launch parameters that only this screen knows, before the token is redeemed.
    ///
    /// # Errors
    /// The failure to answer with.
    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        let _ = (config, launch);
        Ok(())
    }

    /// Heading, and what the confirmation says.
    fn wording(visit: &Visit<'_>) -> Wording;

    /// The form. What was submitted may decide what is accepted.
    fn form(visit: &Visit<'_>, submitted: &Fields) -> Form;

    /// The page with the form.
    ///
    /// # Errors
    /// Those of the template.
    fn render(visit: &Visit<'_>, page: &Page, form: &Form, session: &str) -> askama::Result<String>;

    /// `eventName` for the success URL once the request is recorded.
    fn event_name(config: &Config, launch: &Launch) -> Option<String>;

    /// The broker's own page that the trader is sent on to in place of the form, where `broker.toml` says so.
    fn redirect<'c>(config: &'c Config, launch: &Launch) -> Option<Redirect<'c>>;

    /// The broker's backend that a recorded request is handed to, where `broker.toml` says so.
    fn backend<'c>(config: &'c Config, launch: &Launch) -> Option<Backend<'c>> {
        let _ = (config, launch);
        None
    }

    /// Whether a submit of the form makes a deposit, which is then paid.
    const PAYS: bool = false;

    /// All that [`Screen::redirect`] can give, whatever the launch parameters, and all cashiers.
    fn redirects(config: &Config) -> Vec<Redirect<'_>> {
        Self::redirect(config, &Launch::default()).into_iter().collect()
    }
}

/// The texts around a form.
pub struct Wording {
    /// Heading of the screen.
    pub title: String,
    /// Heading of the confirmation.
    pub recorded_title: String,
    /// What happens next.
    pub recorded_text: String,
}

impl Wording {
    /// A heading only, of a screen with a confirmation of its own.
    pub fn title(title: String) -> Self {
        Self {
            title,
            recorded_title: String::new(),
            recorded_text: String::new(),
        }
    }

    /// The built-in texts of a screen, by the prefix of their keys.
    pub fn of(prefix: &str, texts: Texts) -> Self {
        let get = |key: &str| texts.get(&format!("{prefix}-{key}"));
        Self {
            title: get("title"),
            recorded_title: get("recorded-title"),
            recorded_text: get("recorded-text"),
        }
    }
}

/// A known trader on a screen.
pub struct Visit<'a> {
    /// `broker.toml`.
    pub config: &'a Config,
    /// The trader's broker.
    pub broker: &'a Broker,
    /// Who.
    pub identity: &'a Identity,
    /// With which launch parameters.
    pub launch: &'a Launch,
    /// The screens' own texts, in the trader's language.
    pub texts: Texts,
    /// What the trading account is kept in, on a screen where a deposit is made.
    pub currency: Option<&'a AccountCurrency>,
    /// The account's deposits that are under way, on such a screen.
    pub open: &'a [Deposit],
}

impl Visit<'_> {
    /// The trading account that the screen is about: the URL's, which is the trader's own, else the resolved login.
    pub fn account(&self) -> Option<i64> {
        self.launch.account.or_else(|| self.identity.trading_login())
    }

    /// What `broker.toml` lists to choose from, in the trader's language.
    pub fn choice(&self, named: &[Named]) -> Kind {
        let choices: Vec<Choice> = named
            .iter()
            .map(|named| Choice {
                value: named.id.get_ref().clone(),
                label: self.text(named.label.get_ref()).to_owned(),
                note: String::new(),
            })
            .collect();
        Kind::Choice(Look::of(&choices), choices)
    }

    /// A text of `broker.toml`, in the trader's language.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.texts.code(), self.config.default_language())
    }
}

/// The handler of one screen.
pub struct Screens<S> {
    pub(crate) site: Site,
    public_url: Option<String>,
    pub(crate) secrets: Secrets,
    pub(crate) resolver: Resolver,
    pub(crate) ledger: Ledger,
    /// Only where `broker.toml` redirects.
    signer: Option<Signer>,
    /// Only where `broker.toml` hands something to the broker's backend.
    backends: Option<Backends>,
    form_targets: Vec<String>,
    screen: PhantomData<fn() -> S>,
}

/// The whole of a screen's `main`.
pub async fn run_screen<S: Screen>() -> ExitCode {
    run(Screens::<S>::from_env()).await
}

impl<S: Screen> Screens<S> {
    async fn from_env() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let settings = Settings::from_env()?;
        let site = Site::from_env()?;
        let tls = outbound::tls()?;
        let aws = aws::config(tls.clone()).await?;
        let signer = if S::redirects(&site.config).is_empty() {
            None
        } else {
            let keys = assertion_keys()?;
            Some(Signer::new(aws_sdk_kms::Client::new(&aws), &keys))
        };
        let client = aws_sdk_secretsmanager::Client::new(&aws);
        let backends = if S::ACTION == ScreenKind::Custom && site.config.calls_backends() {
            let secret = Secret::parsed(client.clone(), settings::backend_secret_id()?);
            let client = backend::Client::new(tls.clone())?;
            Some(Backends { client, secret })
        } else {
            None
        };
        let secrets = Secrets::new(client, &settings);
        let brokers = site
            .config
            .brokers
            .iter()
            .map(|broker| broker.name.get_ref().clone())
            .collect();
        let client = Client::new(settings.ctrader_base_url, settings.ctrader_redeem_api, tls)?;
        tokio::join!(secrets.warm_up(), async {
            if let Some(backends) = &backends {
                backends.secret.warm_up().await;
            }
        });
        Ok(Self {
            form_targets: form_targets::<S>(&site.config),
            site,
            public_url: settings.public_url,
            secrets,
            resolver: Resolver::new(client, brokers),
            ledger: Ledger::new(aws_sdk_dynamodb::Client::new(&aws), settings.ledger_table),
            signer,
            backends,
            screen: PhantomData,
        })
    }

    /// The key that seals sessions.
    pub(crate) async fn session_key(&self, request: &Request) -> Result<Arc<SessionKey>, Failure> {
        let key = self.secrets.session_key.current(request.deadline).await;
        key.map_err(Failure::unavailable)
    }

    /// `GET`: with a session the screen as it was, else with a token a new one.
    async fn open(&self, request: &Request, sure: bool) -> Result<Answer, Failure> {
        let url = self.launch_url(request)?;
        if let Some((session, key)) = self.session_of_cookie(request, url.token.as_ref()).await? {
            let broker = session.identity.broker_name.clone();
            let answer = self.resume(request, session, &key).await;
            return answer.map_err(|failure| failure.of(broker.as_ref()));
        }
        let token = url.token.ok_or_else(|| Failure::missing("token"))?;
        S::check(&self.site.config, &url.launch)?;
        if !sure && !request.prefers_json() && request.is_link_previewer() {
            return Ok(Answer::new(
                200,
                "PREVIEW",
                self.site.preview(Self::NAME, request)?,
            ));
        }

        // Before the token is spent: without the key there would be no session to show for it.
        let key = self
            .secrets
            .ready(request.deadline)
            .await
            .map_err(Failure::unavailable)?;
        let digest = token.digest();
        let resolution = self
            .resolver
            .resolve(token, url.launch.account, &self.secrets, request.deadline)
            .await;
        let upstream = resolution.upstream;
        let identity = resolution.outcome.map_err(|error| Failure {
            upstream,
            ..Failure::from(error)
        })?;
        let session = Session::open(identity, url.launch, url.attribution, digest, SystemTime::now())?;
        let answer = self.show(request, session, &key).await?;
        Ok(Answer { upstream, ..answer })
    }

    /// `HEAD`: whether the URL is usable, as far as can be said without spending the token.
    async fn peek(&self, request: &Request) -> Result<Answer, Failure> {
        let url = self.launch_url(request)?;
        if self
            .session_of_cookie(request, url.token.as_ref())
            .await?
            .is_none()
        {
            url.token.ok_or_else(|| Failure::missing("token"))?;
            S::check(&self.site.config, &url.launch)?;
        }
        Ok(Answer::new(200, "OK", Content::Empty))
    }

    /// What the URL says, unless it cannot be used whatever else there is.
    fn launch_url(&self, request: &Request) -> Result<LaunchUrl, Failure> {
        let url = LaunchUrl::parse(&request.query)?;
        if url.launch.action_type.is_some() {
            S::check(&self.site.config, &url.launch)?;
        }
        Ok(url)
    }

    /// The session in the cookie, if it belongs to this URL: a token that is absent, or the one it was opened with.
    pub(crate) async fn session_of_cookie(
        &self,
        request: &Request,
        token: Option<&OneTimeToken>,
    ) -> Result<Option<(Session, Arc<SessionKey>)>, Failure> {
        let Some(sealed) = request.cookie(answer::COOKIE) else {
            return Ok(None);
        };
        let key = self.session_key(request).await?;
        let session = key.open(S::ACTION, sealed, SystemTime::now()).ok();
        let same = |session: &Session| token.is_none_or(|token| token.digest() == session.token);
        Ok(session.filter(same).map(|session| (session, key)))
    }

    /// The screen as the session left it: what was recorded, else as it was opened.
    async fn resume(&self, request: &Request, session: Session, key: &SessionKey) -> Result<Answer, Failure> {
        if S::PAYS && session.recorded && self.redirect(&session).is_none() {
            return self.resume_deposit(request, session, key).await;
        }
        if session.recorded
            && self.redirect(&session).is_none()
            && let Some(recorded) = self.recorded(request, &session).await?
        {
            return self.show_recorded(request, session, key, &recorded, "OK");
        }
        self.show(request, session, key).await
    }

    /// `POST`: the form, or a page that lost its cookie asking for its screen.
    async fn submit(&self, request: &Request) -> Result<Answer, Failure> {
        let fields = Fields::read(request)?;
        if fields.get("continue") == "1" && fields.get("session").is_empty() {
            return self.open(request, true).await;
        }
        let key = self.session_key(request).await?;
        let session = key.open(S::ACTION, fields.get("session"), SystemTime::now())?;
        let broker = session.identity.broker_name.clone();
        let answer = self.submitted(request, session, &key, &fields).await;
        answer.map_err(|failure| failure.of(broker.as_ref()))
    }

    /// A `POST` with a good session.
    async fn submitted(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        fields: &Fields,
    ) -> Result<Answer, Failure> {
        if let Some(redirect) = self.redirect(&session) {
            // There is no form of ours: all that can be asked for is the way on.
            if request.prefers_json() && fields.get("restore").is_empty() {
                return Err(Failure {
                    message: "There is nothing to submit: traders are sent on to the broker's own page"
                        .into(),
                    ..Failure::new(Code::InvalidParameter)
                });
            }
            let open = fields.get("open") == "1" && !request.prefers_json();
            return match open {
                true => self.send_on(request, session, key, redirect).await,
                false => self.show(request, session, key).await,
            };
        }
        match fields.get("restore") {
            "" => {}
            restore if S::PAYS && restore != "new" => {
                return self.resume_deposit(request, session, key).await;
            }
            "new" => {
                session.start_over()?;
                return self.show(request, session, key).await;
            }
            "retry" => {
                return match self.recorded(request, &session).await? {
                    Some(recorded) => self.settle(request, session, key, recorded).await,
                    None => self.show(request, session, key).await,
                };
            }
            // The page may be one from before the submit, which going back has brought up again.
            _ => {
                return match self.recorded(request, &session).await? {
                    Some(recorded) => {
                        session.recorded = true;
                        self.show_recorded(request, session, key, &recorded, "OK")
                    }
                    None => self.show(request, session, key).await,
                };
            }
        }

        if S::PAYS {
            self.know_currency(request.deadline, &mut session).await?;
        }
        let visit = self.visit(&session)?;
        let mut form = S::form(&visit, fields);
        form.fill(fields, visit.texts);
        if let Some(failure) = form.failure() {
            return self.show_problems(request, session, key, form, failure);
        }
        if S::PAYS {
            return self.pay(request, session, key, &form).await;
        }
        let record = self.record_of(&visit, &session, form.record());
        let recorded = self.ledger.record(&record, SystemTime::now());
        let recorded = in_time(request, recorded).await?;
        if recorded.again && recorded.fields != record.fields {
            // What counts is not what the trader has now before them: it is shown, and nobody is asked to carry it out.
            session.recorded = true;
            return self.show_recorded(request, session, key, &recorded, "ALREADY_RECORDED");
        }
        self.settle(request, session, key, recorded).await
    }

    /// What is recorded of a submit.
    pub(crate) fn record_of(
        &self,
        visit: &Visit<'_>,
        session: &Session,
        fields: BTreeMap<String, String>,
    ) -> ledger::Request {
        ledger::Request {
            id: session.request.clone(),
            screen: S::ACTION,
            broker: visit.broker.name.get_ref().clone(),
            identity: session.identity.clone(),
            launch: session.launch.clone(),
            attribution: session.attribution.clone(),
            fields,
        }
    }

    /// What has been recorded is shown, and before that handed to the broker's backend, if it is for one and has no final
    /// outcome yet. That is done once per submit of the trader's, under the same id and with the same content each time.
    async fn settle(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        mut recorded: Recorded,
    ) -> Result<Answer, Failure> {
        session.recorded = true;
        let settled = recorded
            .outcome
            .as_ref()
            .is_some_and(|outcome| outcome.status.is_final());
        let (Some(backend), false) = (self.backend(&session), settled) else {
            let code = if recorded.again {
                "ALREADY_RECORDED"
            } else {
                "RECORDED"
            };
            return self.show_recorded(request, session, key, &recorded, code);
        };
        let visit = self.visit(&session)?;
        let url = backend.url(visit.broker.name.get_ref().as_str());
        let url = url.ok_or_else(|| Failure::internal("broker.toml has no backend for this broker"))?;
        let backends = self.backends.as_ref();
        let backends = backends.ok_or_else(|| Failure::internal("there is no client for backends"))?;
        let submission = Submission {
            id: &session.request,
            recorded_at: recorded.recorded_at,
            screen: S::ACTION,
            identity: &session.identity,
            launch: &session.launch,
            fields: &recorded.fields,
        };
        let asked = backends.ask(backend, url, &submission, request.deadline).await;
        let Some(outcome) = asked.outcome.clone() else {
            return Err(Failure {
                detail: asked.detail,
                ..Failure::new(Code::ServiceUnavailable)
            });
        };
        let conclude = self
            .ledger
            .conclude(&session.request, &outcome, SystemTime::now());
        let outcome = in_time(request, conclude)
            .await
            .map_err(|failure| asked.not_written_down(&outcome, &session, failure))?;
        let code = match outcome.status {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::Recorded | Status::Unknown => telemetry::UNKNOWN,
        };
        recorded.outcome = Some(outcome);
        Ok(Answer {
            detail: asked.detail,
            misconfigured: asked.misconfigured,
            backend: asked.exchange,
            ..self.show_recorded(request, session, key, &recorded, code)?
        })
    }

    /// What the table holds of the session's request.
    async fn recorded(&self, request: &Request, session: &Session) -> Result<Option<Recorded>, Failure> {
        in_time(request, self.ledger.find(&session.request)).await
    }

    pub(crate) fn visit<'a>(&'a self, session: &'a Session) -> Result<Visit<'a>, Failure> {
        let config = &self.site.config;
        let name = session.identity.broker_name.as_ref();
        Ok(Visit {
            config,
            broker: config
                .broker_or_only(name)
                .ok_or_else(|| Failure::new(Code::BrokerMismatch))?,
            identity: &session.identity,
            launch: &session.launch,
            texts: self.site.texts(session.launch.lang.as_deref()),
            currency: session.currency.as_ref(),
            open: &[],
        })
    }

    fn redirect(&self, session: &Session) -> Option<Redirect<'_>> {
        S::redirect(&self.site.config, &session.launch)
    }

    fn backend(&self, session: &Session) -> Option<Backend<'_>> {
        S::backend(&self.site.config, &session.launch)
    }

    /// The screen: the form, or the way on to the broker's own page; in JSON, who and with what.
    pub(crate) async fn show(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
    ) -> Result<Answer, Failure> {
        if request.prefers_json() {
            let sealed = Self::renewed(&mut session, key)?;
            let content = Content::json(&Opened {
                action: S::ACTION,
                identity: &session.identity,
                launch: &session.launch,
                session: &sealed,
                expires_at: rfc3339(session.expires()),
            });
            return Ok(Answer::new(200, "OK", content));
        }
        match self.redirect(&session) {
            Some(redirect) if redirect.framed => self.send_on(request, session, key, redirect).await,
            Some(redirect) => self.show_link(session, key, redirect),
            None if S::PAYS => Box::pin(self.show_cashier(request, session, key)).await,
            None => {
                let form = S::form(&self.visit(&session)?, &Fields::default());
                self.form_answer(session, key, &form, &[], 200, "OK")
            }
        }
    }

    /// Sends the trader on to the broker's own page, with a fresh assertion. If there is none to be had, the one-time
    /// token is spent all the same: the answer carries the session, and its button tries again with that.
    async fn send_on(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        redirect: Redirect<'_>,
    ) -> Result<Answer, Failure> {
        let sealed = Self::renewed(&mut session, key)?;
        let visit = self.visit(&session)?;
        let target = target(&visit, redirect)?;
        let answer = match self.assertion(request, &visit, target, None).await {
            Ok(assertion) => Answer {
                location: Some(target.with_assertion(&assertion)),
                ..Answer::new(303, "REDIRECTED", Content::Empty)
            },
            Err(failure) => {
                let again = if redirect.framed { "restore" } else { "open" };
                self.try_again(&session, &sealed, failure, again)?
            }
        };
        Ok(Answer {
            cookie: Some(sealed),
            ..answer
        })
    }

    /// A page that says what failed, with a button that asks for `again` with the session.
    pub(crate) fn try_again(
        &self,
        session: &Session,
        sealed: &str,
        failure: Failure,
        again: &'static str,
    ) -> Result<Answer, Failure> {
        let texts = self.site.texts(session.launch.lang.as_deref());
        let page = self.page(session, texts.get(&failure.code.text_key("title")))?;
        let content = site::try_again(page, failure.code, &[("session", sealed), (again, "1")])?;
        Ok(Answer {
            content,
            ..Answer::failed(failure, ALLOW)
        })
    }

    /// The session for the next answer, sealed.
    pub(crate) fn renewed(session: &mut Session, key: &SessionKey) -> Result<String, Failure> {
        session.renew(SystemTime::now());
        Ok(key.seal(S::ACTION, session)?)
    }

    /// A signed assertion of who the trader is, for the page `target`.
    pub(crate) async fn assertion(
        &self,
        request: &Request,
        visit: &Visit<'_>,
        target: PageUrl<'_>,
        deposit: Option<&assertion::Deposit>,
    ) -> Result<String, Failure> {
        let signer = self.signer.as_ref();
        let signer = signer.ok_or_else(|| Failure::internal("there is no assertion key"))?;
        let issuer = self.origin(request);
        let assertion = Assertion {
            issuer: &issuer.ok_or_else(|| Failure::internal("the request names no domain"))?,
            audience: target.origin(),
            screen: S::ACTION,
            identity: visit.identity,
            launch: visit.launch,
            deposit,
        };
        signer
            .sign(&assertion, SystemTime::now(), request.deadline)
            .await
            .map_err(Failure::unavailable)
    }

    /// Where the broker's page refuses to be framed: a page that says where it leads, and a button.
    fn show_link(
        &self,
        mut session: Session,
        key: &SessionKey,
        redirect: Redirect<'_>,
    ) -> Result<Answer, Failure> {
        let sealed = Self::renewed(&mut session, key)?;
        let visit = self.visit(&session)?;
        let target = target(&visit, redirect)?;
        let page = self.page(&session, S::wording(&visit).title)?;
        let html = LinkPage {
            page: &page,
            host: target.host(),
            session: &sealed,
        }
        .render();
        let content = page.content(html)?;
        Ok(Answer {
            cookie: Some(sealed),
            ..Answer::new(200, "OK", content)
        })
    }

    /// The form again, filled in, with what is wrong in its place.
    fn show_problems(
        &self,
        request: &Request,
        session: Session,
        key: &SessionKey,
        form: Form,
        failure: Failure,
    ) -> Result<Answer, Failure> {
        if request.prefers_json() {
            return Err(failure);
        }
        self.form_answer(
            session,
            key,
            &form,
            &[],
            failure.code.status(),
            failure.code.as_str(),
        )
    }

    pub(crate) fn form_answer(
        &self,
        mut session: Session,
        key: &SessionKey,
        form: &Form,
        open: &[Deposit],
        status: u16,
        code: &'static str,
    ) -> Result<Answer, Failure> {
        let sealed = Self::renewed(&mut session, key)?;
        let visit = Visit {
            open,
            ..self.visit(&session)?
        };
        let page = self.page(&session, S::wording(&visit).title)?;
        let html = S::render(&visit, &page, form, &sealed);
        let content = page.content(html)?;
        Ok(Answer {
            cookie: Some(sealed),
            ..Answer::new(status, code, content)
        })
    }

    /// What has been recorded, and what became of it.
    fn show_recorded(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        recorded: &Recorded,
        code: &'static str,
    ) -> Result<Answer, Failure> {
        let sealed = Self::renewed(&mut session, key)?;
        let reference = session.request.reference();
        let backend = self.backend(&session);
        let outcome = recorded.outcome.as_ref();
        let status = outcome.map_or(Status::Recorded, |outcome| outcome.status);
        let message = outcome.and_then(|outcome| outcome.message.as_deref());
        // What was allowed when it was written down may not be any more.
        let redirect = outcome.and_then(|outcome| outcome.redirect.as_deref());
        let redirect = redirect.filter(|url| backend.is_some_and(|backend| backend.may_redirect(url)));
        let end = End::of(status, backend.is_some());
        let return_url = match end {
            End::Recorded | End::Succeeded => self.done_url(&session.launch),
            End::Failed => self.site.config.failure_url.get_ref().clone(),
            End::Unknown => self.site.config.success_url.get_ref().clone(),
        };
        if request.prefers_json() {
            let content = Content::json(&Submitted {
                action: S::ACTION,
                reference: &reference,
                recorded_at: recorded.recorded_at.to_string(),
                again: recorded.again,
                status: status.as_str(),
                message,
                redirect,
                return_url: self.absolute(&return_url, request),
                session: &sealed,
                expires_at: rfc3339(session.expires()),
            });
            return Ok(Answer {
                reference: Some(reference),
                ..Answer::new(200, code, content)
            });
        }
        let visit = self.visit(&session)?;
        let form = S::form(&visit, &Fields::from(recorded.fields.clone()));
        let wording = S::wording(&visit);
        let page = self.page(&session, wording.title)?;
        let (title, text) = match end {
            End::Recorded => (wording.recorded_title, wording.recorded_text),
            _ => {
                let says = |what: &str| visit.texts.get(&format!("outcome-{}-{what}", end.as_str()));
                (says("title"), message.map_or_else(|| says("text"), str::to_owned))
            }
        };
        let html = RecordedPage {
            page: &page,
            title: &title,
            text: &text,
            mood: end.mood(),
            again: code == "ALREADY_RECORDED",
            reference: &reference,
            account: visit.account(),
            rows: &form.rows(&recorded.fields, visit.texts),
            steps: &end.steps(redirect, return_url),
            session: &sealed,
        }
        .render();
        let content = page.content(html)?;
        Ok(Answer {
            cookie: Some(sealed),
            reference: Some(reference),
            ..Answer::new(200, code, content)
        })
    }

    /// The shell of a page that carries this session.
    pub(crate) fn page(&self, session: &Session, title: String) -> Result<Page, Failure> {
        let launch = &session.launch;
        let appearance = (launch.lang.as_deref(), launch.theme);
        let page = self.site.page(
            Self::NAME,
            appearance,
            session.identity.broker_name.as_ref(),
            title,
        )?;
        Ok(Page {
            form_url: url_of(Self::NAME, page.texts, page.theme),
            state: "screen",
            token: session.token.as_str().to_owned(),
            ..page
        })
    }

    /// The success URL with the `eventName`: for real success only, so not where X leads.
    pub(crate) fn done_url(&self, launch: &Launch) -> String {
        let url = self.site.config.success_url.get_ref();
        match S::event_name(&self.site.config, launch) {
            Some(name) => {
                let separator = if url.contains('?') { '&' } else { '?' };
                format!("{url}{separator}eventName={name}")
            }
            None => url.clone(),
        }
    }

    /// A path of ours as an absolute URL.
    pub(crate) fn absolute(&self, url: &str, request: &Request) -> String {
        match self.origin(request) {
            Some(origin) if url.starts_with('/') => format!("{origin}{url}"),
            _ => url.to_owned(),
        }
    }

    /// Our public origin.
    fn origin(&self, request: &Request) -> Option<String> {
        let domain = request.domain.as_ref();
        let own = || domain.map(|domain| format!("https://{domain}"));
        self.public_url.clone().or_else(own)
    }
}

impl<S: Screen> Handler for Screens<S> {
    const NAME: &'static str = S::ACTION.as_str();

    fn site(&self) -> &Site {
        &self.site
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Failure> {
        let path = request.path.strip_prefix("/inapp/");
        match path.and_then(|path| path.strip_prefix(Self::NAME)) {
            Some("") => {}
            Some(rest) if S::PAYS && rest.starts_with('/') => {
                return self.deposit_at(request, &rest[1..]).await;
            }
            _ => return Err(Failure::new(Code::NotFound)),
        }
        match request.method {
            Method::GET if request.is_prefetch() => Ok(Answer::new(403, "PREFETCH", Content::Empty)),
            Method::GET => self.open(request, false).await,
            Method::HEAD => self.peek(request).await,
            Method::POST => self.submit(request).await,
            _ => Err(Failure::new(Code::MethodNotAllowed)),
        }
    }

    /// Those of the whole section, on all its pages: a reload may restore the session of any of them, since another tab,
    /// with another action or another broker, may have replaced the cookie.
    fn form_targets(&self) -> &[String] {
        &self.form_targets
    }
}

/// Origins of all pages that this screen may send a trader on to, and where those go on to, each once.
fn form_targets<S: Screen>(config: &Config) -> Vec<String> {
    let pages = S::redirects(config).into_iter().flat_map(Redirect::pages);
    let mut origins: BTreeSet<_> = pages.map(|page| page.origin().to_owned()).collect();
    if !origins.is_empty() {
        let onward = config.onward_origins.iter();
        origins.extend(onward.map(|origin| origin.get_ref().clone()));
    }
    origins.into_iter().collect()
}

/// The page of the trader's broker.
fn target<'c>(visit: &Visit<'_>, redirect: Redirect<'c>) -> Result<PageUrl<'c>, Failure> {
    let page = redirect.page(visit.broker.name.get_ref().as_str());
    page.ok_or_else(|| Failure::internal("broker.toml has no page for this broker"))
}

/// How a submit ends, for the trader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Recorded; that is all there is to it here.
    Recorded,
    /// The broker's backend did it.
    Succeeded,
    /// The broker's backend did not, and will not.
    Failed,
    /// The broker's backend may have done it. So it is, too, where it was to be asked and nobody wrote down what came of it.
    Unknown,
}

impl End {
    fn of(status: Status, for_backend: bool) -> Self {
        match status {
            Status::Recorded if for_backend => Self::Unknown,
            Status::Recorded => Self::Recorded,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::Unknown => Self::Unknown,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The icon.
    fn mood(self) -> &'static str {
        match self {
            Self::Recorded | Self::Succeeded => "good",
            Self::Failed => "bad",
            Self::Unknown => "open",
        }
    }

    /// The buttons, what most will want first: where the backend sends the trader, if it does.
    fn steps(self, redirect: Option<&str>, return_url: String) -> [Step; 2] {
        let link = |id, url, label| Step::Link { id, url, label };
        let submit = |restore, label| Step::Submit { restore, label };
        let leave = match self {
            Self::Recorded | Self::Succeeded => link("done", return_url, "done"),
            Self::Failed | Self::Unknown => link("close", return_url, "close"),
        };
        match (redirect, self) {
            (Some(url), _) => [link("continue", url.to_owned(), "continue"), leave],
            (None, Self::Recorded | Self::Succeeded) => [leave, submit("new", "new-request")],
            (None, Self::Failed) => [submit("new", "try-again"), leave],
            (None, Self::Unknown) => [submit("retry", "check-again"), leave],
        }
    }
}

/// JSON of a screen that has been opened.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opened<'a> {
    action: ScreenKind,
    identity: &'a Identity,
    launch: &'a Launch,
    session: &'a str,
    expires_at: String,
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
    session: &'a str,
    expires_at: String,
}

/// What the table answers before the request's deadline.
pub(crate) async fn in_time<T>(
    request: &Request,
    call: impl Future<Output = Result<T, LedgerError>>,
) -> Result<T, Failure> {
    timeout_at(request.deadline, call)
        .await
        .map_err(|_| Failure::unavailable("the ledger table: timed out"))?
        .map_err(ledger_failure)
}

fn ledger_failure(error: LedgerError) -> Failure {
    match error {
        LedgerError::Unavailable(_) => Failure::unavailable(error),
        LedgerError::Damaged(_) | LedgerError::Misused(_) => Failure::internal(error),
    }
}

/// A path below `/inapp/`, with language and theme for the pages that are shown without a session.
pub(crate) fn url_of(path: &str, texts: Texts, theme: Option<Theme>) -> String {
    let mut query = BTreeMap::from([("lang", texts.code())]);
    if let Some(theme) = theme {
        query.insert("theme", theme_name(theme));
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("/inapp/{path}?{query}")
}

fn rfc3339(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(String::new, |time| time.to_string())
}
