//! Guards: named conditions that keep a workflow from doing harm.
//!
//! A simulation that finds no harm may be unable to find any. So the tests remove one guard at a time, and fail
//! unless the simulation then finds harm. Each guard is therefore written with [`guard!`](crate::guard!):
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
//! Without the feature `simulation` the macro expands to its condition: a production build has no switch, and
//! the names of guards are not compiled. With the feature, a guard can be removed *on one thread*, by `without`
//! only. No setting, argument or input removes one, so a binary that is built with the feature by accident (by
//! `cargo test --workspace`, for example) keeps all guards. A release build with the feature does not compile.

#[cfg(feature = "simulation")]
use std::cell::RefCell;

#[cfg(feature = "simulation")]
thread_local! {
    static REMOVED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Whether the guard of this name is removed on this thread.
#[cfg(feature = "simulation")]
#[must_use]
pub fn is_removed(name: &str) -> bool {
    REMOVED.with_borrow(|removed| !removed.is_empty() && removed.contains(&name))
}

/// The condition, or false if the guard of this name is removed on this thread.
#[cfg(feature = "simulation")]
#[must_use]
pub fn stands(name: &str, condition: bool) -> bool {
    condition && !is_removed(name)
}

/// The condition: in this build no guard can be removed.
#[cfg(not(feature = "simulation"))]
#[inline(always)]
#[must_use]
pub const fn stands(condition: bool) -> bool {
    condition
}

/// Runs `body` on this thread without the guards of these names.
#[cfg(feature = "simulation")]
pub fn without<R>(names: &[&'static str], body: impl FnOnce() -> R) -> R {
    /// Puts the guards back when dropped, also after a panic.
    struct Restore(Vec<&'static str>);

    impl Drop for Restore {
        fn drop(&mut self) {
            REMOVED.set(std::mem::take(&mut self.0));
        }
    }

    let _restore = Restore(REMOVED.replace(names.to_vec()));
    body()
}

/// Declares the guards of a crate, in its module `guards`: an enum `Guard` with `ALL` and `name`. Without the
/// feature `simulation` it declares nothing.
#[cfg(feature = "simulation")]
#[macro_export]
macro_rules! guards {
    ($($guard:ident: $name:literal),* $(,)?) => {
        /// The guards of this crate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Guard { $(#[doc = $name] $guard),* }

        impl Guard {
            /// All guards.
            pub const ALL: &[Self] = &[$(Self::$guard),*];

            /// The rule that the guard enforces, in words.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$guard => $name),* }
            }
        }
    };
}

/// Declares the guards of a crate. Without the feature `simulation`, as here, it declares nothing.
#[cfg(not(feature = "simulation"))]
#[macro_export]
macro_rules! guards {
    ($($declared:tt)*) => {};
}

/// A guard: `guard!(Name, condition)` is the condition, or false if the guard is removed. The calling crate
/// declares `Name` in its module `guards`.
///
/// `guard!(Name, value, without other)` is the value, or `other` if the guard is removed.
///
/// Without the feature `simulation` no guard can be removed: see [`guard`](mod@crate::guard).
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

/// A guard: `guard!(Name, condition)` is the condition.
///
/// `guard!(Name, value, without other)` is the value, and `other` is not compiled.
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
