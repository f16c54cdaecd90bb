//! What every Lambda function has in common, whatever invokes it: settings from the environment, log lines, and for
//! those that are handed batches of a stream or a queue, how they start and answer.

pub mod batch;
pub mod log;
pub mod settings;
