//! The shell of every page, and the pages that belong to no screen.

use askama::Template;
use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD};
use config::{Broker, Colour, Logo, PageColours};
use domain::Theme;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Ask, Assets, Content, Failure, ScreenPage, Texts};

const STYLE: &str = crate::asset!("../assets/style.css");
const SCRIPT: &str = crate::asset!("../assets/screen.js");

/// The shell of a page: everything around the content.
pub struct Page {
    /// The built-in texts, in the language of the page.
    pub texts: Texts,
    /// Light or dark. `None`: as the device prefers.
    pub theme: Option<Theme>,
    /// The heading.
    pub title: String,
    /// The broker's name. Empty if the broker is unknown.
    pub broker: String,
    /// The broker's legal line. Empty if the broker is unknown.
    pub legal: String,
    /// The colour of the primary button.
    pub accent: Colour,
    /// The broker's logo.
    pub logo: Option<LogoImage>,
    /// The URL that X leads to.
    pub exit_url: String,
    /// The URL that forms are submitted to. Empty for the URL of the page.
    pub form_url: String,
    /// Name of the function that shows the page.
    pub action: &'static str,
    /// What the script does when the page is loaded.
    pub state: PageState,
    /// Digest of the one-time token that opened the screen. Empty if there is none.
    pub token: String,
    /// Origins of the frame ancestors that the script notifies of the end of the screen, separated by spaces.
    pub ancestors: String,
    /// Nonce of style and scripts, for the content security policy.
    pub nonce: String,
    /// Style and script of the screen.
    pub assets: Assets,
}

/// What the script does when a page is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Nothing.
    Plain,
    /// Stores the session in the browser, for a reload without cookies.
    Screen,
    /// Looks for the session in this entry of the browser's history, and restores the screen with it. If the URL has a
    /// token, the session that the token opened may also come from the tab's storage.
    Lost,
    /// Looks for the session in the tab's storage too: the trader comes back to a URL that only they know.
    Returned,
    /// Notifies the frame ancestors that the screen ended with success.
    Success,
    /// Notifies the frame ancestors that the screen failed.
    Failure,
}

impl PageState {
    /// The attribute `data-state`, which the script reads.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Screen => "screen",
            Self::Lost => "lost",
            Self::Returned => "returned",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// The icon above a message.
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
    /// The CSS class.
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
    /// `light` or `dark`. `None`: as the device prefers.
    pub fn theme_name(&self) -> Option<&'static str> {
        self.theme.map(theme_name)
    }

    /// The style sheet, with the broker's colours.
    pub fn style(&self) -> String {
        let accent = self.accent;
        let text = accent.text();
        let [light, dark] = [PageColours::LIGHT, PageColours::DARK].map(|page| accent.outline(page));
        format!(
            "{STYLE}{}:root{{--accent:{accent};--on-accent:{text};--outline-light:{light};--outline-dark:{dark}}}",
            self.assets.style
        )
    }

    /// The script of the toolkit, then that of the screen.
    pub fn script(&self) -> String {
        format!("{SCRIPT}{}", self.assets.script)
    }
}

/// The name of a theme in URLs and in `data-theme`.
pub(crate) fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

impl Page {
    /// The body of a response with the rendered page.
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

/// Height of the logo in the header, in CSS pixels.
const LOGO_HEIGHT: u32 = 24;

/// The characters that are encoded in the URL of an image. The others occur often in an SVG, and none of them can
/// end an attribute or an entry of a `srcset`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b'=')
    .remove(b'(')
    .remove(b')');

/// A broker's logo on a page.
pub struct LogoImage {
    /// URL of the image.
    pub url: String,
    /// URL of the image for a device that prefers dark pages, if the theme is unknown and the broker has such a
    /// logo.
    pub dark_url: Option<String>,
    /// Width, in CSS pixels.
    pub width: u32,
    /// Height, in CSS pixels.
    pub height: u32,
    /// The broker's name, as the alternative text.
    pub name: String,
}

impl LogoImage {
    /// The broker's logo for this theme.
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

/// A random nonce. `None` if the operating system gives no random numbers.
pub(crate) fn nonce() -> Option<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).ok()?;
    Some(STANDARD.encode(bytes))
}

/// A page with one message and one button.
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
    /// Leave the screen.
    Close,
    /// Load the same URL again. The token in it was not redeemed.
    Reload,
    /// Submit these fields again.
    Submit(Vec<(String, String)>),
    /// Open the screen for a trader whose browser looks like a link previewer.
    Continue,
    /// No button.
    Nowhere,
}

/// A page with a button that opens a page of the broker's own which cannot be framed.
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
    fn the_style_has_the_page_colours_that_accents_are_corrected_for() {
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
