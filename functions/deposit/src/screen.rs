//! The deposit screen: amount, currency, method.

use askama::Template;
use broker::{Config, Currency, Redirect};
use resolution::{Action, Launch};
use web::{AmountRule, Choice, Field, Fields, Form, Kind, Look, Page, Screen, Visit, Wording};

/// The deposit screen.
pub(crate) struct Deposit;

impl Screen for Deposit {
    const ACTION: Action = Action::Deposit;

    fn wording(visit: &Visit<'_>) -> Wording {
        Wording::of("deposit", visit.texts)
    }

    fn form(visit: &Visit<'_>, submitted: &Fields) -> Form {
        let get = |key| visit.texts.get(key);
        let amount = amount_rule(chosen(visit.config, submitted.get("currency")));
        let mut fields = vec![Field::new("amount", get("deposit-amount"), Kind::Amount(amount))];
        let look = Kind::Choice(Look::Segments, currencies(visit));
        // The amount is shown with its currency.
        fields.push(Field::new("currency", get("deposit-currency"), look).unlisted());
        fields.push(Field::new(
            "method",
            get("deposit-method"),
            Kind::Choice(Look::Cards, methods(visit)),
        ));
        Form { fields }
    }

    fn render(visit: &Visit<'_>, page: &Page, form: &Form, session: &str) -> askama::Result<String> {
        let [amount, currency, method] = &form.fields[..] else {
            return Err(askama::Error::Fmt);
        };
        let selected = chosen(visit.config, &currency.value);
        let currencies = visit.config.deposit.currencies.get_ref();
        DepositPage {
            visit,
            page,
            form,
            session,
            amount,
            currency,
            method,
            decimal: page.texts.separators().decimal,
            offers: currencies
                .iter()
                .map(|offer| Offer::new(visit, offer, selected))
                .collect(),
        }
        .render()
    }

    fn event_name(config: &Config, _: &Launch) -> Option<String> {
        config
            .deposit
            .event_name
            .as_ref()
            .map(|name| name.get_ref().clone())
    }

    fn redirect<'c>(config: &'c Config, _: &Launch) -> Option<Redirect<'c>> {
        config.deposit.redirect()
    }
}

/// The currency of that code, else the preselected one.
fn chosen<'a>(config: &'a Config, code: &str) -> &'a Currency {
    let currencies = config.deposit.currencies.get_ref();
    // Checked configuration lists at least one, where there is a form.
    currencies
        .iter()
        .find(|currency| currency.code.get_ref() == code)
        .unwrap_or(&currencies[0])
}

fn amount_rule(currency: &Currency) -> AmountRule {
    AmountRule {
        currency: currency.code.get_ref().clone(),
        decimals: *currency.decimals.get_ref(),
        min: Some(*currency.min.get_ref()),
        max: Some(*currency.max.get_ref()),
    }
}

fn currencies(visit: &Visit<'_>) -> Vec<Choice> {
    let codes = visit
        .config
        .deposit
        .currencies
        .get_ref()
        .iter()
        .map(|currency| currency.code.get_ref().clone());
    codes
        .map(|code| Choice {
            value: code.clone(),
            label: code,
            note: String::new(),
        })
        .collect()
}

fn methods(visit: &Visit<'_>) -> Vec<Choice> {
    let methods = visit.config.deposit.methods.get_ref();
    methods
        .iter()
        .map(|method| {
            let notes = [&method.time, &method.fee].into_iter().flatten();
            let notes: Vec<&str> = notes.map(|text| visit.text(text.get_ref())).collect();
            Choice {
                value: method.id.get_ref().clone(),
                label: visit.text(method.label.get_ref()).to_owned(),
                note: notes.join(" · "),
            }
        })
        .collect()
}

/// What the screen says of a currency: limits, and amounts at a tap.
struct Offer {
    code: String,
    decimals: u32,
    limits: String,
    /// What goes into the field, and what the chip says.
    presets: Vec<(String, String)>,
    selected: bool,
}

impl Offer {
    fn new(visit: &Visit<'_>, currency: &Currency, selected: &Currency) -> Self {
        let rule = amount_rule(currency);
        let separators = visit.texts.separators();
        let display = |amount| rule.display(amount, visit.texts);
        let limits = [
            ("min", display(*currency.min.get_ref())),
            ("max", display(*currency.max.get_ref())),
        ];
        let limits = limits.each_ref().map(|(name, amount)| (*name, amount.as_str()));
        Self {
            code: rule.currency.clone(),
            decimals: rule.decimals,
            limits: visit.texts.with("deposit-limits", &limits),
            presets: currency
                .presets
                .iter()
                .map(|preset| {
                    let entered = preset.get_ref().normalize().to_string();
                    let entered = entered.replace('.', separators.decimal.encode_utf8(&mut [0; 4]));
                    (entered, separators.format(preset.get_ref().normalize(), 0))
                })
                .collect(),
            selected: currency.code.get_ref() == selected.code.get_ref(),
        }
    }
}

#[derive(Template)]
#[template(path = "deposit.html")]
struct DepositPage<'a> {
    visit: &'a Visit<'a>,
    page: &'a Page,
    form: &'a Form,
    session: &'a str,
    amount: &'a Field,
    currency: &'a Field,
    method: &'a Field,
    decimal: char,
    offers: Vec<Offer>,
}
