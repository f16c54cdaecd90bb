//! Reads the file value by value, checks each value and collects all mistakes.
//!
//! The type of a value implements [`Value`], the type of a table with known keys [`Section`]. A section asks a
//! [`Table`] for its keys. Without a file, the same calls describe the section for the JSON Schema (`schema.rs`),
//! so the two cannot differ.

mod context;
mod table;

pub(crate) use context::{Position, ReadContext};
pub(crate) use table::{Section, Table};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use context::Path;

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A type that can be read from the file.
pub(crate) trait Value: Sized {
    /// Reads the value. `None` if it has mistakes, which were added to the context.
    fn read(node: Node<'_>) -> Option<Self>;

    /// The JSON Schema of the type.
    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value;
}

/// A value in the file, with its position and the keys that lead to it.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a Spanned<DeValue<'a>>,
    path: Path<'a>,
    context: &'a ReadContext<'a>,
}

impl<'a> Node<'a> {
    /// The position of the value.
    pub(crate) fn position(self) -> Position {
        Position::new(self.value.span().start)
    }

    /// The context, with the values that other sections refer to.
    pub(crate) fn context(self) -> &'a ReadContext<'a> {
        self.context
    }

    /// Adds a mistake about this value. Always returns `None`.
    pub(crate) fn mistake<T>(self, rule: impl std::fmt::Display) -> Option<T> {
        self.context.mistake(Some(self.position()), &self.path, rule);
        None
    }

    /// The text, if the value is one.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text converted to a type that checks it. Adds a mistake if the value is no text or the check fails.
    pub(crate) fn parsed<T: TryFrom<String, Error: std::fmt::Display>>(self) -> Option<T> {
        let Some(text) = self.text() else {
            return self.mistake("must be a text in quotes");
        };
        T::try_from(text.to_owned()).map_or_else(|rule| self.mistake(rule), Some)
    }

    /// The number, if the value is a whole number from 0 to `u32::MAX`.
    pub(crate) fn integer(self) -> Option<u32> {
        match self.value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        }
    }

    /// The boolean, if the value is one.
    pub(crate) fn boolean(self) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The items, if the value is a list.
    pub(crate) fn items(self) -> Option<impl ExactSizeIterator<Item = Node<'a>>> {
        let DeValue::Array(items) = self.value.get_ref() else {
            return None;
        };
        Some(items.iter().map(move |value| Self { value, ..self }))
    }

    /// The keys and values, if the value is a table.
    pub(crate) fn entries(&'a self) -> Option<impl Iterator<Item = (&'a str, Node<'a>)>> {
        let entries = self.table()?.iter();
        Some(entries.map(|(key, value)| {
            let key: &str = key.get_ref();
            let path = Path::below(&self.path, key);
            let context = self.context;
            (key, Node { value, path, context })
        }))
    }

    fn table(self) -> Option<&'a DeTable<'a>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// A value with its position, for checks that concern several values.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) position: Position,
}

impl<T: Value> Value for Located<T> {
    fn read(node: Node<'_>) -> Option<Self> {
        let position = node.position();
        T::read(node).map(|value| Self { value, position })
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        T::schema(definitions)
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(items) = node.items() else {
            return node.mistake("must be a list");
        };
        // Reads all items, even after one with a mistake.
        Some(items.filter_map(T::read).collect())
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "array", "items": T::schema(definitions) })
    }
}

/// A list with at least one item.
pub(crate) struct NonEmptyList<T>(pub(crate) Vec<T>);

impl<T: Value> Value for NonEmptyList<T> {
    fn read(node: Node<'_>) -> Option<Self> {
        if node.items().is_some_and(|items| items.len() == 0) {
            return node.mistake("must list at least one entry");
        }
        Vec::read(node).map(Self)
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let mut schema = Vec::<T>::schema(definitions);
        schema["minItems"] = 1.into();
        schema
    }
}
