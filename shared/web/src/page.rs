//! The shell around every screen, and the pages that belong to no screen.

use askama::Template;
use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD};
use resolution::Theme;

use crate::Texts;

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/screen.js");

/// What the shell of a page shows.
pub struct Page {
    /// The screens' own texts, in the language of the page.
    pub texts: Texts,
    /// Light or dark; absent: as the device prefers.
    pub theme: Option<Theme>,
    /// Heading.
    pub title: String,
    /// The broker's name.
    pub broker: String,
    /// The broker's legal line.
    pub legal: String,
    /// Colour of the primary button.
    pub accent: String,
    /// Where X leads.
    pub exit_url: String,
    /// Where forms go.
    pub form_url: String,
    /// Which function shows the page.
    pub action: &'static str,
    /// `screen` where there is a session to keep, `lost` where one is to be looked for, `success` or `failure` at the
    /// end.
    pub state: &'static str,
    /// Digest of the one-time token that the page is about, if there was one.
    pub token: String,
    /// Origins that are told of the end, separated by spaces.
    pub ancestors: String,
    /// Nonce of style and scripts.
    pub nonce: String,
}

/// For the templates.
impl Page {
    /// `light`, `dark` or nothing.
    pub fn theme_name(&self) -> Option<&'static str> {
        self.theme.map(|theme| match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        })
    }

    /// The style sheet, in the broker's colour.
    pub fn style(&self) -> String {
        let accent = &self.accent;
        format!(
            "{STYLE}:root{{--accent:{accent};--on-accent:{};--accent-line:color-mix(in srgb,{accent},var(--text) 20%)}}",
            readable_on(accent)
        )
    }

    /// The script.
    pub fn script(&self) -> &'static str {
        SCRIPT
    }
}

/// A nonce that no other page has.
pub(crate) fn nonce() -> Option<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).ok()?;
    Some(STANDARD.encode(bytes))
}

/// A page that says one thing and shows the way on.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message<'a> {
    pub page: &'a Page,
    pub mood: &'static str,
    pub title: &'a str,
    pub text: &'a str,
    pub code: &'a str,
    pub way_on: WayOn,
}

/// What the button of a [`Message`] does.
pub(crate) enum WayOn {
    /// Leads out of the screen.
    Close,
    /// Asks for the same URL again, with the token that is still in it.
    Reload,
    /// Submits the same fields again.
    Submit(Vec<(String, String)>),
    /// Opens the screen for somebody who looks like a link previewer.
    Continue,
    /// There is no button.
    Nowhere,
}

/// What has been recorded.
#[derive(Template)]
#[template(path = "recorded.html")]
pub(crate) struct RecordedPage<'a> {
    pub page: &'a Page,
    pub title: &'a str,
    pub text: &'a str,
    pub again: bool,
    pub reference: &'a str,
    pub account: Option<i64>,
    pub rows: &'a [(String, String)],
    pub done_url: &'a str,
    pub session: &'a str,
}

/// Black or white, whichever has the greater contrast on the colour `#rrggbb` (WCAG 2.2, relative luminance).
/// One of them always has at least 4.5:1.
fn readable_on(colour: &str) -> &'static str {
    let channel = |at: usize| {
        let byte = colour
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let value = f64::from(byte.unwrap_or(0)) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    let on_white = 1.05 / (luminance + 0.05);
    let on_black = (luminance + 0.05) / 0.05;
    if on_white >= on_black.min(4.5) {
        "#ffffff"
    } else {
        "#000000"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_stays_readable_whatever_the_accent() {
        assert_eq!(readable_on("#1a6cf0"), "#ffffff");
        assert_eq!(readable_on("#000000"), "#ffffff");
        assert_eq!(readable_on("#ffd400"), "#000000");
        assert_eq!(readable_on("#ffffff"), "#000000");
    }

    #[test]
    fn nonces_differ() {
        assert_ne!(nonce(), nonce());
    }
}
