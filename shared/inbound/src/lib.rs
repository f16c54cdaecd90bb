//! Reads what strangers send: traders, payment providers, the broker's backend.
//!
//! Whoever parses JSON of a stranger uses [`from_json`]. Whoever stores a stranger's text checks it with
//! [`has_control`] or cleans it with [`without_control`]. Whoever shows one on a terminal uses [`printable`] or
//! [`printable_json`].

mod json;
mod text;

pub use json::{from_json, without_byte_order_mark};
pub use text::{has_control, printable, printable_json, without_control};
