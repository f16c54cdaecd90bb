//! How the file is read: value by value, each checked where it stands, all mistakes collected.
//!
//! A kind of value implements [`Value`], a table with known keys [`Section`]. A section asks a [`Table`] for its keys. The
//! same questions, asked without a file, describe the section for the JSON Schema (`schema.rs`), so the two cannot differ.

mod context;
mod table;

pub(crate) use context::{Context, Place};
pub(crate) use table::{Section, Table};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use context::Path;

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A kind of value in the file.
pub(crate) trait Value: Sized {
    /// The value, or `None` after its mistakes were noted.
    fn read(node: Node<'_>) -> Option<Self>;

    /// What the JSON Schema says of such a value.
    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value;
}

/// A value in the file: what it is, and where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a Spanned<DeValue<'a>>,
    path: Path<'a>,
    context: &'a Context<'a>,
}

impl<'a> Node<'a> {
    /// Where the value stands.
    pub(crate) fn place(self) -> Place {
        Place::new(self.value.span().start)
    }

    /// What sections refer to one another by.
    pub(crate) fn context(self) -> &'a Context<'a> {
        self.context
    }

    /// Notes a mistake, always `None`.
    pub(crate) fn mistake<T>(self, rule: impl std::fmt::Display) -> Option<T> {
        self.context.mistake(Some(self.place()), &self.path, rule);
        None
    }

    /// The text that it is.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text that it is, made a value that checks itself.
    pub(crate) fn parsed<T: TryFrom<String, Error: std::fmt::Display>>(self) -> Option<T> {
        let Some(text) = self.text() else {
            return self.mistake("must be a text in quotes");
        };
        T::try_from(text.to_owned()).map_or_else(|rule| self.mistake(rule), Some)
    }

    /// The whole number that it is.
    pub(crate) fn integer(self) -> Option<u32> {
        match self.value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        }
    }

    /// The truth value that it is.
    pub(crate) fn boolean(self) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The items of the list that it is.
    pub(crate) fn items(self) -> Option<impl ExactSizeIterator<Item = Node<'a>>> {
        let DeValue::Array(items) = self.value.get_ref() else {
            return None;
        };
        Some(items.iter().map(move |value| Self { value, ..self }))
    }

    /// The keys of the table that it is, with what they hold.
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

/// A value of which other checks need to know where it stands.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

impl<T: Value> Value for At<T> {
    fn read(node: Node<'_>) -> Option<Self> {
        let place = node.place();
        T::read(node).map(|value| Self { value, place })
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
        // A mistake in one item does not keep those of the others from being found.
        Some(items.filter_map(T::read).collect())
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "array", "items": T::schema(definitions) })
    }
}

/// A list with at least one item.
pub(crate) struct Filled<T>(pub(crate) Vec<T>);

impl<T: Value> Value for Filled<T> {
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
