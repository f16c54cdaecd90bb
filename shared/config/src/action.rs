//! `[[actions]]`: custom actions.

use std::collections::HashSet;

use domain::CurrencyCode;
use rust_decimal::Decimal;

use crate::{
    Backend, EventName, Id, NamedOption, Redirect, Text,
    deposit::TOO_MANY_DECIMALS,
    read::{Located, Node, Position, Section, Table, Value},
    redirect::{BackendSettings, RedirectSettings},
    screens::{EVENT_NAME, REDIRECT},
    values::{Amount, BoundedInteger},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A custom action: a form, a form that the broker's backend answers, or a page of the broker's own.
#[derive(Clone, Debug)]
pub struct CustomAction {
    /// `actionType` in the URL.
    pub action_type: Id,
    pub(crate) position: Position,
    redirect: Option<RedirectSettings>,
    backend: Option<BackendSettings>,
    /// Heading of the screen.
    pub title: Text,
    /// Sentence below the heading.
    pub intro: Option<Text>,
    /// Text on the button. Default: "Send", in the trader's language.
    pub submit: Option<Text>,
    /// `eventName` of the success URL after success, for cTrader Mobile's analytics.
    pub event_name: Option<EventName>,
    /// Fields of the form.
    pub fields: Vec<CustomField>,
}

impl CustomAction {
    /// The broker's own page in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(RedirectSettings::redirect)
    }

    /// The broker's backend that decides about submits, if there is one.
    pub fn backend(&self) -> Option<Backend<'_>> {
        self.backend.as_ref().map(BackendSettings::backend)
    }
}

impl Section for CustomAction {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let action_type: Option<Located<Id>> = table.required("type", "actionType in the URL.");
        let redirect = table.optional("redirect", REDIRECT);
        let backend = table.optional(
            "backend",
            "Your own program that decides about submits at once. Calls to it are signed.",
        );
        let what = "an action is your own page, or a form that your backend decides about";
        table.at_most_one_of(&["redirect", "backend"], what);
        let title = table.required("title", "Heading of the screen.");
        let intro = table.optional("intro", "Sentence below the heading.");
        let submit = table.optional("submit", "Text on the button. Default: Send.");
        let event_name = table.optional("event_name", EVENT_NAME);
        let fields: Vec<CustomField> = table.list("fields", "Fields of the form.");
        check_names(table, &fields);
        check_lengths(table, &fields);
        let action_type = action_type?;
        Some(Self {
            action_type: action_type.value,
            position: action_type.position,
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

/// Most fields of an action. The screens take a body of 64 fields, the session and others of their own included.
const MAX_FIELDS: usize = 60;

/// Longest texts of all fields of a form together, in characters. The screens take a body of 256 KiB; a character takes
/// 12 bytes of it at most (four bytes, percent-encoded).
const MAX_TEXT: usize = 20_000;

/// Reports fields whose texts together are longer than a body can hold.
fn check_lengths(table: &Table<'_>, fields: &[CustomField]) {
    let total: usize = fields.iter().map(CustomField::longest).sum();
    if total > MAX_TEXT {
        let rule = format!(
            "have texts of {total} characters together, and a form is taken with {MAX_TEXT} at most: lower max_length"
        );
        table.mistake("fields", rule);
    }
}

/// Reports too many fields, and field names that are listed twice or that a record needs for the currency of an amount.
fn check_names(table: &Table<'_>, fields: &[CustomField]) {
    if let Some(field) = fields.get(MAX_FIELDS) {
        let rule =
            format!("has more than {MAX_FIELDS} fields, and a form is taken with {MAX_FIELDS} at most");
        table.mistake_at(field.position, "fields", rule);
    }
    let names = fields.iter().map(|field| (&field.name, field.position));
    table.unique("fields.name", names);
    let currency_names: HashSet<_> = fields
        .iter()
        .filter(|field| field.kind == FieldKind::Amount)
        .map(|amount| format!("{}_currency", amount.name))
        .collect();
    for field in fields {
        let name = field.name.as_str();
        if currency_names.contains(name) || !currency_names.is_empty() && name == "currency" {
            let rule = "is reserved: a record holds the currency of an amount under this name";
            table.mistake_at(field.position, "fields.name", rule);
        }
    }
}

/// The names that forms of the screens have beside the fields that a trader fills in.
pub const RESERVED_FIELDS: [&str; 3] = ["session", "ask", "continue_to"];

/// A field of a custom action.
#[derive(Clone, Debug)]
pub struct CustomField {
    /// Name in forms and records.
    pub name: Id,
    position: Position,
    /// What the trader can enter.
    pub kind: FieldKind,
    /// Label, for traders.
    pub label: Text,
    /// Sentence below the input.
    pub help: Option<Text>,
    /// Whether the trader must fill in the field. Default: true.
    pub required: bool,
    /// For texts: maximum length, in characters.
    pub max_length: Option<usize>,
    /// For `choice`: the options.
    pub options: Vec<NamedOption>,
    /// For `amount`: the currency, one of `deposit.currencies`.
    pub currency: Option<CurrencyCode>,
    /// For `amount`: the minimum amount.
    pub min: Option<Decimal>,
    /// For `amount`: the maximum amount.
    pub max: Option<Decimal>,
}

impl CustomField {
    /// Maximum length of what the trader enters, in characters.
    pub fn longest(&self) -> usize {
        let default = match self.kind {
            FieldKind::LongText => MAX_LONG_TEXT,
            _ => MAX_LINE,
        };
        self.max_length.unwrap_or(default)
    }
}

/// Maximum length of one line, unless the field has a `max_length`.
const MAX_LINE: usize = 100;

/// Maximum length of a text of several lines, unless the field has a `max_length`.
const MAX_LONG_TEXT: usize = 4_000;

/// What the trader can enter into a [`CustomField`].
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
    /// The number of a bank account, after ISO 13616.
    Iban,
    /// A calendar date.
    Date,
    /// An amount of money.
    Amount,
    /// One of `options`.
    Choice,
}

impl FieldKind {
    const ALL: [(&'static str, Self); 8] = [
        ("text", Self::Text),
        ("long_text", Self::LongText),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("iban", Self::Iban),
        ("date", Self::Date),
        ("amount", Self::Amount),
        ("choice", Self::Choice),
    ];

    /// The keys that only fields of this kind, or of few kinds, have.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Text | Self::LongText | Self::Email | Self::Phone => &["max_length"],
            Self::Iban | Self::Date => &[],
            Self::Amount => &["currency", "min", "max"],
            Self::Choice => &["options"],
        }
    }
}

/// The keys that only fields of some kinds have, with the mistake for other kinds.
const KIND_SPECIFIC_KEYS: [(&str, &str); 5] = [
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
        let name: Option<Located<Id>> = table.required("name", "Name in records.");
        let kind: Option<FieldKind> = table.required("kind", "What the trader can enter.");
        let label = table.required("label", "Label, for traders.");
        let help = table.optional("help", "Sentence below the input.");
        let required = table.optional(
            "required",
            "Whether the trader must fill in the field. Default: true.",
        );
        let max_length: Option<BoundedInteger<1, 10_000>> =
            table.optional("max_length", "For texts: maximum length, in characters.");
        let options = NamedOption::list(table, "options", "For a choice: the options.");
        let currency: Option<CurrencyCode> = table.optional(
            "currency",
            "For an amount: its currency, one of deposit.currencies.",
        );
        let min: Option<Amount> = table.optional("min", "For an amount: the minimum amount, in quotes.");
        let max: Option<Amount> = table.optional("max", "For an amount: the maximum amount, in quotes.");
        #[cfg(any(test, feature = "schema"))]
        rules(table);
        if name
            .as_ref()
            .is_some_and(|name| RESERVED_FIELDS.contains(&name.value.as_str()))
        {
            table.mistake("name", "is reserved for the screens");
        }
        if let Some(kind) = kind {
            check_keys(table, kind);
        }
        check_amounts(table, currency.as_ref(), min.as_ref(), max.as_ref());
        let name = name?;
        Some(Self {
            name: name.value,
            position: name.position,
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

/// Reports keys of another kind, and missing keys of this kind.
fn check_keys(table: &Table<'_>, kind: FieldKind) {
    for (key, rule) in KIND_SPECIFIC_KEYS {
        if table.has(key) && !kind.keys().contains(&key) {
            table.mistake(key, rule);
        }
    }
    if kind == FieldKind::Choice && table.is_empty("options") {
        table.mistake("options", "must list the options");
    }
    if kind == FieldKind::Amount && !table.has("currency") {
        table.mistake("currency", "is missing: an amount needs a currency");
    }
}

/// Reports a currency that cannot be deposited, and limits that do not fit it or each other.
fn check_amounts(table: &Table<'_>, code: Option<&CurrencyCode>, min: Option<&Amount>, max: Option<&Amount>) {
    let currencies = table.context().and_then(|context| context.currencies.get());
    if let (Some(code), Some(currencies)) = (code, currencies) {
        let Some(currency) = currencies.iter().find(|currency| currency.code == *code) else {
            table.mistake("currency", "must be one of deposit.currencies");
            return;
        };
        for (key, amount) in [("min", min), ("max", max)] {
            if amount.is_some_and(|amount| !amount.fits_decimals(currency.decimals)) {
                table.mistake(key, TOO_MANY_DECIMALS);
            }
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min.0 > max.0
    {
        table.mistake("max", "is less than `min`");
    }
}

/// The rules of [`check_keys`] for the JSON Schema.
#[cfg(any(test, feature = "schema"))]
fn rules(table: &mut Table<'_>) {
    for (name, kind) in FieldKind::ALL {
        let forbidden: serde_json::Map<_, _> = KIND_SPECIFIC_KEYS
            .iter()
            .filter(|(key, _)| !kind.keys().contains(key))
            .map(|(key, _)| ((*key).to_owned(), false.into()))
            .collect();
        let required: &[&str] = match kind {
            FieldKind::Amount => &["currency"],
            FieldKind::Choice => &["options"],
            _ => &[],
        };
        table.rule(serde_json::json!({
            "if": { "properties": { "kind": { "const": name } } },
            "then": { "properties": forbidden, "required": required },
        }));
    }
}
