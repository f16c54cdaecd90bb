//! `[[deposit.methods]]`: payment methods.
//!
//! A method has exactly one section for its provider, such as `[deposit.methods.hosted]`. A new kind of provider
//! needs a variant of [`Provider`], a key of [`PaymentMethod`] and a [`Section`].

use std::{collections::BTreeMap, time::Duration};

use domain::{BrokerName, CurrencyCode, MethodId};
use rust_decimal::Decimal;

use crate::{
    Currency, Redirect, Text,
    deposit::TOO_MANY_DECIMALS,
    read::{Located, Node, NonEmptyList, Position, Section, Table, Value},
    redirect::RedirectSettings,
    values::{Amount, BoundedInteger, PlainText},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A payment method.
#[derive(Clone, Debug)]
pub struct PaymentMethod {
    /// Stable id, used in forms, records, secrets and the URL of the notifications.
    pub id: MethodId,
    pub(crate) position: Position,
    /// Name of the method, for traders.
    pub label: Text,
    /// How long a payment takes.
    pub time: Option<Text>,
    /// What a payment costs.
    pub fee: Option<Text>,
    /// How the trader pays.
    pub provider: Provider,
    /// Which of `deposit.currencies` the method can charge. `None`: all.
    currencies: Option<Vec<CurrencyCode>>,
    /// Limits that are narrower than those of the currency, by currency.
    limits: BTreeMap<CurrencyCode, MethodLimits>,
    /// After how many hours an unpaid deposit expires. `None`: the default of the provider.
    expires_hours: Option<u32>,
}

/// How the trader pays.
#[derive(Clone, Debug)]
pub enum Provider {
    /// `hosted`: at the broker's cashier, which gets the signed assertion.
    Hosted(RedirectSettings),
    /// `bank_transfer`: by a bank transfer. The screen shows the instructions.
    BankTransfer(BankTransfer),
}

/// Limits of a method in one currency.
#[derive(Clone, Debug)]
struct MethodLimits {
    /// Minimum amount. `None`: that of the currency.
    min: Option<Decimal>,
    /// Maximum amount. `None`: that of the currency.
    max: Option<Decimal>,
}

/// The settings of a bank transfer.
#[derive(Clone, Debug)]
pub struct BankTransfer {
    /// Instructions for the trader.
    pub instructions: Text,
    /// The details of the transfer, in the order of the screen.
    details: Vec<TransferDetail>,
}

/// A detail that the trader copies into the bank transfer.
#[derive(Clone, Debug)]
pub struct TransferDetail {
    /// Name of the detail, such as "IBAN".
    pub label: Text,
    /// The text to copy.
    pub value: String,
    /// The only currency that the detail is for. `None`: all.
    currency: Option<Located<CurrencyCode>>,
    /// The only broker that the detail is for. `None`: all.
    broker: Option<BrokerName>,
}

impl PaymentMethod {
    /// Whether the method can charge this currency, which must be one of `deposit.currencies`.
    pub fn charges(&self, currency: &str) -> bool {
        charges(self.currencies.as_deref(), currency)
    }

    /// The minimum and the maximum amount in this currency.
    pub fn limits(&self, currency: &Currency) -> (Decimal, Decimal) {
        let limits = self.limits.get(&currency.code);
        (
            limits.and_then(|limits| limits.min).unwrap_or(currency.min),
            limits.and_then(|limits| limits.max).unwrap_or(currency.max),
        )
    }

    /// Whether the method has limits of its own in this currency.
    pub fn has_own_limits(&self, currency: &Currency) -> bool {
        self.limits.contains_key(&currency.code)
    }

    /// The cashier, if the trader pays at one.
    pub fn cashier(&self) -> Option<Redirect<'_>> {
        match &self.provider {
            Provider::Hosted(cashier) => Some(cashier.redirect()),
            Provider::BankTransfer(_) => None,
        }
    }

    /// The bank transfer, if the trader pays by one.
    pub fn bank_transfer(&self) -> Option<&BankTransfer> {
        match &self.provider {
            Provider::Hosted(_) => None,
            Provider::BankTransfer(transfer) => Some(transfer),
        }
    }

    /// The details of a bank transfer to this broker in this currency. Empty if the method is no bank transfer.
    pub fn details<'a>(
        &'a self,
        broker: &'a str,
        currency: &'a str,
    ) -> impl Iterator<Item = &'a TransferDetail> {
        let transfer = self.bank_transfer();
        let details = transfer.map_or(&[][..], |transfer| &transfer.details);
        details.iter().filter(move |detail| {
            let only_currency = detail.currency.as_ref();
            let only_broker = detail.broker.as_ref();
            only_currency.is_none_or(|only| only.value.as_str() == currency)
                && only_broker.is_none_or(|only| *only == *broker)
        })
    }

    /// After which time an unpaid deposit expires.
    pub fn expires_after(&self) -> Duration {
        let default_hours = match self.provider {
            Provider::Hosted(_) => 24,
            Provider::BankTransfer(_) => 14 * 24,
        };
        let hours = self.expires_hours.unwrap_or(default_hours);
        Duration::from_secs(u64::from(hours) * 3_600)
    }
}

fn charges(listed: Option<&[CurrencyCode]>, currency: &str) -> bool {
    listed.is_none_or(|listed| listed.iter().any(|listed| listed.as_str() == currency))
}

impl Section for PaymentMethod {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let id: Option<Located<MethodId>> = table.required(
            "id",
            "Stable id: it is in records, in the secret of notifications, and in their URL /payments/ID/events.",
        );
        let label = table.required("label", "Name of the method, for traders.");
        let time = table.optional("time", "How long a payment takes.");
        let fee = table.optional("fee", "What a payment costs.");
        let currencies: Option<NonEmptyList<Located<CurrencyCode>>> = table.optional(
            "currencies",
            "Which of deposit.currencies the method can charge. Default: all.",
        );
        let limits: Option<LimitsByCurrency> = table.optional(
            "limits",
            "Narrower limits than those of the currency, by currency code.",
        );
        let expires_hours: Option<BoundedInteger<1, 8_760>> = table.optional(
            "expires_hours",
            "After how many hours without news an unpaid deposit expires. Default: 24, for a bank transfer 336.",
        );
        table.exactly_one_of(&["hosted", "bank_transfer"], "a method has one provider");
        let hosted = table.optional(
            "hosted",
            "The trader pays at your cashier, which gets the signed assertion.",
        );
        let transfer: Option<BankTransfer> = table.optional(
            "bank_transfer",
            "The trader makes a bank transfer, and your back office confirms that it arrived.",
        );

        let currencies = listed(table, currencies);
        let charged = currencies.as_deref();
        if let Some(limits) = &limits {
            limits.check(table, charged);
        }
        let details = transfer.iter().flat_map(|transfer| &transfer.details);
        for Located { value, position } in details.filter_map(|detail| detail.currency.as_ref()) {
            if !known(table, charged, value) {
                let rule = "must be a currency that the method charges";
                table.mistake_at(*position, "bank_transfer.details.currency", rule);
            }
        }
        let provider = hosted
            .map(Provider::Hosted)
            .or(transfer.map(Provider::BankTransfer));
        let id = id?;
        Some(Self {
            id: id.value,
            position: id.position,
            label: label?,
            time,
            fee,
            provider: provider?,
            currencies,
            limits: limits.map(LimitsByCurrency::into_limits).unwrap_or_default(),
            expires_hours: expires_hours.map(|hours| hours.0),
        })
    }
}

/// The listed currencies. Reports those that are listed twice or cannot be deposited.
fn listed(
    table: &Table<'_>,
    currencies: Option<NonEmptyList<Located<CurrencyCode>>>,
) -> Option<Vec<CurrencyCode>> {
    let currencies = currencies?.0;
    for Located { value, position } in &currencies {
        if !known(table, None, value) {
            table.mistake_at(*position, "currencies", "must list some of deposit.currencies");
        }
    }
    table.unique(
        "currencies",
        currencies
            .iter()
            .map(|currency| (&currency.value, currency.position)),
    );
    Some(currencies.into_iter().map(|currency| currency.value).collect())
}

/// Whether the currency can be deposited by a method that charges `charged`. True if `deposit.currencies` has
/// mistakes, so that those are reported alone.
fn known(table: &Table<'_>, charged: Option<&[CurrencyCode]>, code: &CurrencyCode) -> bool {
    let currencies = table.context().and_then(|context| context.currencies.get());
    let listed = currencies.is_none_or(|currencies| currencies.iter().any(|known| known.code == *code));
    listed && charges(charged, code.as_str())
}

/// The limits of a method, by currency.
struct LimitsByCurrency(BTreeMap<CurrencyCode, Located<LimitsInFile>>);

/// The limits of a method in one currency, as the file has them.
struct LimitsInFile {
    min: Option<Located<Amount>>,
    max: Option<Located<Amount>>,
}

impl Section for LimitsInFile {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let min = table.optional("min", "Minimum amount. Default: that of the currency.");
        let max = table.optional("max", "Maximum amount. Default: that of the currency.");
        Some(Self { min, max })
    }
}

impl Value for LimitsByCurrency {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(entries) = node.entries() else {
            return node.mistake("must be a table with limits for each currency code");
        };
        let limits = entries.filter_map(|(code, node)| match CurrencyCode::try_from(code.to_owned()) {
            Ok(code) => Some((code, Located::read(node)?)),
            Err(rule) => node.mistake(rule),
        });
        Some(Self(limits.collect()))
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let limits = LimitsInFile::schema(definitions);
        serde_json::json!({ "type": "object", "additionalProperties": limits })
    }
}

impl LimitsByCurrency {
    /// Reports limits for a currency that the method does not charge, and limits outside those of the currency.
    fn check(&self, table: &Table<'_>, charged: Option<&[CurrencyCode]>) {
        for (code, Located { value, position }) in &self.0 {
            let key = format!("limits.{code}");
            if !known(table, charged, code) {
                let rule = "is for a currency that the method does not charge";
                table.mistake_at(*position, &key, rule);
            }
            let currencies = table.context().and_then(|context| context.currencies.get());
            let mut currencies = currencies.into_iter().flatten();
            if let Some(currency) = currencies.find(|currency| currency.code == *code) {
                value.check(table, &key, *position, currency);
            }
        }
    }

    fn into_limits(self) -> BTreeMap<CurrencyCode, MethodLimits> {
        let amount = |bound: Option<Located<Amount>>| bound.map(|bound| bound.value.0);
        let limits = self.0.into_iter().map(|(code, Located { value, .. })| {
            let (min, max) = (amount(value.min), amount(value.max));
            (code, MethodLimits { min, max })
        });
        limits.collect()
    }
}

impl LimitsInFile {
    fn check(&self, table: &Table<'_>, key: &str, position: Position, currency: &Currency) {
        for (name, bound) in [("min", &self.min), ("max", &self.max)] {
            let Some(Located { value, position }) = bound else {
                continue;
            };
            let key = format!("{key}.{name}");
            if !value.fits_decimals(currency.decimals) {
                table.mistake_at(*position, &key, TOO_MANY_DECIMALS);
            }
            if !(currency.min..=currency.max).contains(&value.0) {
                table.mistake_at(*position, &key, "must lie within the limits of the currency");
            }
        }
        if let (Some(min), Some(max)) = (&self.min, &self.max)
            && min.value.0 > max.value.0
        {
            table.mistake_at(position, key, "has a `max` that is less than its `min`");
        }
    }
}

impl Section for BankTransfer {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let instructions = table.required("instructions", "Instructions for the trader.");
        let details = table.list(
            "details",
            "What the trader copies into the transfer, in this order.",
        );
        Some(Self {
            instructions: instructions?,
            details,
        })
    }
}

impl Section for TransferDetail {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let label = table.required("label", "Name of the detail, such as IBAN.");
        let value: Option<PlainText> = table.required("value", "The text to copy: 1 to 200 characters.");
        let currency = table.optional(
            "currency",
            "The only currency that the detail is for. Default: all.",
        );
        let broker: Option<BrokerName> = table.optional(
            "broker",
            "The only brokers.name that the detail is for. Default: all.",
        );
        if value.as_ref().is_some_and(|value| value.0.chars().count() > 200) {
            table.mistake("value", "must be 1 to 200 characters");
        }
        if let (Some(broker), Some(context)) = (&broker, table.context())
            && context.brokers.get().is_some_and(|known| !known.contains(broker))
        {
            table.mistake("broker", "must be one of brokers.name");
        }
        Some(Self {
            label: label?,
            value: value?.0,
            currency,
            broker,
        })
    }
}
