//! The whole file, and the brokers.

use std::collections::{BTreeMap, HashSet};

use domain::BrokerName;

use crate::{
    Chat, Colour, CustomAction, Deposit, ExitUrl, FrameAncestor, Kyc, Logo, Origin, Text,
    own_texts::{OwnTexts, is_language},
    read::{At, Filled, Place, Section, Table},
    values::Words,
};

/// The whole file.
#[derive(Clone, Debug)]
pub struct Config {
    /// Language codes; the first is the default.
    pub languages: Vec<String>,
    /// Where X, Back and Done lead; visiting it makes cTrader close the screen.
    pub success_url: ExitUrl,
    /// Where Close leads after an action failed.
    pub failure_url: ExitUrl,
    /// Who may show the screens in a frame.
    pub frame_ancestors: Vec<FrameAncestor>,
    /// Origins that pages and cashiers of the broker's own redirect on to. Chromium holds a redirect that answers a form to
    /// the origins that the form's page names, and each redirect after that too.
    pub onward_origins: Vec<Origin>,
    /// The brokers, or white labels, that use this deployment.
    pub brokers: Vec<Broker>,
    /// The deposit screen.
    pub deposit: Deposit,
    /// The identity screen.
    pub kyc: Kyc,
    /// The support screen.
    pub chat: Chat,
    /// The broker's own words for the screens' texts, by language and key; a language with none of its own texts may
    /// be added so.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Custom actions.
    pub actions: Vec<CustomAction>,
}

impl Section for Config {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let texts = table.optional::<OwnTexts>(
            "texts",
            "The broker's own words, by language and key of shared/web/locales/en.ftl, in Fluent.",
        );
        let texts = texts.unwrap_or_default().0;
        // What other sections refer to comes first.
        let languages = languages(table, &texts);
        let brokers = brokers(table);
        let success_url = table.optional(
            "success_url",
            "Where X, Close and Done lead: a path of ours, or a URL with https. cTrader closes the screen there.",
        );
        let failure_url = table.optional(
            "failure_url",
            "Where Close leads after the broker's backend has refused an action.",
        );
        let frame_ancestors = table.optional::<Filled<_>>(
            "frame_ancestors",
            "Origins that may show the screens in a frame. White labels have their own: list each, or their screens stay blank.",
        );
        let onward_origins = table.list(
            "onward_origins",
            "Origins that pages and cashiers of the broker's own redirect traders on to.",
        );
        let deposit = table.required("deposit", "The deposit screen.");
        let kyc = table.required("kyc", "The identity screen.");
        let chat = table.required("chat", "The support screen.");
        let actions: Vec<CustomAction> = table.list(
            "actions",
            "Custom actions: cTrader opens /inapp/action?actionType=... with the type of one of them.",
        );
        let types = actions.iter().map(|action| (&action.action_type, action.place));
        table.unique("actions.type", types);
        Some(Self {
            languages: languages?,
            success_url: success_url.unwrap_or_else(ExitUrl::success),
            failure_url: failure_url.unwrap_or_else(ExitUrl::failure),
            frame_ancestors: frame_ancestors
                .map_or_else(|| vec![FrameAncestor::ctrader_web()], |listed| listed.0),
            onward_origins,
            brokers: brokers?,
            deposit: deposit?,
            kyc: kyc?,
            chat: chat?,
            texts,
            actions,
        })
    }
}

fn languages(
    table: &mut Table<'_>,
    texts: &BTreeMap<String, BTreeMap<String, String>>,
) -> Option<Vec<String>> {
    let mistakes = table.mistakes();
    let languages: Option<Filled<At<Words>>> = table.required(
        "languages",
        "Codes of the screens' languages. The first one serves whoever's language is not listed.",
    );
    let languages = languages?.0;
    let mut seen = HashSet::new();
    for At { value, place } in &languages {
        let code = value.0.as_str();
        let known = table
            .context()
            .map_or(&[][..], |context| &context.built_in.languages);
        if !is_language(code) || !known.contains(&code) && !texts.contains_key(code) {
            let known = known.join(", ");
            let rule =
                format!("lists `{code}`, which is neither one of {known} nor has texts under [texts.{code}]");
            table.mistake_at(*place, "languages", rule);
        }
        if !seen.insert(code) {
            table.mistake_at(*place, "languages", "names a language twice");
        }
    }
    let codes: Vec<String> = languages.into_iter().map(|language| language.value.0).collect();
    if let Some(context) = table.context()
        && context.count() == mistakes
    {
        let _ = context.languages.set(codes.clone());
    }
    Some(codes)
}

fn brokers(table: &mut Table<'_>) -> Option<Vec<Broker>> {
    let mistakes = table.mistakes();
    let brokers: Option<Filled<Broker>> =
        table.required("brokers", "One for each brokerName that uses this deployment.");
    let brokers = brokers?.0;
    let names = brokers.iter().map(|broker| (&broker.name, broker.name_place));
    table.unique("brokers.name", names);
    if let Some(context) = table.context()
        && context.count() == mistakes
    {
        let names = brokers.iter().map(|broker| broker.name.clone());
        let _ = context.brokers.set(names.collect());
    }
    Some(brokers)
}

/// One broker, or white label.
#[derive(Clone, Debug)]
pub struct Broker {
    /// cTrader's `brokerName`; exact, case-sensitive.
    pub name: BrokerName,
    name_place: Place,
    /// The name that traders know.
    pub display_name: String,
    /// Colour of the primary button and of outlines.
    pub accent: Colour,
    pub(crate) accent_place: Place,
    /// Shown in the bar of each screen.
    pub logo: Option<Logo>,
    /// The logo on dark pages, where the other one is hard to see.
    pub logo_dark: Option<Logo>,
    /// The legal line at the bottom of each screen.
    pub legal: Text,
}

impl Section for Broker {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let name: Option<At<BrokerName>> =
            table.required("name", "Spotware's brokerName, exact to the letter.");
        let display_name: Option<Words> = table.required("display_name", "The name that traders know.");
        let accent: Option<At<Colour>> =
            table.required("accent", "Colour of the primary button and of outlines: #rrggbb.");
        let logo = table.optional(
            "logo",
            "SVG drawing for the bar of each screen, at most 4,096 bytes.",
        );
        let logo_dark = table.optional("logo_dark", "The logo on dark pages, if it must differ.");
        let legal = table.required(
            "legal",
            "The legal entity, at the bottom of each screen. Spotware checks that it is the right one.",
        );
        let (name, accent) = (name?, accent?);
        Some(Self {
            name: name.value,
            name_place: name.place,
            display_name: display_name?.0,
            accent: accent.value,
            accent_place: accent.place,
            logo,
            logo_dark,
            legal: legal?,
        })
    }
}
