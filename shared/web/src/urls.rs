//! URLs of the screens and of their end.

use std::collections::BTreeMap;

use config::Config;
use domain::Theme;

use crate::{Texts, page::theme_name};

/// The success URL of `broker.toml`, with this `eventName`. For real success only: X leads to the URL without one.
pub fn success_url(config: &Config, event_name: Option<&str>) -> String {
    let url = config.success_url.as_str();
    match event_name {
        Some(name) => {
            let separator = if url.contains('?') { '&' } else { '?' };
            format!("{url}{separator}eventName={name}")
        }
        None => url.to_owned(),
    }
}

/// A path below `/inapp/`. Language, theme and the custom action are in the query, for pages that are shown without a
/// session.
pub(crate) fn screen_url(
    path: &str,
    texts: Texts,
    theme: Option<Theme>,
    action_type: Option<&str>,
) -> String {
    let mut parameters = BTreeMap::from([("lang", texts.code())]);
    if let Some(action_type) = action_type {
        parameters.insert("actionType", action_type);
    }
    if let Some(theme) = theme {
        parameters.insert("theme", theme_name(theme));
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("/inapp/{path}?{query}")
}
