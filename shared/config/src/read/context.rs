//! The context while a file is read: its text, the mistakes so far, and the values that sections refer to.

use std::{
    cell::{OnceCell, RefCell},
    fmt,
};

use domain::BrokerName;
use toml::{Spanned, de::DeValue};

use crate::{BuiltInTexts, ConfigError, Currency};

/// A position in the file, in bytes from its start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position(usize);

impl Position {
    pub(crate) fn new(offset: usize) -> Self {
        Self(offset)
    }

    /// The line of the position, counted from 1.
    pub(crate) fn line(self, source: &str) -> usize {
        let before = source.bytes().take(self.0);
        1 + before.filter(|byte| *byte == b'\n').count()
    }
}

/// The keys that lead to a value. Joined to a text only for a mistake.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    key: &'a str,
}

impl<'a> Path<'a> {
    /// The path of the whole file.
    pub(super) const ROOT: Path<'static> = Path {
        parent: None,
        key: "",
    };

    pub(super) fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    pub(super) fn below(parent: &'a Path<'a>, key: &'a str) -> Self {
        Self {
            parent: Some(parent),
            key,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            None => Ok(()),
            Some(parent) if parent.is_root() => f.write_str(self.key),
            Some(parent) => write!(f, "{parent}.{}", self.key),
        }
    }
}

/// The context while a file is read.
///
/// Sections that others refer to are read first. If one of them has a mistake, its values stay unset here and
/// references to them are not checked. So only the original mistake is reported.
pub(crate) struct ReadContext<'a> {
    source: &'a str,
    mistakes: RefCell<Vec<ConfigError>>,
    /// The built-in languages and texts.
    pub(crate) built_in: &'a BuiltInTexts<'a>,
    /// The configured languages. The first is the default.
    pub(crate) languages: OnceCell<Vec<String>>,
    /// Names of the brokers.
    pub(crate) brokers: OnceCell<Vec<BrokerName>>,
    /// The currencies that can be deposited.
    pub(crate) currencies: OnceCell<Vec<Currency>>,
}

impl<'a> ReadContext<'a> {
    pub(crate) fn new(source: &'a str, built_in: &'a BuiltInTexts<'a>) -> Self {
        Self {
            source,
            mistakes: RefCell::default(),
            built_in,
            languages: OnceCell::new(),
            brokers: OnceCell::new(),
            currencies: OnceCell::new(),
        }
    }

    /// The text of the file.
    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// The whole file as a value.
    pub(crate) fn root<'n>(&'n self, value: &'n Spanned<DeValue<'n>>) -> super::Node<'n> {
        super::Node {
            value,
            path: Path::ROOT,
            context: self,
        }
    }

    pub(super) fn mistake(&self, position: Option<Position>, path: &Path<'_>, rule: impl fmt::Display) {
        self.note(position, format!("`{path}` {rule}"));
    }

    /// Adds a mistake that concerns no key.
    pub(crate) fn note(&self, position: Option<Position>, message: String) {
        self.mistakes.borrow_mut().push(ConfigError {
            line: position.map(|position| position.line(self.source)),
            message,
        });
    }

    /// The number of mistakes so far.
    pub(crate) fn count(&self) -> usize {
        self.mistakes.borrow().len()
    }

    pub(crate) fn into_mistakes(self) -> Vec<ConfigError> {
        self.mistakes.into_inner()
    }
}
