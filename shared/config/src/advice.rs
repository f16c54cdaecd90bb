//! Advice about valid values that may surprise the broker.

use crate::{Colour, Config, PageColours};

impl Config {
    /// Advice about valid values that may surprise, one line each: accents that the screens correct, and screens that
    /// need a parameter of the deployment. `source` is the text that was parsed.
    pub fn advice(&self, source: &str) -> Vec<String> {
        let mut advice = Vec::new();
        for broker in &self.brokers {
            let accent = broker.accent;
            let line = broker.accent_position.line(source);
            let mut say = |what: String| {
                advice.push(format!("broker.toml line {line}: `accent` {accent} {what}"));
            };
            if accent.text() == Colour::BLACK {
                let ratio = accent.contrast(Colour::WHITE);
                say(format!(
                    "leaves {ratio:.1}:1 to white text (4.5 are needed), so its buttons have black text"
                ));
            }
            for theme in [PageColours::LIGHT, PageColours::DARK] {
                let outline = accent.outline(theme);
                if outline != accent {
                    let ratio = accent.contrast(theme.page);
                    let name = theme.name;
                    say(format!(
                        "has {ratio:.1}:1 on {name} pages (3 are needed), so outlines there are {outline}"
                    ));
                }
            }
        }
        let redirecting: Vec<&str> = [
            ("kyc", self.kyc.redirect().is_some()),
            (
                "action",
                self.actions.iter().any(|action| action.redirect().is_some()),
            ),
            ("chat", self.chat.redirect().is_some()),
        ]
        .into_iter()
        .filter_map(|(screen, redirects)| redirects.then_some(screen))
        .collect();
        // The parameter's default.
        if redirecting.iter().any(|screen| *screen != "action") {
            advice.push(format!(
                "broker.toml sends traders on from other screens than `action`: deploy it with RedirectingScreens={}",
                redirecting.join(",")
            ));
        }
        advice
    }
}
