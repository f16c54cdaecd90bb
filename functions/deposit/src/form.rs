//! The form: amount, currency, payment method.

use askama::Template;
use config::{Currency, Method};
use deposits::Deposit;
use web::{AmountRule, Answer, Choice, Failure, Field, Fields, Form, Kind, Look, ScreenPage, Separators};

use crate::{screen::DepositContext, status};

/// The form. What was submitted decides what is accepted: the amount's limits are those of the currency and the method.
pub fn form(cx: &DepositContext<'_>, submitted: &Fields) -> Form {
    let get = |key| cx.texts.get(key);
    let currencies = currencies(cx);
    let chosen = currencies
        .iter()
        .find(|currency| currency.code.as_str() == submitted.get("currency"));
    let chosen = chosen.or(currencies.first()).copied();
    let methods = methods(cx, &currencies);
    let method = methods
        .iter()
        .find(|method| method.id.as_str() == submitted.get("method"));
    let method = method.copied().filter(|method| charges(method, chosen));
    let amount = chosen.map_or_else(AmountRule::default, |currency| rule(cx, currency, method));
    let codes = currencies.iter().map(|currency| Choice {
        value: currency.code.to_string(),
        label: currency.code.to_string(),
        note: String::new(),
    });
    // Of a currency that is chosen, only what can charge it is taken.
    let offered = methods
        .iter()
        .filter(|method| submitted.get("currency").is_empty() || charges(method, chosen));
    let cards = offered.map(|method| card(cx, &currencies, method));
    let (codes, cards) = (codes.collect(), cards.collect());
    let limits = amount.limits(cx.texts);
    Form {
        fields: vec![
            Field::new("amount", get("deposit-amount"), Kind::Amount(amount)).help(limits),
            // The amount is shown with its currency.
            Field::new(
                "currency",
                get("deposit-currency"),
                Kind::Choice(Look::Segments, codes),
            )
            .unlisted(),
            Field::new("method", get("deposit-method"), Kind::Choice(Look::Cards, cards)),
        ],
    }
}

/// The page with the form, and with the deposits of the account that are not over.
pub fn show(
    cx: &mut DepositContext<'_>,
    form: &Form,
    open: &[Deposit],
    status: u16,
    code: &'static str,
) -> Result<Answer, Failure> {
    let page = cx.page(cx.texts.get("deposit-title"))?;
    let html = render(cx, &page, form, open);
    page.answer(status, code, html)
}

fn render(
    cx: &DepositContext<'_>,
    page: &ScreenPage,
    form: &Form,
    open: &[Deposit],
) -> askama::Result<String> {
    let [amount, currency, method] = &form.fields[..] else {
        return Err(askama::Error::Fmt);
    };
    let currencies = currencies(cx);
    let offers = currencies.iter().filter(|_| !method.choices().is_empty());
    let value = currency.value.as_str();
    // What was chosen before the account's currency was known may not be among them.
    let known = |currency: &&&Currency| currency.code.as_str() == value;
    let selected = currencies.iter().find(known).or(currencies.first());
    let selected = selected.map_or(String::new(), |currency| currency.code.to_string());
    let code = cx
        .session
        .state
        .currency
        .as_ref()
        .map(|currency| currency.code.as_str());
    DepositPage {
        page,
        form,
        amount,
        currency,
        method,
        separators: page.texts.separators(),
        offers: offers.map(|offered| Offer::new(cx, offered, &selected)).collect(),
        selected: &selected,
        code: code.unwrap_or_default(),
        under_way: open
            .iter()
            .map(|deposit| UnderWay {
                url: cx.subpath_url(deposit.id.as_str()),
                amount: status::amount(deposit, cx.texts),
                status: status::in_words(cx, deposit),
            })
            .collect(),
    }
    .render()
}

/// The currency of the account, if it can be deposited; nothing is converted. Where cTrader did not say in time what it is,
/// all of them: it is asked again before a deposit is made.
fn currencies<'a>(cx: &DepositContext<'a>) -> Vec<&'a Currency> {
    let currencies = cx.config().deposit.currencies.iter();
    currencies
        .filter(|currency| {
            let account = cx.session.state.currency.as_ref();
            account.is_none_or(|account| account.code == currency.code.as_str())
        })
        .collect()
}

/// What can charge one of the currencies.
fn methods<'a>(cx: &DepositContext<'a>, currencies: &[&Currency]) -> Vec<&'a Method> {
    let methods = cx.config().deposit.methods.iter();
    methods
        .filter(|method| {
            currencies
                .iter()
                .any(|currency| method.charges(currency.code.as_str()))
        })
        .collect()
}

fn charges(method: &Method, currency: Option<&Currency>) -> bool {
    currency.is_some_and(|currency| method.charges(currency.code.as_str()))
}

/// Which amounts are accepted: within the limits of the method, where one is chosen, and with no more digits than the
/// account has.
fn rule(cx: &DepositContext<'_>, currency: &Currency, method: Option<&Method>) -> AmountRule {
    let general = (currency.min, currency.max);
    let (min, max) = method.map_or(general, |method| method.limits(currency));
    let decimals = currency.decimals;
    AmountRule {
        currency: currency.code.to_string(),
        decimals: cx
            .session
            .state
            .currency
            .as_ref()
            .map_or(decimals, |account| decimals.min(account.digits)),
        min: Some(min),
        max: Some(max),
    }
}

/// A method, with how long it takes, what it costs, and its limits where they are narrower than the currency's.
fn card(cx: &DepositContext<'_>, currencies: &[&Currency], method: &Method) -> Choice {
    let notes = [&method.time, &method.fee].into_iter().flatten();
    let mut notes: Vec<String> = notes.map(|text| cx.text(text).to_owned()).collect();
    let narrower = currencies
        .iter()
        .filter(|currency| method.has_own_limits(currency));
    notes.extend(narrower.map(|currency| rule(cx, currency, Some(method)).limits(cx.texts)));
    Choice {
        value: method.id.to_string(),
        label: cx.text(&method.label).to_owned(),
        note: notes.join(" · "),
    }
}

/// What the screen says of a currency: limits, and amounts at a tap.
struct Offer {
    code: String,
    decimals: u32,
    limits: String,
    selected: bool,
    /// What goes into the field, and what the chip says.
    presets: Vec<(String, String)>,
}

impl Offer {
    fn new(cx: &DepositContext<'_>, currency: &Currency, selected: &str) -> Self {
        let rule = rule(cx, currency, None);
        let separators = cx.texts.separators();
        Self {
            selected: rule.currency == selected,
            decimals: rule.decimals,
            limits: rule.limits(cx.texts),
            code: rule.currency,
            presets: currency
                .presets
                .iter()
                .map(|preset| {
                    let entered = preset.normalize().to_string();
                    let entered = entered.replace('.', separators.decimal.encode_utf8(&mut [0; 4]));
                    (entered, separators.format(preset.normalize(), 0))
                })
                .collect(),
        }
    }
}

/// A deposit of the account that is not over.
struct UnderWay {
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
    /// None where the account's currency cannot be deposited.
    offers: Vec<Offer>,
    /// The currency of the amount.
    selected: &'a str,
    code: &'a str,
    under_way: Vec<UnderWay>,
}
