//! The shape of `broker.toml`. `Spanned` values remember where they stand, for the error messages.

use std::collections::BTreeMap;

use domain::BrokerName;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::{Backend, Colour, Logo, Method, Mode, Redirect, Target, Text};

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Language codes; the first is the default.
    pub languages: Spanned<Vec<String>>,
    /// Where X, Back and Done lead; visiting it makes cTrader close the screen.
    #[serde(default = "success_url")]
    pub success_url: Spanned<String>,
    /// Where Close leads after an action failed.
    #[serde(default = "failure_url")]
    pub failure_url: Spanned<String>,
    /// Origins that may show the screens in a frame.
    #[serde(default = "frame_ancestors")]
    pub frame_ancestors: Spanned<Vec<Spanned<String>>>,
    /// Origins that pages and cashiers of the broker's own redirect on to. Chromium holds a redirect that answers a form to
    /// the origins that the form's page names, and each redirect after that too.
    #[serde(default)]
    pub onward_origins: Vec<Spanned<String>>,
    /// The brokers, or white labels, that use this deployment.
    pub brokers: Vec<Broker>,
    /// The deposit screen.
    pub deposit: Deposit,
    /// The identity screen.
    pub kyc: Kyc,
    /// The support screen.
    pub chat: Chat,
    /// The broker's own words for the screens' texts, by language and key; a language with none of its own texts may
    /// be added so.
    #[serde(default)]
    pub texts: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    /// Custom actions.
    #[serde(default)]
    pub actions: Vec<CustomAction>,
}

fn success_url() -> Spanned<String> {
    Spanned::new(0..0, "/callback/success".into())
}

fn failure_url() -> Spanned<String> {
    Spanned::new(0..0, "/callback/failure".into())
}

fn frame_ancestors() -> Spanned<Vec<Spanned<String>>> {
    Spanned::new(0..0, vec![Spanned::new(0..0, "https://app.ctrader.com".into())])
}

fn form() -> Spanned<Mode> {
    Spanned::new(0..0, Mode::Form)
}

fn nothing<T>() -> Spanned<Vec<T>> {
    Spanned::new(0..0, Vec::new())
}

/// One broker, or white label.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// cTrader's `brokerName`; exact, case-sensitive.
    pub name: Spanned<BrokerName>,
    /// The name that traders know.
    pub display_name: String,
    /// Colour of the primary button and of outlines.
    pub accent: Spanned<Colour>,
    /// Shown in the bar of each screen.
    pub logo: Option<Logo>,
    /// The logo on dark pages, where the other one is hard to see.
    pub logo_dark: Option<Logo>,
    /// The legal line at the bottom of each screen.
    pub legal: Spanned<Text>,
}

/// The deposit screen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    /// A form of ours, or a page of the broker's.
    #[serde(default = "form")]
    pub mode: Spanned<Mode>,
    /// For `redirect`: the page.
    pub target: Option<Spanned<Target>>,
    /// For `redirect`: whether the page can be shown in cTrader's frame; yes unless said otherwise.
    pub framed: Option<Spanned<bool>>,
    /// `eventName` for cTrader Mobile's analytics, added to the success URL on success.
    pub event_name: Option<Spanned<String>>,
    /// What can be deposited; the first is preselected. A form has at least one.
    #[serde(default = "nothing")]
    pub currencies: Spanned<Vec<Currency>>,
    /// How; the first is preselected. A form has at least one.
    #[serde(default = "nothing")]
    pub methods: Spanned<Vec<Method>>,
}

impl Deposit {
    /// Where the trader is sent on to, if that is the mode.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        Redirect::of(*self.mode.get_ref(), self.target.as_ref(), self.framed.as_ref())
    }

    /// The payment method of that id.
    pub fn method(&self, id: &str) -> Option<&Method> {
        self.methods
            .get_ref()
            .iter()
            .find(|method| *method.id.get_ref() == id)
    }

    /// The currency of that code.
    pub fn currency(&self, code: &str) -> Option<&Currency> {
        self.currencies
            .get_ref()
            .iter()
            .find(|currency| *currency.code.get_ref() == code)
    }

    /// All pages that traders are sent on to with an assertion: the screen's own, or the cashiers of its methods.
    pub fn redirects(&self) -> Vec<Redirect<'_>> {
        match self.redirect() {
            Some(redirect) => vec![redirect],
            None => self
                .methods
                .get_ref()
                .iter()
                .filter_map(Method::cashier)
                .collect(),
        }
    }
}

/// A currency that can be deposited.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// ISO 4217 code, or that of a cryptocurrency.
    pub code: Spanned<String>,
    /// Digits after the decimal point, at most.
    pub decimals: Spanned<u32>,
    /// Least amount.
    pub min: Spanned<Decimal>,
    /// Greatest amount.
    pub max: Spanned<Decimal>,
    /// Amounts offered at a tap.
    #[serde(default)]
    pub presets: Vec<Spanned<Decimal>>,
}

/// The identity screen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kyc {
    /// As for deposits.
    #[serde(default = "form")]
    pub mode: Spanned<Mode>,
    /// As for deposits.
    pub target: Option<Spanned<Target>>,
    /// As for deposits.
    pub framed: Option<Spanned<bool>>,
    /// As for deposits.
    pub event_name: Option<Spanned<String>>,
    /// Documents to identify with. A form has at least one.
    #[serde(default = "nothing")]
    pub documents: Spanned<Vec<Named>>,
}

impl Kyc {
    /// Where the trader is sent on to, if that is the mode.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        Redirect::of(*self.mode.get_ref(), self.target.as_ref(), self.framed.as_ref())
    }
}

/// The support screen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// As for deposits.
    #[serde(default = "form")]
    pub mode: Spanned<Mode>,
    /// As for deposits.
    pub target: Option<Spanned<Target>>,
    /// As for deposits.
    pub framed: Option<Spanned<bool>>,
    /// As for deposits.
    pub event_name: Option<Spanned<String>>,
    /// What a message can be about. A form has at least one.
    #[serde(default = "nothing")]
    pub topics: Spanned<Vec<Named>>,
}

impl Chat {
    /// Where the trader is sent on to, if that is the mode.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        Redirect::of(*self.mode.get_ref(), self.target.as_ref(), self.framed.as_ref())
    }
}

/// Something to choose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Stable id, used in forms and records.
    pub id: Spanned<String>,
    /// Its name.
    pub label: Spanned<Text>,
}

/// A custom action: a form, a form that the broker's backend answers, or a page of the broker's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomAction {
    /// `actionType` in the URL.
    #[serde(rename = "type")]
    pub action_type: Spanned<String>,
    /// As for deposits.
    #[serde(default = "form")]
    pub mode: Spanned<Mode>,
    /// As for deposits.
    pub target: Option<Spanned<Target>>,
    /// As for deposits.
    pub framed: Option<Spanned<bool>>,
    /// For `backend`: the URL that submissions are sent to.
    pub backend: Option<Spanned<Target>>,
    /// For `backend`: origins that its answers may send the trader to.
    pub redirects: Option<Spanned<Vec<Spanned<String>>>>,
    /// Heading.
    pub title: Spanned<Text>,
    /// A sentence below it.
    pub intro: Option<Spanned<Text>>,
    /// The button; default: "Send".
    pub submit: Option<Spanned<Text>>,
    /// As for deposits.
    pub event_name: Option<Spanned<String>>,
    /// What to fill in.
    #[serde(default)]
    pub fields: Vec<CustomField>,
}

impl CustomAction {
    /// Where the trader is sent on to, if that is the mode.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        Redirect::of(*self.mode.get_ref(), self.target.as_ref(), self.framed.as_ref())
    }

    /// Whom the submission is handed to, if that is the mode.
    pub fn backend(&self) -> Option<Backend<'_>> {
        let backend = Backend {
            target: self.backend.as_ref()?.get_ref(),
            redirects: self
                .redirects
                .as_ref()
                .map_or(&[], |redirects| redirects.get_ref()),
        };
        (*self.mode.get_ref() == Mode::Backend).then_some(backend)
    }
}

/// A field of a custom action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomField {
    /// Name in forms and records.
    pub name: Spanned<String>,
    /// What can be entered.
    pub kind: FieldKind,
    /// Its label.
    pub label: Spanned<Text>,
    /// A sentence below the label.
    pub help: Option<Spanned<Text>>,
    /// Whether it must be filled in; yes unless said otherwise.
    #[serde(default = "yes")]
    pub required: bool,
    /// Longest text, in characters.
    pub max_length: Option<Spanned<usize>>,
    /// For `choice`: what to choose from.
    #[serde(default)]
    pub options: Vec<Named>,
    /// For `amount`: the currency, one of `deposit.currencies`.
    pub currency: Option<Spanned<String>>,
    /// For `amount`: the least amount.
    pub min: Option<Spanned<Decimal>>,
    /// For `amount`: the greatest amount.
    pub max: Option<Spanned<Decimal>>,
}

fn yes() -> bool {
    true
}

/// What can be entered into a [`CustomField`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A calendar date.
    Date,
    /// An amount of money.
    Amount,
    /// One of `options`.
    Choice,
}
