//! Runs only the simulated cTrader, for work on the terminal page; `cargo dev` runs everything.
//!
//! `cargo run -p simulator --example terminal [SCREENS_URL]` uses free ports, and prints them. If nothing serves the
//! screens, their frame stays empty.

use simulator::{Options, Simulator};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut options = Options::default();
    if let Some(screens_url) = std::env::args().nth(1) {
        options.screens_url = screens_url;
    }
    let ctrader = Simulator::start(options).await?;
    println!("terminal {}", ctrader.terminal_url());
    println!("backend  {}", ctrader.backend_url());
    tokio::signal::ctrl_c().await
}
