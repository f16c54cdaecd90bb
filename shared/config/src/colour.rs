//! The broker's colour, made readable whatever it is.

use std::fmt;

/// An opaque sRGB colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// What a page is made of, before any broker's colour.
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
    /// Those of light pages.
    pub const LIGHT: Self = Self {
        name: "light",
        page: Colour::WHITE,
        text: Colour([0x14, 0x17, 0x1f]),
    };
    /// Those of dark pages.
    pub const DARK: Self = Self {
        name: "dark",
        page: Colour([0x15, 0x17, 0x1c]),
        text: Colour([0xec, 0xee, 0xf2]),
    };
}

/// Least contrast of text (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;

/// Least contrast of what shows a control or its focus (WCAG 2.2, 1.4.11).
const OUTLINE: f64 = 3.0;

impl Colour {
    /// White.
    pub const WHITE: Self = Self([0xff; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// The text on a button of this colour: white if that can be read, else black. One of them always can.
    ///
    /// ```
    /// use config::Colour;
    /// let colour = |text: &str| Colour::try_from(text.to_owned());
    /// assert_eq!(colour("#1a6cf0")?.text(), Colour::WHITE);
    /// assert_eq!(colour("#ffd400")?.text(), Colour::BLACK);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn text(self) -> Self {
        if self.contrast(Self::WHITE) >= TEXT {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// This colour for outlines on a page: moved towards the page's text as far as it takes to be seen.
    pub fn outline(self, on: PageColours) -> Self {
        let mut steps = (0..=10).map(|tenths| self.mixed(on.text, tenths));
        steps
            .find(|colour| colour.contrast(on.page) >= OUTLINE)
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

    /// This colour with so many tenths of another in it.
    fn mixed(self, other: Self, tenths: u16) -> Self {
        let [red, green, blue] = [0, 1, 2].map(|channel| {
            let (mine, theirs) = (u16::from(self.0[channel]), u16::from(other.0[channel]));
            let mixed = (mine * (10 - tenths) + theirs * tenths) / 10;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        });
        Self([red, green, blue])
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const RULE: &str = "must be a colour such as #1a6cf0";
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let value = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let value = value
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
    fn contrast_is_that_of_the_guidelines() {
        assert!((Colour::WHITE.contrast(Colour::BLACK) - 21.0).abs() < 1e-9);
        // The grey that the guidelines' own material gives as just enough on white.
        assert!(colour("#767676").contrast(Colour::WHITE) >= 4.5);
        assert!(colour("#777777").contrast(Colour::WHITE) < 4.5);
    }

    proptest! {
        #[test]
        fn whatever_the_accent_its_button_can_be_read_and_its_outline_seen(bytes: [u8; 3]) {
            let accent = Colour(bytes);
            prop_assert!(accent.contrast(accent.text()) >= TEXT);
            for on in [PageColours::LIGHT, PageColours::DARK] {
                prop_assert!(accent.outline(on).contrast(on.page) >= OUTLINE);
            }
        }
    }
}
