//! Everything that the rules are about, asked for once. Nothing is judged here.

use std::fmt;

use domain::ScreenKind;
use reqwest::{Method, Url};

use super::{
    Unusable,
    client::{Accept, Answer, Client},
    page::{Page, unescaped},
    target::Target,
    tokens::Tokens,
};

/// A language code that no deployment has.
pub const UNSUPPORTED: &str = "zz";

/// What no token can look like.
const MALFORMED: &str = "<not-a-token>";

/// What a token could look like. Only `HEAD` is asked with it, which redeems nothing.
const PLAUSIBLE: &str = "inapp-check-asks-head-only";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A screen, with a fresh token.
    Opened(ScreenKind),
    /// A screen, with the token that has just opened it.
    Spent(ScreenKind),
    /// A screen, without a token.
    WithoutToken(ScreenKind),
    /// A screen, with what cannot be a token.
    Malformed(ScreenKind),
    /// A screen, by a method that it does not take or by `HEAD`.
    Method(ScreenKind),
    /// Where X leads.
    Success,
    /// Where a failed action leads.
    Failure,
    /// A path that does not exist.
    Nowhere(&'static str),
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
            Self::Nowhere(path) => write!(f, "{path}"),
        }
    }
}

/// The parameters that change how a page looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `lang`
    pub lang: Option<String>,
    /// `theme`
    pub theme: Option<&'static str>,
}

impl Look {
    /// In that language, and nothing else.
    pub fn in_language(lang: &str) -> Self {
        Self::new(Some(lang), None)
    }

    fn new(lang: Option<&str>, theme: Option<&'static str>) -> Self {
        Self {
            lang: lang.map(str::to_owned),
            theme,
        }
    }

    /// Spotware's tests: none, each language, an unsupported one, each theme, both at once.
    fn all(languages: &[String]) -> Vec<Self> {
        let mut looks = vec![Self::default()];
        let supported = languages.iter().map(String::as_str);
        looks.extend(
            supported
                .chain([UNSUPPORTED])
                .map(|lang| Self::new(Some(lang), None)),
        );
        looks.extend(["light", "dark"].map(|theme| Self::new(None, Some(theme))));
        looks.push(Self::new(languages.last().map(String::as_str), Some("dark")));
        looks
    }
}

/// One request and what came of it.
pub struct Visit {
    /// What was asked for.
    pub subject: Subject,
    /// In which language and theme.
    pub look: Look,
    /// As what.
    pub accept: Accept,
    /// How.
    pub method: Method,
    /// The answer, or why there is none.
    pub answer: Result<Answer, String>,
    /// The answer as a page, if it is one.
    pub page: Option<Page>,
    /// Whether the deployment itself answered: `success_url` may be a page of the broker's.
    pub ours: bool,
    /// Whether the page, or where it leads, held the token it was opened with.
    pub echoed_token: bool,
}

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.method != Method::GET {
            write!(f, "{} ", self.method)?;
        }
        write!(f, "{}", self.subject)?;
        if let Some(lang) = &self.look.lang {
            write!(f, ", lang={lang}")?;
        }
        if let Some(theme) = self.look.theme {
            write!(f, ", theme={theme}")?;
        }
        if self.accept == Accept::Json {
            write!(f, ", JSON")?;
        }
        Ok(())
    }
}

/// All visits to a deployment.
pub struct Survey<'a> {
    /// What is expected of it.
    pub target: &'a Target,
    /// In the order in which they were made.
    pub visits: Vec<Visit>,
}

impl<'a> Survey<'a> {
    /// Visits the deployment, one request after the other so that each is timed alone.
    pub async fn take(target: &'a Target, client: &Client, tokens: &mut Tokens) -> Result<Self, Unusable> {
        let mut surveyor = Surveyor {
            target,
            client,
            visits: Vec::new(),
        };
        for screen in ScreenKind::ALL {
            surveyor.open(screen, tokens).await?;
            surveyor.refuse(screen).await;
        }
        surveyor.leave().await;
        for path in ["/inapp/nothing-here", "/nothing-here"] {
            for accept in [Accept::Html, Accept::Json] {
                let wanted = Wanted::new(Subject::Nowhere(path), target.page(path));
                surveyor.visit(Wanted { accept, ..wanted }).await;
            }
        }
        Ok(Self {
            target,
            visits: surveyor.visits,
        })
    }

    /// The answers of the deployment itself, with what was asked for.
    pub fn answers(&self) -> impl Iterator<Item = (&Visit, &Answer)> {
        let ours = self.visits.iter().filter(|visit| visit.ours);
        ours.filter_map(|visit| Some((visit, visit.answer.as_ref().ok()?)))
    }

    /// The pages of the deployment itself, with what was asked for.
    pub fn pages(&self) -> impl Iterator<Item = (&Visit, &Page)> {
        let ours = self.visits.iter().filter(|visit| visit.ours);
        ours.filter_map(|visit| Some((visit, visit.page.as_ref()?)))
    }
}

struct Surveyor<'a> {
    target: &'a Target,
    client: &'a Client,
    visits: Vec<Visit>,
}

struct Wanted {
    subject: Subject,
    url: Url,
    token: Option<String>,
    look: Look,
    accept: Accept,
    method: Method,
}

impl Wanted {
    fn new(subject: Subject, url: Url) -> Self {
        Self {
            subject,
            url,
            token: None,
            look: Look::default(),
            accept: Accept::Html,
            method: Method::GET,
        }
    }
}

impl Surveyor<'_> {
    /// The real screen in every look, each with a token of its own. The first token is also looked at by `HEAD` before,
    /// which must not spend it, and sent once more after.
    async fn open(&mut self, screen: ScreenKind, tokens: &mut Tokens) -> Result<(), Unusable> {
        for look in Look::all(&self.target.languages) {
            let Some(token) = tokens.fresh(screen).await? else {
                return Ok(());
            };
            let with = |subject| Wanted {
                token: Some(token.clone()),
                ..Wanted::new(subject, self.screen(screen))
            };
            let (mut head, opened, spent) = (
                with(Subject::Opened(screen)),
                with(Subject::Opened(screen)),
                with(Subject::Spent(screen)),
            );
            head.method = Method::HEAD;
            let first = look == Look::default();
            if first {
                self.visit(head).await;
            }
            let status = self.visit(Wanted { look, ..opened }).await;
            // What is sent on to a page of the broker's own looks like that page.
            let opened = matches!(status, Some(200 | 303));
            if opened && first {
                self.visit(spent).await;
            }
            // And whatever is wrong is wrong in every language: spend no more tokens on it.
            if status != Some(200) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The screen's answers to what opens no screen.
    async fn refuse(&mut self, screen: ScreenKind) {
        let url = self.screen(screen);
        for look in Look::all(&self.target.languages) {
            let wanted = Wanted::new(Subject::WithoutToken(screen), url.clone());
            self.visit(Wanted { look, ..wanted }).await;
        }
        self.visit(Wanted {
            accept: Accept::Json,
            ..Wanted::new(Subject::WithoutToken(screen), url.clone())
        })
        .await;
        for accept in [Accept::Html, Accept::Json] {
            self.visit(Wanted {
                accept,
                token: Some(MALFORMED.to_owned()),
                ..Wanted::new(Subject::Malformed(screen), url.clone())
            })
            .await;
        }
        self.visit(Wanted {
            accept: Accept::Json,
            method: Method::DELETE,
            ..Wanted::new(Subject::Method(screen), url.clone())
        })
        .await;
        self.visit(Wanted {
            token: Some(PLAUSIBLE.to_owned()),
            method: Method::HEAD,
            ..Wanted::new(Subject::Method(screen), url)
        })
        .await;
    }

    /// The pages at the end of a screen.
    async fn leave(&mut self) {
        let (success, failure) = (self.target.success_url.clone(), self.target.failure_url.clone());
        for (subject, url) in [(Subject::Success, success), (Subject::Failure, failure)] {
            // A page of the broker's own knows no `lang` or `theme`.
            let looks = match self.target.owns(&url) {
                true => Look::all(&self.target.languages),
                false => vec![Look::default()],
            };
            for look in looks {
                let wanted = Wanted::new(subject, url.clone());
                self.visit(Wanted { look, ..wanted }).await;
            }
        }
    }

    fn screen(&self, screen: ScreenKind) -> Url {
        let mut url = self.target.page(&format!("/inapp/{}", screen));
        if screen == ScreenKind::Custom {
            url.query_pairs_mut()
                .append_pair("actionType", &self.target.action_type);
        }
        url
    }

    /// Makes a visit; gives the status, if there was an answer.
    async fn visit(&mut self, wanted: Wanted) -> Option<u16> {
        let mut url = wanted.url;
        let parameters = [
            ("token", wanted.token.as_deref()),
            ("lang", wanted.look.lang.as_deref()),
            ("theme", wanted.look.theme),
        ];
        for (name, value) in parameters {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        let ours = self.target.owns(&url);
        let answer = self.client.ask(wanted.method.clone(), url, wanted.accept).await;
        let answered = answer.as_ref().ok();
        let page = answered
            .filter(|answer| wanted.method == Method::GET && answer.is("text/html"))
            .map(|answer| Page::parse(&answer.body));
        let echoed_token = matches!(wanted.subject, Subject::Opened(_))
            && answered.zip(wanted.token).is_some_and(|(answer, token)| {
                let raw = [&answer.body, answer.header("location")];
                raw.iter()
                    .any(|text| text.contains(&token) || unescaped(text).contains(&token))
                    || page
                        .iter()
                        .flat_map(Page::strings)
                        .any(|text| text.contains(&token))
            });
        let status = answered.map(|answer| answer.status);
        self.visits.push(Visit {
            subject: wanted.subject,
            look: wanted.look,
            accept: wanted.accept,
            method: wanted.method,
            answer,
            page,
            ours,
            echoed_token,
        });
        status
    }
}
