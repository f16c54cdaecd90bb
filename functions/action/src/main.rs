//! `/inapp/action`: the custom actions that `broker.toml` defines, one per `actionType`.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_recorded_form::<screen::CustomActionForm>().await
}
