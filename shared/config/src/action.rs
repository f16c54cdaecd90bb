//! `[[actions]]`: custom actions.

use std::collections::HashSet;

use domain::CurrencyCode;
use rust_decimal::Decimal;

use crate::{
    Backend, EventName, Id, Named, Redirect, Text,
    deposit::TOO_FINE,
    read::{At, Node, Place, Section, Table, Value},
    redirect::{Destination, Endpoint},
    screens::{EVENT_NAME, REDIRECT},
    values::{Amount, Whole},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A custom action: a form, a form that the broker's backend answers, or a page of the broker's own.
#[derive(Clone, Debug)]
pub struct CustomAction {
    /// `actionType` in the URL.
    pub action_type: Id,
    pub(crate) place: Place,
    redirect: Option<Destination>,
    backend: Option<Endpoint>,
    /// Heading.
    pub title: Text,
    /// A sentence below it.
    pub intro: Option<Text>,
    /// The button; default: "Send".
    pub submit: Option<Text>,
    /// As for deposits.
    pub event_name: Option<EventName>,
    /// What to fill in.
    pub fields: Vec<CustomField>,
}

impl CustomAction {
    /// The page of the broker's own in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(Destination::redirect)
    }

    /// Whom the submission is handed to, if anybody.
    pub fn backend(&self) -> Option<Backend<'_>> {
        self.backend.as_ref().map(Endpoint::backend)
    }
}

impl Section for CustomAction {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let action_type: Option<At<Id>> = table.required("type", "actionType in the URL.");
        let redirect = table.optional("redirect", REDIRECT);
        let backend = table.optional(
            "backend",
            "The program of your own that answers what is submitted. Calls to it are signed.",
        );
        let what = "an action is a page of your own, or a form that your backend answers";
        table.at_most_one_of(&["redirect", "backend"], what);
        let title = table.required("title", "Heading of the screen.");
        let intro = table.optional("intro", "A sentence below the heading.");
        let submit = table.optional("submit", "What the button says. Default: Send.");
        let event_name = table.optional("event_name", EVENT_NAME);
        let fields: Vec<CustomField> = table.list("fields", "What to fill in.");
        check_names(table, &fields);
        let action_type = action_type?;
        Some(Self {
            action_type: action_type.value,
            place: action_type.place,
            redirect,
            backend,
            title: title?,
            intro,
            submit,
            event_name,
            fields,
        })
    }
}

/// The names of the fields differ from one another and from what is recorded beside them.
fn check_names(table: &Table<'_>, fields: &[CustomField]) {
    let names = fields.iter().map(|field| (&field.name, field.place));
    table.unique("fields.name", names);
    // What is recorded of an amount has its currency beside it, under such a name.
    let amounts = fields.iter().filter(|field| field.kind == FieldKind::Amount);
    let currencies: HashSet<_> = amounts
        .map(|amount| format!("{}_currency", amount.name))
        .collect();
    for field in fields {
        let name = field.name.as_str();
        if currencies.contains(name) || !currencies.is_empty() && name == "currency" {
            let rule = "is a name under which the currency of an amount is recorded";
            table.mistake_at(field.place, "fields.name", rule);
        }
    }
}

/// A field of a custom action.
#[derive(Clone, Debug)]
pub struct CustomField {
    /// Name in forms and records.
    pub name: Id,
    place: Place,
    /// What can be entered.
    pub kind: FieldKind,
    /// Its label.
    pub label: Text,
    /// A sentence below the label.
    pub help: Option<Text>,
    /// Whether it must be filled in; yes unless said otherwise.
    pub required: bool,
    /// Longest text, in characters.
    pub max_length: Option<usize>,
    /// For `choice`: what to choose from.
    pub options: Vec<Named>,
    /// For `amount`: the currency, one of `deposit.currencies`.
    pub currency: Option<CurrencyCode>,
    /// For `amount`: the minimum amount.
    pub min: Option<Decimal>,
    /// For `amount`: the maximum amount.
    pub max: Option<Decimal>,
}

/// What can be entered into a [`CustomField`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl FieldKind {
    const ALL: [(&'static str, Self); 7] = [
        ("text", Self::Text),
        ("long_text", Self::LongText),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("date", Self::Date),
        ("amount", Self::Amount),
        ("choice", Self::Choice),
    ];

    /// The keys that belong to fields of some kinds only.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Text | Self::LongText | Self::Email | Self::Phone => &["max_length"],
            Self::Date => &[],
            Self::Amount => &["currency", "min", "max"],
            Self::Choice => &["options"],
        }
    }
}

/// All keys that belong to fields of some kinds only, and to which.
const OF_SOME_KINDS: [(&str, &str); 5] = [
    ("max_length", "is for texts only"),
    ("options", "is for kind = \"choice\" only"),
    ("currency", "is for kind = \"amount\" only"),
    ("min", "is for kind = \"amount\" only"),
    ("max", "is for kind = \"amount\" only"),
];

impl Value for FieldKind {
    fn read(node: Node<'_>) -> Option<Self> {
        let text = node.text();
        let known = Self::ALL.iter().find(|(name, _)| text == Some(name));
        let Some((_, kind)) = known else {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            return node.mistake(format!("must be one of {names}"));
        };
        Some(*kind)
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(_: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "enum": Self::ALL.map(|(name, _)| name) })
    }
}

impl Section for CustomField {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let name: Option<At<Id>> = table.required("name", "Its name in records.");
        let kind: Option<FieldKind> = table.required("kind", "What can be entered.");
        let label = table.required("label", "Its name for traders.");
        let help = table.optional("help", "A sentence below the label.");
        let required = table.optional("required", "Whether it must be filled in. Default: true.");
        let max_length: Option<Whole<1, 10_000>> =
            table.optional("max_length", "Of a text: how many characters it may have.");
        let options = Named::list(table, "options", "Of a choice: what to choose from.");
        let currency: Option<CurrencyCode> = table.optional(
            "currency",
            "Of an amount: its currency, one of deposit.currencies.",
        );
        let min: Option<Amount> = table.optional("min", "Of an amount: the minimum, in quotes.");
        let max: Option<Amount> = table.optional("max", "Of an amount: the maximum, in quotes.");
        #[cfg(any(test, feature = "schema"))]
        rules(table);
        if name
            .as_ref()
            .is_some_and(|name| ["session", "ask"].contains(&name.value.as_str()))
        {
            table.mistake("name", "is a name that the screens use themselves");
        }
        if let Some(kind) = kind {
            check_keys(table, kind);
        }
        check_amounts(table, currency.as_ref(), min.as_ref(), max.as_ref());
        let name = name?;
        Some(Self {
            name: name.value,
            place: name.place,
            kind: kind?,
            label: label?,
            help,
            required: required.unwrap_or(true),
            max_length: max_length.and_then(|length| usize::try_from(length.0).ok()),
            options,
            currency,
            min: min.map(|min| min.0),
            max: max.map(|max| max.0),
        })
    }
}

/// A field has what its kind asks for, and nothing of another kind's.
fn check_keys(table: &Table<'_>, kind: FieldKind) {
    for (key, rule) in OF_SOME_KINDS {
        if table.has(key) && !kind.keys().contains(&key) {
            table.mistake(key, rule);
        }
    }
    if kind == FieldKind::Choice && table.is_empty("options") {
        table.mistake("options", "must list what to choose from");
    }
    if kind == FieldKind::Amount && !table.has("currency") {
        table.mistake("currency", "is needed: an amount has a currency");
    }
}

/// An amount is in one of the deposit currencies, and so are its limits.
fn check_amounts(table: &Table<'_>, code: Option<&CurrencyCode>, min: Option<&Amount>, max: Option<&Amount>) {
    let currencies = table.context().and_then(|context| context.currencies.get());
    if let (Some(code), Some(currencies)) = (code, currencies) {
        let Some(currency) = currencies.iter().find(|currency| currency.code == *code) else {
            table.mistake("currency", "must be one of deposit.currencies");
            return;
        };
        for (key, amount) in [("min", min), ("max", max)] {
            if amount.is_some_and(|amount| !amount.fits(currency.decimals)) {
                table.mistake(key, TOO_FINE);
            }
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min.0 > max.0
    {
        table.mistake("max", "is less than `min`");
    }
}

/// The same for the JSON Schema.
#[cfg(any(test, feature = "schema"))]
fn rules(table: &mut Table<'_>) {
    for (name, kind) in FieldKind::ALL {
        let strays = OF_SOME_KINDS.iter().filter(|(key, _)| !kind.keys().contains(key));
        let strays: serde_json::Map<_, _> =
            strays.map(|(key, _)| ((*key).to_owned(), false.into())).collect();
        let needed: &[&str] = match kind {
            FieldKind::Amount => &["currency"],
            FieldKind::Choice => &["options"],
            _ => &[],
        };
        table.rule(serde_json::json!({
            "if": { "properties": { "kind": { "const": name } } },
            "then": { "properties": strays, "required": needed },
        }));
    }
}
