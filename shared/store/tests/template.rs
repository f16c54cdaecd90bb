//! Compares the keys of the table in template.yaml with the schema. `.ci/lint_template.py` compares the rest of
//! the table.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde_json::Value;
use store::schema::{EXPIRES_AT, INDEXES, RecordKind};

const TEMPLATE: &str = include_str!("../../../template.yaml");

fn kinds() -> BTreeSet<String> {
    RecordKind::ALL.iter().map(ToString::to_string).collect()
}

#[test]
fn the_stream_is_filtered_for_the_kinds_that_are_published() {
    let is_filter = |line: &&str| line.contains("Pattern: '") && line.contains("eventName");
    let filter = TEMPLATE.lines().find(is_filter).expect("a filter of the stream");
    let pattern = filter.split('\'').nth(1).unwrap();
    let pattern: Value = serde_json::from_str(pattern).unwrap();
    let sort_keys = pattern["dynamodb"]["Keys"]["sk"]["S"].as_array().unwrap();
    let sort_keys = sort_keys.iter().map(|key| key.as_str().unwrap().to_owned());
    let published = RecordKind::ALL.into_iter().filter(|kind| kind.is_published());
    assert_eq!(
        sort_keys.collect::<BTreeSet<_>>(),
        published.map(|kind| kind.to_string()).collect()
    );
}

/// `.ci/lint_template.py` demands these conditions. It does not know the kinds.
#[test]
fn each_right_on_the_table_is_bound_to_kinds_that_there_are() {
    let rights: Vec<_> = TEMPLATE.split("\"dynamodb:LeadingKeys\": [").skip(1).collect();
    assert!(!rights.is_empty());
    for right in rights {
        let (keys, _) = right.split_once(']').unwrap();
        let keys: Vec<String> = serde_json::from_str(&format!("[{keys}]")).unwrap();
        for key in keys {
            let kind = key.strip_suffix("#*").unwrap_or(&key);
            assert!(kinds().contains(kind), "{key} is of no kind");
        }
    }
}

#[test]
fn rights_on_indexes_name_indexes_that_there_are() {
    let named = TEMPLATE.split("${LedgerTable.Arn}/index/").skip(1);
    let named: BTreeSet<&str> = named.filter_map(|rest| rest.split_whitespace().next()).collect();
    assert!(!named.is_empty());
    for name in named {
        assert!(INDEXES.iter().any(|index| index.name == name), "{name}");
    }
}

#[test]
fn items_expire_by_the_attribute_of_the_schema() {
    let (_, specification) = TEMPLATE.split_once("TimeToLiveSpecification:").unwrap();
    let attribute = specification.lines().nth(1).unwrap().trim();
    assert_eq!(attribute, format!("AttributeName: {EXPIRES_AT}"));
}
