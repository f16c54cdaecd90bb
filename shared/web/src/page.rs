//! The shell around every screen, and the pages that belong to no screen.

use askama::Template;
use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD};
use config::{Broker, Colour, Logo, PageColours};
use domain::Theme;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Ask, Assets, Content, Failure, ScreenPage, Texts};

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
    pub accent: Colour,
    /// The broker's logo.
    pub logo: Option<LogoImage>,
    /// Where X leads.
    pub exit_url: String,
    /// Where forms go.
    pub form_url: String,
    /// Which function shows the page.
    pub action: &'static str,
    /// What the script does when the page is there.
    pub state: PageState,
    /// Digest of the one-time token that the page is about, if there was one.
    pub token: String,
    /// Origins that are told of the end, separated by spaces.
    pub ancestors: String,
    /// Nonce of style and scripts.
    pub nonce: String,
    /// Style and script of the screen.
    pub assets: Assets,
}

/// What the script does when a page is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Nothing.
    Plain,
    /// Keeps the session, for a reload without cookies.
    Screen,
    /// Looks for a session in the browser.
    Lost,
    /// Says to whoever frames the screen that it has ended well.
    Success,
    /// Says to whoever frames the screen that it has failed.
    Failure,
}

impl PageState {
    /// As in `data-state`, which the script reads.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Screen => "screen",
            Self::Lost => "lost",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// The picture above a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick.
    Done,
    /// An exclamation mark.
    Problem,
    /// The hands of a clock.
    Waiting,
}

impl Icon {
    /// As in class names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "good",
            Self::Problem => "bad",
            Self::Waiting => "open",
        }
    }
}

/// For the templates.
impl Page {
    /// `light`, `dark` or nothing.
    pub fn theme_name(&self) -> Option<&'static str> {
        self.theme.map(theme_name)
    }

    /// The style sheet, in the broker's colour.
    pub fn style(&self) -> String {
        let accent = self.accent;
        let text = accent.text();
        let [light, dark] = [PageColours::LIGHT, PageColours::DARK].map(|page| accent.outline(page));
        format!(
            "{STYLE}{}:root{{--accent:{accent};--on-accent:{text};--outline-light:{light};--outline-dark:{dark}}}",
            self.assets.style
        )
    }

    /// The script.
    pub fn script(&self) -> String {
        format!("{SCRIPT}{}", self.assets.script)
    }
}

/// As in URLs and in the page.
pub(crate) fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

impl Page {
    /// The page as it was rendered, for the answer.
    ///
    /// # Errors
    /// [`Code::InternalError`](crate::Code::InternalError) if the template failed.
    pub fn content(self, html: askama::Result<String>) -> Result<Content, Failure> {
        Ok(Content::Html {
            nonce: self.nonce,
            html: html.map_err(Failure::internal)?,
        })
    }
}

/// Height of the logo in the bar, in CSS pixels.
const LOGO_HEIGHT: u32 = 24;

/// What stays as it is in the URL of an image: enough for most of an SVG, and nothing that ends an attribute or an
/// entry of a `srcset`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b'=')
    .remove(b'(')
    .remove(b')');

/// A logo as the page shows it.
pub struct LogoImage {
    /// URL of the image.
    pub url: String,
    /// URL of the image for whoever prefers dark pages, where the theme is not known.
    pub dark_url: Option<String>,
    /// Width, in CSS pixels.
    pub width: u32,
    /// Height, in CSS pixels.
    pub height: u32,
    /// Whose logo it is.
    pub name: String,
}

impl LogoImage {
    /// The logo of a broker, in the form for the theme.
    pub(crate) fn for_broker(broker: &Broker, theme: Option<Theme>) -> Option<Self> {
        let light = broker.logo.as_ref()?;
        let dark = broker.logo_dark.as_ref();
        let shown = dark.filter(|_| theme == Some(Theme::Dark)).unwrap_or(light);
        let url = |logo: &Logo| {
            let svg = utf8_percent_encode(logo.svg(), ENCODED);
            format!("data:image/svg+xml,{svg}")
        };
        Some(Self {
            url: url(shown),
            dark_url: dark.filter(|_| theme.is_none()).map(url),
            width: shown.width(LOGO_HEIGHT),
            height: LOGO_HEIGHT,
            name: broker.display_name.clone(),
        })
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
    pub icon: Icon,
    pub title: &'a str,
    pub text: &'a str,
    pub code: &'a str,
    pub next_step: NextStep,
}

/// What the button of a [`Message`] does.
pub(crate) enum NextStep {
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

/// The way to a page of the broker's that cannot be framed.
#[derive(Template)]
#[template(path = "link.html")]
pub(crate) struct LinkPage<'a> {
    pub page: &'a ScreenPage,
    pub host: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_of_the_colours_that_accents_are_corrected_for() {
        for colours in [PageColours::LIGHT, PageColours::DARK] {
            let hex = |colour: Colour| match colour {
                Colour::WHITE => "#fff".to_owned(),
                other => other.to_string(),
            };
            for token in [
                format!("--page:{};", hex(colours.page)),
                format!("--text:{};", hex(colours.text)),
            ] {
                assert!(STYLE.contains(&token), "{token}");
            }
        }
    }

    #[test]
    fn nonces_differ() {
        assert_ne!(nonce(), nonce());
    }
}
