//! The identity screen: personal details and a document.

use askama::Template;
use config::{Config, Redirect};
use domain::{Launch, ScreenKind};
use web::{Field, Fields, Form, FormContext, FormTexts, InputKind, RecordedForm, ScreenPage};

/// The identity screen.
pub struct KycForm;

impl RecordedForm for KycForm {
    const KIND: ScreenKind = ScreenKind::Kyc;

    fn texts(cx: &FormContext<'_>) -> FormTexts {
        FormTexts::built_in("kyc", cx.texts)
    }

    fn form(cx: &FormContext<'_>, _: &Fields) -> Form {
        let field = |name: &str, autocomplete, kind| {
            let label = cx.texts.get(&format!("kyc-{}", name.replace('_', "-")));
            Field::new(name, label, kind).autocomplete(autocomplete)
        };
        let documents = cx.choice(&cx.config().kyc.documents);
        Form {
            fields: vec![
                field("first_name", "given-name", InputKind::Text),
                field("last_name", "family-name", InputKind::Text),
                field("birth_date", "bday", InputKind::PastDate),
                field("country", "country-name", InputKind::Text),
                field("address", "street-address", InputKind::Text),
                field("city", "address-level2", InputKind::Text),
                field("postcode", "postal-code", InputKind::Text),
                field("document", "", documents),
                field("document_number", "", InputKind::Text),
            ],
        }
    }

    fn form_fields(_: &Config, _: &Launch) -> Vec<String> {
        let details = ["first_name", "last_name", "birth_date", "country"];
        let address = ["address", "city", "postcode"];
        let document = ["document", "document_number"];
        let names = details.into_iter().chain(address).chain(document);
        names.map(str::to_owned).collect()
    }

    fn render(_: &FormContext<'_>, page: &ScreenPage, form: &Form) -> askama::Result<String> {
        KycPage { page, form }.render()
    }

    fn event_name(config: &Config, _: &Launch) -> Option<String> {
        config.kyc.event_name.as_ref().map(ToString::to_string)
    }

    fn redirect<'c>(config: &'c Config, _: &Launch) -> Option<Redirect<'c>> {
        config.kyc.redirect()
    }
}

#[derive(Template)]
#[template(path = "kyc.html")]
struct KycPage<'a> {
    page: &'a ScreenPage,
    form: &'a Form,
}
