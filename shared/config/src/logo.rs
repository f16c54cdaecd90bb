//! The broker's logo, which travels inside each page.

/// An SVG drawing, small enough to be part of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    svg: String,
    /// Width divided by height.
    ratio: f64,
}

/// Longest SVG, in bytes: a screen is to stay below 10 KB as it goes over the wire.
const LONGEST: usize = 4_096;

impl Logo {
    /// The SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// How wide it is when it is `height` high, rounded.
    pub fn width(&self, height: u32) -> u32 {
        // Between half and five times the height, by the check below: no cast can lose anything.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let width = (self.ratio * f64::from(height)).round() as u32;
        width
    }
}

impl TryFrom<String> for Logo {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const SHAPE: &str = "must be an SVG document: <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 WIDTH HEIGHT\">...</svg>";
        let svg = text.trim();
        if svg.len() > LONGEST {
            return Err("must be at most 4,096 bytes long, for it is part of each page");
        }
        let head = svg.strip_prefix("<svg ").and_then(|rest| rest.split('>').next());
        let head = head.filter(|_| svg.ends_with("</svg>")).ok_or(SHAPE)?;
        if !head.contains("xmlns=\"http://www.w3.org/2000/svg\"") {
            return Err(SHAPE);
        }
        let viewed = head
            .split("viewBox=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let numbers: Vec<f64> = viewed
            .unwrap_or_default()
            .split([' ', ','])
            .filter_map(|number| number.parse().ok())
            .collect();
        let [_, _, width, height] = numbers[..] else {
            return Err(SHAPE);
        };
        let ratio = width / height;
        if !(0.5..=5.0).contains(&ratio) {
            return Err("must be at most five times as wide as high, and at most twice as high as wide");
        }
        Ok(Self {
            svg: svg.to_owned(),
            ratio,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logo(text: &str) -> Result<Logo, &'static str> {
        Logo::try_from(text.to_owned())
    }

    #[test]
    fn a_logo_knows_its_width() {
        let svg =
            "\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 30\"><path d=\"M0 0\"/></svg>\n";
        assert_eq!(logo(svg).unwrap().width(24), 72);
        assert_eq!(logo(svg).unwrap().svg(), svg.trim());
    }

    #[test]
    fn what_is_no_small_drawing_is_refused() {
        let head = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
        for bad in [
            String::new(),
            "logo.svg".into(),
            "<svg viewBox=\"0 0 1 1\"></svg>".into(),
            format!("{head}></svg>"),
            format!("{head} viewBox=\"0 0 1\"></svg>"),
            format!("{head} viewBox=\"0 0 1 0\"></svg>"),
            format!("{head} viewBox=\"0 0 0 0\"></svg>"),
            format!("{head} viewBox=\"0 0 NaN 1\"></svg>"),
            format!("{head} viewBox=\"0 0 60 1\"></svg>"),
            format!("{head} viewBox=\"0 0 1 1\">"),
            format!("{head} viewBox=\"0 0 1 1\">{}</svg>", " ".repeat(LONGEST)),
        ] {
            assert!(logo(&bad).is_err(), "{bad}");
        }
    }
}
