//! `broker.toml`, and the pages that any function may have to show.

use std::{fs, io};

use askama::Template;
use config::{BuiltInTexts, Config, ConfigErrors};
use domain::{BrokerName, Theme};
use function::settings;
use http::Method;
use resolution::{LaunchUrl, OneTimeToken};

use crate::{
    ASK, Assets, Code, Content, Failure, Fields, Icon, LANGUAGES, Locales, Page, PageState, Request,
    Response, Texts,
    page::{self, LogoImage, Message, NextStep},
    response::ALLOW,
};

/// The `broker.toml` that is compiled in.
const BUILT_IN: &str = include_str!("../../../broker.toml");

/// The configuration, and the pages made with it.
#[derive(Debug)]
pub struct Site {
    assets: Assets,
    /// `broker.toml`.
    pub config: Config,
    locales: &'static Locales,
}

/// Why `broker.toml` cannot be used.
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
    /// Reads the file that `BROKER_CONFIG` names, or the one that is compiled in. Every page gets these `assets`.
    ///
    /// # Errors
    /// [`SiteError`] if the file cannot be read or has mistakes.
    pub fn from_env(assets: Assets) -> Result<Self, SiteError> {
        match settings::optional("BROKER_CONFIG") {
            Some(path) => match fs::read_to_string(&path) {
                Ok(source) => Self::new(&source, assets),
                Err(error) => Err(SiteError::Unreadable(path, error)),
            },
            None => Self::new(BUILT_IN, assets),
        }
    }

    pub(crate) fn new(source: &str, assets: Assets) -> Result<Self, SiteError> {
        let codes = LANGUAGES.iter().map(|(code, _)| *code);
        let config = Config::parse(source, &BuiltInTexts::new(codes, LANGUAGES[0].1))?;
        // `cargo dev` and the tests run debug builds.
        if !cfg!(debug_assertions) {
            config::check_deployable(source)?;
        }
        let locales = Locales::new(&config);
        Ok(Self {
            assets,
            config,
            locales,
        })
    }

    /// The built-in texts for the value of a `lang` parameter.
    pub fn texts(&self, lang: Option<&str>) -> Texts {
        self.locales.texts(self.config.language(lang))
    }

    /// The shell of a page. `appearance` is the requested language and theme.
    ///
    /// The page has the brand of `broker`. If the broker is unknown and several are configured, the page names
    /// none: a wrong legal entity is worse than none.
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
        // The check of broker.toml guarantees at least one broker.
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

    /// The response to a request that failed: JSON if the client prefers it, else a page that says what to do next.
    /// `form_fields` names the fields of the screen's form: a page that submits again has no others.
    pub fn failed(
        &self,
        action: &'static str,
        request: &Request,
        failure: Failure,
        form_fields: &[String],
    ) -> Response {
        let page = if request.prefers_json() {
            None
        } else {
            Some(self.failure_page(action, request, &failure, form_fields))
        };
        let mut response = Response::failed(failure, ALLOW);
        if let Some(page) = page {
            response.content = page.unwrap_or(Content::Empty);
        }
        response
    }

    fn failure_page(
        &self,
        action: &'static str,
        request: &Request,
        failure: &Failure,
        form_fields: &[String],
    ) -> Result<Content, Failure> {
        let code = failure.code;
        let title_key = failure.text_key("title");
        let mut page = self.sessionless(action, request, failure.broker.as_ref(), &title_key)?;
        if request.method == Method::GET {
            (page.state, page.token) = session_to_restore(&request.query, code);
        }
        let next_step = if !code.is_retryable() {
            NextStep::Close
        } else if request.method == Method::POST {
            NextStep::Submit(submitted(request, form_fields))
        } else {
            NextStep::Reload
        };
        failure_message(page, failure, request, next_step)
    }

    /// The shell of a page without a session. Language and theme come from the URL, the heading is the text with
    /// this key.
    pub(crate) fn sessionless(
        &self,
        action: &'static str,
        request: &Request,
        broker: Option<&BrokerName>,
        title_key: &str,
    ) -> Result<Page, Failure> {
        let (lang, theme) = LaunchUrl::appearance(&request.query);
        let title = self.texts(lang.as_deref()).get(title_key);
        self.page(action, (lang.as_deref(), theme), broker, title)
    }

    /// A page for programs that preview links. Its button is for a trader whose browser looks like one.
    pub(crate) fn preview(&self, action: &'static str, request: &Request) -> Result<Content, Failure> {
        let page = self.sessionless(action, request, None, "preview-title")?;
        message(page, Icon::Done, "preview-text", "", NextStep::Continue)
    }

    /// The frame ancestors that the script can send a message to, separated by spaces. A pattern cannot receive one.
    fn ancestors(&self) -> String {
        self.config
            .frame_ancestors
            .iter()
            .map(|origin| origin.as_str())
            .filter(|origin| !origin.contains('*'))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The page at the end of a screen. cTrader closes the screen when it is visited.
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

/// The submitted fields, for a button that submits them again: the session, what was asked for, and those of the form.
/// Any site can post here, and must not choose what else our button submits.
fn submitted(request: &Request, form_fields: &[String]) -> Vec<(String, String)> {
    let fields = Fields::read(request).unwrap_or_default();
    fields
        .iter()
        .filter(|(name, _)| ["session", ASK].contains(name) || form_fields.iter().any(|field| field == name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The page of a retryable failure, with a button that submits these fields.
///
/// # Errors
/// [`Code::InternalError`] if the page cannot be made.
pub(crate) fn try_again(
    page: Page,
    failure: &Failure,
    request: &Request,
    fields: &[(&str, &str)],
) -> Result<Content, Failure> {
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    failure_message(page, failure, request, NextStep::Submit(fields))
}

/// The page of a failure. Beside the code it shows the beginning of the request id, which leads the support to the
/// request's log line.
fn failure_message(
    page: Page,
    failure: &Failure,
    request: &Request,
    next_step: NextStep,
) -> Result<Content, Failure> {
    let code = failure.code.as_str();
    let for_support = match request.notes.short_id() {
        "" => code.to_owned(),
        id => format!("{code} · {id}"),
    };
    let text_key = failure.text_key("text");
    message(page, Icon::Problem, &text_key, &for_support, next_step)
}

/// A page with a message and a button. `text_key` is the key of the message, `code` is for support and may be empty.
fn message(
    page: Page,
    icon: Icon,
    text_key: &str,
    code: &str,
    next_step: NextStep,
) -> Result<Content, Failure> {
    let html = Message {
        page: &page,
        icon,
        title: &page.title,
        text: &page.texts.get(text_key),
        code,
        next_step,
    }
    .render();
    page.content(html)
}

/// Whether the page of a failed `GET` should look for a session in the browser, and the digest of its token.
///
/// Without a token in the URL, the session of this entry of the browser's history will do. With a spent token the request
/// is a reload, and only the session that this token opened will do. In revision `redeem` of cTrader's API a spent token looks like
/// an unknown one.
fn session_to_restore(query: &str, code: Code) -> (PageState, String) {
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

/// A site with the tests' own broker file, because /broker.toml may belong to any broker.
#[cfg(test)]
pub(crate) fn test_site() -> Site {
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
