//! A known trader on a screen.

use std::{sync::Arc, time::SystemTime};

use config::{Broker, Config, NamedOption, Text};
use domain::{BrokerName, Identity, Launch, ProvenLogin, ScreenKind};
use jiff::Timestamp;
use resolution::{Session, SessionKey};
use serde::Serialize;
use store::TableError;

use crate::{
    Choice, ChoiceLayout, Code, Content, Failure, InputKind, Page, PageState, Request, Response, ScreenPage,
    ScreenState, SessionCookie, Texts,
    response::ALLOW,
    site, success_url,
    toolkit::{Toolkit, within_deadline},
    urls::screen_url,
};

/// A known trader on a screen: the request, the session, and what pages and records need of both.
pub struct ScreenContext<'a, S> {
    /// The request.
    pub request: &'a Request,
    /// Who the trader is, how the screen was opened, and the screen's state.
    pub session: Session<S>,
    /// The trader's broker.
    pub broker: &'a Broker,
    /// The built-in texts, in the trader's language.
    pub texts: Texts,
    screen: ScreenKind,
    toolkit: &'a Toolkit,
    key: Arc<SessionKey>,
}

impl<'a, S: ScreenState> ScreenContext<'a, S> {
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

    /// The screen's state, which travels in the session.
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

    /// The trading account that the screen is about. Absent as long as none is proven to be the trader's: the account of
    /// the URL proves nothing.
    pub fn login(&self) -> Option<ProvenLogin> {
        self.session.identity.trading_login
    }

    /// A text of `broker.toml`, in the trader's language.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.texts.code(), self.config().default_language())
    }

    /// A choice among the options that `broker.toml` lists, in the trader's language.
    pub fn choice(&self, options: &[NamedOption]) -> InputKind {
        let choices: Vec<Choice> = options
            .iter()
            .map(|option| Choice {
                value: option.id.to_string(),
                label: self.text(&option.label).to_owned(),
                note: String::new(),
            })
            .collect();
        InputKind::Choice(ChoiceLayout::for_choices(&choices), choices)
    }

    /// The session for the next response, renewed and sealed. Every response to a known trader uses this function.
    fn renewed(&mut self) -> Result<String, Failure> {
        self.session.renew(SystemTime::now());
        Ok(self.key.seal(self.screen, &self.session)?)
    }

    /// A page of this screen with this heading. Renews the session.
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
                form_url: screen_url(
                    self.screen.as_str(),
                    page.texts,
                    page.theme,
                    launch.action_type.as_deref(),
                ),
                state: PageState::Screen,
                token: self.session.token.as_str().to_owned(),
                ..page
            },
            session,
            account: self.login(),
            email: self.session.identity.email.clone(),
            notice: None,
        })
    }

    /// The JSON body of a response to a program: `members`, and the session with its expiry. Renews the session.
    ///
    /// # Errors
    /// As [`ScreenContext::page`].
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

    /// The response to a program that opened the screen: who the trader is, and how the screen was opened.
    ///
    /// # Errors
    /// As [`ScreenContext::page`].
    pub fn opened_response(&mut self) -> Result<Response, Failure> {
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
        Ok(Response::new(200, "OK", self.json(&opened)?))
    }

    /// A redirect to `location`. The cookie carries the renewed session.
    ///
    /// # Errors
    /// As [`ScreenContext::page`].
    pub fn redirect(&mut self, code: &'static str, location: String) -> Result<Response, Failure> {
        Ok(Response {
            location: Some(location),
            cookie: Some(SessionCookie::Set(self.renewed()?)),
            ..Response::new(303, code, Content::Empty)
        })
    }

    /// A page that says what failed. Its button submits the session and asks for `ask`.
    ///
    /// # Errors
    /// As [`ScreenContext::page`].
    pub fn try_again(&mut self, failure: Failure, ask: crate::Ask) -> Result<Response, Failure> {
        let title = self.texts.get(&failure.text_key("title"));
        let ScreenPage { page, session, .. } = self.page(title)?;
        let fields = [("session", session.as_str()), (crate::ASK, ask.as_str())];
        let content = site::try_again(page, &failure, self.request, &fields)?;
        Ok(Response {
            content,
            cookie: Some(SessionCookie::Set(session)),
            ..Response::failed(failure, ALLOW)
        })
    }

    /// Waits for a call to the table, until the request's deadline.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] if the table does not answer in time, [`Code::TooManyRequests`] if the trader has
    /// too many records, [`Code::InternalError`] if the call or a stored item is wrong.
    pub async fn within_deadline<T>(
        &self,
        call: impl Future<Output = Result<T, TableError>>,
    ) -> Result<T, Failure> {
        within_deadline(self.request.deadline, call).await
    }

    /// As [`success_url`](crate::success_url).
    pub fn success_url(&self, event_name: Option<&str>) -> String {
        success_url(self.config(), event_name)
    }

    /// The URL of a path below this screen, with language and theme for the page that is shown there without a
    /// session.
    pub fn subpath_url(&self, path: &str) -> String {
        let path = format!("{}/{path}", self.screen);
        screen_url(&path, self.texts, self.session.launch.theme, None)
    }

    /// The absolute URL of a path of this deployment. A URL that is absolute already stays as it is.
    pub fn absolute_url(&self, url: &str) -> String {
        match self.origin() {
            Some(origin) if url.starts_with('/') => format!("{origin}{url}"),
            _ => url.to_owned(),
        }
    }

    /// The public origin of this deployment: `PUBLIC_URL`, else API Gateway's domain.
    pub(crate) fn origin(&self) -> Option<String> {
        let domain = self.request.domain.as_ref();
        let gateway = || domain.map(|domain| format!("https://{domain}"));
        self.toolkit.public_url.clone().or_else(gateway)
    }
}

fn rfc3339(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(String::new, |time| time.to_string())
}
