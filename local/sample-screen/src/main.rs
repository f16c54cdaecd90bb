//! A screen that no broker has: a photo for the broker, beside a page of somebody else in a frame. It remembers which photos
//! were sent, gives the browser an address to send each one to, and shows a third party's page.
//!
//! Its test is the proof that a new screen is one folder (docs/ARCHITECTURE.md says what else there is to change). It takes
//! the place of the support screen, since cTrader opens no fifth one.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_screen::<screen::PhotoScreen>().await
}
