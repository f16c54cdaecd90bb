//! The JSON Schema of `broker.toml`, for editors. Made by the same [`Section`](crate::read::Section) functions that
//! read the file.

use serde_json::{Map, Value as Json, json};

use crate::{Config, read::Value};

/// The JSON Schema of `broker.toml`. `docs/broker.schema.json` is this text.
pub fn schema() -> String {
    let mut definitions = Definitions::default();
    let mut schema = Config::schema(&mut definitions);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("broker.toml");
    schema["definitions"] = Json::Object(definitions.0);
    format!("{schema:#}\n")
}

/// Schemas that are used in several places, by name.
#[derive(Default)]
pub(crate) struct Definitions(Map<String, Json>);

impl Definitions {
    /// A reference to the schema with this name. `schema` makes it on the first call.
    pub(crate) fn named(&mut self, name: &str, schema: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.0.contains_key(name) {
            let schema = schema(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }
}

/// The schema of a table with known keys, while it is built.
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
        // Draft 7 ignores keys beside a `$ref`, so the reference goes into `allOf`.
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

/// The lists with these keys must have an item, unless the key `unless` is present.
pub(crate) fn required_unless(unless: &str, keys: &[&str]) -> Json {
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
    fn the_checked_in_schema_is_up_to_date() {
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
