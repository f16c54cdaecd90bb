//! `/inapp/kyc`: the trader enters personal details and a document, which the broker verifies.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_recorded_form::<screen::KycForm>().await
}
