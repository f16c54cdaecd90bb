//! Tables with known keys.

use std::{collections::HashSet, fmt, hash::Hash};

use toml::de::DeTable;

use super::{Context, Node, Path, Place, Value};

#[cfg(any(test, feature = "schema"))]
use crate::schema::{Definitions, Description};

/// A table with known keys.
pub(crate) trait Section: Sized {
    /// Asks for all keys of the table, and checks what concerns several of them. `None` if a mistake was noted.
    ///
    /// It is also called to describe the section. So it asks for all keys whatever the file says.
    fn fields(table: &mut Table<'_>) -> Option<Self>;
}

impl<T: Section> Value for T {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(entries) = node.table() else {
            return node.mistake("must be a table");
        };
        let mut table = Table(Asked::OfFile(File {
            entries,
            place: (!node.path.is_root()).then(|| node.place()),
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
        let mut table = Table(Asked::ToDescribe(Description::new(definitions)));
        let _ = T::fields(&mut table);
        match table.0 {
            Asked::ToDescribe(description) => description.into_schema(),
            Asked::OfFile(_) => serde_json::Value::Null,
        }
    }
}

/// What a [`Section`] asks for its keys.
pub(crate) struct Table<'a>(Asked<'a>);

enum Asked<'a> {
    OfFile(File<'a>),
    #[cfg(any(test, feature = "schema"))]
    ToDescribe(Description<'a>),
}

struct File<'a> {
    entries: &'a DeTable<'a>,
    /// Where its header stands. The file as a whole has none.
    place: Option<Place>,
    path: &'a Path<'a>,
    context: &'a Context<'a>,
    /// All that were asked for.
    keys: Vec<&'static str>,
}

impl Table<'_> {
    /// What a key holds that must be there.
    pub(crate) fn required<T: Value>(&mut self, key: &'static str, about: &'static str) -> Option<T> {
        self.note_key::<T>(key, about, true);
        if !self.has(key) {
            self.mistake(key, "is needed");
        }
        self.read(key)
    }

    /// What a key holds that may be absent.
    pub(crate) fn optional<T: Value>(&mut self, key: &'static str, about: &'static str) -> Option<T> {
        self.note_key::<T>(key, about, false);
        self.read(key)
    }

    /// The items of a list that may be absent, which is an empty one then.
    pub(crate) fn list<T: Value>(&mut self, key: &'static str, about: &'static str) -> Vec<T> {
        self.optional(key, about).unwrap_or_default()
    }

    /// Whether the key is there, whatever it holds.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.file().is_some_and(|file| file.entries.contains_key(key))
    }

    /// Whether the list of that key is absent or has no items.
    pub(crate) fn is_empty(&self, key: &'static str) -> bool {
        // What is no list is another mistake.
        self.with(key, |node| node.items().map_or(1, |items| items.len()))
            .is_none_or(|items| items == 0)
    }

    /// Notes a mistake about a key, at what it holds, else at the table's header.
    pub(crate) fn mistake(&self, key: &str, rule: impl fmt::Display) {
        let Some(file) = self.file() else { return };
        let value = file.entries.get(key);
        let place = value.map(|value| Place::new(value.span().start)).or(file.place);
        let path = Path::below(file.path, key);
        file.context.mistake(place, &path, rule);
    }

    /// Notes a mistake about a key, at that place.
    pub(crate) fn mistake_at(&self, place: Place, key: &str, rule: impl fmt::Display) {
        if let Some(file) = self.file() {
            file.context
                .mistake(Some(place), &Path::below(file.path, key), rule);
        }
    }

    /// Notes each value that is there for a second time.
    pub(crate) fn unique<T: Eq + Hash>(&self, key: &str, values: impl IntoIterator<Item = (T, Place)>) {
        let mut seen = HashSet::new();
        for (value, place) in values {
            if !seen.insert(value) {
                self.mistake_at(place, key, "is listed twice");
            }
        }
    }

    /// Notes a mistake if none of these keys is there, and one for each after the first.
    pub(crate) fn exactly_one_of(&mut self, keys: &[&'static str], what: &str) {
        self.at_most_one_of(keys, what);
        if !keys.iter().any(|key| self.has(key)) {
            let names = keys.join("`, `");
            if let Some(file) = self.file() {
                let rule = format!("needs one of the sections `{names}`: {what}");
                file.context.mistake(file.place, file.path, rule);
            }
        }
        #[cfg(any(test, feature = "schema"))]
        self.rule(crate::schema::exactly_one_of(keys));
    }

    /// Notes a mistake for each of these keys after the first.
    pub(crate) fn at_most_one_of(&mut self, keys: &[&'static str], what: &str) {
        let mut present: Vec<_> = keys
            .iter()
            .filter_map(|key| self.with(key, |node| (*key, node.place().line(node.context.source()))))
            .collect();
        present.sort_by_key(|(_, line)| *line);
        if let [(first, line), more @ ..] = present.as_slice() {
            for (key, _) in more {
                self.mistake(
                    key,
                    format!("cannot stand beside `{first}` (line {line}): {what}"),
                );
            }
        }
        #[cfg(any(test, feature = "schema"))]
        self.rule(crate::schema::at_most_one_of(keys));
    }

    /// Notes a mistake for each of these lists that has no items, unless the trader is sent to a page of the broker's own.
    pub(crate) fn needed_in_a_form(&mut self, keys: &[&'static str]) {
        if !self.has("redirect") {
            for key in keys.iter().filter(|key| self.is_empty(key)) {
                self.mistake(key, "must list at least one entry");
            }
        }
        #[cfg(any(test, feature = "schema"))]
        self.rule(crate::schema::needed_unless("redirect", keys));
    }

    /// What the sections refer to one another by. `None` where there is no file.
    pub(crate) fn context(&self) -> Option<&Context<'_>> {
        self.file().map(|file| file.context)
    }

    /// How many mistakes there are so far.
    pub(crate) fn mistakes(&self) -> usize {
        self.context().map_or(0, Context::count)
    }

    /// Adds a rule to the JSON Schema.
    #[cfg(any(test, feature = "schema"))]
    pub(crate) fn rule(&mut self, rule: serde_json::Value) {
        if let Asked::ToDescribe(description) = &mut self.0 {
            description.rule(rule);
        }
    }

    fn note_key<T: Value>(&mut self, key: &'static str, about: &'static str, required: bool) {
        match &mut self.0 {
            Asked::OfFile(file) => file.keys.push(key),
            #[cfg(any(test, feature = "schema"))]
            Asked::ToDescribe(description) => description.key::<T>(key, about, required),
        }
        // Only a description uses them.
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

    fn file(&self) -> Option<&File<'_>> {
        match &self.0 {
            Asked::OfFile(file) => Some(file),
            #[cfg(any(test, feature = "schema"))]
            Asked::ToDescribe(_) => None,
        }
    }

    fn report_unknown_keys(&self) {
        let Some(file) = self.file() else { return };
        for key in file.entries.keys() {
            let name: &str = key.get_ref();
            if !file.keys.contains(&name) {
                let known = file.keys.join("`, `");
                let rule = format!("is no key that can stand here; the keys are `{known}`");
                self.mistake_at(Place::new(key.span().start), name, rule);
            }
        }
    }
}
