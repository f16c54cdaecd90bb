//! `/inapp/deposit`: the trader says how much, in which currency and by which method.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_screen::<screen::Deposit>().await
}
