//! `broker.toml`: all that a broker edits, read and checked.
//!
//! The same check runs when the functions are built (the file is built in) and when they start (a file named by
//! `BROKER_CONFIG` may replace it). Every mistake is reported with its line and key: [`ConfigError`].

mod check;
mod colour;
mod logo;
mod method;
mod model;
mod redirect;
mod text;
mod vocabulary;

pub use check::ConfigError;
pub use colour::{Colour, PageColours};
use domain::BrokerName;
pub use logo::Logo;
pub use method::{Detail, Limits, Method, MethodKind};
pub use model::{Broker, Chat, Config, Currency, CustomAction, CustomField, Deposit, FieldKind, Kyc, Named};
pub use redirect::{Backend, Mode, PageUrl, Redirect, Target};
pub use text::Text;
pub use toml::Spanned;
pub use vocabulary::{Keys, Vocabulary, keys, message};

impl Config {
    /// Reads and checks the text of a `broker.toml`. `vocabulary` is what the screens can say.
    ///
    /// ```
    /// let vocabulary = broker::Vocabulary::new(["en", "es", "ar"], "close = Close");
    /// let config = broker::Config::parse(include_str!("../../../broker.toml"), &vocabulary)?;
    /// assert_eq!(config.brokers[0].name.get_ref().as_str(), "demobroker");
    ///
    /// let error = broker::Config::parse("languages = [\"en\"]\nsuccess_ur = \"/done\"", &vocabulary).unwrap_err();
    /// assert_eq!(error.line, Some(2));
    /// assert!(error.to_string().contains("`success_ur`"));
    /// # Ok::<(), broker::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// [`ConfigError`] for the first mistake.
    pub fn parse(source: &str, vocabulary: &Vocabulary) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(source).map_err(|error| ConfigError::syntax(source, &error))?;
        check::check(&config, source, vocabulary)?;
        Ok(config)
    }

    /// What is right but may surprise, one line each: a colour that had to be corrected.
    pub fn advice(&self, source: &str) -> Vec<String> {
        check::advice(self, source)
    }

    /// The language that serves whoever's language is not configured.
    pub fn default_language(&self) -> &str {
        self.languages.get_ref().first().map_or("en", String::as_str)
    }

    /// The language to show a screen in, given the `lang` parameter; one without its script rather than the default.
    pub fn language(&self, wanted: Option<&str>) -> &str {
        let wanted = wanted.unwrap_or_default();
        let plain = wanted.split('-').next().unwrap_or_default();
        let listed = |code| self.languages.get_ref().iter().find(|language| *language == code);
        listed(wanted)
            .or_else(|| listed(plain))
            .map_or(self.default_language(), String::as_str)
    }

    /// The broker of that name.
    pub fn broker(&self, name: &BrokerName) -> Option<&Broker> {
        self.brokers.iter().find(|broker| broker.name.get_ref() == name)
    }

    /// The broker of a trader whose broker cTrader named; of one whose broker it did not name the only one that there is.
    pub fn broker_or_only(&self, name: Option<&BrokerName>) -> Option<&Broker> {
        match (name, self.brokers.as_slice()) {
            (Some(name), _) => self.broker(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The custom action of that type.
    pub fn action(&self, action_type: &str) -> Option<&CustomAction> {
        self.actions
            .iter()
            .find(|action| *action.action_type.get_ref() == action_type)
    }

    /// Whether any action is handed to the broker's backend, which takes a secret to sign with.
    pub fn calls_backends(&self) -> bool {
        self.actions.iter().any(|action| action.backend().is_some())
    }
}
