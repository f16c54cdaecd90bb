//! Enums whose variants have names in the table, in events and on the command line.

use std::{fmt, hash::Hash, str::FromStr};

/// An enum whose variants have names. [`named!`](crate::named!) declares one.
pub trait Named:
    Copy + fmt::Debug + fmt::Display + Ord + Hash + FromStr<Err = UnknownName> + Send + Sync + 'static
{
    /// All variants.
    const ALL: &'static [Self];

    /// The name.
    fn as_str(self) -> &'static str;
}

/// The text is none of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The names that are possible.
    pub expected: &'static [&'static str],
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((last, others)) = self.expected.split_last() else {
            return f.write_str("there is no such name");
        };
        if others.is_empty() {
            write!(f, "must be {last}")
        } else {
            write!(f, "must be {} or {last}", others.join(", "))
        }
    }
}

impl std::error::Error for UnknownName {}

/// Declares an enum whose variants have names, with `ALL`, `as_str`, `Display`, `FromStr`, and serde's traits.
///
/// ```
/// workflow::named! {
///     /// The status of a case.
///     pub enum Status {
///         /// The trader is filling it in.
///         Draft = "draft",
///         /// It is decided.
///         Approved = "approved",
///     }
/// }
///
/// assert_eq!("draft".parse(), Ok(Status::Draft));
/// assert_eq!("odd".parse::<Status>().unwrap_err().to_string(), "must be draft or approved");
/// ```
#[macro_export]
macro_rules! named {
    ($(#[$of_enum:meta])* $visibility:vis enum $name:ident { $($(#[$of_variant:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$of_enum])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility enum $name { $($(#[$of_variant])* $variant),+ }

        impl $name {
            /// All variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the table, in JSON and in events.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl $crate::Named for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownName> {
                let found = Self::ALL.iter().find(|name| name.as_str() == text);
                found.copied().ok_or($crate::UnknownName { expected: &[$($text),+] })
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as $crate::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }
    };
}
