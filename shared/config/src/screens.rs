//! `[kyc]` and `[chat]`: the identity screen and the support screen.

use crate::{
    EventName, Id, Redirect, Text,
    read::{Located, Position, Section, Table},
    redirect::RedirectSettings,
};

pub(crate) const EVENT_NAME: &str =
    "eventName of the success URL after success, for cTrader Mobile's analytics.";
pub(crate) const REDIRECT: &str =
    "A page of your own in place of the form. It gets the signed assertion of who the trader is.";

/// The settings of the identity screen.
#[derive(Clone, Debug)]
pub struct KycSettings {
    redirect: Option<RedirectSettings>,
    /// `eventName` of the success URL after success, for cTrader Mobile's analytics.
    pub event_name: Option<EventName>,
    /// Documents that the trader can choose. Empty only if the screen redirects.
    pub documents: Vec<NamedOption>,
}

impl KycSettings {
    /// The broker's own page in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(RedirectSettings::redirect)
    }
}

impl Section for KycSettings {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let redirect = table.optional("redirect", REDIRECT);
        let event_name = table.optional("event_name", EVENT_NAME);
        let documents = NamedOption::list(table, "documents", "Documents that the trader can choose.");
        table.require_in_form(&["documents"]);
        Some(Self {
            redirect,
            event_name,
            documents,
        })
    }
}

/// The settings of the support screen.
#[derive(Clone, Debug)]
pub struct ChatSettings {
    redirect: Option<RedirectSettings>,
    /// `eventName` of the success URL after success, for cTrader Mobile's analytics.
    pub event_name: Option<EventName>,
    /// Topics that the trader can choose. Empty only if the screen redirects.
    pub topics: Vec<NamedOption>,
}

impl ChatSettings {
    /// The broker's own page in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(RedirectSettings::redirect)
    }
}

impl Section for ChatSettings {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let redirect = table.optional("redirect", REDIRECT);
        let event_name = table.optional("event_name", EVENT_NAME);
        let topics = NamedOption::list(table, "topics", "Topics that the trader can choose.");
        table.require_in_form(&["topics"]);
        Some(Self {
            redirect,
            event_name,
            topics,
        })
    }
}

/// An option that the trader can choose.
#[derive(Clone, Debug)]
pub struct NamedOption {
    /// Stable id, used in forms and records.
    pub id: Id,
    position: Position,
    /// Name of the option, for traders.
    pub label: Text,
}

impl NamedOption {
    /// Reads a list of options. Reports ids that are listed twice.
    pub(crate) fn list(table: &mut Table<'_>, key: &'static str, about: &'static str) -> Vec<Self> {
        let items: Vec<Self> = table.list(key, about);
        let ids = items.iter().map(|item| (&item.id, item.position));
        table.unique(&format!("{key}.id"), ids);
        items
    }
}

impl Section for NamedOption {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let id: Option<Located<Id>> = table.required("id", "Stable id: it is in records.");
        let label = table.required("label", "Name of the option, for traders.");
        let id = id?;
        Some(Self {
            id: id.value,
            position: id.position,
            label: label?,
        })
    }
}
