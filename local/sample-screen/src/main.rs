//! An example of a new screen, which only its test runs. The trader uploads photos, and a third-party page is
//! framed below.
//!
//! The test proves that a new screen is one folder. docs/ARCHITECTURE.md lists what else changes. The example has
//! the path of the support screen, because cTrader opens no fifth screen.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_screen::<screen::PhotoScreen>().await
}
