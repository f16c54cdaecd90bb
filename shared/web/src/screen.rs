//! What a screen is, for the toolkit.

use config::Config;
use domain::{Launch, NoRandomness, ScreenKind};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Answer, Code, Context, Failure, Fields, Setup, Sources, Visitor};

/// One of cTrader's screens: an object with its own clients, which answers once the trader is known.
///
/// [`run_screen`](crate::run_screen) does what all screens have in common: it redeems the one-time token, keeps the session,
/// and turns failures into pages. All that is peculiar to a screen is in its folder `functions/NAME`.
pub trait Screen: Send + Sync + Sized + 'static {
    /// Which of cTrader's screens.
    const KIND: ScreenKind;

    /// What the screen remembers from one request to the next. It travels in the session, so it has to be small.
    type State: ScreenState;

    /// Style and script that only this screen needs.
    const ASSETS: Assets = Assets::NONE;

    /// Makes the screen when the function starts: its clients, and the secrets that it reads.
    ///
    /// # Errors
    /// Why the function cannot start: a setting that is missing or unusable.
    fn start(setup: &Setup) -> impl Future<Output = Result<Self, StartError>>;

    /// Checks launch parameters that only this screen knows, before the token is redeemed.
    ///
    /// # Errors
    /// The failure to answer with.
    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        let _ = (config, launch);
        Ok(())
    }

    /// What the screen's pages may load, and where their forms may lead, but here.
    fn sources(&self) -> Sources {
        Sources::default()
    }

    /// Answers a visit: the screen has just been opened, or is reloaded.
    fn open(&self, cx: &mut Context<'_, Self::State>)
    -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// Answers a `POST` with a good session.
    fn submit(
        &self,
        cx: &mut Context<'_, Self::State>,
        submit: Submit,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// Answers a request to `/inapp/NAME/{path}`. Whoever asks is not known yet: [`Visitor`] finds out.
    fn subpath(
        &self,
        visitor: Visitor<'_, Self>,
        path: &str,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send {
        let _ = (visitor, path);
        async { Err(Failure::new(Code::NotFound)) }
    }
}

/// Why a function cannot start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// What a screen remembers in its session.
pub trait ScreenState: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// That of a screen that has just been opened.
    ///
    /// # Errors
    /// [`NoRandomness`].
    fn new() -> Result<Self, NoRandomness>;
}

/// Nothing.
impl ScreenState for () {
    fn new() -> Result<Self, NoRandomness> {
        Ok(())
    }
}

/// Style and script of a screen, for all its pages. They come after those of the toolkit.
#[derive(Clone, Copy, Debug)]
pub struct Assets {
    /// CSS.
    pub style: &'static str,
    /// JavaScript. `inapp` is there: `assets/screen.js` says what it offers.
    pub script: &'static str,
}

impl Assets {
    /// None.
    pub const NONE: Self = Self {
        style: "",
        script: "",
    };
}

/// What a `POST` to a screen asks for.
#[derive(Debug)]
pub enum Submit {
    /// The form is submitted, filled in as these fields say.
    Form(Fields),
    /// Show the screen as it stands: the page has lost its cookie, or going back has brought up an older page.
    Restore,
    /// Make room for a new request on the same screen.
    StartOver,
    /// Find out what became of a request whose outcome is unknown.
    CheckAgain,
    /// Send the trader on to the broker's own page.
    GoOn,
}

/// Name of the form field that says what a `POST` asks for, in a page of ours. A form that is filled in has none.
pub const ASK: &str = "ask";

/// What the field [`ASK`] says.
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
    /// Open the screen for a trader who was taken for a link previewer. Takes no session.
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

    /// What these fields ask for; `None` if they fill in a form.
    ///
    /// # Errors
    /// [`Code::InvalidParameter`] if they ask for something else.
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
    fn what_a_submit_asks_for_is_read_from_one_field() {
        let fields = |ask: &str| Fields::from(BTreeMap::from([(ASK.to_owned(), ask.to_owned())]));
        for ask in Ask::ALL {
            assert_eq!(Ask::read(&fields(ask.as_str())).unwrap(), Some(ask));
        }
        assert_eq!(Ask::read(&Fields::default()).unwrap(), None);
        let failure = Ask::read(&fields("1")).unwrap_err();
        assert_eq!(failure.code, Code::InvalidParameter);
    }
}
