//! A request whose trader is not known yet.

use std::{marker::PhantomData, sync::Arc, time::SystemTime};

use config::Config;
use domain::BrokerName;
use http::Method;
use resolution::{OneTimeToken, Session, SessionError, SessionKey};
use store::TableError;

use crate::{
    Code, Failure, Fields, Page, PageState, Request, Screen, ScreenContext,
    response::COOKIE,
    toolkit::{Toolkit, within_deadline},
};

/// A request to a screen or to a path below it, whose trader is not known yet. The session in the body or in the
/// cookie identifies the trader.
pub struct AnonymousRequest<'a, S> {
    /// The request.
    pub request: &'a Request,
    toolkit: &'a Toolkit,
    screen: PhantomData<fn() -> S>,
}

impl<'a, S: Screen> AnonymousRequest<'a, S> {
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

    /// The submitted fields. Empty for `GET` and `HEAD`, and for a form of another site, such as a cashier that sends the
    /// trader back: what it says does not count.
    ///
    /// # Errors
    /// Those of [`Fields::read`], and [`Code::MethodNotAllowed`].
    pub fn fields(&self) -> Result<Fields, Failure> {
        match self.request.method {
            Method::GET | Method::HEAD => Ok(Fields::default()),
            Method::POST => {
                let fields = Fields::read(self.request)?;
                let ignored = self.request.is_form_of_another_site() && !self.request.is_call_of_a_page();
                Ok(if ignored { Fields::default() } else { fields })
            }
            _ => Err(Failure::new(Code::MethodNotAllowed)),
        }
    }

    /// The trader whose session is in the field `session`.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] without the session key. The inner error says why the field holds no valid
    /// session.
    pub async fn by_field(
        &self,
        fields: &Fields,
    ) -> Result<Result<ScreenContext<'a, S::State>, SessionError>, Failure> {
        let key = self.toolkit.session_key(self.request.deadline).await?;
        match key.open(S::KIND, fields.get("session"), SystemTime::now()) {
            Ok(session) => self.context(key, session).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    /// As [`AnonymousRequest::by_field`], for a request that only a session authorises.
    ///
    /// # Errors
    /// [`Code::SessionExpired`], or what is wrong with the `Content-Type` if the session could not be read because of
    /// it; [`Code::ServiceUnavailable`] without the session key.
    pub async fn known_by_field(&self, fields: &Fields) -> Result<ScreenContext<'a, S::State>, Failure> {
        let known = self.by_field(fields).await?;
        known.map_err(|error| fields.without_session(error))
    }

    /// The trader whose session is in the cookie. If `token` is given, only a session that was opened with this
    /// token counts.
    ///
    /// Forged forms of other sites carry the cookie too, so a session from it may only show, never change anything. A
    /// call of a page has no cookie that counts: pages of other sites may read the response.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] without the session key.
    pub async fn by_cookie(
        &self,
        token: Option<&OneTimeToken>,
    ) -> Result<Option<ScreenContext<'a, S::State>>, Failure> {
        let cookie = self.request.cookie(COOKIE);
        let Some(sealed) = cookie.filter(|_| !self.request.is_call_of_a_page()) else {
            return Ok(None);
        };
        let key = self.toolkit.session_key(self.request.deadline).await?;
        let of_token =
            |session: &Session<S::State>| token.is_none_or(|token| token.digest() == session.token);
        match key.open(S::KIND, sealed, SystemTime::now()) {
            Ok(session) if of_token(&session) => self.context(key, session).map(Some),
            _ => Ok(None),
        }
    }

    pub(crate) fn context(
        &self,
        key: Arc<SessionKey>,
        session: Session<S::State>,
    ) -> Result<ScreenContext<'a, S::State>, Failure> {
        self.request.notes.know_trader(key.pseudonym(&session.identity));
        ScreenContext::new(S::KIND, self.toolkit, self.request, key, session)
    }

    /// The shell of a page without a session. Language and theme come from the URL, the heading is the text with
    /// this key. With `restore`, the page looks in the tab for the session that a blocked cookie did not bring: the
    /// trader comes back from a page of somebody else's.
    ///
    /// # Errors
    /// [`Code::InternalError`] if the operating system gives no random numbers.
    pub fn page(&self, broker: &BrokerName, title_key: &str, restore: bool) -> Result<Page, Failure> {
        let site = &self.toolkit.site;
        let page = site.sessionless(S::KIND.as_str(), self.request, Some(broker), title_key)?;
        let state = if restore { PageState::Returned } else { page.state };
        Ok(Page { state, ..page })
    }

    /// Waits for a call to the table, until the request's deadline.
    ///
    /// # Errors
    /// As [`ScreenContext::within_deadline`].
    pub async fn within_deadline<T>(
        &self,
        call: impl Future<Output = Result<T, TableError>>,
    ) -> Result<T, Failure> {
        within_deadline(self.request.deadline, call).await
    }
}
