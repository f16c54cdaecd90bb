//! `[deposit]`: the deposit screen.

use domain::CurrencyCode;
use rust_decimal::Decimal;

use crate::{
    EventName, Method, Redirect,
    read::{At, Place, Section, Table},
    redirect::Destination,
    screens::{EVENT_NAME, REDIRECT},
    values::{Amount, Whole},
};

/// The deposit screen.
#[derive(Clone, Debug)]
pub struct Deposit {
    redirect: Option<Destination>,
    /// `eventName` for cTrader Mobile's analytics, added to the success URL on success.
    pub event_name: Option<EventName>,
    /// What can be deposited; the first is preselected. A form has at least one.
    pub currencies: Vec<Currency>,
    /// How; the first is preselected. A form has at least one.
    pub methods: Vec<Method>,
}

impl Section for Deposit {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let redirect = table.optional("redirect", REDIRECT);
        let event_name = table.optional("event_name", EVENT_NAME);
        let mistakes = table.mistakes();
        let currencies: Vec<Currency> = table.list(
            "currencies",
            "What can be deposited; the first is preselected. Nothing is converted.",
        );
        let codes = currencies.iter().map(|currency| (&currency.code, currency.place));
        table.unique("currencies.code", codes);
        if let Some(context) = table.context()
            && context.count() == mistakes
        {
            let _ = context.currencies.set(currencies.clone());
        }
        let mistakes = table.mistakes();
        let methods: Vec<Method> = table.list(
            "methods",
            "How traders pay, in this order; the first is preselected.",
        );
        table.unique(
            "methods.id",
            methods.iter().map(|method| (&method.id, method.place)),
        );
        table.needed_in_a_form(&["currencies", "methods"]);
        let complete = table.mistakes() == mistakes;
        if complete && !table.has("redirect") {
            let chargeable = |currency: &&Currency| {
                let code = currency.code.as_str();
                methods.iter().any(|method| method.charges(code))
            };
            for currency in currencies.iter().filter(|currency| !chargeable(currency)) {
                let rule = "is a currency that none of deposit.methods can charge";
                table.mistake_at(currency.place, "currencies.code", rule);
            }
        }
        Some(Self {
            redirect,
            event_name,
            currencies,
            methods,
        })
    }
}

impl Deposit {
    /// The page of the broker's own in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(Destination::redirect)
    }

    /// The payment method of that id.
    pub fn method(&self, id: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.id.as_str() == id)
    }

    /// The currency of that code.
    pub fn currency(&self, code: &str) -> Option<&Currency> {
        self.currencies
            .iter()
            .find(|currency| currency.code.as_str() == code)
    }

    /// All pages that traders are sent on to with an assertion: the screen's own, or the cashiers of its methods.
    pub fn redirects(&self) -> Vec<Redirect<'_>> {
        match self.redirect() {
            Some(redirect) => vec![redirect],
            None => self.methods.iter().filter_map(Method::cashier).collect(),
        }
    }
}

/// A currency that can be deposited.
#[derive(Clone, Debug)]
pub struct Currency {
    /// ISO 4217 code, or that of a cryptocurrency.
    pub code: CurrencyCode,
    place: Place,
    /// Digits after the decimal point, at most.
    pub decimals: u32,
    /// Minimum amount.
    pub min: Decimal,
    /// Maximum amount.
    pub max: Decimal,
    /// Amounts offered at a tap.
    pub presets: Vec<Decimal>,
}

/// What is wrong with an amount that cannot be written in its currency.
pub(crate) const TOO_FINE: &str = "has more digits after the point than the currency's `decimals`";

impl Section for Currency {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let code: Option<At<CurrencyCode>> =
            table.required("code", "ISO 4217 code, or that of a cryptocurrency.");
        // cTrader takes no more digits.
        let decimals: Option<Whole<0, 8>> = table.required("decimals", "Digits after the point.");
        let min: Option<Amount> = table.required("min", "Minimum amount, in quotes.");
        let max: Option<Amount> = table.required("max", "Maximum amount, in quotes.");
        let presets: Vec<At<Amount>> = table.list("presets", "Amounts at a tap, in quotes.");
        let (code, decimals, min, max) = (code?, decimals?.0, min?, max?);
        for (key, amount) in [("min", &min), ("max", &max)] {
            if !amount.fits(decimals) {
                table.mistake(key, TOO_FINE);
            }
        }
        if min.0 > max.0 {
            table.mistake("max", "is less than `min`");
        }
        for At { value, place } in &presets {
            if !value.fits(decimals) {
                table.mistake_at(*place, "presets", TOO_FINE);
            }
            if !(min.0..=max.0).contains(&value.0) {
                table.mistake_at(*place, "presets", "must lie between `min` and `max`");
            }
        }
        Some(Self {
            code: code.value,
            place: code.place,
            decimals,
            min: min.0,
            max: max.0,
            presets: presets.into_iter().map(|preset| preset.value.0).collect(),
        })
    }
}
