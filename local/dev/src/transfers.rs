//! Bank transfers that traders have promised and nobody has confirmed, for the sample back office.

use dynoxide::Database;
use sample_backend::Transfer;
use serde_json::{Value, json};
use store::schema::RecordKind;

use crate::settings::TABLE;

/// The unpaid deposits by one of these payment methods, oldest first. Empty if there is no table.
pub(crate) fn open_transfers(database: &Database, methods: &[String]) -> Vec<Transfer> {
    let mut items = unpaid_deposits(database).unwrap_or_default();
    items.sort_by(|a, b| text(a, "recorded_at").cmp(text(b, "recorded_at")));
    items
        .iter()
        .filter_map(transfer)
        .filter(|transfer| methods.contains(&transfer.method))
        .collect()
}

/// All unpaid deposits, as DynamoDB's JSON.
fn unpaid_deposits(database: &Database) -> Option<Vec<Value>> {
    let mut request = json!({
        "TableName": TABLE,
        "FilterExpression": "sk = :deposit AND #status IN (:created, :pending)",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":deposit": {"S": RecordKind::Deposit.as_str()}, ":created": {"S": "created"}, ":pending": {"S": "pending"},
        },
    });
    let mut items = Vec::new();
    loop {
        let page = database
            .scan(serde_json::from_value(request.clone()).ok()?)
            .ok()?;
        let page = serde_json::to_value(&page).ok()?;
        items.extend(page["Items"].as_array().cloned().unwrap_or_default());
        match page.get("LastEvaluatedKey") {
            Some(key) => request["ExclusiveStartKey"] = key.clone(),
            None => return Some(items),
        }
    }
}

fn transfer(item: &Value) -> Option<Transfer> {
    let order = &item["data"]["M"]["order"]["M"];
    Some(Transfer {
        deposit: RecordKind::Deposit
            .after_prefix(item["pk"]["S"].as_str()?)?
            .to_owned(),
        reference: text(item, "reference").to_owned(),
        method: text(order, "method").to_owned(),
        account: order["login"]["N"].as_str()?.to_owned(),
        amount: text(order, "amount").to_owned(),
        currency: text(order, "currency").to_owned(),
    })
}

fn text<'a>(attributes: &'a Value, name: &str) -> &'a str {
    attributes[name]["S"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> Database {
        let database = Database::memory().unwrap();
        let mut definition: Value =
            serde_json::from_str(include_str!("../../../shared/store/table.json")).unwrap();
        definition["TableName"] = TABLE.into();
        database
            .create_table(serde_json::from_value(definition).unwrap())
            .unwrap();
        database
    }

    fn put(database: &Database, id: &str, status: &str, method: &str) {
        let item = json!({
            "pk": {"S": RecordKind::Deposit.partition(id)}, "sk": {"S": RecordKind::Deposit.as_str()}, "reference": {"S": "7Q0M4-T9ZK3"},
            "recorded_at": {"S": id}, "status": {"S": status},
            "data": {"M": {"order": {"M": {
                "method": {"S": method}, "login": {"N": "1000501"}, "amount": {"S": "250.10"}, "currency": {"S": "EUR"},
            }}}},
        });
        let request = json!({"TableName": TABLE, "Item": item});
        database
            .put_item(serde_json::from_value(request).unwrap())
            .unwrap();
    }

    #[test]
    fn open_transfers_are_listed_oldest_first() {
        let database = database();
        put(&database, "B", "pending", "bank_transfer");
        put(&database, "A", "created", "bank_transfer");
        put(&database, "C", "created", "card");
        put(&database, "D", "credited", "bank_transfer");
        let found = open_transfers(&database, &["bank_transfer".to_owned()]);
        let ids: Vec<_> = found.iter().map(|transfer| transfer.deposit.as_str()).collect();
        assert_eq!(ids, ["A", "B"]);
        let first = Transfer {
            deposit: "A".to_owned(),
            reference: "7Q0M4-T9ZK3".to_owned(),
            method: "bank_transfer".to_owned(),
            account: "1000501".to_owned(),
            amount: "250.10".to_owned(),
            currency: "EUR".to_owned(),
        };
        assert_eq!(found[0], first);
    }

    #[test]
    fn without_a_table_there_are_no_transfers() {
        let database = Database::memory().unwrap();
        assert_eq!(open_transfers(&database, &["bank_transfer".to_owned()]), []);
    }
}
