//! An HTML page, as a trader and a browser read it.

use percent_encoding::percent_decode_str;
use scraper::{ElementRef, Html, Node, Selector};

/// Elements whose text is not shown.
const NOT_SHOWN: [&str; 3] = ["script", "style", "template"];

/// Elements that may stand inside a word.
const INLINE: [&str; 12] = [
    "a", "b", "bdi", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u",
];

/// Attributes that are shown, or read by a screen reader.
const TEXT_ATTRIBUTES: [&str; 8] = [
    "alt",
    "aria-description",
    "aria-label",
    "content",
    "label",
    "placeholder",
    "title",
    "value",
];

/// Types of `<input>` whose value is not shown.
const HIDDEN_VALUE_TYPES: [&str; 6] = ["checkbox", "color", "hidden", "image", "password", "radio"];

/// A parsed page.
pub struct Page {
    document: Html,
}

impl Page {
    /// Parses a page as browsers do: any text gives a page.
    pub fn parse(html: &str) -> Self {
        Self {
            document: Html::parse_document(html),
        }
    }

    /// The element `<html>`.
    pub fn root(&self) -> ElementRef<'_> {
        self.document.root_element()
    }

    /// The elements that match a CSS selector.
    pub fn find(&self, selector: &'static str) -> Vec<ElementRef<'_>> {
        debug_assert!(Selector::parse(selector).is_ok(), "{selector}");
        Selector::parse(selector)
            .map(|selector| self.document.select(&selector).collect())
            .unwrap_or_default()
    }

    /// All elements.
    pub fn elements(&self) -> Vec<ElementRef<'_>> {
        self.find("*")
    }

    /// The attribute `lang` of `<html>`. Empty if it is absent.
    pub fn lang(&self) -> &str {
        self.root().attr("lang").unwrap_or_default()
    }

    /// Whether the page is laid out from right to left.
    pub fn is_rtl(&self) -> bool {
        let dir = self.root().attr("dir").unwrap_or_default();
        dir.eq_ignore_ascii_case("rtl")
    }

    /// The theme that the page names: in `data-theme`, in a class of `<html>` or `<body>`, or in `color-scheme`.
    pub fn theme(&self) -> Option<String> {
        let roots = self.find("html, body");
        let attributes = roots.iter().filter_map(|root| root.attr("data-theme"));
        let classes = roots
            .iter()
            .flat_map(|root| root.attr("class").unwrap_or_default().split_whitespace());
        let metas = self.find(r#"meta[name="color-scheme"]"#);
        let schemes = metas.iter().filter_map(|meta| meta.attr("content"));
        attributes
            .chain(classes)
            .chain(schemes)
            .map(str::to_ascii_lowercase)
            .find(|name| name == "light" || name == "dark")
    }

    /// All text that a trader sees or a screen reader reads: text, titles, labels, alternative texts. Words are
    /// separated by one space.
    pub fn text(&self) -> String {
        let mut text = String::new();
        append_text(self.root(), &mut text);
        collapse_whitespace(&text)
    }

    /// The text of [`Page::text`] in parts. Nobody reads the words of two parts as one phrase: each block and each
    /// attribute is one.
    pub fn passages(&self) -> Vec<String> {
        let mut text = String::new();
        append_text(self.root(), &mut text);
        text.split(PASSAGE_END).map(str::to_owned).collect()
    }

    /// All texts and attribute values, with HTML escapes and percent-encoding decoded.
    pub fn strings(&self) -> impl Iterator<Item = String> {
        let nodes = self.document.tree.values();
        let strings = nodes.flat_map(|node| match node {
            Node::Text(text) => vec![&**text],
            Node::Element(element) => element.attrs().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        });
        strings.map(percent_decoded)
    }

    /// The inline scripts of the page: elements, attributes such as `onclick`, and `javascript:` URLs.
    pub fn scripts(&self) -> Vec<String> {
        let mut scripts: Vec<String> = self
            .find("script")
            .iter()
            .map(|script| script.text().collect())
            .collect();
        for element in self.elements() {
            for (name, value) in element.value().attrs() {
                if name.starts_with("on") || is_script_url(value) {
                    scripts.push(value.to_owned());
                }
            }
        }
        scripts
    }

    /// The inline styles of the page: elements and attributes.
    pub fn styles(&self) -> Vec<String> {
        let style_elements = self.find("style");
        let sheets = style_elements.iter().map(|style| style.text().collect());
        let styled_elements = self.find("[style]");
        let attributes = styled_elements
            .iter()
            .filter_map(|element| Some(element.attr("style")?.to_owned()));
        sheets.chain(attributes).collect()
    }
}

/// Appends the text of an element, in the order of the page.
/// Ends a passage of a text: white space that no page writes to separate words.
const PASSAGE_END: char = '\u{2029}';

fn append_text(element: ElementRef<'_>, text: &mut String) {
    let name = element.value().name();
    if NOT_SHOWN.contains(&name) {
        return;
    }
    let separator = (!INLINE.contains(&name)).then_some(PASSAGE_END);
    text.extend(separator);
    let attributes = TEXT_ATTRIBUTES.iter().filter(|attribute| match **attribute {
        // Only descriptions and titles are shown, for example in the preview of a link.
        "content" => is_description(&element),
        "value" => shows_value(&element),
        _ => true,
    });
    for words in attributes.filter_map(|attribute| element.attr(attribute)) {
        text.push_str(&format!("{PASSAGE_END}{words}{PASSAGE_END}"));
    }
    for child in element.children() {
        if let Node::Text(words) = child.value() {
            text.push_str(words);
        } else if let Some(child) = ElementRef::wrap(child) {
            append_text(child, text);
        }
    }
    text.extend(separator);
}

/// The accessible name of a button or link: its label, or else its text, with the alternative texts of images.
pub fn accessible_name(element: &ElementRef<'_>) -> String {
    let label = ["aria-label", "title"]
        .iter()
        .filter_map(|attribute| element.attr(attribute))
        .find(|label| !label.trim().is_empty());
    match label {
        Some(label) => collapse_whitespace(label),
        None => {
            let mut text = String::new();
            append_text(*element, &mut text);
            collapse_whitespace(&text)
        }
    }
}

/// The text with each run of white space replaced by one space.
pub fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text with percent-encoding, such as `%2B`, decoded.
pub fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn is_description(element: &ElementRef<'_>) -> bool {
    let name = element.attr("name").or_else(|| element.attr("property"));
    name.is_some_and(|name| name.ends_with("description") || name.ends_with("title"))
}

fn shows_value(element: &ElementRef<'_>) -> bool {
    let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
    element.value().name() == "input" && !HIDDEN_VALUE_TYPES.contains(&kind.as_str())
}

fn is_script_url(value: &str) -> bool {
    let start: String = value.trim_start().chars().take(11).collect();
    start.eq_ignore_ascii_case("javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_has_texts_and_labels_but_neither_scripts_nor_styles() {
        let page = Page::parse(
            r#"<title>Deposit</title><meta name="description" content="Add money"><meta name="viewport" content="x">
            <style>b{}</style><script>let no</script><p>An <b>am</b>ount</p><p>please<img alt="logo"><input placeholder="100">"#,
        );
        assert_eq!(page.text(), "Deposit Add money An amount please logo 100");
    }

    #[test]
    fn a_theme_is_declared_in_several_ways() {
        let theme = |html: &str| Page::parse(html).theme();
        assert_eq!(theme(r#"<html data-theme="dark">"#).as_deref(), Some("dark"));
        assert_eq!(theme(r#"<html class="js light">"#).as_deref(), Some("light"));
        assert_eq!(
            theme(r#"<meta name="color-scheme" content="dark">"#).as_deref(),
            Some("dark")
        );
        assert_eq!(
            theme(r#"<meta name="color-scheme" content="light dark"><p class="dark">"#),
            None
        );
    }

    #[test]
    fn scripts_are_elements_handlers_and_links() {
        let page =
            Page::parse(r#"<script>a()</script><p onclick="b()"><a href="JavaScript:c()" class="onward">"#);
        assert_eq!(page.scripts(), ["a()", "b()", "JavaScript:c()"]);
    }
}
