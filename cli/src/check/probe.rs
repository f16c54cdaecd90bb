//! Sends the requests that the rules need, each once, and collects the responses. The rules judge them later.

use std::fmt;

use domain::ScreenKind;
use reqwest::{Method, Url};

use super::{
    CheckError,
    client::{Accept, Client, HttpResponse},
    page::{Page, percent_decoded},
    target::Target,
    tokens::Tokens,
};

/// A language code that no deployment has.
pub const UNSUPPORTED: &str = "zz";

/// A text that cannot be a token.
const MALFORMED_TOKEN: &str = "<not-a-token>";

/// A text that could be a token. Sent only with `HEAD`, which redeems nothing.
const PLAUSIBLE_TOKEN: &str = "inapp-check-asks-head-only";

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A screen, with a fresh token.
    Opened(ScreenKind),
    /// A screen, with the token that has just opened the screen.
    Spent(ScreenKind),
    /// A screen, without a token.
    WithoutToken(ScreenKind),
    /// A screen, with a text that cannot be a token.
    Malformed(ScreenKind),
    /// A screen, with `HEAD` or with a method that screens do not allow.
    Method(ScreenKind),
    /// The success page: `success_url` of `broker.toml`.
    Success,
    /// The failure page: `failure_url` of `broker.toml`.
    Failure,
    /// A path that does not exist.
    UnknownPath(&'static str),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened(screen) => write!(f, "{}", screen),
            Self::Spent(screen) => write!(f, "{} with a spent token", screen),
            Self::WithoutToken(screen) => write!(f, "{} without a token", screen),
            Self::Malformed(screen) => write!(f, "{} with a malformed token", screen),
            Self::Method(screen) => write!(f, "{}", screen),
            Self::Success => write!(f, "success page"),
            Self::Failure => write!(f, "failure page"),
            Self::UnknownPath(path) => write!(f, "{path}"),
        }
    }
}

/// The URL parameters that change a page's language and theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// The parameter `lang`.
    pub lang: Option<String>,
    /// The parameter `theme`.
    pub theme: Option<&'static str>,
}

impl Variant {
    /// In this language, without a theme.
    pub fn in_language(lang: &str) -> Self {
        Self::new(Some(lang), None)
    }

    fn new(lang: Option<&str>, theme: Option<&'static str>) -> Self {
        Self {
            lang: lang.map(str::to_owned),
            theme,
        }
    }

    /// The variants that Spotware tests: no parameter, each language, an unsupported language, each theme, and a
    /// language together with a theme.
    fn all(languages: &[String]) -> Vec<Self> {
        let mut variants = vec![Self::default()];
        let supported = languages.iter().map(String::as_str);
        variants.extend(
            supported
                .chain([UNSUPPORTED])
                .map(|lang| Self::new(Some(lang), None)),
        );
        variants.extend(["light", "dark"].map(|theme| Self::new(None, Some(theme))));
        variants.push(Self::new(languages.last().map(String::as_str), Some("dark")));
        variants
    }
}

/// One request and its response.
pub struct Probe {
    /// What the request is about.
    pub subject: Subject,
    /// The requested language and theme.
    pub variant: Variant,
    /// The requested representation.
    pub accept: Accept,
    /// The HTTP method.
    pub method: Method,
    /// The response, or why there is none.
    pub response: Result<HttpResponse, String>,
    /// The response as a page, if it is a page.
    pub page: Option<Page>,
    /// Whether the deployment itself answered. `success_url` may be a page on the broker's own site.
    pub from_deployment: bool,
    /// Whether the page, or the URL that it redirects to, contains the token that opened it.
    pub echoed_token: bool,
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.method != Method::GET {
            write!(f, "{} ", self.method)?;
        }
        write!(f, "{}", self.subject)?;
        if let Some(lang) = &self.variant.lang {
            write!(f, ", lang={lang}")?;
        }
        if let Some(theme) = self.variant.theme {
            write!(f, ", theme={theme}")?;
        }
        if self.accept == Accept::Json {
            write!(f, ", JSON")?;
        }
        Ok(())
    }
}

/// All probes of a deployment.
pub struct ProbeResults<'a> {
    /// The deployment and what is expected of it.
    pub target: &'a Target,
    /// The probes in the order in which they were made.
    pub probes: Vec<Probe>,
}

impl<'a> ProbeResults<'a> {
    /// Makes all probes, one after the other so that each response is timed alone.
    pub async fn collect(
        target: &'a Target,
        client: &Client,
        tokens: &mut Tokens,
    ) -> Result<Self, CheckError> {
        let mut prober = Prober {
            target,
            client,
            probes: Vec::new(),
        };
        for screen in ScreenKind::ALL {
            prober.probe_screen(screen, tokens).await?;
            prober.probe_errors(screen).await;
        }
        prober.probe_screen_end().await;
        for path in ["/inapp/nothing-here", "/nothing-here"] {
            for accept in [Accept::Html, Accept::Json] {
                let request = ProbeRequest::new(Subject::UnknownPath(path), target.page(path));
                prober.probe(ProbeRequest { accept, ..request }).await;
            }
        }
        Ok(Self {
            target,
            probes: prober.probes,
        })
    }

    /// The responses of the deployment itself, with their probes.
    pub fn responses(&self) -> impl Iterator<Item = (&Probe, &HttpResponse)> {
        let own = self.probes.iter().filter(|probe| probe.from_deployment);
        own.filter_map(|probe| Some((probe, probe.response.as_ref().ok()?)))
    }

    /// The pages of the deployment itself, with their probes.
    pub fn pages(&self) -> impl Iterator<Item = (&Probe, &Page)> {
        let own = self.probes.iter().filter(|probe| probe.from_deployment);
        own.filter_map(|probe| Some((probe, probe.page.as_ref()?)))
    }
}

struct Prober<'a> {
    target: &'a Target,
    client: &'a Client,
    probes: Vec<Probe>,
}

struct ProbeRequest {
    subject: Subject,
    url: Url,
    token: Option<String>,
    variant: Variant,
    accept: Accept,
    method: Method,
}

impl ProbeRequest {
    fn new(subject: Subject, url: Url) -> Self {
        Self {
            subject,
            url,
            token: None,
            variant: Variant::default(),
            accept: Accept::Html,
            method: Method::GET,
        }
    }
}

impl Prober<'_> {
    /// Opens the screen in every variant, each time with a fresh token. The first token is also sent with `HEAD`
    /// before, which must not spend the token, and once more afterwards.
    async fn probe_screen(&mut self, screen: ScreenKind, tokens: &mut Tokens) -> Result<(), CheckError> {
        for variant in Variant::all(&self.target.languages) {
            let Some(token) = tokens.fresh(screen).await? else {
                return Ok(());
            };
            let with_token = |subject| ProbeRequest {
                token: Some(token.clone()),
                ..ProbeRequest::new(subject, self.screen(screen))
            };
            let head = ProbeRequest {
                method: Method::HEAD,
                ..with_token(Subject::Opened(screen))
            };
            let open = with_token(Subject::Opened(screen));
            let spent = with_token(Subject::Spent(screen));
            let is_first = variant == Variant::default();
            if is_first {
                self.probe(head).await;
            }
            let status = self.probe(ProbeRequest { variant, ..open }).await;
            // With 303 the screen redirects the trader to the broker's own page.
            let is_opened = matches!(status, Some(200 | 303));
            if is_opened && is_first {
                self.probe(spent).await;
            }
            // A redirect or an error is the same in every language: do not spend more tokens on it.
            if status != Some(200) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Requests the screen with requests that must be refused, and with `HEAD`.
    async fn probe_errors(&mut self, screen: ScreenKind) {
        let url = self.screen(screen);
        for variant in Variant::all(&self.target.languages) {
            let request = ProbeRequest::new(Subject::WithoutToken(screen), url.clone());
            self.probe(ProbeRequest { variant, ..request }).await;
        }
        self.probe(ProbeRequest {
            accept: Accept::Json,
            ..ProbeRequest::new(Subject::WithoutToken(screen), url.clone())
        })
        .await;
        for accept in [Accept::Html, Accept::Json] {
            self.probe(ProbeRequest {
                accept,
                token: Some(MALFORMED_TOKEN.to_owned()),
                ..ProbeRequest::new(Subject::Malformed(screen), url.clone())
            })
            .await;
        }
        self.probe(ProbeRequest {
            accept: Accept::Json,
            method: Method::DELETE,
            ..ProbeRequest::new(Subject::Method(screen), url.clone())
        })
        .await;
        self.probe(ProbeRequest {
            token: Some(PLAUSIBLE_TOKEN.to_owned()),
            method: Method::HEAD,
            ..ProbeRequest::new(Subject::Method(screen), url)
        })
        .await;
    }

    /// Requests the pages at the end of a screen.
    async fn probe_screen_end(&mut self) {
        let (success, failure) = (self.target.success_url.clone(), self.target.failure_url.clone());
        for (subject, url) in [(Subject::Success, success), (Subject::Failure, failure)] {
            // A page on the broker's own site does not take `lang` or `theme`.
            let variants = if self.target.owns(&url) {
                Variant::all(&self.target.languages)
            } else {
                vec![Variant::default()]
            };
            for variant in variants {
                let request = ProbeRequest::new(subject, url.clone());
                self.probe(ProbeRequest { variant, ..request }).await;
            }
        }
    }

    /// The URL of a screen, without a token.
    fn screen(&self, screen: ScreenKind) -> Url {
        let mut url = self.target.page(&format!("/inapp/{}", screen));
        if screen == ScreenKind::Custom {
            url.query_pairs_mut()
                .append_pair("actionType", &self.target.action_type);
        }
        url
    }

    /// Makes a probe. Returns the status, if there was a response.
    async fn probe(&mut self, request: ProbeRequest) -> Option<u16> {
        let mut url = request.url;
        let parameters = [
            ("token", request.token.as_deref()),
            ("lang", request.variant.lang.as_deref()),
            ("theme", request.variant.theme),
        ];
        for (name, value) in parameters {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        let from_deployment = self.target.owns(&url);
        let response = self
            .client
            .send(request.method.clone(), url, request.accept)
            .await;
        let received = response.as_ref().ok();
        let page = received
            .filter(|response| request.method == Method::GET && response.is("text/html"))
            .map(|response| Page::parse(&response.body));
        let echoed_token = matches!(request.subject, Subject::Opened(_))
            && received.zip(request.token).is_some_and(|(response, token)| {
                let raw = [&response.body, response.header("location")];
                raw.iter()
                    .any(|text| text.contains(&token) || percent_decoded(text).contains(&token))
                    || page
                        .iter()
                        .flat_map(Page::strings)
                        .any(|text| text.contains(&token))
            });
        let status = received.map(|response| response.status);
        self.probes.push(Probe {
            subject: request.subject,
            variant: request.variant,
            accept: request.accept,
            method: request.method,
            response,
            page,
            from_deployment,
            echoed_token,
        });
        status
    }
}
