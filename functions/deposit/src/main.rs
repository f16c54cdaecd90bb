//! `/inapp/deposit`: the trader enters an amount, a currency and a payment method, and pays at the broker's cashier
//! or by bank transfer. `/inapp/deposit/{id}` shows the status of the deposit.

mod account;
mod cashier;
mod form;
mod screen;
mod status;

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run_screen::<screen::DepositScreen>().await
}
