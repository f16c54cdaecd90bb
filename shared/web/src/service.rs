//! The requests that every screen takes: open it with a one-time token, reload it with a session, submit with a
//! session.

use std::{process::ExitCode, sync::Arc, time::SystemTime};

use ctrader::RedeemError;
use domain::{Attribution, Launch};
use http::Method;
use resolution::{LaunchUrl, OneTimeToken, ResolveError, Resolver, Session};
use serde::Serialize;

use crate::{
    AnonymousRequest, Ask, Code, Content, Failure, Fields, Handler, Request, Response, Screen, ScreenContext,
    ScreenState, SecurityEvent, Setup, Site, Sources, StartError, Submit, guess_breaker::GuessBreaker, run,
    toolkit::Toolkit,
};

/// Serves one screen.
struct ScreenService<S> {
    toolkit: Toolkit,
    resolver: Arc<Resolver>,
    screen: S,
    sources: Sources,
    /// For tokens of `GET` requests.
    guesses: GuessBreaker,
    /// For tokens that a button sends. A stranger who only guesses URLs does not lock these out.
    confirmed_guesses: GuessBreaker,
}

/// The `main` of a screen.
pub async fn run_screen<S: Screen>() -> ExitCode {
    run(ScreenService::<S>::from_env()).await
}

impl<S: Screen> ScreenService<S> {
    async fn from_env() -> Result<Self, StartError> {
        let setup = Setup::from_env(S::ASSETS).await?;
        // All secrets are read in parallel.
        let (started, ()) = tokio::join!(S::start(&setup), setup.secrets.warm_up());
        let screen = started?;
        Ok(Self {
            sources: screen.sources(),
            screen,
            guesses: GuessBreaker::default(),
            confirmed_guesses: GuessBreaker::default(),
            resolver: setup.resolver,
            toolkit: Toolkit {
                site: setup.site,
                public_url: setup.settings.public_url,
                secrets: setup.secrets,
            },
        })
    }

    fn anonymous<'a>(&'a self, request: &'a Request) -> AnonymousRequest<'a, S> {
        AnonymousRequest::new(&self.toolkit, request)
    }

    /// `GET`: reloads the screen if the cookie holds a session, else opens it with the token. `confirmed` says that
    /// the trader pressed a button, so the client is no link previewer.
    async fn open(&self, request: &Request, confirmed: bool) -> Result<Response, Failure> {
        if !request.may_redeem() {
            return Ok(Response::new(403, "NO_PAGE", Content::Empty));
        }
        let url = self.launch_url(request)?;
        if let Some(mut cx) = self.known_by_cookie(request, &url).await? {
            let response = self.screen.open(&mut cx).await;
            return response.map_err(|failure| failure.for_trader(&cx.session));
        }
        let token = url.token.ok_or_else(|| Failure::missing("token"))?;
        let launch = self.complete(url.launch)?;
        let can_confirm = !confirmed && !request.prefers_json();
        let breaker = if confirmed {
            &self.confirmed_guesses
        } else {
            &self.guesses
        };
        let held_back = breaker.holds(SystemTime::now());
        if can_confirm && (held_back || request.is_link_previewer()) {
            let page = self.toolkit.site.preview(Self::NAME, request)?;
            return Ok(Response {
                security: held_back.then_some(SecurityEvent::TokenHeldBack),
                ..Response::new(200, "PREVIEW", page)
            });
        }
        if held_back {
            return Err(Failure::held_back());
        }
        self.redeem(request, token, launch, url.attribution, breaker)
            .await
    }

    /// Redeems the token and opens the screen for its trader.
    async fn redeem(
        &self,
        request: &Request,
        token: OneTimeToken,
        launch: Launch,
        attribution: Attribution,
        breaker: &GuessBreaker,
    ) -> Result<Response, Failure> {
        request.notes.tapped();
        // First what can fail: if the session could not be made, the token would be spent for nothing.
        let secrets = &*self.toolkit.secrets;
        let key = secrets
            .ready(request.deadline)
            .await
            .map_err(Failure::unavailable)?;
        let state = S::State::new()?;
        let digest = token.digest();
        let manager_token = secrets.manager_token();
        let resolution = self
            .resolver
            .resolve(token, launch.account, manager_token, request.deadline)
            .await;
        match &resolution.outcome {
            Ok(_) => {
                self.guesses.known();
                self.confirmed_guesses.known();
            }
            // Without cTrader's JSON the base URL is wrong, and nobody guesses.
            Err(ResolveError::Redeem(RedeemError::NotFound { json: true })) => {
                breaker.unknown(SystemTime::now());
            }
            Err(_) => {}
        }
        let upstream = resolution.upstream;
        let mut identity = resolution.outcome.map_err(|error| Failure {
            upstream,
            ..Failure::from(error)
        })?;
        if !S::LOOKS_UP_ACCOUNT {
            let broker = self
                .resolver
                .broker(&identity, manager_token, request.deadline)
                .await;
            identity.broker_name = broker.map_err(|error| Failure {
                upstream,
                ..Failure::from(error).after_redemption()
            })?;
        }
        let now = SystemTime::now();
        let session = Session::open(identity, launch, attribution, digest, state, now);
        let mut cx = self.anonymous(request).context(key, session)?;
        let response = self.screen.open(&mut cx).await;
        let response = response.map_err(|failure| Failure {
            upstream: failure.upstream.or(upstream),
            ..failure.for_trader(&cx.session)
        })?;
        Ok(Response { upstream, ..response })
    }

    /// `HEAD`: whether the URL is usable. Does not redeem the token.
    async fn check_url(&self, request: &Request) -> Result<Response, Failure> {
        let url = self.launch_url(request)?;
        if self.known_by_cookie(request, &url).await?.is_none() {
            url.token.ok_or_else(|| Failure::missing("token"))?;
            self.complete(url.launch)?;
        }
        Ok(Response::new(200, "OK", Content::Empty))
    }

    /// The launch parameters of a screen that opens: complete, and usable for it.
    fn complete(&self, mut launch: Launch) -> Result<Launch, Failure> {
        let config = &self.toolkit.site.config;
        S::complete(config, &mut launch);
        S::check(config, &launch)?;
        Ok(launch)
    }

    /// The trader of a screen that is reloaded: the session in the cookie, if the token of the URL opened it, or if our
    /// own page loads a URL without a token. Whoever else asks for such a URL may be another person at the same browser.
    /// A page that is reloaded by its trader finds its session in the browser's history then.
    async fn known_by_cookie<'a>(
        &'a self,
        request: &'a Request,
        url: &LaunchUrl,
    ) -> Result<Option<ScreenContext<'a, S::State>>, Failure> {
        if url.token.is_none() && !request.comes_from_our_page() {
            return Ok(None);
        }
        self.anonymous(request).by_cookie(url.token.as_ref()).await
    }

    /// The parameters of the URL. An unusable parameter is a failure, even if the cookie holds a session.
    fn launch_url(&self, request: &Request) -> Result<LaunchUrl, Failure> {
        let url = LaunchUrl::parse(&request.query)?;
        if url.launch.action_type.is_some() {
            S::check(&self.toolkit.site.config, &url.launch)?;
        }
        Ok(url)
    }

    /// `POST`: a form that the trader filled in, or another [`Ask`].
    async fn submit(&self, request: &Request) -> Result<Response, Failure> {
        let fields = Fields::read(request)?;
        if fields.get("session").is_empty() && matches!(Ask::read(&fields), Ok(Some(Ask::Open))) {
            return self.open(request, true).await;
        }
        let mut cx = self.anonymous(request).known_by_field(&fields).await?;
        let response = self.submit_known(&mut cx, fields).await;
        response.map_err(|failure| failure.for_trader(&cx.session))
    }

    /// `POST /inapp/NAME/session`: renews the session of a page that a trader looks at for long. Asks nobody else.
    async fn renew(&self, request: &Request) -> Result<Response, Failure> {
        if request.method != Method::POST {
            return Err(Failure::new(Code::MethodNotAllowed));
        }
        let mut cx = self
            .anonymous(request)
            .known_by_field(&Fields::read(request)?)
            .await?;
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Renewed {
            expires_in: u64,
        }
        let now = SystemTime::now();
        cx.session.renew(now);
        let renewed = Renewed {
            expires_in: cx.session.expires_in(now),
        };
        Ok(Response::new(200, "RENEWED", cx.json(&renewed)?))
    }

    /// A `POST` with a valid session.
    async fn submit_known(
        &self,
        cx: &mut ScreenContext<'_, S::State>,
        fields: Fields,
    ) -> Result<Response, Failure> {
        let submit = match Ask::read(&fields)? {
            None => Submit::Form(fields),
            Some(Ask::Restore | Ask::Open) => Submit::Restore,
            Some(Ask::StartOver) => Submit::StartOver,
            Some(Ask::CheckAgain) => Submit::CheckAgain,
            Some(Ask::GoOn) => Submit::GoOn,
        };
        self.screen.submit(cx, submit).await
    }
}

impl<S: Screen> Handler for ScreenService<S> {
    const NAME: &'static str = S::KIND.as_str();

    fn site(&self) -> &Site {
        &self.toolkit.site
    }

    async fn respond(&self, request: &Request) -> Result<Response, Failure> {
        let path = request.path.strip_prefix("/inapp/");
        match path.and_then(|path| path.strip_prefix(Self::NAME)) {
            Some("") => {}
            Some("/session") => return self.renew(request).await,
            Some(rest) if rest.starts_with('/') => {
                return self.screen.subpath(self.anonymous(request), &rest[1..]).await;
            }
            _ => return Err(Failure::new(Code::NotFound)),
        }
        match request.method {
            Method::GET if request.is_prefetch() => Ok(Response::new(403, "PREFETCH", Content::Empty)),
            Method::GET => self.open(request, false).await,
            Method::HEAD => self.check_url(request).await,
            Method::POST if request.is_form_of_another_site() => Err(Failure::form_of_another_site()),
            Method::POST => self.submit(request).await,
            _ => Err(Failure::new(Code::MethodNotAllowed)),
        }
    }

    fn failed(&self, request: &Request, failure: Failure) -> Response {
        let site = self.site();
        let of_url = || {
            let url = LaunchUrl::parse(&request.query);
            let mut launch = url.map(|url| url.launch).unwrap_or_default();
            S::complete(&site.config, &mut launch);
            launch
        };
        let launch = failure.launch.as_deref().cloned().unwrap_or_else(of_url);
        let form_fields = S::form_fields(&site.config, &launch);
        site.failed(Self::NAME, request, failure, &form_fields)
    }

    /// The same sources on all pages of the screen. A reload may restore the session of another action or broker,
    /// because another tab may have replaced the cookie.
    fn sources(&self) -> &Sources {
        &self.sources
    }
}
