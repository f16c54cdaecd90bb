//! `/inapp/chat`: the trader writes a message to the broker's support.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_recorded_form::<screen::SupportForm>().await
}
