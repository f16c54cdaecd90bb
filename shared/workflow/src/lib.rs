//! What makes a workflow safe.

#[cfg(all(feature = "simulation", not(debug_assertions)))]
compile_error!("the feature `simulation` makes guards removable: it is for tests, never for a release build");

pub mod guard;
