//! Finding records by the reference that a trader quotes.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::RecordId;

use crate::{
    DepositRecord, ReadError, RequestRecord, Table, TableError,
    item::Item,
    schema::{BY_REFERENCE, PK, RecordKind, SK},
};

/// Length of a reference without its hyphen.
const REFERENCE: usize = 10;

impl Table {
    /// Finds a request by its reference or id, which somebody typed. A reference has 50 bits, so rarely two
    /// requests share one.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find_requests(&self, reference_or_id: &str) -> Result<Vec<RequestRecord>, ReadError> {
        let items = self.find_items(RecordKind::Request, reference_or_id).await?;
        Ok(items.iter().map(RequestRecord::read).collect::<Result<_, _>>()?)
    }

    /// Finds a deposit by its reference or id, which somebody typed. A reference has 50 bits, so rarely two
    /// deposits share one.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find_deposits(&self, reference_or_id: &str) -> Result<Vec<DepositRecord>, ReadError> {
        let items = self.find_items(RecordKind::Deposit, reference_or_id).await?;
        Ok(items.iter().map(deposit).collect::<Result<_, _>>()?)
    }

    async fn find_items(&self, kind: RecordKind, reference_or_id: &str) -> Result<Vec<Item>, ReadError> {
        let typed = normalized(reference_or_id);
        let keys = if let Ok(id) = typed.parse::<RecordId>() {
            vec![kind.key(&id)]
        } else if typed.len() == REFERENCE
            && let Some((head, tail)) = typed.split_at_checked(REFERENCE / 2)
        {
            self.keys_with_reference(kind, format!("{head}-{tail}")).await?
        } else {
            Vec::new()
        };
        self.current(keys).await
    }

    async fn keys_with_reference(&self, kind: RecordKind, reference: String) -> Result<Vec<Item>, ReadError> {
        let found = self.query(BY_REFERENCE, reference).send().await?;
        let sort_key = AttributeValue::S(kind.as_str().to_owned());
        let mut items = found.items.unwrap_or_default();
        items.retain(|item| item.get(SK) == Some(&sort_key));
        Ok(items)
    }

    /// Reads the items again, by their keys, from the table. Items that are gone are left out.
    pub(crate) async fn current(&self, items: Vec<Item>) -> Result<Vec<Item>, ReadError> {
        let mut current = Vec::new();
        for mut key in items {
            key.retain(|name, _| name == PK || name == SK);
            let get = self.client.get_item().table_name(&self.name).set_key(Some(key));
            current.extend(get.consistent_read(true).send().await?.item);
        }
        Ok(current)
    }
}

/// Reads an item that must be a deposit.
pub(crate) fn deposit(item: &Item) -> Result<DepositRecord, TableError> {
    DepositRecord::read(item)?.ok_or_else(|| TableError::damaged(SK))
}

/// Corrects a reference or id that was read out on the telephone: Crockford's base32 has no O, I or L.
fn normalized(typed: &str) -> String {
    let letters = typed.trim().chars().filter(|letter| *letter != '-');
    letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_like_digits_are_read_as_digits() {
        assert_eq!(normalized(" 7qoM4-t9zki "), "7Q0M4T9ZK1");
        assert_eq!(
            normalized("7Q0M4T9ZK3XH8VW2C5RN6YB1DE"),
            "7Q0M4T9ZK3XH8VW2C5RN6YB1DE"
        );
    }
}
