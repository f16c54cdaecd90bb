//! The identity screen: personal details and a document.

use askama::Template;
use broker::{Config, Redirect};
use domain::{Launch, ScreenKind};
use web::{Field, Fields, Form, Kind, Page, Screen, Visit, Wording};

/// The identity screen.
pub(crate) struct Kyc;

impl Screen for Kyc {
    const ACTION: ScreenKind = ScreenKind::Kyc;

    fn wording(visit: &Visit<'_>) -> Wording {
        Wording::of("kyc", visit.texts)
    }

    fn form(visit: &Visit<'_>, _: &Fields) -> Form {
        let field = |name: &str, autocomplete, kind| {
            let label = visit.texts.get(&format!("kyc-{}", name.replace('_', "-")));
            Field::new(name, label, kind).autocomplete(autocomplete)
        };
        let documents = visit.choice(visit.config.kyc.documents.get_ref());
        Form {
            fields: vec![
                field("first_name", "given-name", Kind::Text),
                field("last_name", "family-name", Kind::Text),
                field("birth_date", "bday", Kind::PastDate),
                field("country", "country-name", Kind::Text),
                field("address", "street-address", Kind::Text),
                field("city", "address-level2", Kind::Text),
                field("postcode", "postal-code", Kind::Text),
                field("document", "", documents),
                field("document_number", "", Kind::Text),
            ],
        }
    }

    fn render(visit: &Visit<'_>, page: &Page, form: &Form, session: &str) -> askama::Result<String> {
        KycPage {
            visit,
            page,
            form,
            session,
        }
        .render()
    }

    fn event_name(config: &Config, _: &Launch) -> Option<String> {
        config.kyc.event_name.as_ref().map(|name| name.get_ref().clone())
    }

    fn redirect<'c>(config: &'c Config, _: &Launch) -> Option<Redirect<'c>> {
        config.kyc.redirect()
    }
}

#[derive(Template)]
#[template(path = "kyc.html")]
struct KycPage<'a> {
    visit: &'a Visit<'a>,
    page: &'a Page,
    form: &'a Form,
    session: &'a str,
}
