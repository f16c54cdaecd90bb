//! Colours, and the correction of the broker's accent for sufficient contrast.

use std::fmt;

/// An opaque sRGB colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// The colours of a page without the broker's accent. `shared/web/assets/style.css` has the same.
#[derive(Clone, Copy, Debug)]
pub struct PageColours {
    /// `light` or `dark`.
    pub name: &'static str,
    /// Background.
    pub page: Colour,
    /// Text.
    pub text: Colour,
}

impl PageColours {
    /// The colours of light pages.
    pub const LIGHT: Self = Self {
        name: "light",
        page: Colour::WHITE,
        text: Colour([0x14, 0x17, 0x1f]),
    };
    /// The colours of dark pages.
    pub const DARK: Self = Self {
        name: "dark",
        page: Colour([0x15, 0x17, 0x1c]),
        text: Colour([0xec, 0xee, 0xf2]),
    };
}

/// Minimum contrast ratio of text (WCAG 2.2, 1.4.3).
const MIN_TEXT_CONTRAST: f64 = 4.5;

/// Minimum contrast ratio of the outline of a control or its focus (WCAG 2.2, 1.4.11).
const MIN_OUTLINE_CONTRAST: f64 = 3.0;

impl Colour {
    /// White.
    pub const WHITE: Self = Self([0xff; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// The colour of text on a button of this colour: white if its contrast is sufficient, else black. One of them
    /// always has sufficient contrast.
    ///
    /// ```
    /// use config::Colour;
    /// let colour = |text: &str| Colour::try_from(text.to_owned());
    /// assert_eq!(colour("#1a6cf0")?.text(), Colour::WHITE);
    /// assert_eq!(colour("#ffd400")?.text(), Colour::BLACK);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn text(self) -> Self {
        if self.contrast(Self::WHITE) >= MIN_TEXT_CONTRAST {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// This colour for outlines on a page: mixed with the colour of the page's text until the contrast is
    /// sufficient.
    pub fn outline(self, on: PageColours) -> Self {
        let mut steps = (0..=10).map(|tenths| self.mixed(on.text, tenths));
        steps
            .find(|colour| colour.contrast(on.page) >= MIN_OUTLINE_CONTRAST)
            .unwrap_or(on.text)
    }

    /// Contrast ratio of two colours, from 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Relative luminance, from 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|byte| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// This colour mixed with the given number of tenths of another.
    fn mixed(self, other: Self, tenths: u16) -> Self {
        let [red, green, blue] = [0, 1, 2].map(|channel| {
            let (from, to) = (u16::from(self.0[channel]), u16::from(other.0[channel]));
            let mixed = (from * (10 - tenths) + to * tenths) / 10;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        });
        Self([red, green, blue])
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const RULE: &str = "must be a colour such as #1a6cf0";
        let value = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(RULE)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn only_six_hexadecimal_digits_are_a_colour() {
        assert_eq!(colour("#1A6cf0").to_string(), "#1a6cf0");
        for bad in [
            "", "#", "blue", "#1a6cf", "#1a6cf00", "1a6cf0", "#1a6cg0", "#+a6cf0", "#1a6cé",
        ] {
            assert!(Colour::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn contrast_is_computed_as_in_wcag() {
        assert!((Colour::WHITE.contrast(Colour::BLACK) - 21.0).abs() < 1e-9);
        // WCAG's own material names #767676 as the lightest grey with sufficient contrast on white.
        assert!(colour("#767676").contrast(Colour::WHITE) >= 4.5);
        assert!(colour("#777777").contrast(Colour::WHITE) < 4.5);
    }

    proptest! {
        #[test]
        fn any_accent_has_a_readable_button_and_a_visible_outline(bytes: [u8; 3]) {
            let accent = Colour(bytes);
            prop_assert!(accent.contrast(accent.text()) >= MIN_TEXT_CONTRAST);
            for on in [PageColours::LIGHT, PageColours::DARK] {
                prop_assert!(accent.outline(on).contrast(on.page) >= MIN_OUTLINE_CONTRAST);
            }
        }
    }
}
