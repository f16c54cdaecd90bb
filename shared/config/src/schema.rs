//! The JSON Schema of `broker.toml`, for editors: from the same questions by which the file is read.

use serde_json::{Map, Value as Json, json};

use crate::{Config, read::Value};

/// The JSON Schema of `broker.toml`, as `docs/broker.schema.json` has it.
pub fn schema() -> String {
    let mut definitions = Definitions::default();
    let mut schema = Config::schema(&mut definitions);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("broker.toml");
    schema["definitions"] = Json::Object(definitions.0);
    format!("{schema:#}\n")
}

/// The schemas of values that are in several places, by name.
#[derive(Default)]
pub(crate) struct Definitions(Map<String, Json>);

impl Definitions {
    /// A reference to the schema of that name, which is made when first asked for.
    pub(crate) fn named(&mut self, name: &str, schema: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.0.contains_key(name) {
            let schema = schema(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }
}

/// A table with known keys, as far as it is described.
pub(crate) struct Description<'a> {
    definitions: &'a mut Definitions,
    properties: Map<String, Json>,
    required: Vec<&'static str>,
    rules: Vec<Json>,
}

impl<'a> Description<'a> {
    pub(crate) fn new(definitions: &'a mut Definitions) -> Self {
        Self {
            definitions,
            properties: Map::new(),
            required: Vec::new(),
            rules: Vec::new(),
        }
    }

    pub(crate) fn key<T: Value>(&mut self, key: &'static str, about: &'static str, required: bool) {
        let schema = T::schema(self.definitions);
        // What stands beside a `$ref` is ignored.
        let mut described = match schema {
            Json::Object(object) if !object.contains_key("$ref") => object,
            reference => Map::from_iter([("allOf".to_owned(), json!([reference]))]),
        };
        described.insert("description".to_owned(), json!(about));
        self.properties.insert(key.to_owned(), Json::Object(described));
        if required {
            self.required.push(key);
        }
    }

    pub(crate) fn rule(&mut self, rule: Json) {
        self.rules.push(rule);
    }

    pub(crate) fn into_schema(self) -> Json {
        let mut schema = json!({
            "type": "object",
            "properties": self.properties,
            "additionalProperties": false,
        });
        if !self.required.is_empty() {
            schema["required"] = json!(self.required);
        }
        if !self.rules.is_empty() {
            schema["allOf"] = json!(self.rules);
        }
        schema
    }
}

pub(crate) fn exactly_one_of(keys: &[&str]) -> Json {
    let each: Vec<Json> = keys.iter().map(|key| json!({ "required": [key] })).collect();
    json!({ "oneOf": each })
}

pub(crate) fn at_most_one_of(keys: &[&str]) -> Json {
    let each = keys.iter().enumerate();
    let pairs: Vec<Json> = each
        .flat_map(|(index, key)| {
            let others = keys[index + 1..].iter();
            others.map(move |other| json!({ "required": [key, other] }))
        })
        .collect();
    json!({ "not": { "anyOf": pairs } })
}

/// The lists of these keys have an item unless that key is there.
pub(crate) fn needed_unless(unless: &str, keys: &[&str]) -> Json {
    let filled = keys
        .iter()
        .map(|key| ((*key).to_owned(), json!({ "minItems": 1 })));
    json!({
        "if": { "not": { "required": [unless] } },
        "then": { "required": keys, "properties": Map::from_iter(filled) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_that_is_checked_in_is_this_one() {
        let stale = include_str!("../../../docs/broker.schema.json") != schema();
        assert!(
            !stale,
            "write it anew: cargo run -p inapp -- config schema > docs/broker.schema.json"
        );
    }

    #[test]
    fn files_name_the_schema_in_their_first_line() {
        for (file, name) in [
            (
                include_str!("../../../tests/fixtures/demo.toml"),
                "../../docs/broker.schema.json",
            ),
            (
                include_str!("../../../docs/white-labels.toml"),
                "./broker.schema.json",
            ),
        ] {
            assert_eq!(file.lines().next(), Some(format!("#:schema {name}").as_str()));
        }
    }
}
