//! A page, as a trader and a browser read it.

use percent_encoding::percent_decode_str;
use scraper::{ElementRef, Html, Node, Selector};

/// Elements whose text nobody reads.
const SILENT: [&str; 3] = ["script", "style", "template"];

/// Elements that do not end a word.
const INLINE: [&str; 12] = [
    "a", "b", "bdi", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u",
];

/// Attributes that are read to somebody, or shown.
const SPOKEN: [&str; 8] = [
    "alt",
    "aria-description",
    "aria-label",
    "content",
    "label",
    "placeholder",
    "title",
    "value",
];

/// Kinds of `<input>` whose value is not shown.
const VALUELESS: [&str; 6] = ["checkbox", "color", "hidden", "image", "password", "radio"];

/// A page.
pub struct Page {
    document: Html,
}

impl Page {
    /// Reads a page as browsers do: whatever it is, something comes of it.
    pub fn parse(html: &str) -> Self {
        Self {
            document: Html::parse_document(html),
        }
    }

    /// `<html>`
    pub fn root(&self) -> ElementRef<'_> {
        self.document.root_element()
    }

    /// The elements that a CSS selector finds.
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

    /// `lang` of the page.
    pub fn lang(&self) -> &str {
        self.root().attr("lang").unwrap_or_default()
    }

    /// Whether the page runs from right to left.
    pub fn is_rtl(&self) -> bool {
        let dir = self.root().attr("dir").unwrap_or_default();
        dir.eq_ignore_ascii_case("rtl")
    }

    /// The theme that the page insists on: `data-theme`, a class of `<html>` or `<body>`, or `color-scheme`.
    pub fn theme(&self) -> Option<String> {
        let roots = self.find("html, body");
        let named = roots.iter().filter_map(|root| root.attr("data-theme"));
        let classes = roots
            .iter()
            .flat_map(|root| root.attr("class").unwrap_or_default().split_whitespace());
        let schemes = self.find(r#"meta[name="color-scheme"]"#);
        let schemes = schemes.iter().filter_map(|meta| meta.attr("content"));
        named
            .chain(classes)
            .chain(schemes)
            .map(str::to_ascii_lowercase)
            .find(|name| name == "light" || name == "dark")
    }

    /// All that a trader can read or is read to: text, titles, labels, alternatives. One space between words.
    pub fn text(&self) -> String {
        let mut text = String::new();
        read(self.root(), &mut text);
        words(&text)
    }

    /// All texts and values of attributes, with what is escaped in HTML or in a URL read.
    pub fn strings(&self) -> impl Iterator<Item = String> {
        let nodes = self.document.tree.values();
        let strings = nodes.flat_map(|node| match node {
            Node::Text(text) => vec![&**text],
            Node::Element(element) => element.attrs().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        });
        strings.map(unescaped)
    }

    /// The scripts that stand in the page: elements, and attributes such as `onclick`.
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

    /// The style sheets that stand in the page: elements and attributes.
    pub fn styles(&self) -> Vec<String> {
        let sheets = self.find("style");
        let sheets = sheets.iter().map(|style| style.text().collect());
        let attributes = self.find("[style]");
        let attributes = attributes
            .iter()
            .filter_map(|element| Some(element.attr("style")?.to_owned()));
        sheets.chain(attributes).collect()
    }
}

/// Appends what an element says, in the order of the page.
fn read(element: ElementRef<'_>, text: &mut String) {
    let name = element.value().name();
    if SILENT.contains(&name) {
        return;
    }
    let apart = if INLINE.contains(&name) { "" } else { " " };
    text.push_str(apart);
    let spoken = SPOKEN.iter().filter(|attribute| match **attribute {
        // It is read to nobody but in a description, such as a shared link shows.
        "content" => is_description(&element),
        "value" => shows_value(&element),
        _ => true,
    });
    for words in spoken.filter_map(|attribute| element.attr(attribute)) {
        text.push_str(&format!(" {words} "));
    }
    for child in element.children() {
        if let Node::Text(words) = child.value() {
            text.push_str(words);
        } else if let Some(child) = ElementRef::wrap(child) {
            read(child, text);
        }
    }
    text.push_str(apart);
}

/// What a button or link is called: its label, else what it says, pictures too.
pub fn name_of(element: &ElementRef<'_>) -> String {
    let label = ["aria-label", "title"]
        .iter()
        .filter_map(|attribute| element.attr(attribute))
        .find(|label| !label.trim().is_empty());
    match label {
        Some(label) => words(label),
        None => {
            let mut text = String::new();
            read(*element, &mut text);
            words(&text)
        }
    }
}

/// The text with one space between words.
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text with its `%2B` and the like read.
pub fn unescaped(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn is_description(element: &ElementRef<'_>) -> bool {
    let name = element.attr("name").or_else(|| element.attr("property"));
    name.is_some_and(|name| name.ends_with("description") || name.ends_with("title"))
}

fn shows_value(element: &ElementRef<'_>) -> bool {
    let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
    element.value().name() == "input" && !VALUELESS.contains(&kind.as_str())
}

fn is_script_url(value: &str) -> bool {
    let start: String = value.trim_start().chars().take(11).collect();
    start.eq_ignore_ascii_case("javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_trader_reads_is_text_and_labels_but_neither_scripts_nor_styles() {
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
