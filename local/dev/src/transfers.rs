//! The bank transfers that traders have announced and that nobody has confirmed: what the sample back office lists.

use dynoxide::Database;
use sample_backend::Transfer;
use serde_json::{Value, json};

use crate::settings::TABLE;

/// Those in the ledger whose payment method is one of `methods`, the oldest first. None while the table is not there.
pub(crate) fn waited_for(database: &Database, methods: &[String]) -> Vec<Transfer> {
    let mut items = items(database).unwrap_or_default();
    items.sort_by(|a, b| text(a, "recorded_at").cmp(text(b, "recorded_at")));
    let transfers = items.iter().filter_map(transfer);
    transfers
        .filter(|transfer| methods.contains(&transfer.method))
        .collect()
}

/// All deposits that are not paid yet, as JSON of DynamoDB.
fn items(database: &Database) -> Option<Vec<Value>> {
    let mut request = json!({
        "TableName": TABLE,
        "FilterExpression": "sk = :deposit AND #status IN (:created, :pending)",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":deposit": {"S": "deposit"}, ":created": {"S": "created"}, ":pending": {"S": "pending"},
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
        deposit: item["pk"]["S"].as_str()?.strip_prefix("deposit#")?.to_owned(),
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
            "pk": {"S": format!("deposit#{id}")}, "sk": {"S": "deposit"}, "reference": {"S": "7Q0M4-T9ZK3"},
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
    fn transfers_that_nobody_confirmed_are_listed_the_oldest_first() {
        let database = database();
        put(&database, "B", "pending", "bank_transfer");
        put(&database, "A", "created", "bank_transfer");
        put(&database, "C", "created", "card");
        put(&database, "D", "credited", "bank_transfer");
        let found = waited_for(&database, &["bank_transfer".to_owned()]);
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
    fn without_a_table_there_are_none() {
        let database = Database::memory().unwrap();
        assert_eq!(waited_for(&database, &["bank_transfer".to_owned()]), []);
    }
}
