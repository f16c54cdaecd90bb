//! Reads and checks `broker.toml`, the one file that a broker edits.
//!
//! The same check runs when the functions are built (the file is compiled in), when they start (`BROKER_CONFIG` may
//! name another file), and in `inapp config check`. [`ConfigErrors`] reports all mistakes at once, each with its
//! line and key. Only this crate knows the positions of values in the file.

mod action;
mod advice;
mod architecture;
mod built_in_texts;
mod colour;
mod demo;
mod deposit;
mod error;
mod file;
mod logo;
mod loopback;
mod method;
mod own_texts;
mod read;
mod redirect;
mod retention;
#[cfg(any(test, feature = "schema"))]
mod schema;
mod screens;
mod text;
mod values;
mod web_url;

pub use action::{CustomAction, CustomField, FieldKind, RESERVED_FIELDS};
pub use architecture::architecture_conflicts;
pub use built_in_texts::{BuiltInTexts, Keys, keys, message};
pub use colour::{Colour, PageColours};
pub use demo::find_demo_values;
pub use deposit::{Currency, DepositSettings};
use domain::BrokerName;
pub use error::{ConfigError, ConfigErrors};
pub use file::{Broker, Config};
pub use logo::Logo;
pub use loopback::check_deployable;
pub use method::{BankTransfer, PaymentMethod, Provider, TransferDetail};
use read::{ReadContext, Value};
pub use redirect::{Backend, Redirect, RedirectSettings};
pub use retention::Retention;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use screens::{ChatSettings, KycSettings, NamedOption};
pub use text::Text;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
pub use values::{EventName, Id};
pub use web_url::{ExitUrl, FrameAncestor, Origin, PageUrl};

impl Config {
    /// Reads and checks the text of a `broker.toml`, against the built-in languages and texts of the screens.
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
    /// [`ConfigErrors`] with all mistakes. If the text is no valid TOML, only the mistakes of syntax.
    pub fn parse(source: &str, built_in: &BuiltInTexts) -> Result<Self, ConfigErrors> {
        let (file, errors) = DeTable::parse_recoverable(source);
        let context = ReadContext::new(source, built_in);
        if errors.is_empty() {
            let span = file.span();
            let file = Spanned::new(span, DeValue::Table(file.into_inner()));
            let config = Self::read(context.root(&file));
            if let Some(config) = config.filter(|_| context.count() == 0) {
                return Ok(config);
            }
        }
        for error in errors {
            let position = error.span().map(|span| read::Position::new(span.start));
            context.note(position, error.message().to_owned());
        }
        Err(ConfigErrors::new(context.into_mistakes()))
    }

    /// The language for traders whose language is not configured.
    pub fn default_language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }

    /// The configured language for the value of a `lang` parameter: the same code, else the code without its
    /// script, else the default language.
    pub fn language(&self, lang: Option<&str>) -> &str {
        let code = lang.unwrap_or_default();
        let without_script = code.split('-').next().unwrap_or_default();
        let listed = |code| self.languages.iter().find(|language| *language == code);
        listed(code)
            .or_else(|| listed(without_script))
            .map_or(self.default_language(), String::as_str)
    }

    /// The broker with this name.
    pub fn broker(&self, name: &BrokerName) -> Option<&Broker> {
        self.brokers.iter().find(|broker| broker.name == *name)
    }

    /// The broker with this name. If cTrader named no broker, the only one of the file; `None` if there are several.
    pub fn broker_or_only(&self, name: Option<&BrokerName>) -> Option<&Broker> {
        match (name, self.brokers.as_slice()) {
            (Some(name), _) => self.broker(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The custom action with this `actionType`.
    pub fn action(&self, action_type: &str) -> Option<&CustomAction> {
        self.actions
            .iter()
            .find(|action| action.action_type == *action_type)
    }

    /// Whether any action calls the broker's backend. Calls need a secret that signs them.
    pub fn calls_backends(&self) -> bool {
        self.actions.iter().any(|action| action.backend().is_some())
    }
}
