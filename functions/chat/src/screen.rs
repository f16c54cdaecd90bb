//! The support screen: a topic and a message.

use askama::Template;
use config::{Config, Redirect};
use domain::{Launch, ScreenKind};
use web::{Field, Fields, Form, FormContext, FormTexts, InputKind, RecordedForm, ScreenPage};

/// The support screen.
pub struct SupportForm;

impl RecordedForm for SupportForm {
    const KIND: ScreenKind = ScreenKind::Support;

    fn texts(cx: &FormContext<'_>) -> FormTexts {
        FormTexts::built_in("chat", cx.texts)
    }

    fn form(cx: &FormContext<'_>, _: &Fields) -> Form {
        let topics = cx.choice(&cx.config().chat.topics);
        let get = |key| cx.texts.get(key);
        Form {
            fields: vec![
                Field::new("topic", get("chat-topic"), topics).optional(),
                Field::new("message", get("chat-message"), InputKind::LongText)
                    .help(get("chat-message-help")),
            ],
        }
    }

    fn form_fields(_: &Config, _: &Launch) -> Vec<String> {
        ["topic", "message"].map(str::to_owned).into()
    }

    fn render(_: &FormContext<'_>, page: &ScreenPage, form: &Form) -> askama::Result<String> {
        ChatPage { page, form }.render()
    }

    fn event_name(config: &Config, _: &Launch) -> Option<String> {
        config.chat.event_name.as_ref().map(ToString::to_string)
    }

    fn redirect<'c>(config: &'c Config, _: &Launch) -> Option<Redirect<'c>> {
        config.chat.redirect()
    }
}

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage<'a> {
    page: &'a ScreenPage,
    form: &'a Form,
}
