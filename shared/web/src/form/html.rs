//! What the templates need of a field.

use super::{Choice, ChoiceLayout, Field, InputKind};

impl Field {
    /// Whether the field is a choice.
    pub fn is_choice(&self) -> bool {
        matches!(self.kind, InputKind::Choice(..))
    }

    /// Whether the field is an amount.
    pub fn is_amount(&self) -> bool {
        matches!(self.kind, InputKind::Amount(_))
    }

    /// The currency, if the field is an amount.
    pub fn currency(&self) -> Option<&str> {
        match &self.kind {
            InputKind::Amount(rule) => Some(&rule.currency),
            _ => None,
        }
    }

    /// Whether the field has several lines.
    pub fn is_long(&self) -> bool {
        matches!(self.kind, InputKind::LongText)
    }

    /// The choices. Empty if the field is no choice.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            InputKind::Choice(_, choices) => choices,
            _ => &[],
        }
    }

    /// CSS class of the box around the choices.
    pub fn layout_class(&self) -> &'static str {
        match &self.kind {
            InputKind::Choice(ChoiceLayout::Segments, _) => "segments",
            _ => "cards",
        }
    }

    /// The HTML attributes of the input. They hold nothing that the client sent, so the template does not escape
    /// them.
    pub fn attributes(&self) -> String {
        let kind = match self.kind {
            InputKind::Email => r#"type="email" inputmode="email""#,
            InputKind::Phone => r#"type="tel" inputmode="tel""#,
            InputKind::Date | InputKind::PastDate => r#"type="date""#,
            InputKind::Amount(_) => r#"type="text" inputmode="decimal""#,
            InputKind::LongText => r#"rows="4" dir="auto""#,
            InputKind::Iban => r#"type="text" dir="ltr" autocapitalize="characters" spellcheck="false""#,
            InputKind::Text | InputKind::Choice(..) => r#"type="text" dir="auto""#,
        };
        let autocomplete = if self.autocomplete.is_empty() {
            "off"
        } else {
            self.autocomplete
        };
        // No `maxlength`: a browser would cut off what is pasted, without a word.
        let mut attributes = vec![kind.to_owned(), format!(r#"autocomplete="{autocomplete}""#)];
        if self.required {
            attributes.push("required".to_owned());
        }
        let described_by: Vec<String> = [("e", self.problem.is_some()), ("h", !self.help.is_empty())]
            .iter()
            .filter(|(_, present)| *present)
            .map(|(prefix, _)| format!("{prefix}-{}", self.name))
            .collect();
        if !described_by.is_empty() {
            attributes.push(format!(r#"aria-describedby="{}""#, described_by.join(" ")));
        }
        if self.problem.is_some() {
            attributes.push(r#"aria-invalid="true""#.to_owned());
        }
        attributes.join(" ")
    }
}
