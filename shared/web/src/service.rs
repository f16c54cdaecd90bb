//! What all screens have in common: opened with a one-time token, reloaded with a session, submitted with a session.

use std::{process::ExitCode, sync::Arc, time::SystemTime};

use http::Method;
use resolution::{LaunchUrl, Resolver, Session};

use crate::{
    Answer, Ask, Code, Content, Context, Failure, Fields, Handler, Request, Screen, ScreenState, Setup, Site,
    Sources, StartError, Submit, Visitor, context::Toolkit, run,
};

/// Serves one screen.
struct ScreenService<S> {
    toolkit: Toolkit,
    resolver: Arc<Resolver>,
    screen: S,
    sources: Sources,
}

/// The whole of a screen's `main`.
pub async fn run_screen<S: Screen>() -> ExitCode {
    run(ScreenService::<S>::from_env()).await
}

impl<S: Screen> ScreenService<S> {
    async fn from_env() -> Result<Self, StartError> {
        let setup = Setup::from_env(S::ASSETS).await?;
        // Secrets are read at once, those of the screen too.
        let (screen, ()) = tokio::join!(S::start(&setup), setup.secrets.warm_up());
        let screen = screen?;
        Ok(Self {
            sources: screen.sources(),
            screen,
            resolver: setup.resolver,
            toolkit: Toolkit {
                site: setup.site,
                public_url: setup.settings.public_url,
                secrets: setup.secrets,
            },
        })
    }

    fn visitor<'a>(&'a self, request: &'a Request) -> Visitor<'a, S> {
        Visitor::new(&self.toolkit, request)
    }

    /// `GET`: with a session the screen as it was, else with a token a new one. `sure` says that a person asked for it.
    async fn open(&self, request: &Request, sure: bool) -> Result<Answer, Failure> {
        let url = self.launch_url(request)?;
        let known = self.visitor(request).by_cookie(url.token.as_ref()).await?;
        if let Some(mut cx) = known {
            let answer = self.screen.open(&mut cx).await;
            return answer.map_err(|failure| failure.for_broker(cx.identity().broker_name.as_ref()));
        }
        let token = url.token.ok_or_else(|| Failure::missing("token"))?;
        S::check(&self.toolkit.site.config, &url.launch)?;
        if !sure && !request.prefers_json() && request.is_link_previewer() {
            let page = self.toolkit.site.preview(Self::NAME, request)?;
            return Ok(Answer::new(200, "PREVIEW", page));
        }

        // Before the token is spent: without the key there would be no session to show for it.
        let key = self.toolkit.secrets.ready(request.deadline).await;
        let key = key.map_err(Failure::unavailable)?;
        let state = S::State::new()?;
        let digest = token.digest();
        let secrets = &*self.toolkit.secrets;
        let resolution = self
            .resolver
            .resolve(token, url.launch.account, secrets, request.deadline)
            .await;
        let upstream = resolution.upstream;
        let identity = resolution.outcome.map_err(|error| Failure {
            upstream,
            ..Failure::from(error)
        })?;
        let now = SystemTime::now();
        let session = Session::open(identity, url.launch, url.attribution, digest, state, now);
        let mut cx = self.visitor(request).context(key, session)?;
        let answer = self.screen.open(&mut cx).await?;
        Ok(Answer { upstream, ..answer })
    }

    /// `HEAD`: whether the URL is usable, as far as can be said without spending the token.
    async fn peek(&self, request: &Request) -> Result<Answer, Failure> {
        let url = self.launch_url(request)?;
        let known = self.visitor(request).by_cookie(url.token.as_ref()).await?;
        if known.is_none() {
            url.token.ok_or_else(|| Failure::missing("token"))?;
            S::check(&self.toolkit.site.config, &url.launch)?;
        }
        Ok(Answer::new(200, "OK", Content::Empty))
    }

    /// What the URL says, unless it cannot be used whatever else there is.
    fn launch_url(&self, request: &Request) -> Result<LaunchUrl, Failure> {
        let url = LaunchUrl::parse(&request.query)?;
        if url.launch.action_type.is_some() {
            S::check(&self.toolkit.site.config, &url.launch)?;
        }
        Ok(url)
    }

    /// `POST`: the form, or one of the other things that a page of ours asks for.
    async fn submit(&self, request: &Request) -> Result<Answer, Failure> {
        let fields = Fields::read(request)?;
        if fields.get("session").is_empty() && matches!(Ask::read(&fields), Ok(Some(Ask::Open))) {
            return self.open(request, true).await;
        }
        let mut cx = self.visitor(request).by_field(&fields).await??;
        let answer = self.submitted(&mut cx, fields).await;
        answer.map_err(|failure| failure.for_broker(cx.identity().broker_name.as_ref()))
    }

    /// A `POST` with a good session.
    async fn submitted(&self, cx: &mut Context<'_, S::State>, fields: Fields) -> Result<Answer, Failure> {
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

    async fn answer(&self, request: &Request) -> Result<Answer, Failure> {
        let path = request.path.strip_prefix("/inapp/");
        match path.and_then(|path| path.strip_prefix(Self::NAME)) {
            Some("") => {}
            Some(rest) if rest.starts_with('/') => {
                return self.screen.subpath(self.visitor(request), &rest[1..]).await;
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

    /// Those of the whole screen, on all its pages: a reload may restore the session of any of them, since another tab, with
    /// another action or another broker, may have replaced the cookie.
    fn sources(&self) -> &Sources {
        &self.sources
    }
}
