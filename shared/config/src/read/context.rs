//! What is known of the file while it is read: its text, the mistakes so far, and what sections refer to.

use std::{
    cell::{OnceCell, RefCell},
    fmt,
};

use domain::BrokerName;
use toml::{Spanned, de::DeValue};

use crate::{BuiltInTexts, ConfigError, Currency};

/// Where something stands in the file: the number of bytes before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(usize);

impl Place {
    pub(crate) fn new(offset: usize) -> Self {
        Self(offset)
    }

    /// The number of its line, counted from 1.
    pub(crate) fn line(self, source: &str) -> usize {
        let before = source.bytes().take(self.0);
        1 + before.filter(|byte| *byte == b'\n').count()
    }
}

/// The keys that lead to a value. Written out only for a mistake.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    key: &'a str,
}

impl<'a> Path<'a> {
    /// That of the whole file.
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

/// What is known of the file while it is read.
///
/// The sections that others refer to are read first. Where one of them has a mistake it stays unknown here, and what refers
/// to it is not checked: the mistake is told once, where it was made.
pub(crate) struct Context<'a> {
    source: &'a str,
    mistakes: RefCell<Vec<ConfigError>>,
    /// What the screens can say.
    pub(crate) built_in: &'a BuiltInTexts<'a>,
    /// The languages; the first is the default.
    pub(crate) languages: OnceCell<Vec<String>>,
    /// Names of the brokers.
    pub(crate) brokers: OnceCell<Vec<BrokerName>>,
    /// What can be deposited.
    pub(crate) currencies: OnceCell<Vec<Currency>>,
}

impl<'a> Context<'a> {
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

    /// The whole file as a value, to be read.
    pub(crate) fn root<'n>(&'n self, value: &'n Spanned<DeValue<'n>>) -> super::Node<'n> {
        super::Node {
            value,
            path: Path::ROOT,
            context: self,
        }
    }

    pub(super) fn mistake(&self, place: Option<Place>, path: &Path<'_>, rule: impl fmt::Display) {
        self.note(place, format!("`{path}` {rule}"));
    }

    /// Notes a mistake that is of no key.
    pub(crate) fn note(&self, place: Option<Place>, message: String) {
        self.mistakes.borrow_mut().push(ConfigError {
            line: place.map(|place| place.line(self.source)),
            message,
        });
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.mistakes.borrow().len()
    }

    pub(crate) fn into_mistakes(self) -> Vec<ConfigError> {
        self.mistakes.into_inner()
    }
}
