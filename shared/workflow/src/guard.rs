//! Guards: the conditions that keep a workflow from doing harm, each with a name.
//!
//! A simulation that finds nothing may be blind. So its tests remove one guard at a time and fail unless the simulation then
//! finds harm. For that each guard is written with [`guard!`](crate::guard!):
//!
//! ```
//! mod guards {
//!     workflow::guards! {
//!         AmountIsPositive: "an amount is positive",
//!     }
//! }
//!
//! fn is_refused(amount: i64) -> bool {
//!     workflow::guard!(AmountIsPositive, amount <= 0)
//! }
//! # fn main() {
//! assert!(is_refused(0));
//! # }
//! ```
//!
//! Without the feature `simulation` the macro is its condition and nothing else: a production build has no switch, and the
//! names are not even compiled. With the feature, a guard is asked whether it is removed *on this thread*. Only
//! `without` removes guards. No setting, no argument and no input leads there, so a binary that is built with the feature by
//! accident (by `cargo test --workspace`, say) keeps all its guards. A release build with the feature does not compile.

#[cfg(feature = "simulation")]
use std::cell::RefCell;

#[cfg(feature = "simulation")]
thread_local! {
    static REMOVED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Whether the guard of that name is removed on this thread.
#[cfg(feature = "simulation")]
#[must_use]
pub fn is_removed(name: &str) -> bool {
    REMOVED.with_borrow(|removed| !removed.is_empty() && removed.contains(&name))
}

/// The condition of the guard of that name; false if it is removed on this thread.
#[cfg(feature = "simulation")]
#[must_use]
pub fn stands(name: &str, condition: bool) -> bool {
    condition && !is_removed(name)
}

/// The condition. Nothing can remove a guard of this build.
#[cfg(not(feature = "simulation"))]
#[inline(always)]
#[must_use]
pub const fn stands(condition: bool) -> bool {
    condition
}

/// Runs `body` on this thread without the guards of these names.
#[cfg(feature = "simulation")]
pub fn without<R>(names: &[&'static str], body: impl FnOnce() -> R) -> R {
    /// Puts them back, also after a panic.
    struct Restore(Vec<&'static str>);

    impl Drop for Restore {
        fn drop(&mut self) {
            REMOVED.set(std::mem::take(&mut self.0));
        }
    }

    let _restore = Restore(REMOVED.replace(names.to_vec()));
    body()
}

/// Declares the guards of a crate, in its module `guards`: an enum `Guard` with `ALL` and `name`. In a build without the
/// feature `simulation` it declares nothing.
#[cfg(feature = "simulation")]
#[macro_export]
macro_rules! guards {
    ($($guard:ident: $name:literal),* $(,)?) => {
        /// The guards of this crate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Guard { $(#[doc = $name] $guard),* }

        impl Guard {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$guard),*];

            /// The guard in words: what it sees to.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$guard => $name),* }
            }
        }
    };
}

/// Declares the guards of a crate: in this build, without the feature `simulation`, nothing.
#[cfg(not(feature = "simulation"))]
#[macro_export]
macro_rules! guards {
    ($($declared:tt)*) => {};
}

/// A condition that guards: `guard!(Name, condition)` is the condition, and false where the guard is removed. `Name` is one
/// that the calling crate declares in its module `guards`.
///
/// `guard!(Name, value, without other)` is the value, and `other` where the guard is removed.
///
/// In a build without the feature `simulation` no guard can be removed: [`guard`](mod@crate::guard).
#[cfg(feature = "simulation")]
#[expect(
    clippy::crate_in_macro_def,
    reason = "the names are those of the calling crate"
)]
#[macro_export]
macro_rules! guard {
    ($guard:ident, $value:expr) => {
        $crate::guard::stands(crate::guards::Guard::$guard.name(), $value)
    };
    ($guard:ident, $value:expr, without $other:expr) => {
        if $crate::guard::is_removed(crate::guards::Guard::$guard.name()) {
            $other
        } else {
            $value
        }
    };
}

/// A condition that guards: `guard!(Name, condition)` is the condition.
///
/// `guard!(Name, value, without other)` is the value; `other` is not compiled.
#[cfg(not(feature = "simulation"))]
#[macro_export]
macro_rules! guard {
    ($guard:ident, $value:expr) => {
        $crate::guard::stands($value)
    };
    ($guard:ident, $value:expr, without $other:expr) => {
        $value
    };
}
