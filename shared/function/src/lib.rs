//! What all Lambda functions share, whatever invokes them: settings from the environment ([`settings`]), log lines
//! ([`log`]), and the main loop of functions that are invoked with batches of a stream or a queue ([`batch`]).

pub mod batch;
pub mod log;
pub mod settings;
mod time_left;

pub use time_left::time_left;
