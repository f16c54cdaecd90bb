//! Requests as the table holds them, read back whole: for events and for the operator.

use std::{collections::BTreeMap, str::FromStr};

use domain::{Attribution, BrokerName, Identity, Launch, Source};
use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value},
};

use crate::{Outcome, Status, TableError, record::Item};

/// A request and what became of it. Serializes to the `data` of events, absent values left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// The request's id.
    pub request_id: String,
    /// What the trader was told: the first ten characters of the id.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// On which screen: `deposit`, `kyc`, `action` or `chat`.
    pub action: String,
    /// Which custom action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_type: Option<String>,
    /// Name of the broker, as in `broker.toml`.
    pub broker: BrokerName,
    /// Who. `trading_login` is the login for calls under `/v2/webserv/`.
    pub identity: Identity,
    /// Opened how. The theme is not kept.
    pub launch: Launch,
    /// Where from.
    #[serde(skip_serializing_if = "Attribution::is_empty")]
    pub attribution: Attribution,
    /// The form's fields by name.
    pub fields: BTreeMap<String, String>,
    /// When it was recorded: RFC 3339 with milliseconds.
    pub recorded_at: String,
    /// What the broker's backend told the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Where the broker's backend sent the trader. Not in events: such a URL may open somebody's payment.
    #[serde(skip)]
    pub redirect: Option<String>,
    /// When it got the status that it has, unless that is [`Status::Recorded`].
    #[serde(skip)]
    pub concluded_at: Option<String>,
    /// Each change of status after it was recorded, the oldest first.
    #[serde(skip)]
    pub history: Vec<Step>,
}

/// A change of status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Since then.
    pub status: Status,
    /// When: RFC 3339 with milliseconds.
    pub at: String,
    /// What the broker's backend told the trader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl RequestRecord {
    /// Reads an item of the table.
    ///
    /// # Errors
    /// [`TableError::Damaged`] names the attribute that is absent or not of the expected form.
    pub fn read(item: &Item) -> Result<Self, TableError> {
        let attributes = Attributes(item);
        let text = |name| attributes.text(name).map(ToOwned::to_owned);
        let outcome = attributes.outcome()?;
        let broker = BrokerName::from(attributes.text("broker")?);
        let id = attributes.text("pk")?.strip_prefix("request#");
        Ok(Self {
            request_id: id.ok_or(TableError::Damaged("pk"))?.to_owned(),
            reference: text("reference")?,
            status: outcome
                .as_ref()
                .map_or(Status::Recorded, |outcome| outcome.status),
            action: text("action")?,
            action_type: attributes.optional("action_type"),
            identity: attributes.identity(&broker)?,
            broker,
            launch: attributes.launch()?,
            attribution: attributes.attribution()?,
            fields: attributes.texts("fields")?,
            recorded_at: text("recorded_at")?,
            message: outcome.as_ref().and_then(|outcome| outcome.message.clone()),
            redirect: outcome.and_then(|outcome| outcome.redirect),
            concluded_at: attributes.optional("concluded_at"),
            history: attributes.history()?,
        })
    }
}

/// The attributes of an item, by name.
#[derive(Clone, Copy)]
pub(crate) struct Attributes<'a>(pub(crate) &'a Item);

impl<'a> Attributes<'a> {
    pub(crate) fn text(self, name: &'static str) -> Result<&'a str, TableError> {
        let value = self.0.get(name).and_then(|value| value.as_s().ok());
        value.map(String::as_str).ok_or(TableError::Damaged(name))
    }

    fn optional(self, name: &'static str) -> Option<String> {
        self.text(name).ok().map(ToOwned::to_owned)
    }

    fn number(self, name: &'static str) -> Result<Option<i64>, TableError> {
        let digits = self.0.get(name).map(|value| value.as_n());
        let number = digits.map(|digits| digits.ok().and_then(|digits| i64::from_str(digits).ok()));
        number
            .map(|number| number.ok_or(TableError::Damaged(name)))
            .transpose()
    }

    /// A map of texts.
    pub(crate) fn texts(self, name: &'static str) -> Result<BTreeMap<String, String>, TableError> {
        let map = self.0.get(name).and_then(|value| value.as_m().ok());
        let entries = map.ok_or(TableError::Damaged(name))?.iter();
        entries
            .map(|(key, value)| {
                let text = value.as_s().map_err(|_| TableError::Damaged(name))?;
                Ok((key.clone(), text.clone()))
            })
            .collect()
    }

    pub(crate) fn identity(self, broker: &BrokerName) -> Result<Identity, TableError> {
        Ok(Identity {
            user_id: self.number("user_id")?.ok_or(TableError::Damaged("user_id"))?,
            trader_id: self.number("trader_id")?,
            account_id: self.number("account_id")?,
            broker_name: Some(broker.clone()),
            email: self.optional("email"),
            trading_login: self.number("trading_login")?,
        })
    }

    pub(crate) fn launch(self) -> Result<Launch, TableError> {
        Ok(Launch {
            account: self.number("launch_account")?,
            lang: self.optional("lang"),
            theme: None,
            source: self.source()?,
            action_type: self.optional("action_type"),
            kyc_type: self.optional("kyc_type"),
        })
    }

    pub(crate) fn attribution(self) -> Result<Attribution, TableError> {
        match self.0.contains_key("attribution") {
            true => self.texts("attribution"),
            false => Ok(Attribution::new()),
        }
    }

    /// Items from before there were outcomes have no status: they are recorded.
    fn status(self) -> Result<Status, TableError> {
        match self.0.contains_key("status") {
            true => self
                .text("status")?
                .parse()
                .map_err(|_| TableError::Damaged("status")),
            false => Ok(Status::Recorded),
        }
    }

    pub(crate) fn outcome(self) -> Result<Option<Outcome>, TableError> {
        let status = self.status()?;
        Ok((status != Status::Recorded).then(|| Outcome {
            status,
            message: self.optional("outcome_message"),
            redirect: self.optional("outcome_redirect"),
        }))
    }

    fn source(self) -> Result<Option<Source>, TableError> {
        if !self.0.contains_key("source") {
            return Ok(None);
        }
        let source: value::StrDeserializer<value::Error> = self.text("source")?.into_deserializer();
        let source = Source::deserialize(source).map_err(|_| TableError::Damaged("source"))?;
        Ok(Some(source))
    }

    fn history(self) -> Result<Vec<Step>, TableError> {
        let steps = self.0.get("history").map(|steps| steps.as_l());
        let steps = steps.transpose().map_err(|_| TableError::Damaged("history"))?;
        steps
            .into_iter()
            .flatten()
            .map(|step| {
                let step = step.as_m().map_err(|_| TableError::Damaged("history"))?;
                let step = Attributes(step);
                Ok(Step {
                    status: step.status()?,
                    at: step.text("at")?.to_owned(),
                    message: step.optional("message"),
                })
            })
            .collect()
    }
}
