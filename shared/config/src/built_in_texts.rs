//! The built-in texts of the screens, in Fluent: their languages and keys.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
    unicode::unescape_unicode_to_string,
};

/// The built-in languages and texts. The check of `broker.toml` needs them.
#[derive(Clone, Debug)]
pub struct BuiltInTexts<'a> {
    /// Codes of the languages.
    pub languages: Vec<&'a str>,
    english: &'a str,
}

/// The keys of texts, each with the names of its variables.
pub type Keys = BTreeMap<String, BTreeSet<String>>;

impl<'a> BuiltInTexts<'a> {
    /// `english` is the Fluent source of the English texts, which has every key.
    pub fn new(languages: impl IntoIterator<Item = &'a str>, english: &'a str) -> Self {
        Self {
            languages: languages.into_iter().collect(),
            english,
        }
    }

    /// The keys of the built-in texts. Parsed on each call, so that a start without `[texts]` does not parse them.
    pub(crate) fn keys(&self) -> Result<Keys, String> {
        keys(self.english)
    }
}

/// The keys of a Fluent source, each with the names of its variables.
///
/// ```
/// let keys = config::keys("# Frame\nclose = Close\nhello = Hello { $name }")?;
/// assert_eq!(keys.keys().collect::<Vec<_>>(), ["close", "hello"]);
/// assert!(keys["hello"].contains("name"));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// The source is no valid Fluent, has a key twice, or a text uses a function or refers to another text. The screens
/// support only variables.
pub fn keys(source: &str) -> Result<Keys, String> {
    let resource = parser::parse(source).map_err(|(_, errors)| {
        let first = errors.first().map(|error| error.kind.to_string());
        first.unwrap_or_default()
    })?;
    let mut keys = Keys::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut used = BTreeSet::new();
            if let Some(pattern) = &message.value {
                in_pattern(pattern, &mut used)?;
            }
            if keys.insert(message.id.name.to_owned(), used).is_some() {
                return Err(format!("{} is defined twice", message.id.name));
            }
        }
    }
    Ok(keys)
}

/// A message in Fluent. Lines after the first are indented, as Fluent requires.
///
/// ```
/// assert_eq!(config::message("close", "Close\nit"), "close = Close\n    it\n");
/// ```
pub fn message(key: &str, text: &str) -> String {
    format!("{key} = {}\n", text.trim().replace('\n', "\n    "))
}

/// The separator for numbers that a text consists of, such as `,` or `{ "\u00A0" }`. `None` if the text is not a
/// single character, or is a letter or digit.
pub(crate) fn separator(text: &str) -> Option<char> {
    let source = message("separator", text);
    let resource = parser::parse(source.as_str()).ok()?;
    let Some(Entry::Message(entry)) = resource.body.first() else {
        return None;
    };
    let [element] = entry.value.as_ref()?.elements.as_slice() else {
        return None;
    };
    let content = match element {
        PatternElement::TextElement { value } => Cow::Borrowed(*value),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::StringLiteral { value }),
        } => unescape_unicode_to_string(value),
        PatternElement::Placeable { .. } => return None,
    };
    let mut characters = content.chars();
    let first = characters.next().filter(|first| !first.is_alphanumeric())?;
    characters.next().is_none().then_some(first)
}

fn in_pattern(pattern: &Pattern<&str>, used: &mut BTreeSet<String>) -> Result<(), String> {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, used)?;
        }
    }
    Ok(())
}

fn in_expression(expression: &Expression<&str>, used: &mut BTreeSet<String>) -> Result<(), String> {
    match expression {
        Expression::Inline(inline) => in_inline(inline, used),
        Expression::Select { selector, variants } => {
            in_inline(selector, used)?;
            for variant in variants {
                in_pattern(&variant.value, used)?;
            }
            Ok(())
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, used: &mut BTreeSet<String>) -> Result<(), String> {
    match inline {
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => Ok(()),
        InlineExpression::VariableReference { id } => {
            used.insert(id.name.to_owned());
            Ok(())
        }
        InlineExpression::Placeable { expression } => in_expression(expression, used),
        InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. }
        | InlineExpression::FunctionReference { id, .. } => Err(format!("{} is no variable", id.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_at_every_depth() {
        let source = "n = { $count ->\n    [one] { $what }\n   *[other] { $many } { { $deep } }\n}\n";
        let expected = ["count", "deep", "many", "what"].map(str::to_owned);
        assert_eq!(keys(source).unwrap()["n"], BTreeSet::from(expected));
    }

    #[test]
    fn invalid_fluent_is_refused() {
        for bad in ["close = { $a", "close = { $n ->\n    [one] x\n}", "a = x\na = y"] {
            assert!(keys(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn functions_and_references_are_refused_at_every_depth() {
        for (bad, name) in [
            ("-brand = x\nclose = { -brand }", "brand"),
            ("close = { -brand(case: \"few\") }", "brand"),
            ("a = x\nclose = { a }", "a"),
            ("close = { a.title }", "a"),
            ("close = { { a } }", "a"),
            ("close = { NUMBER($n) }", "NUMBER"),
            ("close = { DATETIME($n) }", "DATETIME"),
            ("close = { NUMBER($n) ->\n   *[other] x\n}", "NUMBER"),
            ("close = { $n ->\n    [one] { -brand }\n   *[other] x\n}", "brand"),
        ] {
            assert_eq!(keys(bad), Err(format!("{name} is no variable")), "{bad}");
        }
    }

    #[test]
    fn a_separator_is_one_character_and_nothing_else() {
        for (text, expected) in [
            (",", Some(',')),
            (" . ", Some('.')),
            ("\u{2019}", Some('\u{2019}')),
            ("{ \",\" }", Some(',')),
            ("{ \"\\u00A0\" }", Some('\u{a0}')),
            ("", None),
            (".,", None),
            ("{ \"\" }", None),
            (",{ \".\" }", None),
            ("{ $sign }", None),
            ("0", None),
            ("x", None),
        ] {
            assert_eq!(separator(text), expected, "{text}");
        }
    }
}
