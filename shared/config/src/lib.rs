//! `broker.toml`: all that a broker edits, read and checked.
//!
//! The same check runs when the functions are built (the file is built in), when they start (a file named by
//! `BROKER_CONFIG` may replace it), and in `inapp config check`. All mistakes are reported at once, each with its line and
//! key: [`ConfigErrors`]. Where a value stands in the file is known in this crate only.

mod action;
mod advice;
mod built_in_texts;
mod colour;
mod demo;
mod deposit;
mod error;
mod file;
mod logo;
mod method;
mod own_texts;
mod read;
mod redirect;
#[cfg(any(test, feature = "schema"))]
mod schema;
mod screens;
mod text;
mod values;
mod web_url;

pub use action::{CustomAction, CustomField, FieldKind};
pub use built_in_texts::{BuiltInTexts, Keys, keys, message};
pub use colour::{Colour, PageColours};
pub use demo::left_of_the_demo;
pub use deposit::{Currency, Deposit};
use domain::BrokerName;
pub use error::{ConfigError, ConfigErrors};
pub use file::{Broker, Config};
pub use logo::Logo;
pub use method::{BankTransfer, Detail, Method, Provider};
use read::{Context, Value};
pub use redirect::{Backend, Destination, Redirect};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use screens::{Chat, Kyc, Named};
pub use text::Text;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
pub use values::{EventName, Id};
pub use web_url::{ExitUrl, FrameAncestor, Origin, PageUrl};

impl Config {
    /// Reads and checks the text of a `broker.toml`. `built_in` is what the screens can say.
    ///
    /// ```
    /// let built_in = config::BuiltInTexts::new(["en", "es", "ar"], "close = Close");
    /// let demo = include_str!("../../../tests/fixtures/demo.toml");
    /// let config = config::Config::parse(demo, &built_in)?;
    /// assert_eq!(config.brokers[0].name, "demobroker");
    ///
    /// let mistaken = demo.replacen("success_url", "success_ur", 1).replacen("decimals = 2", "decimals = 9", 1);
    /// let errors = config::Config::parse(&mistaken, &built_in).unwrap_err().to_string();
    /// let mut errors = errors.lines();
    /// assert!(errors.next().unwrap().contains("`success_ur` is no key"));
    /// assert!(errors.next().unwrap().contains("`deposit.currencies.decimals` must be"));
    /// # Ok::<(), config::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    /// [`ConfigErrors`] with all mistakes. Where the text is no TOML, only what is wrong with that.
    pub fn parse(source: &str, built_in: &BuiltInTexts) -> Result<Self, ConfigErrors> {
        let (file, errors) = DeTable::parse_recoverable(source);
        let context = Context::new(source, built_in);
        if errors.is_empty() {
            let span = file.span();
            let file = Spanned::new(span, DeValue::Table(file.into_inner()));
            let config = Self::read(context.root(&file));
            if let Some(config) = config.filter(|_| context.count() == 0) {
                return Ok(config);
            }
        }
        for error in errors {
            let place = error.span().map(|span| read::Place::new(span.start));
            context.note(place, error.message().to_owned());
        }
        Err(ConfigErrors::new(context.into_mistakes()))
    }

    /// The language that serves whoever's language is not configured.
    pub fn default_language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }

    /// The language to show a screen in, given the `lang` parameter; one without its script rather than the default.
    pub fn language(&self, wanted: Option<&str>) -> &str {
        let wanted = wanted.unwrap_or_default();
        let plain = wanted.split('-').next().unwrap_or_default();
        let listed = |code| self.languages.iter().find(|language| *language == code);
        listed(wanted)
            .or_else(|| listed(plain))
            .map_or(self.default_language(), String::as_str)
    }

    /// The broker of that name.
    pub fn broker(&self, name: &BrokerName) -> Option<&Broker> {
        self.brokers.iter().find(|broker| broker.name == *name)
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
            .find(|action| action.action_type == *action_type)
    }

    /// Whether any action is handed to the broker's backend, which takes a secret to sign with.
    pub fn calls_backends(&self) -> bool {
        self.actions.iter().any(|action| action.backend().is_some())
    }
}
