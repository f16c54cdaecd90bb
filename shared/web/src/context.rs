//! A known trader on a screen.

use std::{collections::BTreeMap, marker::PhantomData, ops::Deref, sync::Arc, time::SystemTime};

use config::{Broker, Config, Named, Text};
use domain::{BrokerName, Identity, Launch, ScreenKind, Theme};
use http::Method;
use jiff::Timestamp;
use resolution::{OneTimeToken, Session, SessionError, SessionKey};
use serde::Serialize;
use store::TableError;
use tokio::time::{Instant, timeout_at};

use crate::{
    Answer, Choice, Code, Content, Failure, Fields, Kind, Look, Page, PageState, Request, Screen,
    ScreenState, Secrets, Site, Texts,
    answer::{self, ALLOW},
    page::theme_name,
    site,
};

/// What all screens have: `broker.toml`, pages, secrets.
pub(crate) struct Toolkit {
    pub site: Site,
    /// Our public origin, if it is set.
    pub public_url: Option<String>,
    pub secrets: Arc<Secrets>,
}

impl Toolkit {
    /// The key that seals sessions.
    pub async fn session_key(&self, deadline: Instant) -> Result<Arc<SessionKey>, Failure> {
        let key = self.secrets.session_key.current(deadline).await;
        key.map_err(Failure::unavailable)
    }
}

/// A known trader on a screen: the request, the session, and what a page or a record needs of both.
pub struct Context<'a, S> {
    /// The request.
    pub request: &'a Request,
    /// Who the trader is, how the screen was opened, and what the screen remembers.
    pub session: Session<S>,
    /// The trader's broker.
    pub broker: &'a Broker,
    /// The screens' own texts, in the trader's language.
    pub texts: Texts,
    screen: ScreenKind,
    toolkit: &'a Toolkit,
    key: Arc<SessionKey>,
}

impl<'a, S: ScreenState> Context<'a, S> {
    pub(crate) fn new(
        screen: ScreenKind,
        toolkit: &'a Toolkit,
        request: &'a Request,
        key: Arc<SessionKey>,
        session: Session<S>,
    ) -> Result<Self, Failure> {
        let site = &toolkit.site;
        let broker = site.config.broker_or_only(session.identity.broker_name.as_ref());
        Ok(Self {
            request,
            broker: broker.ok_or_else(|| Failure::new(Code::BrokerMismatch))?,
            texts: site.texts(session.launch.lang.as_deref()),
            session,
            screen,
            toolkit,
            key,
        })
    }

    /// `broker.toml`.
    pub fn config(&self) -> &'a Config {
        &self.toolkit.site.config
    }

    /// Which screen.
    pub fn screen(&self) -> ScreenKind {
        self.screen
    }

    /// What the screen remembers.
    pub fn state(&mut self) -> &mut S {
        &mut self.session.state
    }

    /// Who the trader is.
    pub fn identity(&self) -> &Identity {
        &self.session.identity
    }

    /// How the screen was opened.
    pub fn launch(&self) -> &Launch {
        &self.session.launch
    }

    /// The name of the trader's broker.
    pub fn broker_name(&self) -> &'a BrokerName {
        &self.broker.name
    }

    /// The trading account that the screen is about: the URL's, which is the trader's own, else the resolved login.
    pub fn account(&self) -> Option<i64> {
        let launch = self.session.launch.account;
        launch.or_else(|| self.session.identity.trading_login())
    }

    /// A text of `broker.toml`, in the trader's language.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.texts.code(), self.config().default_language())
    }

    /// What `broker.toml` lists to choose from, in the trader's language.
    pub fn choice(&self, named: &[Named]) -> Kind {
        let choices: Vec<Choice> = named
            .iter()
            .map(|named| Choice {
                value: named.id.to_string(),
                label: self.text(&named.label).to_owned(),
                note: String::new(),
            })
            .collect();
        Kind::Choice(Look::for_choices(&choices), choices)
    }

    /// The session for the next answer, renewed and sealed. Every answer to a known trader comes through here.
    fn renewed(&mut self) -> Result<String, Failure> {
        self.session.renew(SystemTime::now());
        Ok(self.key.seal(self.screen, &self.session)?)
    }

    /// What a page of this screen needs, under that heading. Renews the session.
    ///
    /// # Errors
    /// [`Code::InternalError`] if the operating system gives no random numbers.
    pub fn page(&mut self, title: String) -> Result<ScreenPage, Failure> {
        let session = self.renewed()?;
        let launch = &self.session.launch;
        let appearance = (launch.lang.as_deref(), launch.theme);
        let broker = self.session.identity.broker_name.as_ref();
        let page = self
            .toolkit
            .site
            .page(self.screen.as_str(), appearance, broker, title)?;
        Ok(ScreenPage {
            page: Page {
                form_url: screen_url(self.screen.as_str(), page.texts, page.theme),
                state: PageState::Screen,
                token: self.session.token.as_str().to_owned(),
                ..page
            },
            session,
            account: self.account(),
            email: self.session.identity.email.clone(),
        })
    }

    /// The answer to a program: these members, and the session with its end. Renews the session.
    ///
    /// # Errors
    /// As [`Context::page`].
    pub fn json<T: Serialize>(&mut self, members: &T) -> Result<Content, Failure> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct WithSession<'a, T> {
            #[serde(flatten)]
            members: &'a T,
            session: &'a str,
            expires_at: String,
        }
        let session = &self.renewed()?;
        Ok(Content::json(&WithSession {
            members,
            session,
            expires_at: rfc3339(self.session.expires()),
        }))
    }

    /// The answer to a program that has opened a screen: who the trader is, and how the screen was opened.
    ///
    /// # Errors
    /// As [`Context::page`].
    pub fn opened(&mut self) -> Result<Answer, Failure> {
        #[derive(Serialize)]
        struct Opened {
            action: ScreenKind,
            identity: Identity,
            launch: Launch,
        }
        let opened = Opened {
            action: self.screen,
            identity: self.session.identity.clone(),
            launch: self.session.launch.clone(),
        };
        Ok(Answer::new(200, "OK", self.json(&opened)?))
    }

    /// A redirect, with the renewed session in the cookie.
    ///
    /// # Errors
    /// As [`Context::page`].
    pub fn redirect(&mut self, code: &'static str, location: String) -> Result<Answer, Failure> {
        Ok(Answer {
            location: Some(location),
            cookie: Some(self.renewed()?),
            ..Answer::new(303, code, Content::Empty)
        })
    }

    /// A page that says what failed, with a button that asks for `again` with the session.
    ///
    /// # Errors
    /// As [`Context::page`].
    pub fn try_again(&mut self, failure: Failure, again: crate::Ask) -> Result<Answer, Failure> {
        let ScreenPage { page, session, .. } = self.page(self.texts.get(&failure.code.text_key("title")))?;
        let fields = [("session", session.as_str()), (crate::ASK, again.as_str())];
        let content = site::try_again(page, failure.code, &fields)?;
        Ok(Answer {
            content,
            cookie: Some(session),
            ..Answer::failed(failure, ALLOW)
        })
    }

    /// Waits for what the table answers, until the request's deadline.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] where the table does not answer, [`Code::InternalError`] where it holds what it must not.
    pub async fn in_time<T>(&self, call: impl Future<Output = Result<T, TableError>>) -> Result<T, Failure> {
        in_time(self.request.deadline, call).await
    }

    /// As [`success_url`].
    pub fn success_url(&self, event_name: Option<&str>) -> String {
        success_url(self.config(), event_name)
    }

    /// A path below this screen's, with language and theme for the page that is shown there without a session.
    pub fn subpath_url(&self, path: &str) -> String {
        let path = format!("{}/{path}", self.screen);
        screen_url(&path, self.texts, self.session.launch.theme)
    }

    /// A path of ours as an absolute URL.
    pub fn absolute(&self, url: &str) -> String {
        match self.origin() {
            Some(origin) if url.starts_with('/') => format!("{origin}{url}"),
            _ => url.to_owned(),
        }
    }

    /// Our public origin.
    pub(crate) fn origin(&self) -> Option<String> {
        let domain = self.request.domain.as_ref();
        let own = || domain.map(|domain| format!("https://{domain}"));
        self.toolkit.public_url.clone().or_else(own)
    }
}

/// A page of a screen, for its template: the shell, and what a known trader's page has besides.
pub struct ScreenPage {
    page: Page,
    /// The renewed session, for the hidden field `session` of each form.
    pub session: String,
    /// The trading account that the screen is about.
    pub account: Option<i64>,
    /// The trader's e-mail address.
    pub email: Option<String>,
}

impl Deref for ScreenPage {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl ScreenPage {
    /// The answer: the page as it was rendered, with the session in the cookie.
    ///
    /// # Errors
    /// [`Code::InternalError`] if the template failed.
    pub fn answer(
        self,
        status: u16,
        code: &'static str,
        html: askama::Result<String>,
    ) -> Result<Answer, Failure> {
        Ok(Answer {
            cookie: Some(self.session),
            ..Answer::new(status, code, self.page.content(html)?)
        })
    }
}

/// Somebody at a path below a screen's. A session in the body or in the cookie says who.
pub struct Visitor<'a, S> {
    /// The request.
    pub request: &'a Request,
    toolkit: &'a Toolkit,
    screen: PhantomData<fn() -> S>,
}

impl<'a, S: Screen> Visitor<'a, S> {
    pub(crate) fn new(toolkit: &'a Toolkit, request: &'a Request) -> Self {
        Self {
            request,
            toolkit,
            screen: PhantomData,
        }
    }

    /// `broker.toml`.
    pub fn config(&self) -> &'a Config {
        &self.toolkit.site.config
    }

    /// What was submitted; nothing for a method that submits nothing.
    ///
    /// # Errors
    /// Those of [`Fields::read`], and [`Code::MethodNotAllowed`].
    pub fn fields(&self) -> Result<Fields, Failure> {
        match self.request.method {
            Method::GET | Method::HEAD => Ok(Fields::default()),
            Method::POST => Fields::read(self.request),
            _ => Err(Failure::new(Code::MethodNotAllowed)),
        }
    }

    /// The trader whose session the field `session` holds.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] without the key; inside, why that is no session.
    pub async fn by_field(
        &self,
        fields: &Fields,
    ) -> Result<Result<Context<'a, S::State>, SessionError>, Failure> {
        let key = self.toolkit.session_key(self.request.deadline).await?;
        match key.open(S::KIND, fields.get("session"), SystemTime::now()) {
            Ok(session) => self.context(key, session).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    /// The trader whose session the cookie holds, if it is of this token or none is asked for. A cookie alone proves no
    /// intention: nothing may be done on its strength but showing.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] without the key.
    pub async fn by_cookie(
        &self,
        token: Option<&OneTimeToken>,
    ) -> Result<Option<Context<'a, S::State>>, Failure> {
        let Some(sealed) = self.request.cookie(answer::COOKIE) else {
            return Ok(None);
        };
        let key = self.toolkit.session_key(self.request.deadline).await?;
        let session = key.open(S::KIND, sealed, SystemTime::now()).ok();
        let same = |session: &Session<S::State>| token.is_none_or(|token| token.digest() == session.token);
        let session = session.filter(same);
        session.map(|session| self.context(key, session)).transpose()
    }

    pub(crate) fn context(
        &self,
        key: Arc<SessionKey>,
        session: Session<S::State>,
    ) -> Result<Context<'a, S::State>, Failure> {
        Context::new(S::KIND, self.toolkit, self.request, key, session)
    }

    /// The shell of a page without a session: language and theme are the URL's, the heading is the text of that key. With
    /// `restore` it looks in the browser for the session that a blocked cookie did not bring.
    ///
    /// # Errors
    /// [`Code::InternalError`] if the operating system gives no random numbers.
    pub fn page(&self, broker: &BrokerName, title: &str, restore: bool) -> Result<Page, Failure> {
        let site = &self.toolkit.site;
        let page = site.sessionless(S::KIND.as_str(), self.request, Some(broker), title)?;
        let state = if restore { PageState::Lost } else { page.state };
        Ok(Page { state, ..page })
    }

    /// As [`Context::in_time`].
    ///
    /// # Errors
    /// Likewise.
    pub async fn in_time<T>(&self, call: impl Future<Output = Result<T, TableError>>) -> Result<T, Failure> {
        in_time(self.request.deadline, call).await
    }
}

/// The success URL, with that `eventName`: for real success only, so not where X leads.
pub fn success_url(config: &Config, event_name: Option<&str>) -> String {
    let url = config.success_url.as_str();
    match event_name {
        Some(name) => {
            let separator = if url.contains('?') { '&' } else { '?' };
            format!("{url}{separator}eventName={name}")
        }
        None => url.to_owned(),
    }
}

async fn in_time<T>(
    deadline: Instant,
    call: impl Future<Output = Result<T, TableError>>,
) -> Result<T, Failure> {
    let answered = timeout_at(deadline, call).await;
    let answered = answered.map_err(|_| Failure::unavailable("the ledger table: timed out"))?;
    answered.map_err(|error| match error {
        TableError::Unavailable(_) => Failure::unavailable(error),
        TableError::Damaged(_) | TableError::Misused(_) => Failure::internal(error),
    })
}

/// A path below `/inapp/`, with language and theme for the pages that are shown without a session.
fn screen_url(path: &str, texts: Texts, theme: Option<Theme>) -> String {
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
