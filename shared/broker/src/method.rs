//! Payment methods of the deposit screen.

use std::{collections::BTreeMap, time::Duration};

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::{Currency, Redirect, Target, Text};

/// A payment method.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Stable id, used in forms, records, secrets and the URL of its notifications.
    pub id: Spanned<String>,
    /// How the trader pays.
    pub kind: Spanned<MethodKind>,
    /// Its name.
    pub label: Spanned<Text>,
    /// How long it takes.
    pub time: Option<Spanned<Text>>,
    /// What it costs.
    pub fee: Option<Spanned<Text>>,
    /// For `hosted`: the cashier.
    pub target: Option<Spanned<Target>>,
    /// For `hosted`: whether the cashier can be shown in cTrader's frame; yes unless said otherwise.
    pub framed: Option<Spanned<bool>>,
    /// Which of `deposit.currencies` it can charge; all unless said otherwise.
    pub currencies: Option<Spanned<Vec<Spanned<String>>>>,
    /// By currency: narrower limits than those of `deposit.currencies`.
    #[serde(default)]
    pub limits: BTreeMap<String, Spanned<Limits>>,
    /// For `bank_transfer`: what the trader is to do.
    pub instructions: Option<Spanned<Text>>,
    /// For `bank_transfer`: what the trader copies into the transfer, in this order.
    pub details: Option<Spanned<Vec<Detail>>>,
    /// After how many hours one that was not paid is given up.
    pub expires_hours: Option<Spanned<u32>>,
}

/// How the trader pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// At a cashier that gets the signed assertion.
    Hosted,
    /// By a transfer that the trader makes elsewhere, after instructions of ours.
    BankTransfer,
}

/// Limits of a method in one currency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Least amount; that of the currency unless said otherwise.
    pub min: Option<Spanned<Decimal>>,
    /// Greatest amount; that of the currency unless said otherwise.
    pub max: Option<Spanned<Decimal>>,
}

/// Something to copy into a transfer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// What it is, such as "IBAN".
    pub label: Spanned<Text>,
    /// What to copy.
    pub value: Spanned<String>,
    /// The currency that it is for; all unless said otherwise.
    pub currency: Option<Spanned<String>>,
    /// Name of the broker whose traders it is for; all unless said otherwise.
    pub broker: Option<Spanned<domain::BrokerName>>,
}

impl Method {
    /// How the trader pays.
    pub fn kind(&self) -> MethodKind {
        *self.kind.get_ref()
    }

    /// Whether it can charge that currency (one of `deposit.currencies`).
    pub fn charges(&self, currency: &str) -> bool {
        let listed = |currencies: &Spanned<Vec<Spanned<String>>>| {
            currencies
                .get_ref()
                .iter()
                .any(|listed| listed.get_ref() == currency)
        };
        self.currencies.as_ref().is_none_or(listed)
    }

    /// The least and the greatest amount in that currency.
    pub fn limits(&self, currency: &Currency) -> (Decimal, Decimal) {
        let limits = self.limits.get(currency.code.get_ref()).map(Spanned::get_ref);
        let of = |bound: Option<&Spanned<Decimal>>, general: &Spanned<Decimal>| {
            *bound.unwrap_or(general).get_ref()
        };
        (
            of(limits.and_then(|limits| limits.min.as_ref()), &currency.min),
            of(limits.and_then(|limits| limits.max.as_ref()), &currency.max),
        )
    }

    /// Where the trader pays, if it is a hosted one.
    pub fn cashier(&self) -> Option<Redirect<'_>> {
        let target = self.target.as_ref()?;
        (self.kind() == MethodKind::Hosted).then(|| Redirect::to(target, self.framed.as_ref()))
    }

    /// What a trader of that broker copies into a transfer in that currency.
    pub fn details<'a>(&'a self, broker: &'a str, currency: &'a str) -> impl Iterator<Item = &'a Detail> {
        let details = self.details.as_ref().map_or(&[][..], |details| details.get_ref());
        details.iter().filter(move |detail| {
            let of_currency = detail
                .currency
                .as_ref()
                .is_none_or(|only| only.get_ref() == currency);
            let of_broker = detail
                .broker
                .as_ref()
                .is_none_or(|only| *only.get_ref() == broker);
            of_currency && of_broker
        })
    }

    /// How long a payment is waited for.
    pub fn expires_after(&self) -> Duration {
        let default = match self.kind() {
            MethodKind::Hosted => 24,
            MethodKind::BankTransfer => 14 * 24,
        };
        let hours = self
            .expires_hours
            .as_ref()
            .map_or(default, |hours| *hours.get_ref());
        Duration::from_secs(u64::from(hours) * 3_600)
    }
}
