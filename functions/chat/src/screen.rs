//! The support screen: a topic and a message.

use askama::Template;
use broker::{Config, Redirect};
use domain::{Launch, ScreenKind};
use web::{Field, Fields, Form, Kind, Page, Screen, Visit, Wording};

/// The support screen.
pub(crate) struct Chat;

impl Screen for Chat {
    const ACTION: ScreenKind = ScreenKind::Support;

    fn wording(visit: &Visit<'_>) -> Wording {
        Wording::of("chat", visit.texts)
    }

    fn form(visit: &Visit<'_>, _: &Fields) -> Form {
        let topics = visit.choice(visit.config.chat.topics.get_ref());
        let get = |key| visit.texts.get(key);
        Form {
            fields: vec![
                Field::new("topic", get("chat-topic"), topics).optional(),
                Field::new("message", get("chat-message"), Kind::LongText).help(get("chat-message-help")),
            ],
        }
    }

    fn render(visit: &Visit<'_>, page: &Page, form: &Form, session: &str) -> askama::Result<String> {
        ChatPage {
            visit,
            page,
            form,
            session,
        }
        .render()
    }

    fn event_name(config: &Config, _: &Launch) -> Option<String> {
        config.chat.event_name.as_ref().map(|name| name.get_ref().clone())
    }

    fn redirect<'c>(config: &'c Config, _: &Launch) -> Option<Redirect<'c>> {
        config.chat.redirect()
    }
}

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage<'a> {
    visit: &'a Visit<'a>,
    page: &'a Page,
    form: &'a Form,
    session: &'a str,
}
