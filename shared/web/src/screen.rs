//! The trait of a screen, and what a `POST` can ask of one.

use config::Config;
use domain::{Launch, NoRandomness, ScreenKind};
use serde::{Serialize, de::DeserializeOwned};

use crate::{AnonymousRequest, Assets, Code, Failure, Fields, Response, ScreenContext, Setup, Sources};

/// One of cTrader's screens: an object with its own clients. It responds to requests of known traders.
///
/// [`run_screen`](crate::run_screen) does what all screens have in common: it redeems the one-time token, keeps the
/// session, and turns failures into pages. Everything else of a screen is in its folder `functions/NAME`.
pub trait Screen: Send + Sync + Sized + 'static {
    /// Which of cTrader's screens.
    const KIND: ScreenKind;

    /// The screen's state, kept from one request to the next. It travels in the session, so it must be small.
    type State: ScreenState;

    /// Whether the screen itself looks up the trading account and checks its broker. For other screens
    /// [`run_screen`](crate::run_screen) does so if the token names no broker.
    const LOOKS_UP_ACCOUNT: bool = false;

    /// Style and script of this screen.
    const ASSETS: Assets = Assets::NONE;

    /// Makes the screen when the function starts, with its clients and secrets.
    ///
    /// # Errors
    /// A setting that is missing or unusable. The function does not start then.
    fn start(setup: &Setup) -> impl Future<Output = Result<Self, StartError>>;

    /// Adds launch parameters that the URL left out and `broker.toml` has. Comes before [`Screen::check`].
    fn complete(config: &Config, launch: &mut Launch) {
        let _ = (config, launch);
    }

    /// Checks launch parameters that only this screen knows, before the token is redeemed.
    ///
    /// # Errors
    /// The failure to respond with.
    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        let _ = (config, launch);
        Ok(())
    }

    /// The names of the fields of the screen's form. If a submit fails for a while, such as with the table, the page
    /// keeps what the trader entered into these fields, and nothing else. If the session cannot be read, `launch` is what
    /// the URL says.
    fn form_fields(config: &Config, launch: &Launch) -> Vec<String> {
        let _ = (config, launch);
        Vec::new()
    }

    /// The additional origins that the screen's pages may load from, and that their forms may lead to.
    fn sources(&self) -> Sources {
        Sources::default()
    }

    /// Responds to a visit: the screen was just opened, or is reloaded.
    fn open(
        &self,
        cx: &mut ScreenContext<'_, Self::State>,
    ) -> impl Future<Output = Result<Response, Failure>> + Send;

    /// Responds to a `POST` with a valid session.
    fn submit(
        &self,
        cx: &mut ScreenContext<'_, Self::State>,
        submit: Submit,
    ) -> impl Future<Output = Result<Response, Failure>> + Send;

    /// Responds to a request to `/inapp/NAME/{path}`. [`AnonymousRequest`] finds out which trader sent it.
    fn subpath(
        &self,
        anonymous: AnonymousRequest<'_, Self>,
        path: &str,
    ) -> impl Future<Output = Result<Response, Failure>> + Send {
        let _ = (anonymous, path);
        async { Err(Failure::new(Code::NotFound)) }
    }
}

/// Why a function cannot start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// The state of a screen, which travels in the session.
pub trait ScreenState: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The state of a screen that was just opened.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system gives no random numbers.
    fn new() -> Result<Self, NoRandomness>;
}

/// For a screen without state.
impl ScreenState for () {
    fn new() -> Result<Self, NoRandomness> {
        Ok(())
    }
}

/// What a `POST` to a screen asks for.
#[derive(Debug)]
pub enum Submit {
    /// Process the form with these fields.
    Form(Fields),
    /// Show the current state of the screen: the page has lost its cookie, or the browser went back to an older
    /// page.
    Restore,
    /// Make room for a new request on the same screen.
    StartOver,
    /// Find out the outcome of a request whose outcome is unknown.
    CheckAgain,
    /// Redirect the trader to the broker's own page.
    GoOn,
}

/// Name of the form field that says what a `POST` asks for. A form that the trader filled in has no such field.
pub const ASK: &str = "ask";

/// The values of the field [`ASK`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// [`Submit::Restore`]
    Restore,
    /// [`Submit::StartOver`]
    StartOver,
    /// [`Submit::CheckAgain`]
    CheckAgain,
    /// [`Submit::GoOn`]
    GoOn,
    /// Open the screen for a trader whose browser looks like a link previewer. Needs no session.
    Open,
}

impl Ask {
    const ALL: [Self; 5] = [
        Self::Restore,
        Self::StartOver,
        Self::CheckAgain,
        Self::GoOn,
        Self::Open,
    ];

    /// The value of the field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::StartOver => "start-over",
            Self::CheckAgain => "check-again",
            Self::GoOn => "go-on",
            Self::Open => "open",
        }
    }

    /// What these fields ask for. `None` if they are a form that the trader filled in.
    ///
    /// # Errors
    /// [`Code::InvalidParameter`] for an unknown value.
    pub fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        let asked = fields.get(ASK);
        if asked.is_empty() {
            return Ok(None);
        }
        let known = Self::ALL.into_iter().find(|ask| ask.as_str() == asked);
        known.map(Some).ok_or_else(|| Failure::invalid(ASK))
    }
}

impl std::fmt::Display for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_field_of_a_custom_action_has_a_name_that_our_forms_use() {
        for name in [ASK, "session"] {
            assert!(config::RESERVED_FIELDS.contains(&name), "{name}");
        }
    }

    #[test]
    fn the_field_ask_says_what_a_submit_asks_for() {
        let fields = |ask: &str| Fields::from(BTreeMap::from([(ASK.to_owned(), ask.to_owned())]));
        for ask in Ask::ALL {
            assert_eq!(Ask::read(&fields(ask.as_str())).unwrap(), Some(ask));
        }
        assert_eq!(Ask::read(&Fields::default()).unwrap(), None);
        let failure = Ask::read(&fields("1")).unwrap_err();
        assert_eq!(failure.code, Code::InvalidParameter);
    }
}
