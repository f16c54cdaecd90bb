//! The entrance for `local/fuzz`. No function is built with this module.

use inbound::has_control;
use reqwest::StatusCode;

use crate::{BalanceAnswer, RedeemedTrader, Trader, TraderError, trader::MAX_DIGITS};

/// The account that was asked about.
const LOGIN: i64 = 1_000_123;

/// Reads `body` as each of cTrader's answers.
///
/// # Panics
/// If an answer is accepted and breaks the contract, or says that money moved or did not move where that is unknown.
pub fn answer(body: &[u8]) {
    if let Some(trader) = RedeemedTrader::read(body) {
        let ids = [
            trader.user_id,
            trader.trader_id,
            trader.account_id,
            trader.trading_login,
        ];
        assert!(ids.into_iter().flatten().all(|id| id > 0));
        let texts = [trader.email.as_deref(), trader.broker_name.as_deref()];
        assert!(
            texts
                .into_iter()
                .flatten()
                .all(|text| (1..=320).contains(&text.len()))
        );
        assert!(!trader.email.is_some_and(|email| has_control(&email)));
    }
    if let Ok(trader) = Trader::read(LOGIN, body) {
        assert_eq!(trader.login, LOGIN);
        assert!(
            trader.money_digits.is_none_or(|digits| digits <= MAX_DIGITS)
                && !trader.deposit_currency.is_empty()
        );
    }
    for status in [
        StatusCode::OK,
        StatusCode::FOUND,
        StatusCode::BAD_REQUEST,
        StatusCode::FORBIDDEN,
        StatusCode::NOT_FOUND,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
    ] {
        let _ = TraderError::from_response(status, body);
        let is_allowed = match BalanceAnswer::from_response(status, body) {
            BalanceAnswer::Credited { balance_history_id } => {
                status == StatusCode::OK && balance_history_id > 0
            }
            BalanceAnswer::Unknown(_) => true,
            BalanceAnswer::NotDelivered(_) => false,
            // These say for certain that no money moved.
            BalanceAnswer::Unauthorized | BalanceAnswer::Busy(_) | BalanceAnswer::Refused(_) => {
                status.is_client_error()
            }
        };
        assert!(is_allowed, "{status} says for certain what is not");
    }
}
