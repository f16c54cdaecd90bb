//! The top level of the file, and `[[brokers]]`.

use std::collections::{BTreeMap, HashSet};

use domain::BrokerName;

use crate::{
    ChatSettings, Colour, CustomAction, DepositSettings, ExitUrl, FrameAncestor, KycSettings, Logo, Origin,
    Retention, Text,
    own_texts::{OwnTexts, is_language},
    read::{Located, NonEmptyList, Position, Section, Table},
    values::{BoundedInteger, Id, PlainText},
};

/// How many records a trader may make in a day, unless `broker.toml` says otherwise.
const RECORDS_PER_DAY: u32 = 50;

/// A checked `broker.toml`.
#[derive(Clone, Debug)]
pub struct Config {
    /// Language codes. The first is the default.
    pub languages: Vec<String>,
    /// The URL that X, Close and Done lead to. cTrader closes the screen when it is visited.
    pub success_url: ExitUrl,
    /// The URL that Close leads to after an action failed.
    pub failure_url: ExitUrl,
    /// Origins that may frame the screens.
    pub frame_ancestors: Vec<FrameAncestor>,
    /// Origins that the broker's own pages and cashiers redirect traders to. The content security policy needs
    /// them, because Chromium checks every redirect that follows a form.
    pub onward_origins: Vec<Origin>,
    /// The brokers, or white labels, that use this deployment.
    pub brokers: Vec<Broker>,
    /// The deposit screen.
    pub deposit: DepositSettings,
    /// The identity screen.
    pub kyc: KycSettings,
    /// The support screen.
    pub chat: ChatSettings,
    /// How many records a trader may make in one day (UTC), on all screens together.
    pub records_per_day: u32,
    /// How long records are kept.
    pub retention: Retention,
    /// The broker's own texts, by language and key. They replace built-in texts or add a language.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Custom actions.
    pub actions: Vec<CustomAction>,
    /// The type of the action that `/inapp/action` without `actionType` opens.
    pub default_action: Option<Id>,
}

impl Section for Config {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let texts = table.optional::<OwnTexts>(
            "texts",
            "The broker's own texts in Fluent, by language and key. The keys are in shared/web/locales/en.ftl.",
        );
        let texts = texts.unwrap_or_default().0;
        // These come first, because other sections refer to them.
        let languages = languages(table, &texts);
        let brokers = brokers(table);
        let success_url = table.optional(
            "success_url",
            "Where X, Close and Done lead: a path of this deployment, or a URL with https. cTrader closes the screen there.",
        );
        let failure_url = table.optional(
            "failure_url",
            "Where Close leads after the broker's backend has refused an action.",
        );
        let frame_ancestors = table.optional::<NonEmptyList<_>>(
            "frame_ancestors",
            "Origins that may frame the screens. A white label has its own: list each, or its screens stay blank.",
        );
        let onward_origins = table.list(
            "onward_origins",
            "Origins that your own pages and cashiers redirect traders to.",
        );
        let records_per_day: Option<BoundedInteger<1, 10_000>> = table.optional(
            "records_per_day",
            "How many deposits and other requests one trader may make in a day (UTC). Default: 50.",
        );
        let deposit = table.required("deposit", "The deposit screen.");
        let kyc = table.required("kyc", "The identity screen.");
        let chat = table.required("chat", "The support screen.");
        let retention: Option<Retention> = table.optional(
            "retention",
            "How long records are kept. Deposits are kept for ever.",
        );
        let actions: Vec<CustomAction> = table.list(
            "actions",
            "Custom actions. cTrader opens /inapp/action?actionType=... with the type of one of them.",
        );
        let types = actions
            .iter()
            .map(|action| (&action.action_type, action.position));
        table.unique("actions.type", types);
        let default_action = table.optional::<Id>(
            "default_action",
            "The `type` of the action that cTrader's /inapp/action opens without actionType. Without it, such a URL is an error.",
        );
        if let Some(named) = &default_action
            && !actions.iter().any(|action| action.action_type == *named)
        {
            table.mistake("default_action", "is not the `type` of one of [[actions]]");
        }
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
            records_per_day: records_per_day.map_or(RECORDS_PER_DAY, |most| most.0),
            retention: retention.unwrap_or_default(),
            texts,
            actions,
            default_action,
        })
    }
}

fn languages(
    table: &mut Table<'_>,
    texts: &BTreeMap<String, BTreeMap<String, String>>,
) -> Option<Vec<String>> {
    let mistakes = table.mistakes();
    let languages: Option<NonEmptyList<Located<PlainText>>> = table.required(
        "languages",
        "Codes of the screens' languages. The first one is for traders whose language is not listed.",
    );
    let languages = languages?.0;
    let mut seen = HashSet::new();
    for Located { value, position } in &languages {
        let code = value.0.as_str();
        let known = table
            .context()
            .map_or(&[][..], |context| &context.built_in.languages);
        if !is_language(code) || !known.contains(&code) && !texts.contains_key(code) {
            let known = known.join(", ");
            let rule =
                format!("lists `{code}`: neither one of {known} nor a language with texts in [texts.{code}]");
            table.mistake_at(*position, "languages", rule);
        }
        if !seen.insert(code) {
            table.mistake_at(*position, "languages", "lists a language twice");
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
    let brokers: Option<NonEmptyList<Broker>> =
        table.required("brokers", "One for each brokerName that uses this deployment.");
    let brokers = brokers?.0;
    let names = brokers.iter().map(|broker| (&broker.name, broker.name_position));
    table.unique("brokers.name", names);
    if let Some(context) = table.context()
        && context.count() == mistakes
    {
        let names = brokers.iter().map(|broker| broker.name.clone());
        let _ = context.brokers.set(names.collect());
    }
    Some(brokers)
}

/// A broker or white label.
#[derive(Clone, Debug)]
pub struct Broker {
    /// cTrader's `brokerName`, case-sensitive.
    pub name: BrokerName,
    name_position: Position,
    /// The name that traders know the broker by.
    pub display_name: String,
    /// Colour of the primary button and of outlines.
    pub accent: Colour,
    pub(crate) accent_position: Position,
    /// The logo in the header of each screen.
    pub logo: Option<Logo>,
    /// The logo on dark pages, if it must differ.
    pub logo_dark: Option<Logo>,
    /// The legal line at the bottom of each screen.
    pub legal: Text,
}

impl Section for Broker {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let name: Option<Located<BrokerName>> =
            table.required("name", "Spotware's brokerName, case-sensitive.");
        let display_name: Option<PlainText> =
            table.required("display_name", "The name that traders know the broker by.");
        let accent: Option<Located<Colour>> =
            table.required("accent", "Colour of the primary button and of outlines: #rrggbb.");
        let logo = table.optional(
            "logo",
            "SVG drawing for the header of each screen. Maximum: 4,096 bytes.",
        );
        let logo_dark = table.optional("logo_dark", "The logo on dark pages, if it must differ.");
        let legal = table.required(
            "legal",
            "The legal entity, at the bottom of each screen. Spotware checks that it is the right one.",
        );
        let (name, accent) = (name?, accent?);
        Some(Self {
            name: name.value,
            name_position: name.position,
            display_name: display_name?.0,
            accent: accent.value,
            accent_position: accent.position,
            logo,
            logo_dark,
            legal: legal?,
        })
    }
}
