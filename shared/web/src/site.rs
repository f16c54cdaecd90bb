//! What every function has in common: `broker.toml`, and the pages that any of them may have to show.

use std::{fs, io};

use askama::Template;
use config::{BuiltInTexts, Config, ConfigErrors};
use domain::{BrokerName, Theme};
use function::settings;
use http::Method;
use resolution::{LaunchUrl, OneTimeToken};

use crate::{
    Answer, Assets, Code, Content, Failure, Fields, Icon, LANGUAGES, Locales, Page, PageState, Request,
    Texts,
    answer::ALLOW,
    page::{self, LogoImage, Message, NextStep},
};

/// The `broker.toml` that was built in.
const BUILT_IN: &str = include_str!("../../../broker.toml");

/// The broker's configuration and the pages made with it.
#[derive(Debug)]
pub struct Site {
    assets: Assets,
    /// `broker.toml`.
    pub config: Config,
    locales: &'static Locales,
}

/// Why there is no usable `broker.toml`.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// `BROKER_CONFIG` names a file that cannot be read.
    #[error("BROKER_CONFIG {0}: {1}")]
    Unreadable(String, io::Error),
    /// The file has mistakes.
    #[error(transparent)]
    Mistakes(#[from] ConfigErrors),
}

impl Site {
    /// Reads the file that `BROKER_CONFIG` names, else the one that was built in. `assets` are those of all pages.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn from_env(assets: Assets) -> Result<Self, SiteError> {
        match settings::optional("BROKER_CONFIG") {
            Some(path) => match fs::read_to_string(&path) {
                Ok(source) => Self::new(&source, assets),
                Err(error) => Err(SiteError::Unreadable(path, error)),
            },
            None => Self::new(BUILT_IN, assets),
        }
    }

    fn new(source: &str, assets: Assets) -> Result<Self, SiteError> {
        let codes = LANGUAGES.iter().map(|(code, _)| *code);
        let config = Config::parse(source, &BuiltInTexts::new(codes, LANGUAGES[0].1))?;
        let locales = Locales::new(&config);
        Ok(Self {
            assets,
            config,
            locales,
        })
    }

    /// The screens' texts for a `lang` parameter.
    pub fn texts(&self, lang: Option<&str>) -> Texts {
        self.locales.texts(self.config.language(lang))
    }

    /// A page's shell, in the language and theme asked for and the brand of the broker of that name. Where several
    /// brokers are configured and it is not known which one's trader this is, no broker is named: a wrong legal entity
    /// is worse than none.
    ///
    /// # Errors
    /// [`Code::InternalError`] if the operating system gives no random numbers.
    pub fn page(
        &self,
        action: &'static str,
        appearance: (Option<&str>, Option<Theme>),
        broker: Option<&BrokerName>,
        title: String,
    ) -> Result<Page, Failure> {
        let (lang, theme) = appearance;
        let texts = self.texts(lang);
        let named = self.config.broker_or_only(broker);
        // Checked configuration lists at least one.
        let colours = named.unwrap_or(&self.config.brokers[0]);
        let default = self.config.default_language();
        let legal = named.map_or("", |broker| broker.legal.get(texts.code(), default));
        Ok(Page {
            texts,
            theme,
            title,
            broker: named.map_or_else(String::new, |broker| broker.display_name.clone()),
            legal: legal.to_owned(),
            accent: colours.accent,
            logo: named.and_then(|broker| LogoImage::for_broker(broker, theme)),
            exit_url: self.config.success_url.to_string(),
            form_url: String::new(),
            action,
            state: PageState::Plain,
            token: String::new(),
            ancestors: String::new(),
            assets: self.assets,
            nonce: page::nonce().ok_or_else(|| Failure::internal("no random numbers"))?,
        })
    }

    /// The answer to a request that failed: JSON where the client prefers it, else a page that says what to do now.
    pub fn failed(&self, action: &'static str, request: &Request, failure: Failure) -> Answer {
        let page = if request.prefers_json() {
            None
        } else {
            Some(self.failure_page(action, request, &failure))
        };
        let mut answer = Answer::failed(failure, ALLOW);
        if let Some(page) = page {
            answer.content = page.unwrap_or(Content::Empty);
        }
        answer
    }

    fn failure_page(
        &self,
        action: &'static str,
        request: &Request,
        failure: &Failure,
    ) -> Result<Content, Failure> {
        let code = failure.code;
        let mut page = self.sessionless(action, request, failure.broker.as_ref(), &code.text_key("title"))?;
        if request.method == Method::GET {
            (page.state, page.token) = lost(&request.query, code);
        }
        let next_step = match (code.worth_retrying(), request.method == Method::POST) {
            (true, true) => NextStep::Submit(self.submitted(request)),
            (true, false) => NextStep::Reload,
            (false, _) => NextStep::Close,
        };
        failure_message(page, code, next_step)
    }

    /// The shell of a page without a session: language and theme are the URL's, the heading is that text.
    pub(crate) fn sessionless(
        &self,
        action: &'static str,
        request: &Request,
        broker: Option<&BrokerName>,
        title: &str,
    ) -> Result<Page, Failure> {
        let (lang, theme) = LaunchUrl::appearance(&request.query);
        let title = self.texts(lang.as_deref()).get(title);
        self.page(action, (lang.as_deref(), theme), broker, title)
    }

    /// What was submitted, to be submitted again at a tap.
    fn submitted(&self, request: &Request) -> Vec<(String, String)> {
        let fields = Fields::read(request).unwrap_or_default();
        fields
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// A page for programs that preview links, with a button for the trader who was taken for one.
    pub(crate) fn preview(&self, action: &'static str, request: &Request) -> Result<Content, Failure> {
        let page = self.sessionless(action, request, None, "preview-title")?;
        message(page, Icon::Done, "preview-text", "", NextStep::Continue)
    }

    /// The frame ancestors that can be told something: a message goes to an origin, not to a pattern.
    fn ancestors(&self) -> String {
        let origins = self.config.frame_ancestors.iter().map(|origin| origin.as_str());
        origins
            .filter(|origin| !origin.contains('*'))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The page at the end of a screen, which cTrader closes.
    ///
    /// # Errors
    /// As [`Site::page`].
    pub fn closing(
        &self,
        action: &'static str,
        request: &Request,
        success: bool,
    ) -> Result<Content, Failure> {
        let (icon, state) = if success {
            (Icon::Done, PageState::Success)
        } else {
            (Icon::Problem, PageState::Failure)
        };
        let result = state.as_str();
        let title = format!("callback-{result}-title");
        let mut page = self.sessionless(action, request, None, &title)?;
        page.state = state;
        page.ancestors = self.ancestors();
        message(
            page,
            icon,
            &format!("callback-{result}-text"),
            "",
            NextStep::Nowhere,
        )
    }
}

/// The page of a failure that cost nothing but time, with a button that submits these fields.
///
/// # Errors
/// [`Code::InternalError`] if the page cannot be made.
pub(crate) fn try_again(page: Page, code: Code, fields: &[(&str, &str)]) -> Result<Content, Failure> {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    failure_message(page, code, NextStep::Submit(fields.collect()))
}

fn failure_message(page: Page, code: Code, next_step: NextStep) -> Result<Content, Failure> {
    message(
        page,
        Icon::Problem,
        &code.text_key("text"),
        code.as_str(),
        next_step,
    )
}

/// A page that says the text of that key under its heading, and shows the way on.
fn message(page: Page, icon: Icon, key: &str, code: &str, next_step: NextStep) -> Result<Content, Failure> {
    let html = Message {
        page: &page,
        icon,
        title: &page.title,
        text: &page.texts.get(key),
        code,
        next_step,
    }
    .render();
    page.content(html)
}

/// Whether the page should look for a session in the browser, and of which token.
///
/// Without a token any session of this screen will do. With one that is spent, only its own: it is a reload then. In
/// revision `redeem` a spent token looks like an unknown one.
fn lost(query: &str, code: Code) -> (PageState, String) {
    let token = LaunchUrl::parse(query).ok().and_then(|url| url.token);
    let digest = token.as_ref().map(OneTimeToken::digest);
    match (code, digest) {
        (Code::MissingRequiredParameter, None) => (PageState::Lost, String::new()),
        (Code::TokenExpired | Code::InvalidOtToken, Some(digest)) => {
            (PageState::Lost, digest.as_str().to_owned())
        }
        _ => (PageState::Plain, String::new()),
    }
}

/// The site of the tests' own broker file: /broker.toml may be any broker's.
#[cfg(test)]
pub(crate) fn of_the_tests() -> Site {
    let demo = include_str!("../../../tests/fixtures/demo.toml");
    Site::new(demo, Assets::NONE).expect("the broker file of the tests is usable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_configuration_is_usable() {
        assert!(Site::new(BUILT_IN, Assets::NONE).is_ok());
    }
}
