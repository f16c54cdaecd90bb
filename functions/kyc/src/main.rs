//! `/inapp/kyc`: the trader's personal details and document, for the broker to verify.

mod screen;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_recorded_form::<screen::KycForm>().await
}
