//! `/inapp/deposit`: the trader says how much, in which currency and by which payment method, pays at the broker's cashier
//! or by transfer, and sees at `/inapp/deposit/{id}` where the deposit stands.

mod cashier;
mod form;
mod screen;
mod status;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_screen::<screen::DepositScreen>().await
}
