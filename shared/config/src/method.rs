//! `[[deposit.methods]]`: payment methods.
//!
//! A method has one section that names its provider, such as `[deposit.methods.hosted]`, with the settings of just that
//! provider. Another kind of provider is another variant of [`Provider`], another key of [`Method`] and a [`Section`].

use std::{collections::BTreeMap, time::Duration};

use domain::{BrokerName, CurrencyCode, MethodId};
use rust_decimal::Decimal;

use crate::{
    Currency, Redirect, Text,
    deposit::TOO_FINE,
    read::{At, Filled, Node, Place, Section, Table, Value},
    redirect::Destination,
    values::{Amount, Whole, Words},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A payment method.
#[derive(Clone, Debug)]
pub struct Method {
    /// Stable id, used in forms, records, secrets and the URL of its notifications.
    pub id: MethodId,
    pub(crate) place: Place,
    /// Its name.
    pub label: Text,
    /// How long it takes.
    pub time: Option<Text>,
    /// What it costs.
    pub fee: Option<Text>,
    /// How the trader pays.
    pub provider: Provider,
    /// Which of `deposit.currencies` it can charge; all unless said otherwise.
    currencies: Option<Vec<CurrencyCode>>,
    /// By currency: narrower limits than those of `deposit.currencies`.
    limits: BTreeMap<CurrencyCode, Limits>,
    /// After how many hours one that was not paid is given up.
    expires_hours: Option<u32>,
}

/// How the trader pays, by the section that the method has.
#[derive(Clone, Debug)]
pub enum Provider {
    /// `hosted`: at a cashier that gets the signed assertion.
    Hosted(Destination),
    /// `bank_transfer`: by a transfer that the trader makes elsewhere, after instructions of ours.
    BankTransfer(BankTransfer),
}

/// Limits of a method in one currency.
#[derive(Clone, Debug)]
struct Limits {
    /// Minimum amount; that of the currency unless said otherwise.
    min: Option<Decimal>,
    /// Maximum amount; that of the currency unless said otherwise.
    max: Option<Decimal>,
}

/// A transfer that the trader makes at a bank.
#[derive(Clone, Debug)]
pub struct BankTransfer {
    /// What the trader is to do.
    pub instructions: Text,
    /// What the trader copies into the transfer, in this order.
    details: Vec<Detail>,
}

/// Something to copy into a transfer.
#[derive(Clone, Debug)]
pub struct Detail {
    /// What it is, such as "IBAN".
    pub label: Text,
    /// What to copy.
    pub value: String,
    /// The currency that it is for; all unless said otherwise.
    currency: Option<At<CurrencyCode>>,
    /// Name of the broker whose traders it is for; all unless said otherwise.
    broker: Option<BrokerName>,
}

impl Method {
    /// Whether it can charge that currency (one of `deposit.currencies`).
    pub fn charges(&self, currency: &str) -> bool {
        charges(self.currencies.as_deref(), currency)
    }

    /// The minimum and the maximum amount in that currency.
    pub fn limits(&self, currency: &Currency) -> (Decimal, Decimal) {
        let limits = self.limits.get(&currency.code);
        (
            limits.and_then(|limits| limits.min).unwrap_or(currency.min),
            limits.and_then(|limits| limits.max).unwrap_or(currency.max),
        )
    }

    /// Whether it has limits of its own in that currency.
    pub fn has_own_limits(&self, currency: &Currency) -> bool {
        self.limits.contains_key(&currency.code)
    }

    /// Where the trader pays, if that is at a cashier.
    pub fn cashier(&self) -> Option<Redirect<'_>> {
        match &self.provider {
            Provider::Hosted(cashier) => Some(cashier.redirect()),
            Provider::BankTransfer(_) => None,
        }
    }

    /// The transfer by which the trader pays, if that is how.
    pub fn bank_transfer(&self) -> Option<&BankTransfer> {
        match &self.provider {
            Provider::Hosted(_) => None,
            Provider::BankTransfer(transfer) => Some(transfer),
        }
    }

    /// What a trader of that broker copies into a transfer in that currency.
    pub fn details<'a>(&'a self, broker: &'a str, currency: &'a str) -> impl Iterator<Item = &'a Detail> {
        let transfer = self.bank_transfer();
        let details = transfer.map_or(&[][..], |transfer| &transfer.details);
        details.iter().filter(move |detail| {
            let of_currency = detail.currency.as_ref();
            let of_broker = detail.broker.as_ref();
            of_currency.is_none_or(|only| only.value.as_str() == currency)
                && of_broker.is_none_or(|only| *only == *broker)
        })
    }

    /// How long a payment is waited for.
    pub fn expires_after(&self) -> Duration {
        let default = match self.provider {
            Provider::Hosted(_) => 24,
            Provider::BankTransfer(_) => 14 * 24,
        };
        let hours = self.expires_hours.unwrap_or(default);
        Duration::from_secs(u64::from(hours) * 3_600)
    }
}

fn charges(listed: Option<&[CurrencyCode]>, currency: &str) -> bool {
    listed.is_none_or(|listed| listed.iter().any(|listed| listed.as_str() == currency))
}

impl Section for Method {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let id: Option<At<MethodId>> = table.required(
            "id",
            "Stable: it is in records, in the secret of notifications, and in their URL /payments/ID/events.",
        );
        let label = table.required("label", "Its name.");
        let time = table.optional("time", "How long it takes.");
        let fee = table.optional("fee", "What it costs.");
        let currencies: Option<Filled<At<CurrencyCode>>> = table.optional(
            "currencies",
            "Which of deposit.currencies it can charge. Default: all.",
        );
        let limits: Option<AllLimits> =
            table.optional("limits", "By currency code: limits within those of the currency.");
        let expires_hours: Option<Whole<1, 8_760>> = table.optional(
            "expires_hours",
            "After how many hours without news an unpaid deposit is given up. Default: 24; of a bank transfer 336.",
        );
        table.exactly_one_of(&["hosted", "bank_transfer"], "a method has one provider");
        let hosted = table.optional(
            "hosted",
            "The trader pays at your cashier, which gets the signed assertion.",
        );
        let transfer: Option<BankTransfer> = table.optional(
            "bank_transfer",
            "The trader makes a transfer, and your back office says that it came.",
        );

        let currencies = listed(table, currencies);
        let charged = currencies.as_deref();
        if let Some(limits) = &limits {
            limits.check(table, charged);
        }
        let details = transfer.iter().flat_map(|transfer| &transfer.details);
        for At { value, place } in details.filter_map(|detail| detail.currency.as_ref()) {
            if !known(table, charged, value) {
                let rule = "must be a currency that the method charges";
                table.mistake_at(*place, "bank_transfer.details.currency", rule);
            }
        }
        let provider = hosted
            .map(Provider::Hosted)
            .or(transfer.map(Provider::BankTransfer));
        let id = id?;
        Some(Self {
            id: id.value,
            place: id.place,
            label: label?,
            time,
            fee,
            provider: provider?,
            currencies,
            limits: limits.map(AllLimits::into_limits).unwrap_or_default(),
            expires_hours: expires_hours.map(|hours| hours.0),
        })
    }
}

/// The listed currencies, each once, and each one that can be deposited.
fn listed(table: &Table<'_>, currencies: Option<Filled<At<CurrencyCode>>>) -> Option<Vec<CurrencyCode>> {
    let currencies = currencies?.0;
    for At { value, place } in &currencies {
        if !known(table, None, value) {
            table.mistake_at(*place, "currencies", "must list some of deposit.currencies");
        }
    }
    table.unique(
        "currencies",
        currencies
            .iter()
            .map(|currency| (&currency.value, currency.place)),
    );
    Some(currencies.into_iter().map(|currency| currency.value).collect())
}

/// Whether the currency can be deposited by a method that charges these. Taken for true where it is not known.
fn known(table: &Table<'_>, charged: Option<&[CurrencyCode]>, code: &CurrencyCode) -> bool {
    let currencies = table.context().and_then(|context| context.currencies.get());
    let listed = currencies.is_none_or(|currencies| currencies.iter().any(|known| known.code == *code));
    listed && charges(charged, code.as_str())
}

/// The limits of a method, by currency.
struct AllLimits(BTreeMap<CurrencyCode, At<ReadLimits>>);

/// Limits as they stand in the file.
struct ReadLimits {
    min: Option<At<Amount>>,
    max: Option<At<Amount>>,
}

impl Section for ReadLimits {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let min = table.optional("min", "Minimum amount; default: that of the currency.");
        let max = table.optional("max", "Maximum amount; default: that of the currency.");
        Some(Self { min, max })
    }
}

impl Value for AllLimits {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(entries) = node.entries() else {
            return node.mistake("must be a table with limits for each currency code");
        };
        let limits = entries.filter_map(|(code, node)| match CurrencyCode::try_from(code.to_owned()) {
            Ok(code) => Some((code, At::read(node)?)),
            Err(rule) => node.mistake(rule),
        });
        Some(Self(limits.collect()))
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let limits = ReadLimits::schema(definitions);
        serde_json::json!({ "type": "object", "additionalProperties": limits })
    }
}

impl AllLimits {
    /// Limits of a method are for currencies that it charges, and lie within those of the currency.
    fn check(&self, table: &Table<'_>, charged: Option<&[CurrencyCode]>) {
        for (code, At { value, place }) in &self.0 {
            let key = format!("limits.{code}");
            if !known(table, charged, code) {
                let rule = "is for a currency that the method does not charge";
                table.mistake_at(*place, &key, rule);
            }
            let currencies = table.context().and_then(|context| context.currencies.get());
            let mut currencies = currencies.into_iter().flatten();
            if let Some(currency) = currencies.find(|currency| currency.code == *code) {
                value.check(table, &key, *place, currency);
            }
        }
    }

    fn into_limits(self) -> BTreeMap<CurrencyCode, Limits> {
        let amount = |bound: Option<At<Amount>>| bound.map(|bound| bound.value.0);
        let limits = self.0.into_iter().map(|(code, At { value, .. })| {
            let (min, max) = (amount(value.min), amount(value.max));
            (code, Limits { min, max })
        });
        limits.collect()
    }
}

impl ReadLimits {
    fn check(&self, table: &Table<'_>, key: &str, place: Place, currency: &Currency) {
        for (name, bound) in [("min", &self.min), ("max", &self.max)] {
            let Some(At { value, place }) = bound else {
                continue;
            };
            let key = format!("{key}.{name}");
            if !value.fits(currency.decimals) {
                table.mistake_at(*place, &key, TOO_FINE);
            }
            if !(currency.min..=currency.max).contains(&value.0) {
                table.mistake_at(*place, &key, "must lie within the limits of the currency");
            }
        }
        if let (Some(min), Some(max)) = (&self.min, &self.max)
            && min.value.0 > max.value.0
        {
            table.mistake_at(place, key, "has a `max` that is less than its `min`");
        }
    }
}

impl Section for BankTransfer {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let instructions = table.required("instructions", "What the trader is to do.");
        let details = table.list("details", "What to copy into the transfer, in this order.");
        Some(Self {
            instructions: instructions?,
            details,
        })
    }
}

impl Section for Detail {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let label = table.required("label", "What it is, such as IBAN.");
        let value: Option<Words> = table.required("value", "What to copy: 1 to 200 characters.");
        let currency = table.optional("currency", "The currency that it is for. Default: all.");
        let broker: Option<BrokerName> =
            table.optional("broker", "The brokers.name that it is for. Default: all.");
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
