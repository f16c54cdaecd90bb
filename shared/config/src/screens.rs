//! `[kyc]` and `[chat]`: the identity screen and the support screen.

use crate::{
    EventName, Id, Redirect, Text,
    read::{At, Place, Section, Table},
    redirect::Destination,
};

pub(crate) const EVENT_NAME: &str =
    "eventName on the success URL after success, for cTrader Mobile's analytics.";
pub(crate) const REDIRECT: &str =
    "A page of your own in place of the form. It gets the signed assertion of who the trader is.";

/// The identity screen.
#[derive(Clone, Debug)]
pub struct Kyc {
    redirect: Option<Destination>,
    /// As for deposits.
    pub event_name: Option<EventName>,
    /// Documents to identify with. A form has at least one.
    pub documents: Vec<Named>,
}

impl Kyc {
    /// The page of the broker's own in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(Destination::redirect)
    }
}

impl Section for Kyc {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let redirect = table.optional("redirect", REDIRECT);
        let event_name = table.optional("event_name", EVENT_NAME);
        let documents = Named::list(table, "documents", "Documents to identify with.");
        table.needed_in_a_form(&["documents"]);
        Some(Self {
            redirect,
            event_name,
            documents,
        })
    }
}

/// The support screen.
#[derive(Clone, Debug)]
pub struct Chat {
    redirect: Option<Destination>,
    /// As for deposits.
    pub event_name: Option<EventName>,
    /// What a message can be about. A form has at least one.
    pub topics: Vec<Named>,
}

impl Chat {
    /// The page of the broker's own in place of the form, if there is one.
    pub fn redirect(&self) -> Option<Redirect<'_>> {
        self.redirect.as_ref().map(Destination::redirect)
    }
}

impl Section for Chat {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let redirect = table.optional("redirect", REDIRECT);
        let event_name = table.optional("event_name", EVENT_NAME);
        let topics = Named::list(table, "topics", "What a message can be about.");
        table.needed_in_a_form(&["topics"]);
        Some(Self {
            redirect,
            event_name,
            topics,
        })
    }
}

/// Something to choose.
#[derive(Clone, Debug)]
pub struct Named {
    /// Stable id, used in forms and records.
    pub id: Id,
    place: Place,
    /// Its name.
    pub label: Text,
}

impl Named {
    /// A list of things to choose from, the ids of which differ.
    pub(crate) fn list(table: &mut Table<'_>, key: &'static str, about: &'static str) -> Vec<Self> {
        let items: Vec<Self> = table.list(key, about);
        let ids = items.iter().map(|item| (&item.id, item.place));
        table.unique(&format!("{key}.id"), ids);
        items
    }
}

impl Section for Named {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let id: Option<At<Id>> = table.required("id", "Stable: it is in records.");
        let label = table.required("label", "Its name.");
        let id = id?;
        Some(Self {
            id: id.value,
            place: id.place,
            label: label?,
        })
    }
}
