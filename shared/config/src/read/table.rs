//! Reads and describes tables with known keys.

use std::{collections::HashSet, fmt, hash::Hash};

use toml::de::DeTable;

use super::{Node, Path, Position, ReadContext, Value};

#[cfg(any(test, feature = "schema"))]
use crate::schema::{Definitions, Description};

/// The type of a table with known keys.
pub(crate) trait Section: Sized {
    /// Asks `table` for all keys, and checks rules that concern several of them. `None` if there was a mistake.
    ///
    /// Also called to describe the section for the JSON Schema, so it must ask for all keys, whatever the file
    /// contains.
    fn fields(table: &mut Table<'_>) -> Option<Self>;
}

impl<T: Section> Value for T {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(entries) = node.table() else {
            return node.mistake("must be a table");
        };
        let mut table = Table(TableMode::Read(FileTable {
            entries,
            position: (!node.path.is_root()).then(|| node.position()),
            path: &node.path,
            context: node.context,
            keys: Vec::new(),
        }));
        let section = T::fields(&mut table);
        table.report_unknown_keys();
        section
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let mut table = Table(TableMode::Describe(Description::new(definitions)));
        let _ = T::fields(&mut table);
        match table.0 {
            TableMode::Describe(description) => description.into_schema(),
            TableMode::Read(_) => serde_json::Value::Null,
        }
    }
}

/// The table that a [`Section`] asks for its keys.
pub(crate) struct Table<'a>(TableMode<'a>);

enum TableMode<'a> {
    Read(FileTable<'a>),
    #[cfg(any(test, feature = "schema"))]
    Describe(Description<'a>),
}

struct FileTable<'a> {
    entries: &'a DeTable<'a>,
    /// Position of its header. `None` for the whole file.
    position: Option<Position>,
    path: &'a Path<'a>,
    context: &'a ReadContext<'a>,
    /// All keys that the section asked for.
    keys: Vec<&'static str>,
}

impl Table<'_> {
    /// The value of a key that must be present.
    pub(crate) fn required<T: Value>(&mut self, key: &'static str, about: &'static str) -> Option<T> {
        self.note_key::<T>(key, about, true);
        if !self.has(key) {
            self.mistake(key, "is missing");
        }
        self.read(key)
    }

    /// The value of a key that may be missing.
    pub(crate) fn optional<T: Value>(&mut self, key: &'static str, about: &'static str) -> Option<T> {
        self.note_key::<T>(key, about, false);
        self.read(key)
    }

    /// The items of a list. A missing list is empty.
    pub(crate) fn list<T: Value>(&mut self, key: &'static str, about: &'static str) -> Vec<T> {
        self.optional(key, about).unwrap_or_default()
    }

    /// Whether the key is present, with any value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.file().is_some_and(|file| file.entries.contains_key(key))
    }

    /// Whether the list of this key is missing or empty.
    pub(crate) fn is_empty(&self, key: &'static str) -> bool {
        // A value that is no list is reported as another mistake.
        self.with(key, |node| node.items().map_or(1, |items| items.len()))
            .is_none_or(|items| items == 0)
    }

    /// Adds a mistake about a key, at its value if present, else at the header of the table.
    pub(crate) fn mistake(&self, key: &str, rule: impl fmt::Display) {
        let Some(file) = self.file() else { return };
        let value = file.entries.get(key);
        let position = value
            .map(|value| Position::new(value.span().start))
            .or(file.position);
        let path = Path::below(file.path, key);
        file.context.mistake(position, &path, rule);
    }

    /// Adds a mistake about a key, at this position.
    pub(crate) fn mistake_at(&self, position: Position, key: &str, rule: impl fmt::Display) {
        if let Some(file) = self.file() {
            file.context
                .mistake(Some(position), &Path::below(file.path, key), rule);
        }
    }

    /// Adds a mistake for each value that occurred before.
    pub(crate) fn unique<T: Eq + Hash>(&self, key: &str, values: impl IntoIterator<Item = (T, Position)>) {
        let mut seen = HashSet::new();
        for (value, position) in values {
            if !seen.insert(value) {
                self.mistake_at(position, key, "is listed twice");
            }
        }
    }

    /// Adds a mistake if none of these keys is present, and one for each after the first. `what` explains the rule.
    pub(crate) fn exactly_one_of(&mut self, keys: &[&'static str], what: &str) {
        self.at_most_one_of(keys, what);
        if !keys.iter().any(|key| self.has(key)) {
            let names = keys.join("`, `");
            if let Some(file) = self.file() {
                let rule = format!("needs one of the sections `{names}`: {what}");
                file.context.mistake(file.position, file.path, rule);
            }
        }
        #[cfg(any(test, feature = "schema"))]
        self.rule(crate::schema::exactly_one_of(keys));
    }

    /// Adds a mistake for each of these keys after the first. `what` explains the rule.
    pub(crate) fn at_most_one_of(&mut self, keys: &[&'static str], what: &str) {
        let mut present: Vec<_> = keys
            .iter()
            .filter_map(|key| self.with(key, |node| (*key, node.position().line(node.context.source()))))
            .collect();
        present.sort_by_key(|(_, line)| *line);
        if let [(first, line), more @ ..] = present.as_slice() {
            for (key, _) in more {
                self.mistake(key, format!("conflicts with `{first}` (line {line}): {what}"));
            }
        }
        #[cfg(any(test, feature = "schema"))]
        self.rule(crate::schema::at_most_one_of(keys));
    }

    /// Adds a mistake for each of these lists that is empty, unless the section has a `redirect` in place of the
    /// form.
    pub(crate) fn require_in_form(&mut self, keys: &[&'static str]) {
        if !self.has("redirect") {
            for key in keys.iter().filter(|key| self.is_empty(key)) {
                self.mistake(key, "must list at least one entry");
            }
        }
        #[cfg(any(test, feature = "schema"))]
        self.rule(crate::schema::required_unless("redirect", keys));
    }

    /// The context. `None` if the section is only described.
    pub(crate) fn context(&self) -> Option<&ReadContext<'_>> {
        self.file().map(|file| file.context)
    }

    /// The number of mistakes so far.
    pub(crate) fn mistakes(&self) -> usize {
        self.context().map_or(0, ReadContext::count)
    }

    /// Adds a rule to the JSON Schema.
    #[cfg(any(test, feature = "schema"))]
    pub(crate) fn rule(&mut self, rule: serde_json::Value) {
        if let TableMode::Describe(description) = &mut self.0 {
            description.rule(rule);
        }
    }

    fn note_key<T: Value>(&mut self, key: &'static str, about: &'static str, required: bool) {
        match &mut self.0 {
            TableMode::Read(file) => file.keys.push(key),
            #[cfg(any(test, feature = "schema"))]
            TableMode::Describe(description) => description.key::<T>(key, about, required),
        }
        // Used only with the feature `schema`.
        let _ = (about, required);
    }

    fn read<T: Value>(&self, key: &str) -> Option<T> {
        self.with(key, |node| T::read(node)).flatten()
    }

    fn with<R>(&self, key: &str, then: impl FnOnce(Node<'_>) -> R) -> Option<R> {
        let file = self.file()?;
        let path = Path::below(file.path, key);
        Some(then(Node {
            value: file.entries.get(key)?,
            path,
            context: file.context,
        }))
    }

    fn file(&self) -> Option<&FileTable<'_>> {
        match &self.0 {
            TableMode::Read(file) => Some(file),
            #[cfg(any(test, feature = "schema"))]
            TableMode::Describe(_) => None,
        }
    }

    fn report_unknown_keys(&self) {
        let Some(file) = self.file() else { return };
        for key in file.entries.keys() {
            let name: &str = key.get_ref();
            if !file.keys.contains(&name) {
                let known = file.keys.join("`, `");
                let rule = format!("is no key of this section; its keys are `{known}`");
                self.mistake_at(Position::new(key.span().start), name, rule);
            }
        }
    }
}
