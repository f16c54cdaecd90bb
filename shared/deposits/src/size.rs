//! How much of a deposit's item payment events may fill. DynamoDB takes no item of more than 400 KB. What is left
//! belongs to credits and operators, whose writes must always fit.

use workflow::{guard, stored_size};

use crate::{Deposit, PaymentEventKind, Status};

/// The size up to which any payment event is kept, in bytes.
const ROOM_FOR_EVENTS: u32 = 120_000;

/// The size up to which an event is kept that an operator has to see, or that decides what a later payment means, in
/// bytes.
const ROOM_FOR_REVIEWS: u32 = 200_000;

/// The size up to which the first payment and the first reversal are kept, in bytes. Each is kept once, so they
/// never need all of it.
const ROOM_FOR_MONEY: u32 = 220_000;

/// Whether there is room for the next version, which a payment event made.
pub(crate) fn has_room(held: &Deposit, next: &Deposit) -> bool {
    let size = next.history_size.saturating_add(stored_size(&next.data));
    let is_money = next.payment != held.payment || next.reversed != held.reversed;
    let is_review = next.paid_again_at != held.paid_again_at
        || next
            .seen_events
            .last()
            .is_some_and(|event| event.kind == PaymentEventKind::Failed)
        || next.status == Status::Review && held.status != Status::Review;
    let room = match (is_money, is_review) {
        (true, _) if guard!(MoneyHasRoom, true) => ROOM_FOR_MONEY,
        (_, true) => ROOM_FOR_REVIEWS,
        _ => ROOM_FOR_EVENTS,
    };
    !guard!(EventsAreBounded, size > room)
}
