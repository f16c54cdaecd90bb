//! The entrance for `local/fuzz`. No function is built with this module.

use crate::BackendAnswer;

/// Reads the backend's answer.
///
/// # Panics
/// If the answer is accepted and breaks the contract.
pub fn answer(body: &[u8]) {
    let Ok(answer) = BackendAnswer::read(body) else {
        return;
    };
    let message = answer.message.unwrap_or_default();
    assert!(message.chars().count() <= 500);
    assert!(!message.chars().any(|c| c.is_control() && c != '\n'));
    assert!(answer.redirect.unwrap_or_default().len() <= 2_048);
}
