//! A custom action: the form that `broker.toml` defines for the `actionType` in the URL.

use askama::Template;
use config::{Backend, Config, CustomField, FieldKind, Redirect};
use domain::{Launch, ScreenKind};
use web::{
    AmountRule, Failure, Field, Fields, Form, FormContext, FormTexts, InputKind, RecordedForm, ScreenPage,
};

/// The screen of the broker's custom actions.
pub struct CustomActionForm;

impl RecordedForm for CustomActionForm {
    const KIND: ScreenKind = ScreenKind::Custom;

    /// cTrader's newest pages list no `actionType`, so a URL without one can be real.
    fn complete(config: &Config, launch: &mut Launch) {
        if launch.action_type.is_none() {
            launch.action_type = config.default_action.as_ref().map(ToString::to_string);
        }
    }

    fn check(config: &Config, launch: &Launch) -> Result<(), Failure> {
        match &launch.action_type {
            None => Err(Failure::missing("actionType")),
            Some(action_type) => match config.action(action_type) {
                None => Err(Failure::invalid("actionType")),
                Some(_) => Ok(()),
            },
        }
    }

    fn texts(cx: &FormContext<'_>) -> FormTexts {
        let own = FormTexts::built_in("action", cx.texts);
        let title = action(cx).map(|action| cx.text(&action.title).to_owned());
        FormTexts {
            title: title.unwrap_or_default(),
            ..own
        }
    }

    fn form(cx: &FormContext<'_>, _: &Fields) -> Form {
        let fields = action(cx).map_or(&[][..], |action| &action.fields);
        Form {
            fields: fields.iter().map(|field| form_field(cx, field)).collect(),
        }
    }

    fn form_fields(config: &Config, launch: &Launch) -> Vec<String> {
        let action_type = launch.action_type.as_deref();
        let action = action_type.and_then(|action_type| config.action(action_type));
        let fields = action.map_or(&[][..], |action| &action.fields);
        fields.iter().map(|field| field.name.to_string()).collect()
    }

    fn render(cx: &FormContext<'_>, page: &ScreenPage, form: &Form) -> askama::Result<String> {
        let action = action(cx);
        let text = |text: Option<&config::Text>| text.map(|text| cx.text(text).to_owned());
        let intro = action.and_then(|action| text(action.intro.as_ref()));
        let submit = action.and_then(|action| text(action.submit.as_ref()));
        ActionPage {
            page,
            form,
            intro: intro.unwrap_or_default(),
            submit: submit.unwrap_or_else(|| cx.texts.get("action-submit")),
        }
        .render()
    }

    fn event_name(config: &Config, launch: &Launch) -> Option<String> {
        let action = config.action(launch.action_type.as_deref()?)?;
        action.event_name.as_ref().map(ToString::to_string)
    }

    fn redirect<'c>(config: &'c Config, launch: &Launch) -> Option<Redirect<'c>> {
        config.action(launch.action_type.as_deref()?)?.redirect()
    }

    fn backend<'c>(config: &'c Config, launch: &Launch) -> Option<Backend<'c>> {
        config.action(launch.action_type.as_deref()?)?.backend()
    }

    fn has_backends(config: &Config) -> bool {
        config.calls_backends()
    }

    fn redirects(config: &Config) -> Vec<Redirect<'_>> {
        config
            .actions
            .iter()
            .filter_map(config::CustomAction::redirect)
            .collect()
    }
}

/// The action of the session, as `broker.toml` defines it. `None` only if `broker.toml` has changed since the check
/// of the launch parameters.
fn action<'a>(cx: &FormContext<'a>) -> Option<&'a config::CustomAction> {
    cx.config().action(cx.launch().action_type.as_deref()?)
}

fn form_field(cx: &FormContext<'_>, field: &CustomField) -> Field {
    let label = cx.text(&field.label);
    let kind = match field.kind {
        FieldKind::Text => InputKind::Text,
        FieldKind::LongText => InputKind::LongText,
        FieldKind::Email => InputKind::Email,
        FieldKind::Phone => InputKind::Phone,
        FieldKind::Iban => InputKind::Iban,
        FieldKind::Date => InputKind::Date,
        FieldKind::Amount => InputKind::Amount(amount_rule(cx.config(), field)),
        FieldKind::Choice => cx.choice(&field.options),
    };
    let autocomplete = match field.kind {
        FieldKind::Email => "email",
        FieldKind::Phone => "tel",
        _ => "",
    };
    let limits = match &kind {
        InputKind::Amount(rule) => rule.limits(cx.texts),
        _ => String::new(),
    };
    let help = field.help.as_ref().map_or("", |help| cx.text(help));
    let help_parts = [limits.as_str(), help].map(|text| (!text.is_empty()).then_some(text));
    let required = Field::new(field.name.as_str(), label, kind)
        .autocomplete(autocomplete)
        .help(help_parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    Field {
        max_length: field.longest(),
        ..if field.required {
            required
        } else {
            required.optional()
        }
    }
}

/// The rule of an amount. The check of `broker.toml` guarantees that its currency is one of the deposit currencies.
fn amount_rule(config: &Config, field: &CustomField) -> AmountRule {
    let code = field.currency.as_ref().map_or("", |code| code.as_str());
    let currency = config.deposit.currency(code);
    AmountRule {
        currency: code.to_owned(),
        decimals: currency.map_or(2, |currency| currency.decimals),
        min: field.min,
        max: field.max,
    }
}

#[derive(Template)]
#[template(path = "action.html")]
struct ActionPage<'a> {
    page: &'a ScreenPage,
    form: &'a Form,
    intro: String,
    submit: String,
}
