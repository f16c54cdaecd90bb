//! An item that payment events fill.

use deposits::Status;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::World;

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_notifications_do_not_keep_a_payment_or_a_chargeback_out() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let mut pending = world.notification(&id, "deposit.pending").await;
    // The longest reference: four bytes for each of its characters.
    pending["data"]["providerReference"] = json!("🙂".repeat(200));
    let begun = Timestamp::now() - SignedDuration::from_hours(24);
    for minute in 0..100 {
        pending["timestamp"] = json!((begun + SignedDuration::from_mins(minute)).to_string());
        assert_eq!(world.send(&pending).await.status, 204);
    }
    let size = || world.env.deposit_items()[0].to_string().len();
    assert!((100_000..150_000).contains(&size()), "{}", size());
    let mut not_kept = world.env.log();
    not_kept.retain(|line| line["PaymentEventsNotKept"] == 1);
    assert!(!not_kept.is_empty());
    assert_eq!(not_kept[0]["reference"], id.reference());

    assert_eq!(world.send_paid(&id).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);
    let chargeback = world.notification(&id, "deposit.charged_back").await;
    assert_eq!(world.send(&chargeback).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Review);
    assert_eq!(world.credited(), ["250.50"]);
}
