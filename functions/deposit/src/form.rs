//! The form: amount, currency, payment method.

use askama::Template;
use config::{Currency, PaymentMethod};
use deposits::Deposit;
use web::{
    AmountRule, Choice, ChoiceLayout, Failure, Field, Fields, Form, InputKind, Response, ScreenPage,
    Separators,
};

use crate::{screen::DepositContext, status};

/// The names of the form's fields.
pub const NAMES: [&str; 3] = ["amount", "currency", "method"];

/// The form. The submitted fields decide which values it accepts: the limits of the amount are those of the chosen
/// currency and payment method.
pub fn form(cx: &DepositContext<'_>, submitted: &Fields) -> Form {
    let currencies = currencies(cx);
    let payment_methods = payment_methods(cx, &currencies);
    let chosen_currency = currencies
        .iter()
        .find(|currency| currency.code.as_str() == submitted.get("currency"))
        .or(currencies.first())
        .copied();
    let chosen_method = payment_methods
        .iter()
        .copied()
        .find(|method| method.id.as_str() == submitted.get("method"))
        .filter(|method| charges(method, chosen_currency));
    let amount_rule = chosen_currency.map_or_else(AmountRule::default, |currency| {
        amount_rule(cx, currency, chosen_method)
    });
    let currency_choices = currencies
        .iter()
        .map(|currency| Choice {
            value: currency.code.to_string(),
            label: currency.code.to_string(),
            note: String::new(),
        })
        .collect();
    // Once a currency is chosen, only the methods that can charge it are accepted.
    let method_choices = payment_methods
        .iter()
        .filter(|method| submitted.get("currency").is_empty() || charges(method, chosen_currency))
        .map(|method| method_choice(cx, &currencies, method))
        .collect();
    let text = |key| cx.texts.get(key);
    let limits = amount_rule.limits(cx.texts);
    Form {
        fields: vec![
            Field::new("amount", text("deposit-amount"), InputKind::Amount(amount_rule)).help(limits),
            // The confirmation shows the currency with the amount.
            Field::new(
                "currency",
                text("deposit-currency"),
                InputKind::Choice(ChoiceLayout::Segments, currency_choices),
            )
            .unlisted(),
            Field::new(
                "method",
                text("deposit-method"),
                InputKind::Choice(ChoiceLayout::Cards, method_choices),
            ),
        ],
    }
}

/// The page with the form and with the account's open deposits. If there are as many as are possible, it says so before
/// the trader fills the form in.
pub fn show(
    cx: &mut DepositContext<'_>,
    form: &Form,
    open_deposits: &[Deposit],
    status: u16,
    code: &'static str,
) -> Result<Response, Failure> {
    let mut page = cx.page(cx.texts.get("deposit-title"))?;
    let limit = cx.config().deposit.open_per_account;
    if open_deposits.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
        page.notice = Some(cx.texts.get("open-deposits-text"));
    }
    let html = render(cx, &page, form, open_deposits);
    page.into_response(status, code, html)
}

/// The page with the form, which was not taken because there are too many records already.
pub fn show_refused(
    cx: &mut DepositContext<'_>,
    form: &Form,
    open_deposits: &[Deposit],
    failure: Failure,
) -> Result<Response, Failure> {
    let mut page = cx.page(cx.texts.get("deposit-title"))?;
    page.notice = Some(cx.texts.get(&failure.text_key("text")));
    let html = render(cx, &page, form, open_deposits);
    page.into_refusal(failure, html)
}

fn render(
    cx: &DepositContext<'_>,
    page: &ScreenPage,
    form: &Form,
    open_deposits: &[Deposit],
) -> askama::Result<String> {
    let [amount, currency, method] = &form.fields[..] else {
        return Err(askama::Error::Fmt);
    };
    let currencies = currencies(cx);
    // The trader may have chosen a currency before cTrader returned that of the account. It may not be offered any
    // more.
    let selected = currencies
        .iter()
        .find(|offered| offered.code.as_str() == currency.value)
        .or(currencies.first())
        .map_or(String::new(), |currency| currency.code.to_string());
    let account = cx.session.state.account.as_ref();
    DepositPage {
        page,
        form,
        amount,
        currency,
        method,
        separators: page.texts.separators(),
        currency_options: currencies
            .iter()
            .filter(|_| !method.choices().is_empty())
            .map(|currency| CurrencyOption::new(cx, currency, &selected))
            .collect(),
        selected: &selected,
        account_currency: account.map_or("", |account| &account.currency),
        open_deposits: open_deposits
            .iter()
            .map(|deposit| OpenDepositView {
                url: cx.subpath_url(deposit.id.as_str()),
                amount: status::amount(deposit, cx.texts),
                status: status::status_title(cx, deposit),
            })
            .collect(),
    }
    .render()
}

/// The currency of the account, if `broker.toml` lists it: nothing is converted. If cTrader did not return the
/// account's currency in time, all currencies: the submit asks cTrader again.
fn currencies<'a>(cx: &DepositContext<'a>) -> Vec<&'a Currency> {
    let currencies = cx.config().deposit.currencies.iter();
    currencies
        .filter(|currency| {
            let account = cx.session.state.account.as_ref();
            account.is_none_or(|account| account.currency == currency.code.as_str())
        })
        .collect()
}

/// The payment methods that can charge one of the currencies.
fn payment_methods<'a>(cx: &DepositContext<'a>, currencies: &[&Currency]) -> Vec<&'a PaymentMethod> {
    let methods = cx.config().deposit.methods.iter();
    methods
        .filter(|method| {
            currencies
                .iter()
                .any(|currency| method.charges(currency.code.as_str()))
        })
        .collect()
}

fn charges(method: &PaymentMethod, currency: Option<&Currency>) -> bool {
    currency.is_some_and(|currency| method.charges(currency.code.as_str()))
}

/// Which amounts are accepted: within the limits of the payment method, if one is chosen, else of the currency, and
/// with no more decimals than the account has.
fn amount_rule(
    cx: &DepositContext<'_>,
    currency: &Currency,
    payment_method: Option<&PaymentMethod>,
) -> AmountRule {
    let currency_limits = (currency.min, currency.max);
    let (min, max) = payment_method.map_or(currency_limits, |method| method.limits(currency));
    let account = cx.session.state.account.as_ref();
    AmountRule {
        currency: currency.code.to_string(),
        decimals: account.map_or(currency.decimals, |account| currency.decimals.min(account.digits)),
        min: Some(min),
        max: Some(max),
    }
}

/// A payment method with a note: how long it takes, what it costs, and its limits if they are narrower than the
/// currency's.
fn method_choice(cx: &DepositContext<'_>, currencies: &[&Currency], method: &PaymentMethod) -> Choice {
    let texts = [&method.time, &method.fee].into_iter().flatten();
    let limits = currencies
        .iter()
        .filter(|currency| method.has_own_limits(currency))
        .map(|currency| amount_rule(cx, currency, Some(method)).limits(cx.texts));
    let notes: Vec<String> = texts.map(|text| cx.text(text).to_owned()).chain(limits).collect();
    Choice {
        value: method.id.to_string(),
        label: cx.text(&method.label).to_owned(),
        note: notes.join(" · "),
    }
}

/// What the form shows for one currency.
struct CurrencyOption {
    code: String,
    decimals: u32,
    /// The limits, as a sentence.
    limits: String,
    selected: bool,
    presets: Vec<Preset>,
}

/// A button that enters an amount.
struct Preset {
    /// The text that goes into the input.
    input: String,
    /// The text on the button.
    label: String,
}

impl CurrencyOption {
    fn new(cx: &DepositContext<'_>, currency: &Currency, selected: &str) -> Self {
        let rule = amount_rule(cx, currency, None);
        let separators = cx.texts.separators();
        let decimal_separator = separators.decimal.to_string();
        let presets = currency.presets.iter().map(|preset| {
            let amount = preset.normalize();
            Preset {
                input: amount.to_string().replace('.', &decimal_separator),
                label: separators.format(amount, 0),
            }
        });
        Self {
            selected: rule.currency == selected,
            decimals: rule.decimals,
            limits: rule.limits(cx.texts),
            presets: presets.collect(),
            code: rule.currency,
        }
    }
}

/// An open deposit of the account, as the form lists it.
struct OpenDepositView {
    url: String,
    amount: String,
    status: String,
}

#[derive(Template)]
#[template(path = "deposit.html")]
struct DepositPage<'a> {
    page: &'a ScreenPage,
    form: &'a Form,
    amount: &'a Field,
    currency: &'a Field,
    method: &'a Field,
    separators: Separators,
    /// Empty if the account's currency cannot be deposited.
    currency_options: Vec<CurrencyOption>,
    /// Code of the currency of the amount.
    selected: &'a str,
    /// Code of the account's currency. Empty if cTrader did not return it in time.
    account_currency: &'a str,
    open_deposits: Vec<OpenDepositView>,
}
