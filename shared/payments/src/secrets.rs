//! The secrets shared with payment providers.

use std::{collections::BTreeMap, fmt};

use domain::{BrokerName, MethodId};
use serde_json::Value;

/// The secret shared with one provider for one broker: a text, or an object of texts. Its `Debug` is redacted.
#[derive(Clone, PartialEq)]
pub struct ProviderSecret(Value);

impl ProviderSecret {
    /// The secret, if it is a text.
    pub fn text(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// A member of the secret, if it is an object.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

impl From<Value> for ProviderSecret {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl fmt::Debug for ProviderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderSecret([redacted])")
    }
}

/// The secrets in `PAYMENT_SECRETS_ID`, by payment method and broker name.
#[derive(Debug)]
pub struct PaymentSecrets(BTreeMap<String, BTreeMap<BrokerName, ProviderSecret>>);

impl PaymentSecrets {
    /// Reads `{"<method>": {"<brokerName>": ...}}`, where the innermost value is the [`ProviderSecret`].
    ///
    /// # Errors
    /// The expected shape, without any part of the value.
    pub fn parse(text: &str) -> Result<Self, String> {
        let methods: BTreeMap<String, BTreeMap<BrokerName, Value>> = serde_json::from_str(text)
            .map_err(|_| "must be JSON: {\"<method>\": {\"<brokerName>\": \"whsec_...\"}}".to_owned())?;
        let secrets = methods.into_iter().map(|(method, brokers)| {
            let brokers = brokers.into_iter();
            (
                method,
                brokers.map(|(name, value)| (name, value.into())).collect(),
            )
        });
        Ok(Self(secrets.collect()))
    }

    /// The secrets of a payment method, by broker name; `None` if it has none.
    pub fn of_method(&self, method: &MethodId) -> Option<&BTreeMap<BrokerName, ProviderSecret>> {
        self.0.get(method.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_more_than_one_shape_and_are_never_printed() {
        let text = r#"{"card": {"a": "whsec_canary"}, "praxis": {"a": {"merchantSecret": "canary"}}}"#;
        let secrets = PaymentSecrets::parse(text).unwrap();
        let of_method = |method: &str| secrets.of_method(&method.parse().unwrap());
        assert_eq!(of_method("card").unwrap()["a"].text(), Some("whsec_canary"));
        let praxis = &of_method("praxis").unwrap()["a"];
        assert_eq!(praxis.member("merchantSecret"), Some("canary"));
        assert_eq!((praxis.text(), praxis.member("other")), (None, None));
        assert!(of_method("none").is_none());
        assert!(!format!("{secrets:?}").contains("canary"));
    }

    #[test]
    fn what_is_no_such_object_is_refused_without_repeating_it() {
        for text in ["", "canary", "[]", r#"{"card": "canary"}"#] {
            let error = PaymentSecrets::parse(text).unwrap_err();
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
