//! The broker's logo. Every page contains it.

/// An SVG drawing that is small enough to be part of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    svg: String,
    /// Width divided by height.
    ratio: f64,
}

/// Maximum size of the SVG, in bytes. A gzipped page has a maximum of 10 KB.
const MAX_BYTES: usize = 4_096;

impl Logo {
    /// The SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// Width for this height, rounded. Both in the same unit.
    pub fn width(&self, height: u32) -> u32 {
        // The check below guarantees half to five times the height, so the cast loses nothing.
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
        if svg.len() > MAX_BYTES {
            return Err("must have a maximum of 4,096 bytes, because every page contains it");
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
            return Err("must not be wider than five times its height, nor higher than twice its width");
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
    fn a_text_that_is_no_small_drawing_is_refused() {
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
            format!("{head} viewBox=\"0 0 1 1\">{}</svg>", " ".repeat(MAX_BYTES)),
        ] {
            assert!(logo(&bad).is_err(), "{bad}");
        }
    }
}
