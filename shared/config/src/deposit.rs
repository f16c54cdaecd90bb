//! `[deposit]`: the deposit screen.

use domain::CurrencyCode;
use rust_decimal::Decimal;

use crate::{
    EventName, PaymentMethod, Redirect,
    read::{Located, Position, Section, Table},
    redirect::RedirectSettings,
    screens::{EVENT_NAME, REDIRECT},
    values::{Amount, BoundedInteger},
};

/// How many deposits of one account may be open, unless `broker.toml` says otherwise.
const OPEN_PER_ACCOUNT: u32 = 5;

/// The settings of the deposit screen.
#[derive(Clone, Debug)]
pub struct DepositSettings {
    redirect: Option<RedirectSettings>,
    /// `eventName` of the success URL after success, for cTrader Mobile's analytics.
    pub event_name: Option<EventName>,
    /// How many deposits of one account may be open at the same time.
    pub open_per_account: u32,
    /// The currencies that can be deposited. The first is preselected. Empty only if the screen redirects.
    pub currencies: Vec<Currency>,
    /// The payment methods. The first is preselected. Empty only if the screen redirects.
    pub methods: Vec<PaymentMethod>,
}

impl Section for DepositSettings {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let redirect = table.optional("redirect", REDIRECT);
        let event_name = table.optional("event_name", EVENT_NAME);
        let open_per_account: Option<BoundedInteger<1, 50>> = table.optional(
            "open_per_account",
            "How many deposits of one account may be open at the same time. Default: 5.",
        );
        let mistakes = table.mistakes();
        let currencies: Vec<Currency> = table.list(
            "currencies",
            "Currencies that can be deposited. The first is preselected. Nothing is converted.",
        );
        let codes = currencies
            .iter()
            .map(|currency| (&currency.code, currency.position));
        table.unique("currencies.code", codes);
        if let Some(context) = table.context()
            && context.count() == mistakes
        {
            let _ = context.currencies.set(currencies.clone());
        }
        let mistakes = table.mistakes();
        let methods: Vec<PaymentMethod> = table.list(
            "methods",
            "Payment methods, in the order of the screen. The first is preselected.",
        );
        table.unique(
            "methods.id",
            methods.iter().map(|method| (&method.id, method.position)),
        );
        table.require_in_form(&["currencies", "methods"]);
        let methods_are_valid = table.mistakes() == mistakes;
        if methods_are_valid && !table.has("redirect") {
            let chargeable = |currency: &&Currency| {
                let code = currency.code.as_str();
                methods.iter().any(|method| method.charges(code))
            };
            for currency in currencies.iter().filter(|currency| !chargeable(currency)) {
                let rule = "is a currency that none of deposit.methods can charge";
                table.mistake_at(currency.position, "currencies.code", rule);
            }
        }
        Some(Self {
            redirect,
            event_name,
            open_per_account: open_per_account.map_or(OPEN_PER_ACCOUNT, |most| most.0),
            currencies,
            methods,
        })
    }
}

impl DepositSettings {
    /// The broker's own page in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(RedirectSettings::redirect)
    }

    /// The payment method with this id.
    pub fn method(&self, id: &str) -> Option<&PaymentMethod> {
        self.methods.iter().find(|method| method.id.as_str() == id)
    }

    /// The currency with this code.
    pub fn currency(&self, code: &str) -> Option<&Currency> {
        self.currencies
            .iter()
            .find(|currency| currency.code.as_str() == code)
    }

    /// All pages that traders are redirected to with an assertion: the page in place of the form, or the cashiers.
    pub fn redirects(&self) -> Vec<Redirect<'_>> {
        match self.redirect() {
            Some(redirect) => vec![redirect],
            None => self.methods.iter().filter_map(PaymentMethod::cashier).collect(),
        }
    }
}

/// A currency that can be deposited.
#[derive(Clone, Debug)]
pub struct Currency {
    /// ISO 4217 code, or the code of a cryptocurrency.
    pub code: CurrencyCode,
    position: Position,
    /// Maximum number of digits after the decimal point.
    pub decimals: u32,
    /// How many digits cTrader's amounts have in accounts of this currency, where cTrader's answer leaves it out.
    pub money_digits: Option<u32>,
    /// Minimum amount.
    pub min: Decimal,
    /// Maximum amount.
    pub max: Decimal,
    /// Amounts on the buttons below the input.
    pub presets: Vec<Decimal>,
}

/// The mistake of an amount with more decimals than its currency.
pub(crate) const TOO_MANY_DECIMALS: &str = "has more digits after the point than the currency's `decimals`";

impl Section for Currency {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let code: Option<Located<CurrencyCode>> =
            table.required("code", "ISO 4217 code, or the code of a cryptocurrency.");
        // cTrader takes no more than 8.
        let decimals: Option<BoundedInteger<0, 8>> = table.required("decimals", "Digits after the point.");
        let money_digits: Option<BoundedInteger<0, 8>> = table.optional(
            "money_digits",
            "Digits after the point of cTrader's amounts in accounts of this currency. Needed only where cTrader's answer \
             about an account leaves `moneyDigits` out.",
        );
        let min: Option<Amount> = table.required("min", "Minimum amount, in quotes.");
        let max: Option<Amount> = table.required("max", "Maximum amount, in quotes.");
        let presets: Vec<Located<Amount>> =
            table.list("presets", "Amounts on the buttons below the input, in quotes.");
        let (code, decimals, min, max) = (code?, decimals?.0, min?, max?);
        for (key, amount) in [("min", &min), ("max", &max)] {
            if !amount.fits_decimals(decimals) {
                table.mistake(key, TOO_MANY_DECIMALS);
            }
        }
        if min.0 > max.0 {
            table.mistake("max", "is less than `min`");
        }
        for Located { value, position } in &presets {
            if !value.fits_decimals(decimals) {
                table.mistake_at(*position, "presets", TOO_MANY_DECIMALS);
            }
            if !(min.0..=max.0).contains(&value.0) {
                table.mistake_at(*position, "presets", "must lie between `min` and `max`");
            }
        }
        Some(Self {
            code: code.value,
            position: code.position,
            decimals,
            money_digits: money_digits.map(|digits| digits.0),
            min: min.0,
            max: max.0,
            presets: presets.into_iter().map(|preset| preset.value.0).collect(),
        })
    }
}
