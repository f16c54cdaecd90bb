//! What the types of [`crate::model`] cannot say.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    ops::Range,
};

use rust_decimal::Decimal;
use toml::Spanned;

use crate::{
    Colour, Config, CustomAction, CustomField, FieldKind, Limits, Method, MethodKind, Mode, Named,
    PageColours, PageUrl, Target, Text, Vocabulary,
    vocabulary::{keys, message, sign},
};

/// A mistake in `broker.toml`.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The line it is in, counted from 1; unknown where something is absent from the file as a whole.
    pub line: Option<usize>,
    /// What is wrong, with the key it is about.
    pub message: String,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "broker.toml line {line}: {}", self.message),
            None => write!(f, "broker.toml: {}", self.message),
        }
    }
}

impl ConfigError {
    /// The parser's own complaint, with the key of the line that it points at.
    pub(crate) fn syntax(source: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| line_of(source, &span));
        let key = line
            .and_then(|line| source.lines().nth(line - 1))
            .and_then(|text| text.split_once('='))
            .map(|(key, _)| key.trim())
            .filter(|key| !error.message().contains(&format!("`{key}`")));
        let message = match key {
            Some(key) => format!("`{key}`: {}", error.message()),
            None => error.message().to_owned(),
        };
        Self { line, message }
    }
}

fn line_of(source: &str, span: &Range<usize>) -> usize {
    1 + source
        .bytes()
        .take(span.start)
        .filter(|byte| *byte == b'\n')
        .count()
}

type Checked = Result<(), ConfigError>;

pub(crate) fn check(config: &Config, source: &str, vocabulary: &Vocabulary) -> Checked {
    let check = Checker { config, source };
    check.languages(vocabulary)?;
    check.texts(vocabulary)?;
    check.urls()?;
    check.brokers()?;
    check.deposit()?;
    let kyc = &config.kyc;
    check.mode("kyc", &kyc.mode, kyc.target.as_ref(), kyc.framed.as_ref())?;
    check.some_in_form("kyc.documents", &kyc.documents, &kyc.mode)?;
    check.options("kyc.documents", kyc.documents.get_ref())?;
    check.event_name("kyc.event_name", kyc.event_name.as_ref())?;
    let chat = &config.chat;
    check.mode("chat", &chat.mode, chat.target.as_ref(), chat.framed.as_ref())?;
    check.some_in_form("chat.topics", &chat.topics, &chat.mode)?;
    check.options("chat.topics", chat.topics.get_ref())?;
    check.event_name("chat.event_name", chat.event_name.as_ref())?;
    check.actions()
}

/// Where the pages are not in the broker's colour as it is.
pub(crate) fn advice(config: &Config, source: &str) -> Vec<String> {
    let mut advice = Vec::new();
    for broker in &config.brokers {
        let accent = *broker.accent.get_ref();
        let mut say = |what: String| {
            let line = line_of(source, &broker.accent.span());
            advice.push(format!("broker.toml line {line}: `accent` {accent} {what}"));
        };
        if accent.text() == Colour::BLACK {
            let ratio = accent.contrast(Colour::WHITE);
            say(format!(
                "leaves {ratio:.1}:1 to white text (4.5 are needed), so its buttons have black text"
            ));
        }
        for theme in [PageColours::LIGHT, PageColours::DARK] {
            let outline = accent.outline(theme);
            if outline != accent {
                let ratio = accent.contrast(theme.page);
                let name = theme.name;
                say(format!(
                    "has {ratio:.1}:1 on {name} pages (3 are needed), so outlines there are {outline}"
                ));
            }
        }
    }
    advice
}

struct Checker<'a> {
    config: &'a Config,
    source: &'a str,
}

impl Checker<'_> {
    /// `Err` with the place of `at` unless `fine`.
    fn ensure<T>(&self, fine: bool, at: &Spanned<T>, key: &str, rule: &str) -> Checked {
        if fine {
            return Ok(());
        }
        // What is not there has no place; its section may.
        let absent = at.span().is_empty();
        let line = if absent {
            let section = key.split('.').next().unwrap_or_default();
            let header = |line: &str| line.trim() == format!("[{section}]");
            self.source.lines().position(header).map(|index| index + 1)
        } else {
            Some(line_of(self.source, &at.span()))
        };
        let message = format!("`{key}` {rule}");
        Err(ConfigError { line, message })
    }

    fn languages(&self, vocabulary: &Vocabulary) -> Checked {
        let languages = &self.config.languages;
        let codes = languages.get_ref();
        self.ensure(
            !codes.is_empty(),
            languages,
            "languages",
            "must list at least one language",
        )?;
        for code in codes {
            let spoken =
                vocabulary.languages.contains(&code.as_str()) || self.config.texts.contains_key(code);
            let known = vocabulary.languages.join(", ");
            let rule =
                format!("lists `{code}`, which is neither one of {known} nor has texts under [texts.{code}]");
            self.ensure(spoken && is_language(code), languages, "languages", &rule)?;
        }
        let distinct: HashSet<_> = codes.iter().collect();
        self.ensure(
            distinct.len() == codes.len(),
            languages,
            "languages",
            "names a language twice",
        )
    }

    /// The broker's own words have the keys and variables of the texts that they replace.
    fn texts(&self, vocabulary: &Vocabulary) -> Checked {
        if self.config.texts.is_empty() {
            return Ok(());
        }
        let known = vocabulary.keys().map_err(|message| ConfigError {
            line: None,
            message: format!("the English texts: {message}"),
        })?;
        for (language, texts) in &self.config.texts {
            for (key, text) in texts {
                let name = format!("texts.{language}.{key}");
                let Some(allowed) = known.get(key) else {
                    return self.ensure(
                        false,
                        text,
                        &name,
                        "is no text of the screens; see locales/en.ftl",
                    );
                };
                let fine = is_language(language) && !text.get_ref().trim().is_empty();
                self.ensure(fine, text, &name, "must be a text")?;
                // A text that reads as several is none.
                let used = keys(&message(key, text.get_ref()))
                    .ok()
                    .filter(|keys| keys.len() == 1);
                let used = used.as_ref().and_then(|keys| keys.get(key));
                let rule =
                    "must be Fluent: variables in { }, each of which ends, no functions and no other texts";
                self.ensure(used.is_some(), text, &name, rule)?;
                let rule = format!("may use no variables but {allowed:?}");
                self.ensure(
                    used.is_some_and(|used| used.is_subset(allowed)),
                    text,
                    &name,
                    &rule,
                )?;
            }
            let built_in = vocabulary.languages.contains(&language.as_str());
            self.signs(language, texts, built_in)?;
        }
        Ok(())
    }

    /// An amount must not be read wrong: an added language has signs of its own rather than English ones, and whoever
    /// replaces one of the two has both before them.
    fn signs(&self, language: &str, texts: &BTreeMap<String, Spanned<String>>, built_in: bool) -> Checked {
        const KEYS: [&str; 2] = ["decimal-separator", "group-separator"];
        if built_in && !KEYS.iter().any(|key| texts.contains_key(*key)) {
            return Ok(());
        }
        let nowhere = Spanned::new(0..0, String::new());
        let mut signs = Vec::new();
        for key in KEYS {
            let name = format!("texts.{language}.{key}");
            let Some(text) = texts.get(key) else {
                let beside = texts.values().next().unwrap_or(&nowhere);
                let rule = "is needed: an added language has both separators, and whoever replaces one gives the other too";
                return self.ensure(false, beside, &name, rule);
            };
            let sign = sign(text.get_ref());
            let rule = "must be one sign, such as , or { \"\\u00A0\" }";
            self.ensure(sign.is_some(), text, &name, rule)?;
            let rule = "must not be the sign of decimal-separator";
            self.ensure(!signs.contains(&sign), text, &name, rule)?;
            signs.push(sign);
        }
        Ok(())
    }

    fn urls(&self) -> Checked {
        for (key, url, example) in [
            ("success_url", &self.config.success_url, "/callback/success"),
            ("failure_url", &self.config.failure_url, "/callback/failure"),
        ] {
            let text = url.get_ref();
            let path = text.starts_with('/') && !text.starts_with("//");
            let fine = (path || text.starts_with("https://")) && is_plain(text);
            let rule = format!("must be a path such as {example}, or start with https://");
            self.ensure(fine, url, key, &rule)?;
        }

        let ancestors = &self.config.frame_ancestors;
        let rule = "must list at least one origin, or no screen can be shown";
        self.ensure(
            !ancestors.get_ref().is_empty(),
            ancestors,
            "frame_ancestors",
            rule,
        )?;
        for origin in ancestors.get_ref() {
            let rule =
                "must be origins such as https://app.ctrader.com or https://*.example.com, without a path";
            self.ensure(
                is_frame_ancestor(origin.get_ref()),
                origin,
                "frame_ancestors",
                rule,
            )?;
        }
        self.origins("onward_origins", &self.config.onward_origins)
    }

    fn brokers(&self) -> Checked {
        if self.config.brokers.is_empty() {
            return Err(ConfigError {
                line: None,
                message: "`brokers` must list at least one broker".into(),
            });
        }
        let mut names = HashSet::new();
        for broker in &self.config.brokers {
            let name = broker.name.get_ref();
            self.ensure(
                !name.as_str().trim().is_empty() && name.as_str().len() <= 64,
                &broker.name,
                "brokers.name",
                "must be cTrader's brokerName, at most 64 bytes",
            )?;
            self.ensure(
                names.insert(name),
                &broker.name,
                "brokers.name",
                "is listed twice",
            )?;
            self.text("brokers.legal", &broker.legal)?;
        }
        Ok(())
    }

    fn deposit(&self) -> Checked {
        let deposit = &self.config.deposit;
        self.event_name("deposit.event_name", deposit.event_name.as_ref())?;
        let (target, framed) = (deposit.target.as_ref(), deposit.framed.as_ref());
        self.mode("deposit", &deposit.mode, target, framed)?;

        let currencies = &deposit.currencies;
        self.some_in_form("deposit.currencies", currencies, &deposit.mode)?;
        let mut codes = HashSet::new();
        for currency in currencies.get_ref() {
            let code = currency.code.get_ref();
            let shape = (3..=8).contains(&code.len())
                && code
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            self.ensure(
                shape,
                &currency.code,
                "code",
                "must be a currency code such as EUR",
            )?;
            self.ensure(codes.insert(code), &currency.code, "code", "is listed twice")?;
            self.ensure(
                *currency.decimals.get_ref() <= 8,
                &currency.decimals,
                "decimals",
                "must be at most 8: cTrader takes no more",
            )?;
            let decimals = *currency.decimals.get_ref();
            self.amount("min", &currency.min, decimals)?;
            self.amount("max", &currency.max, decimals)?;
            let (min, max) = (currency.min.get_ref(), currency.max.get_ref());
            self.ensure(min <= max, &currency.max, "max", "is less than `min`")?;
            for preset in &currency.presets {
                self.amount("presets", preset, decimals)?;
                let within = (min..=max).contains(&preset.get_ref());
                self.ensure(within, preset, "presets", "must lie between `min` and `max`")?;
            }
        }

        let methods = &deposit.methods;
        self.some_in_form("deposit.methods", methods, &deposit.mode)?;
        let mut ids = HashSet::new();
        for method in methods.get_ref() {
            self.id("deposit.methods.id", &method.id)?;
            self.ensure(
                ids.insert(method.id.get_ref()),
                &method.id,
                "id",
                "is listed twice",
            )?;
            self.text("deposit.methods.label", &method.label)?;
            for (key, text) in [("time", &method.time), ("fee", &method.fee)] {
                if let Some(text) = text {
                    self.text(key, text)?;
                }
            }
            self.method_kind(method)?;
            self.method_currencies(method)?;
            if let Some(hours) = &method.expires_hours {
                let sensible = (1..=8_760).contains(hours.get_ref());
                let rule = "must lie between 1 and 8760, a year";
                self.ensure(sensible, hours, "deposit.methods.expires_hours", rule)?;
            }
        }
        for currency in currencies.get_ref() {
            let code = currency.code.get_ref();
            let chargeable = methods.get_ref().iter().any(|method| method.charges(code));
            self.ensure(
                chargeable || *deposit.mode.get_ref() == Mode::Redirect,
                &currency.code,
                "deposit.currencies.code",
                "is a currency that none of deposit.methods can charge",
            )?;
        }
        Ok(())
    }

    /// A method has what its kind asks for, and nothing of the other kind's.
    fn method_kind(&self, method: &Method) -> Checked {
        let key = |name: &str| format!("deposit.methods.{name}");
        match method.kind() {
            MethodKind::Hosted => {
                let Some(target) = &method.target else {
                    let rule = "is needed: the cashier to pay at";
                    return self.ensure(false, &method.kind, &key("target"), rule);
                };
                let stray = "is for kind = \"bank_transfer\" only";
                self.absent(&key("instructions"), method.instructions.as_ref(), stray)?;
                self.absent(&key("details"), method.details.as_ref(), stray)?;
                self.target(&key("target"), target)
            }
            MethodKind::BankTransfer => {
                let stray = "is for kind = \"hosted\" only";
                self.absent(&key("target"), method.target.as_ref(), stray)?;
                self.absent(&key("framed"), method.framed.as_ref(), stray)?;
                let Some(instructions) = &method.instructions else {
                    let rule = "is needed: what the trader is to do";
                    return self.ensure(false, &method.kind, &key("instructions"), rule);
                };
                self.text(&key("instructions"), instructions)?;
                self.details(method)
            }
        }
    }

    fn details(&self, method: &Method) -> Checked {
        let Some(details) = &method.details else {
            return Ok(());
        };
        for detail in details.get_ref() {
            self.text("deposit.methods.details.label", &detail.label)?;
            let value = detail.value.get_ref();
            let fine = !value.trim().is_empty() && value.chars().count() <= 200;
            let rule = "must be 1 to 200 characters";
            self.ensure(fine, &detail.value, "deposit.methods.details.value", rule)?;
            if let Some(currency) = &detail.currency {
                let known = self.charged(method, currency.get_ref());
                let rule = "must be a currency that the method charges";
                self.ensure(known, currency, "deposit.methods.details.currency", rule)?;
            }
            if let Some(broker) = &detail.broker {
                let known = self.config.broker(broker.get_ref()).is_some();
                let rule = "must be one of brokers.name";
                self.ensure(known, broker, "deposit.methods.details.broker", rule)?;
            }
        }
        Ok(())
    }

    /// What a method says of currencies is about those that it charges.
    fn method_currencies(&self, method: &Method) -> Checked {
        if let Some(currencies) = &method.currencies {
            let key = "deposit.methods.currencies";
            let some = !currencies.get_ref().is_empty();
            self.ensure(some, currencies, key, "must list at least one currency")?;
            let mut codes = HashSet::new();
            for code in currencies.get_ref() {
                let listed = self.config.deposit.currency(code.get_ref()).is_some();
                self.ensure(listed, code, key, "must list some of deposit.currencies")?;
                self.ensure(codes.insert(code.get_ref()), code, key, "names a currency twice")?;
            }
        }
        for (code, limits) in &method.limits {
            self.limits(method, code, limits)?;
        }
        Ok(())
    }

    /// Limits of a method lie within those of the currency.
    fn limits(&self, method: &Method, code: &str, limits: &Spanned<Limits>) -> Checked {
        let key = format!("deposit.methods.limits.{code}");
        let currency = self.config.deposit.currency(code);
        let Some(currency) = currency.filter(|_| method.charges(code)) else {
            let rule = "is for a currency that the method does not charge";
            return self.ensure(false, limits, &key, rule);
        };
        let general = *currency.min.get_ref()..=*currency.max.get_ref();
        let bounds = limits.get_ref();
        for (name, bound) in [("min", &bounds.min), ("max", &bounds.max)] {
            if let Some(bound) = bound {
                let key = format!("{key}.{name}");
                self.amount(&key, bound, *currency.decimals.get_ref())?;
                let rule = "must lie within the limits of the currency";
                self.ensure(general.contains(bound.get_ref()), bound, &key, rule)?;
            }
        }
        let (min, max) = method.limits(currency);
        self.ensure(
            min <= max,
            limits,
            &key,
            "has a `max` that is less than its `min`",
        )
    }

    fn charged(&self, method: &Method, code: &str) -> bool {
        method.charges(code) && self.config.deposit.currency(code).is_some()
    }

    fn absent<T>(&self, key: &str, stray: Option<&Spanned<T>>, rule: &str) -> Checked {
        stray.map_or(Ok(()), |stray| self.ensure(false, stray, key, rule))
    }

    fn actions(&self) -> Checked {
        let mut types = HashSet::new();
        for action in &self.config.actions {
            self.id("actions.type", &action.action_type)?;
            self.ensure(
                types.insert(action.action_type.get_ref()),
                &action.action_type,
                "actions.type",
                "is listed twice",
            )?;
            let (target, framed) = (action.target.as_ref(), action.framed.as_ref());
            self.mode("actions", &action.mode, target, framed)?;
            self.backend(action)?;
            self.text("actions.title", &action.title)?;
            for (key, text) in [
                ("actions.intro", &action.intro),
                ("actions.submit", &action.submit),
            ] {
                if let Some(text) = text {
                    self.text(key, text)?;
                }
            }
            self.event_name("actions.event_name", action.event_name.as_ref())?;
            let mut names = HashSet::new();
            for field in &action.fields {
                self.id("actions.fields.name", &field.name)?;
                let name = field.name.get_ref();
                self.ensure(
                    !["session", "ask"].contains(&name.as_str()),
                    &field.name,
                    "actions.fields.name",
                    "is a name that the screens use themselves",
                )?;
                self.ensure(
                    names.insert(name),
                    &field.name,
                    "actions.fields.name",
                    "is listed twice",
                )?;
                self.field(field)?;
            }
            // What is recorded of an amount has its currency beside it, under such a name.
            let amounts = action
                .fields
                .iter()
                .filter(|field| field.kind == FieldKind::Amount);
            let beside: HashSet<_> = amounts
                .map(|amount| format!("{}_currency", amount.name.get_ref()))
                .collect();
            for field in &action.fields {
                let name = field.name.get_ref();
                let taken = beside.contains(name) || !beside.is_empty() && name == "currency";
                let rule = "is a name under which the currency of an amount is recorded";
                self.ensure(!taken, &field.name, "actions.fields.name", rule)?;
            }
        }
        Ok(())
    }

    fn field(&self, field: &CustomField) -> Checked {
        self.text("actions.fields.label", &field.label)?;
        if let Some(help) = &field.help {
            self.text("actions.fields.help", help)?;
        }
        if let Some(length) = &field.max_length {
            let textual = !matches!(
                field.kind,
                FieldKind::Choice | FieldKind::Date | FieldKind::Amount
            );
            self.ensure(textual, length, "max_length", "is for texts only")?;
            let sensible = (1..=10_000).contains(length.get_ref());
            self.ensure(sensible, length, "max_length", "must lie between 1 and 10000")?;
        }
        let choice = field.kind == FieldKind::Choice;
        self.ensure(
            choice != field.options.is_empty(),
            &field.name,
            "options",
            if choice {
                "must list what to choose from"
            } else {
                "is for kind = \"choice\" only"
            },
        )?;
        self.options("options", &field.options)?;
        self.amount_rules(field)
    }

    fn amount_rules(&self, field: &CustomField) -> Checked {
        if field.kind != FieldKind::Amount {
            let stray = [&field.min, &field.max].into_iter().flatten().next();
            if let Some(bound) = stray {
                self.ensure(false, bound, "min/max", "is for kind = \"amount\" only")?;
            }
            if let Some(currency) = &field.currency {
                self.ensure(false, currency, "currency", "is for kind = \"amount\" only")?;
            }
            return Ok(());
        }
        let Some(code) = &field.currency else {
            return self.ensure(
                false,
                &field.name,
                "currency",
                "is needed: an amount has a currency",
            );
        };
        let currencies = self.config.deposit.currencies.get_ref();
        let Some(currency) = currencies
            .iter()
            .find(|currency| currency.code.get_ref() == code.get_ref())
        else {
            return self.ensure(false, code, "currency", "must be one of deposit.currencies");
        };
        let decimals = *currency.decimals.get_ref();
        for (key, bound) in [("min", &field.min), ("max", &field.max)] {
            if let Some(bound) = bound {
                self.amount(key, bound, decimals)?;
            }
        }
        match (&field.min, &field.max) {
            (Some(min), Some(max)) => {
                self.ensure(min.get_ref() <= max.get_ref(), max, "max", "is less than `min`")
            }
            _ => Ok(()),
        }
    }

    /// What a section's mode asks for is there, and nothing of another mode's.
    fn mode(
        &self,
        section: &str,
        mode: &Spanned<Mode>,
        target: Option<&Spanned<Target>>,
        framed: Option<&Spanned<bool>>,
    ) -> Checked {
        let (target_key, framed_key) = (format!("{section}.target"), format!("{section}.framed"));
        match (mode.get_ref(), target) {
            (Mode::Redirect, Some(target)) => self.target(&target_key, target),
            (Mode::Redirect, None) => {
                self.ensure(false, mode, &target_key, "is needed: the page to redirect to")
            }
            (Mode::Backend, _) if section != "actions" => {
                let key = format!("{section}.mode");
                self.ensure(false, mode, &key, "`backend` is for actions only")
            }
            (Mode::Form | Mode::Backend, target) => {
                let stray = "is for mode = \"redirect\" only";
                if let Some(target) = target {
                    self.ensure(false, target, &target_key, stray)?;
                }
                match framed {
                    Some(framed) => self.ensure(false, framed, &framed_key, stray),
                    None => Ok(()),
                }
            }
        }
    }

    /// An action of mode `backend` has one, and none of another mode has.
    fn backend(&self, action: &CustomAction) -> Checked {
        let wanted = *action.mode.get_ref() == Mode::Backend;
        match &action.backend {
            Some(backend) if wanted => self.pages("actions.backend", backend)?,
            None if wanted => {
                let rule = "is needed: the URL to send what is submitted to";
                self.ensure(false, &action.mode, "actions.backend", rule)?;
            }
            Some(stray) => {
                self.ensure(false, stray, "actions.backend", "is for mode = \"backend\" only")?;
            }
            None => {}
        }
        let Some(redirects) = &action.redirects else {
            return Ok(());
        };
        let rule = "is for mode = \"backend\" only";
        self.ensure(wanted, redirects, "actions.redirects", rule)?;
        self.origins("actions.redirects", redirects.get_ref())
    }

    /// Origins of pages of the broker's own.
    fn origins(&self, key: &str, origins: &[Spanned<String>]) -> Checked {
        for origin in origins {
            let page = PageUrl(origin.get_ref());
            let fine = is_page(page) && page.origin() == page.0;
            let rule = "must list origins such as https://pay.example.com, in lower case, without port 443 or a path";
            self.ensure(fine, origin, key, rule)?;
        }
        Ok(())
    }

    /// Each broker has a page to be sent to, and each page is fit for an assertion.
    fn target(&self, key: &str, target: &Spanned<Target>) -> Checked {
        self.pages(key, target)?;
        for (_, page) in target.get_ref().pages() {
            let mut query = form_urlencoded::parse(page.query().as_bytes());
            self.ensure(
                !query.any(|(name, _)| name == "assertion"),
                target,
                key,
                "must leave the parameter `assertion` to the screens",
            )?;
        }
        Ok(())
    }

    /// Each broker has a URL, and there is none for anybody else.
    fn pages(&self, key: &str, target: &Spanned<Target>) -> Checked {
        let names: Vec<&str> = self
            .config
            .brokers
            .iter()
            .map(|broker| broker.name.get_ref().as_str())
            .collect();
        if let Target::PerBroker(urls) = target.get_ref() {
            for name in &names {
                let rule = format!("has no URL for the broker `{name}`");
                self.ensure(urls.contains_key(*name), target, key, &rule)?;
            }
        }
        for (name, page) in target.get_ref().pages() {
            let key = name.map_or_else(|| key.to_owned(), |name| format!("{key}.{name}"));
            let known = name.is_none_or(|name| names.contains(&name));
            self.ensure(known, target, &key, "is for a broker that is not in `brokers`")?;
            let rule = "must be a URL such as https://crm.example.com/deposit, its host in lower case, without user, port 443 or #fragment";
            self.ensure(is_page(page), target, &key, rule)?;
        }
        Ok(())
    }

    /// A form has something to choose from.
    fn some_in_form<T>(&self, key: &str, items: &Spanned<Vec<T>>, mode: &Spanned<Mode>) -> Checked {
        let fine = *mode.get_ref() == Mode::Redirect || !items.get_ref().is_empty();
        self.ensure(fine, items, key, "must list at least one entry")
    }

    fn options(&self, key: &str, items: &[Named]) -> Checked {
        let mut ids = HashSet::new();
        for item in items {
            self.id(&format!("{key}.id"), &item.id)?;
            self.ensure(
                ids.insert(item.id.get_ref()),
                &item.id,
                &format!("{key}.id"),
                "is listed twice",
            )?;
            self.text(&format!("{key}.label"), &item.label)?;
        }
        Ok(())
    }

    fn amount(&self, key: &str, amount: &Spanned<Decimal>, decimals: u32) -> Checked {
        let value = amount.get_ref();
        self.ensure(*value > Decimal::ZERO, amount, key, "must be greater than zero")?;
        self.ensure(
            value.normalize().scale() <= decimals,
            amount,
            key,
            "has more digits after the point than the currency's `decimals`",
        )
    }

    fn id(&self, key: &str, id: &Spanned<String>) -> Checked {
        let text = id.get_ref();
        let fine = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        self.ensure(fine, id, key, "must be 1 to 64 letters, digits, _ or -")
    }

    fn event_name(&self, key: &str, name: Option<&Spanned<String>>) -> Checked {
        let Some(name) = name else { return Ok(()) };
        let text = name.get_ref();
        let fine = (1..=40).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        self.ensure(
            fine,
            name,
            key,
            "must be 1 to 40 letters, digits or _, as Firebase wants event names",
        )
    }

    /// Each language of a text must be configured, and the default language must be there.
    fn text(&self, key: &str, text: &Spanned<Text>) -> Checked {
        let languages = self.config.languages.get_ref();
        let default = self.config.default_language();
        match text.get_ref() {
            Text::Same(wording) => self.ensure(!wording.trim().is_empty(), text, key, "is empty"),
            Text::PerLanguage(wordings) => {
                for (language, wording) in wordings {
                    self.ensure(
                        languages.contains(language),
                        text,
                        &format!("{key}.{language}"),
                        "is in a language that `languages` does not list",
                    )?;
                    self.ensure(
                        !wording.trim().is_empty(),
                        text,
                        &format!("{key}.{language}"),
                        "is empty",
                    )?;
                }
                self.ensure(
                    wordings.contains_key(default),
                    text,
                    &format!("{key}.{default}"),
                    "is missing: the default language must have every text",
                )
            }
        }
    }
}

/// Without anything that could end a header or an attribute.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\;,".contains(&byte))
}

/// `es`, or with a script, `zh-Hant`.
fn is_language(code: &str) -> bool {
    let (language, script) = code.split_once('-').unwrap_or((code, "Latn"));
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    language.len() == 2 && lower(language) && script.len() == 4 && script.is_ascii() && lower(&script[1..])
}

/// An origin as it stands in a header, the host perhaps with a leading `*.`.
fn is_frame_ancestor(text: &str) -> bool {
    is_origin(&text.replacen("://*.", "://", 1))
}

/// `https://host[:port]`; plain http for loopback, where developers are.
fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let loopback = ["localhost", "127.0.0.1"].contains(&host);
    let clean = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    (scheme == "https" || (scheme == "http" && loopback))
        && !host.is_empty()
        && host.bytes().all(clean)
        && port.parse::<u16>().is_ok()
}

/// A page whose origin is written as browsers write it: it is the audience of assertions.
fn is_page(page: PageUrl<'_>) -> bool {
    let origin = page.origin();
    let plain = is_plain(page.0) && !page.0.contains('#');
    let normal = !origin.bytes().any(|byte| byte.is_ascii_uppercase()) && !origin.ends_with(":443");
    plain && normal && is_origin(origin)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vocabulary() -> Vocabulary<'static> {
        Vocabulary::new(
            ["en", "es", "ar"],
            "close = Close\namount-too-small = At least { $amount }\ndecimal-separator = .\ngroup-separator = ,",
        )
    }

    const SHIPPED: &str = include_str!("../../../broker.toml");

    /// The shipped file with one piece replaced; the error and the line of the replacement.
    fn mistake(piece: &str, replacement: &str) -> (ConfigError, usize) {
        assert!(SHIPPED.contains(piece), "{piece} is not in broker.toml");
        let at = SHIPPED.find(piece).unwrap();
        let line = line_of(SHIPPED, &(at..at));
        let source = SHIPPED.replacen(piece, replacement, 1);
        (Config::parse(&source, &vocabulary()).unwrap_err(), line)
    }

    #[test]
    fn the_shipped_file_is_the_demo_broker() {
        let config = Config::parse(SHIPPED, &vocabulary()).unwrap();
        assert_eq!(config.brokers[0].name.get_ref().as_str(), "demobroker");
        assert_eq!(config.languages.get_ref(), &["en", "es", "ar"]);
        assert!(config.action("withdraw").is_some());
        assert_eq!(config.language(Some("xx")), "en");
        assert_eq!(config.language(Some("ar")), "ar");
    }

    #[test]
    fn every_mistake_names_its_line_and_key() {
        for (piece, replacement, key) in [
            (
                "languages = [\"en\", \"es\", \"ar\"]",
                "languages = []",
                "`languages`",
            ),
            (
                "languages = [\"en\", \"es\", \"ar\"]",
                "languages = [\"en\", \"es\", \"ar\", \"en\"]",
                "`languages`",
            ),
            (
                "languages = [\"en\", \"es\", \"ar\"]",
                "languages = [\"english\"]",
                "`languages`",
            ),
            (
                "languages = [\"en\", \"es\", \"ar\"]",
                "languages = [\"en\", \"es\", \"ar\", \"de\"]",
                "`languages` lists `de`",
            ),
            ("[\"https://app.ctrader.com\"]", "[]", "`frame_ancestors`"),
            (
                "success_url = \"/callback/success\"",
                "success_url = \"javascript:alert(1)\"",
                "`success_url`",
            ),
            (
                "failure_url = \"/callback/failure\"",
                "failure_url = \"//evil.example\"",
                "`failure_url`",
            ),
            (
                "[\"https://app.ctrader.com\"]",
                "[\"https://app.ctrader.com/path\"]",
                "`frame_ancestors`",
            ),
            (
                "[\"https://app.ctrader.com\"]",
                "[\"https://a.example; script-src *\"]",
                "`frame_ancestors`",
            ),
            (
                "frame_ancestors = [",
                "onward_origins = [\"https://*.provider.example\"]\nframe_ancestors = [",
                "`onward_origins`",
            ),
            ("name = \"demobroker\"", "name = \"\"", "`brokers.name`"),
            ("accent = \"#1a6cf0\"", "accent = \"blue\"", "`accent`"),
            ("code = \"EUR\"", "code = \"eur\"", "`code`"),
            ("decimals = 2", "decimals = 9", "`decimals`"),
            ("decimals = 2", "decimals = \"two\"", "`decimals`"),
            ("min = \"10\"", "min = \"-10\"", "`min`"),
            ("min = \"10\"", "min = \"10.005\"", "`min`"),
            ("max = \"20000\"", "max = \"5\"", "`max`"),
            (
                "presets = [\"50\", \"100\", \"250\", \"500\"]",
                "presets = [\"5\"]",
                "`presets`",
            ),
            ("id = \"bank_transfer\"", "id = \"card\"", "`id`"),
            ("fee = { en = \"No fee\", es", "fee = { es", "`fee.en`"),
            (
                "label = { en = \"Card\",",
                "label = { de = \"Karte\", en = \"Card\",",
                "label.de`",
            ),
            ("type = \"withdraw\"", "type = \"with draw\"", "`actions.type`"),
            (
                "event_name = \"kyc_submitted\"",
                "event_name = \"kyc submitted\"",
                "`kyc.event_name`",
            ),
            ("kind = \"amount\"", "kind = \"money\"", "`kind`"),
            ("currency = \"EUR\"\nmin", "currency = \"GBP\"\nmin", "`currency`"),
            ("max_length = 34", "max_length = 0", "`max_length`"),
            ("name = \"note\"", "name = \"session\"", "`actions.fields.name`"),
            ("name = \"note\"", "name = \"iban\"", "`actions.fields.name`"),
            ("name = \"note\"", "name = \"currency\"", "`actions.fields.name`"),
            (
                "name = \"note\"",
                "name = \"amount_currency\"",
                "`actions.fields.name`",
            ),
            ("required = false", "requird = false", "`requird`"),
        ] {
            let (error, line) = mistake(piece, replacement);
            assert!(error.message.contains(key), "{replacement}: {error}");
            assert_eq!(error.line, Some(line), "{replacement}: {error}");
        }
    }

    #[test]
    fn the_check_says_which_accents_were_corrected() {
        let with = |accent: &str| SHIPPED.replacen("#1a6cf0", accent, 1);
        let advice = |source: &str| Config::parse(source, &vocabulary()).unwrap().advice(source);
        assert_eq!(advice(SHIPPED), Vec::<String>::new());
        let yellow = advice(&with("#ffd400"));
        let line = SHIPPED
            .lines()
            .position(|line| line.starts_with("accent"))
            .unwrap()
            + 1;
        assert_eq!(
            yellow,
            [
                format!(
                    "broker.toml line {line}: `accent` #ffd400 leaves 1.4:1 to white text (4.5 are needed), so its \
                     buttons have black text"
                ),
                format!(
                    "broker.toml line {line}: `accent` #ffd400 has 1.4:1 on light pages (3 are needed), so outlines \
                     there are #a1880c"
                ),
            ]
        );
        assert!(advice(&with("#101010"))[0].contains("on dark pages"));
    }

    #[test]
    fn own_words_have_the_keys_and_variables_of_the_texts_they_replace() {
        let with = |texts: &str| Config::parse(&format!("{SHIPPED}\n{texts}"), &vocabulary());
        assert!(with("[texts.en]\nclose = \"Shut\"\namount-too-small = \"{ $amount } at least\"").is_ok());
        let plural = r#"
            { $amount ->
                [one] At least one
               *[other] At least { $amount }
            }"#;
        let fine = with(&format!("[texts.en]\namount-too-small = \"\"\"{plural}\"\"\""));
        assert!(fine.is_ok(), "{fine:?}");
        for (texts, told) in [
            ("[texts.en]\nclos = \"Shut\"", "`texts.en.clos` is no text"),
            ("[texts.en]\nclose = \"{ -brand }\"", "no other texts"),
            ("[texts.en]\nclose = \"{ amount-too-small }\"", "no other texts"),
            ("[texts.en]\nclose = \"{ clos }\"", "no other texts"),
            (
                "[texts.en]\namount-too-small = \"{ NUMBER($amount) }\"",
                "no functions",
            ),
            (
                "[texts.en]\nclose = \"Shut { $door }\"",
                "may use no variables but",
            ),
            ("[texts.en]\nclose = \"\"", "must be a text"),
            ("[texts.en]\nclose = \"{ $door\"", "must be Fluent"),
            ("[texts.en]\nclose = \"a\\n[b\"", "must be Fluent"),
        ] {
            let error = with(texts).unwrap_err();
            assert!(error.message.contains(told), "{error}");
            assert_eq!(error.line, Some(SHIPPED.lines().count() + 3), "{error}");
        }
    }

    #[test]
    fn a_language_may_be_added_with_texts_of_its_own() {
        let source = SHIPPED.replacen(r#""en", "es", "ar"]"#, r#""en", "es", "ar", "nl"]"#, 1);
        let error = Config::parse(&source, &vocabulary()).unwrap_err();
        assert!(error.message.contains("[texts.nl]"), "{error}");
        let nl = "[texts.nl]\nclose = \"Sluiten\"\ndecimal-separator = \",\"\ngroup-separator = \".\"";
        let added = Config::parse(&format!("{source}\n{nl}"), &vocabulary());
        assert!(added.is_ok(), "{added:?}");
    }

    #[test]
    fn a_language_has_two_signs_of_its_own_for_numbers() {
        let with = |texts: &str| Config::parse(&format!("{SHIPPED}\n{texts}"), &vocabulary());
        let both = |language: &str, decimal: &str, group: &str| {
            with(&format!(
                "[texts.{language}]\ndecimal-separator = '{decimal}'\ngroup-separator = '{group}'"
            ))
        };
        for (decimal, group) in [(",", "."), (".", "’"), (",", r#"{ "\u00A0" }"#)] {
            for language in ["nl", "es"] {
                let fine = both(language, decimal, group);
                assert!(fine.is_ok(), "{language}: {fine:?}");
            }
        }
        let lines = SHIPPED.lines().count();
        for (decimal, group, at, told) in [
            (",", ",", 4, "group-separator` must not be the sign"),
            (",", r#"{ "," }"#, 4, "group-separator` must not be the sign"),
            ("comma", ".", 3, "decimal-separator` must be one sign"),
            (",", "..", 4, "group-separator` must be one sign"),
        ] {
            for language in ["nl", "es"] {
                let error = both(language, decimal, group).unwrap_err();
                assert!(error.message.contains(told), "{error}");
                assert_eq!(error.line, Some(lines + at), "{error}");
            }
        }
        for (texts, line, told) in [
            ("[texts.nl]", None, "`texts.nl.decimal-separator` is needed"),
            (
                "[texts.nl]\nclose = 'Sluiten'",
                Some(lines + 3),
                "`texts.nl.decimal-separator` is needed",
            ),
            (
                "[texts.nl]\ndecimal-separator = ','",
                Some(lines + 3),
                "`texts.nl.group-separator` is needed",
            ),
            (
                "[texts.es]\ndecimal-separator = '.'",
                Some(lines + 3),
                "`texts.es.group-separator` is needed",
            ),
            (
                "[texts.es]\ngroup-separator = ','",
                Some(lines + 3),
                "`texts.es.decimal-separator` is needed",
            ),
        ] {
            let error = with(texts).unwrap_err();
            assert!(error.message.contains(told), "{error}");
            assert_eq!(error.line, line, "{error}");
        }
    }

    #[test]
    fn an_amount_without_a_currency_is_refused() {
        let (error, _) = mistake("kind = \"amount\"\ncurrency = \"EUR\"", "kind = \"amount\"");
        assert!(error.message.contains("`currency` is needed"), "{error}");
    }

    #[test]
    fn options_belong_to_choices() {
        let (error, _) = mistake("kind = \"choice\"", "kind = \"text\"");
        assert!(error.message.contains("`options`"), "{error}");
        let (error, _) = mistake("kind = \"phone\"", "kind = \"choice\"");
        assert!(error.message.contains("`options`"), "{error}");
    }

    /// The shipped file with `lines` at the head of `[section]`, and what is wrong with it; the lines are counted from
    /// the header on.
    fn in_section(section: &str, lines: &str) -> Result<Config, (Option<usize>, String)> {
        let header = format!("[{section}]");
        let (before, after) = SHIPPED.split_once(&format!("{header}\n")).unwrap();
        let above = before.lines().count() + 1;
        let source = format!("{before}{header}\n{lines}\n{after}");
        Config::parse(&source, &vocabulary())
            .map_err(|error| (error.line.map(|line| line - above), error.message))
    }

    #[test]
    fn every_section_can_redirect_to_a_page() {
        let redirect = "mode = \"redirect\"\ntarget = \"https://crm.broker.example/p?a=1\"";
        let documents = Config::parse(SHIPPED, &vocabulary()).unwrap();
        assert!(documents.action("documents").unwrap().redirect().is_some());
        for section in ["deposit", "kyc", "chat", "[actions]"] {
            let config = in_section(section, redirect).unwrap();
            let redirects = [
                config.deposit.redirect(),
                config.kyc.redirect(),
                config.chat.redirect(),
                config.actions[0].redirect(),
            ];
            let [redirect] = redirects.into_iter().flatten().collect::<Vec<_>>()[..] else {
                panic!("{section} and no other redirects");
            };
            assert!(redirect.framed);
            let page = redirect.page("demobroker").unwrap();
            assert_eq!(page.origin(), "https://crm.broker.example");
        }
        let config = in_section("kyc", &format!("{redirect}\nframed = false")).unwrap();
        assert!(!config.kyc.redirect().unwrap().framed);
    }

    #[test]
    fn a_redirect_needs_no_form() {
        let source = r##"
            languages = ["en"]
            brokers = [{ name = "demo", display_name = "Demo", accent = "#1a6cf0", legal = "Demo Ltd" }]
            deposit = { mode = "redirect", target = "https://a.example" }
            kyc = { mode = "redirect", target = "https://a.example" }
            chat = { mode = "redirect", target = { demo = "https://a.example" } }
            actions = [{ type = "x", title = "X", mode = "redirect", target = "https://a.example" }]
        "##;
        assert!(Config::parse(source, &vocabulary()).is_ok());
    }

    #[test]
    fn a_form_without_anything_to_choose_is_told_by_its_section() {
        for (section, list, key) in [
            ("deposit", "[[deposit.methods]]", "`deposit.methods`"),
            ("deposit", "[[deposit.currencies]]", "`deposit.currencies`"),
            ("kyc", "[[kyc.documents]]", "`kyc.documents`"),
            ("chat", "[[chat.topics]]", "`chat.topics`"),
        ] {
            // The shipped file without the tables of that list.
            let kept = SHIPPED
                .split("\n[")
                .filter(|piece| !format!("[{piece}").starts_with(list));
            let source = kept.collect::<Vec<_>>().join("\n[");
            let error = Config::parse(&source, &vocabulary()).unwrap_err();
            let line = source
                .lines()
                .position(|line| line == format!("[{section}]"))
                .unwrap()
                + 1;
            assert!(error.message.starts_with(key), "{error}");
            assert_eq!(error.line, Some(line), "{error}");
        }
    }

    #[test]
    fn the_shipped_methods_are_a_cashier_in_the_frame_one_outside_and_a_bank_transfer() {
        let config = Config::parse(SHIPPED, &vocabulary()).unwrap();
        let deposit = &config.deposit;
        let method = |id| deposit.method(id).unwrap();
        let cashier = |id| {
            let cashier = method(id).cashier().unwrap();
            (cashier.page("demobroker").unwrap().origin(), cashier.framed)
        };
        let origin = "https://cashier.demobroker.example";
        assert_eq!(cashier("card"), (origin, true));
        assert_eq!(cashier("wallet"), (origin, false));
        assert_eq!(method("bank_transfer").kind(), MethodKind::BankTransfer);
        assert!(method("bank_transfer").cashier().is_none());
        assert!(deposit.method("cheque").is_none());
        assert_eq!(deposit.redirects().len(), 2);

        let (eur, usd) = (deposit.currency("EUR").unwrap(), deposit.currency("USD").unwrap());
        let decimals = |min: i64, max: i64| (Decimal::from(min), Decimal::from(max));
        assert_eq!(method("card").limits(eur), decimals(10, 20_000));
        assert_eq!(method("wallet").limits(eur), decimals(20, 5_000));
        assert!(method("card").charges("USD"));
        assert!(!method("wallet").charges("USD"));
        assert_eq!(method("bank_transfer").limits(usd), decimals(10, 20_000));
        let days = |id| method(id).expires_after().as_secs() / 86_400;
        assert_eq!((days("card"), days("bank_transfer")), (1, 14));

        let values = |currency| -> Vec<_> {
            let details = method("bank_transfer").details("demobroker", currency);
            details.map(|detail| detail.value.get_ref().as_str()).collect()
        };
        assert!(values("EUR").contains(&"Demo Broker Ltd"));
        assert!(values("USD").contains(&"Demo Broker Ltd"));
        assert_ne!(values("EUR"), values("USD"));
    }

    /// The shipped file with `lines` as the only method, and what is wrong with it; the lines are counted from the
    /// method's header on.
    fn with_method(lines: &str) -> Result<Config, (Option<usize>, String)> {
        let header = "[[deposit.methods]]\n";
        let (before, methods) = SHIPPED.split_once(header).unwrap();
        let (_, after) = methods.split_once("[kyc]\n").unwrap();
        let above = before.lines().count() + 1;
        let source = format!("{before}{header}id = \"m\"\nlabel = \"M\"\n{lines}\n[kyc]\n{after}");
        Config::parse(&source, &vocabulary())
            .map_err(|error| (error.line.map(|line| line - above), error.message))
    }

    const HOSTED: &str = "kind = \"hosted\"\ntarget = \"https://a.example/pay?shop=1\"\n";
    const TRANSFER: &str = "kind = \"bank_transfer\"\ninstructions = \"Send it\"\n";

    #[test]
    fn mistakes_of_a_method_are_told_with_line_and_key() {
        let hosted = |lines: &str| format!("{HOSTED}{lines}");
        let transfer = |lines: &str| format!("{TRANSFER}{lines}");
        for (lines, line, told) in [
            ("kind = \"cheque\"".to_owned(), 3, "`kind`"),
            (
                "kind = \"hosted\"".to_owned(),
                3,
                "`deposit.methods.target` is needed",
            ),
            (
                "kind = \"hosted\"\ntarget = \"http://a.example\"".to_owned(),
                4,
                "`deposit.methods.target` must be a URL",
            ),
            (
                "kind = \"hosted\"\ntarget = \"https://a.example/?assertion=x\"".to_owned(),
                4,
                "leave the parameter `assertion`",
            ),
            (
                "kind = \"hosted\"\ntarget = { other = \"https://a.example\" }".to_owned(),
                4,
                "has no URL for the broker",
            ),
            (hosted("framed = 1"), 5, "`framed`"),
            (hosted("frame = true"), 5, "`frame`"),
            (
                hosted("instructions = \"Send it\""),
                5,
                "`deposit.methods.instructions` is for kind",
            ),
            (hosted("details = []"), 5, "`deposit.methods.details` is for kind"),
            (hosted("currencies = []"), 5, "must list at least one"),
            (
                hosted("currencies = [\"EUR\", \"GBP\"]"),
                5,
                "must list some of deposit.currencies",
            ),
            (
                hosted("currencies = [\"EUR\", \"EUR\"]"),
                5,
                "names a currency twice",
            ),
            (
                hosted("limits = { GBP = { min = \"10\" } }"),
                5,
                "`deposit.methods.limits.GBP` is for a currency",
            ),
            (
                hosted("currencies = [\"EUR\"]\nlimits = { USD = { min = \"10\" } }"),
                6,
                "`deposit.methods.limits.USD` is for a currency",
            ),
            (
                hosted("limits = { EUR = { min = \"5\" } }"),
                5,
                "`deposit.methods.limits.EUR.min` must lie within",
            ),
            (
                hosted("limits = { EUR = { max = \"20001\" } }"),
                5,
                "`deposit.methods.limits.EUR.max` must lie within",
            ),
            (
                hosted("limits = { EUR = { min = \"10.005\" } }"),
                5,
                "more digits after the point",
            ),
            (
                hosted("limits = { EUR = { min = \"50\", max = \"40\" } }"),
                5,
                "less than its `min`",
            ),
            (hosted("limits = { EUR = { least = \"50\" } }"), 5, "`least`"),
            (
                hosted("expires_hours = 0"),
                5,
                "`deposit.methods.expires_hours` must lie",
            ),
            (
                hosted("expires_hours = 8761"),
                5,
                "`deposit.methods.expires_hours` must lie",
            ),
            (
                "kind = \"bank_transfer\"".to_owned(),
                3,
                "`deposit.methods.instructions` is needed",
            ),
            (
                transfer("target = \"https://a.example\""),
                5,
                "`deposit.methods.target` is for kind",
            ),
            (
                transfer("framed = false"),
                5,
                "`deposit.methods.framed` is for kind",
            ),
            (
                "kind = \"bank_transfer\"\ninstructions = { es = \"Envíe\" }".to_owned(),
                4,
                "`deposit.methods.instructions.en` is missing",
            ),
            (
                transfer("details = [\n{ label = \"IBAN\", value = \" \" }]"),
                6,
                "`deposit.methods.details.value`",
            ),
            (
                transfer("details = [{ label = { es = \"IBAN\" }, value = \"x\" }]"),
                5,
                "`deposit.methods.details.label.en`",
            ),
            (
                transfer("details = [{ label = \"IBAN\", value = \"x\", currency = \"GBP\" }]"),
                5,
                "`deposit.methods.details.currency`",
            ),
            (
                transfer("details = [{ label = \"IBAN\", value = \"x\", broker = \"other\" }]"),
                5,
                "`deposit.methods.details.broker`",
            ),
        ] {
            let (at, message) = with_method(&lines).unwrap_err();
            assert!(message.contains(told), "{lines}: {message}");
            assert_eq!(at, Some(line), "{lines}: {message}");
        }
        let both =
            "details = [{ label = \"IBAN\", value = \"x\", currency = \"EUR\", broker = \"demobroker\" }]";
        for fine in [
            HOSTED,
            TRANSFER,
            &hosted("expires_hours = 8760\nlimits = { EUR = { min = \"10\" }, USD = { max = \"20000\" } }"),
            &transfer(both),
        ] {
            let config = with_method(fine);
            assert!(config.is_ok(), "{fine}: {config:?}");
        }
    }

    #[test]
    fn a_method_without_a_kind_is_told_by_its_line() {
        let (line, message) = with_method("").unwrap_err();
        assert!(message.contains("`kind`"), "{message}");
        assert_eq!(line, Some(0), "{message}");
    }

    #[test]
    fn a_currency_that_no_method_charges_is_told() {
        let line = SHIPPED.lines().position(|line| line == "code = \"USD\"");
        let only = |method: &str| format!("id = \"{method}\"\ncurrencies = [\"EUR\"]");
        let source = SHIPPED
            .replace("id = \"card\"", &only("card"))
            .replace("id = \"bank_transfer\"", &only("bank_transfer"))
            .replace(", currency = \"USD\"", "");
        let error = Config::parse(&source, &vocabulary()).unwrap_err();
        assert!(
            error.message.contains("none of deposit.methods can charge"),
            "{error}"
        );
        assert_eq!(error.line, line.map(|index| index + 1), "{error}");
        // A page of the broker's own charges what it likes.
        let redirect = "[deposit]\nmode = \"redirect\"\ntarget = \"https://a.example\"";
        let source = source.replacen("[deposit]", redirect, 1);
        assert!(Config::parse(&source, &vocabulary()).is_ok());
    }

    #[test]
    fn mistakes_of_a_redirect_are_told_with_line_and_key() {
        let page = |url: &str| format!("mode = \"redirect\"\ntarget = \"{url}\"");
        for (section, lines, line, told) in [
            ("deposit", "mode = \"redirekt\"".to_owned(), 1, "`mode`"),
            ("deposit", "mode = \"redirect\"".to_owned(), 1, "`deposit.target` is needed"),
            ("deposit", "framed = true".to_owned(), 1, "`deposit.framed` is for mode"),
            ("kyc", "target = \"https://a.example\"".to_owned(), 1, "`kyc.target` is for mode"),
            ("chat", format!("{}\nframed = 1", page("https://a.example")), 3, "`framed`"),
            ("deposit", "mode = \"redirect\"\ntarget = 1".to_owned(), 2, "`target`"),
            ("deposit", page("http://a.example/p"), 2, "`deposit.target` must be a URL"),
            ("[actions]", page("//a.example/p"), 2, "`actions.target` must be a URL"),
            ("deposit", page("https://user@a.example/p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example/p#f"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https:///p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example:x/p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example:443/p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://A.example/p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://*.a.example/p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example/p;x"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example/ p"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example/é"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("javascript:alert(1)"), 2, "`deposit.target` must be a URL"),
            ("deposit", page("https://a.example/?x=1&%61ssertion=y"), 2, "leave the parameter `assertion`"),
            (
                "deposit",
                "mode = \"redirect\"\ntarget = { other = \"https://a.example\" }".to_owned(),
                2,
                "has no URL for the broker `demobroker`",
            ),
            (
                "deposit",
                "mode = \"redirect\"\ntarget = { demobroker = \"https://a.example\", other = \"https://a.example\" }"
                    .to_owned(),
                2,
                "`deposit.target.other` is for a broker that is not",
            ),
            (
                "deposit",
                "mode = \"redirect\"\ntarget = { demobroker = \"http://a.example\" }".to_owned(),
                2,
                "`deposit.target.demobroker` must be a URL",
            ),
        ] {
            let (at, message) = in_section(section, &lines).unwrap_err();
            assert!(message.contains(told), "{lines}: {message}");
            assert_eq!(at, Some(line), "{lines}: {message}");
        }
        for fine in [
            "https://a.example:8443",
            "http://localhost:9005/p",
            "https://a.example/?b=c&d",
        ] {
            assert!(in_section("deposit", &page(fine)).is_ok(), "{fine}");
        }
    }

    #[test]
    fn an_action_can_be_handed_to_a_backend() {
        let config = Config::parse(SHIPPED, &vocabulary()).unwrap();
        let backend = config.action("bonus").unwrap().backend().unwrap();
        let url = "https://crm.demobroker.example/inapp/bonus";
        assert_eq!(backend.url("demobroker"), Some(url));
        assert!(config.action("withdraw").unwrap().backend().is_none());
        let lines = "mode = \"backend\"\nbackend = { demobroker = \"https://a.example:8443/b?c=d\" }";
        let config = in_section("[actions]", lines).unwrap();
        let backend = config.actions[0].backend().unwrap();
        assert_eq!(backend.url("demobroker"), Some("https://a.example:8443/b?c=d"));
        assert!(
            !backend.may_redirect("https://a.example:8443/"),
            "unless it is listed"
        );
    }

    #[test]
    fn mistakes_of_a_backend_are_told_with_line_and_key() {
        let backend = |lines: &str| format!("mode = \"backend\"\n{lines}");
        let origin = |text: &str| {
            format!("mode = \"backend\"\nbackend = \"https://a.example\"\nredirects = [\"{text}\"]")
        };
        for (section, lines, line, told) in [
            (
                "deposit",
                backend(""),
                1,
                "`deposit.mode` `backend` is for actions only",
            ),
            ("[actions]", backend(""), 1, "`actions.backend` is needed"),
            ("[actions]", backend("backend = 1"), 2, "`backend`: must be a URL"),
            (
                "[actions]",
                backend("backend = \"http://a.example\""),
                2,
                "`actions.backend` must be a URL",
            ),
            (
                "[actions]",
                backend("backend = { other = \"https://a.example\" }"),
                2,
                "`actions.backend` has no URL",
            ),
            (
                "[actions]",
                backend("backend = \"https://a.example\"\nframed = true"),
                3,
                "`actions.framed` is for",
            ),
            (
                "[actions]",
                "backend = \"https://a.example\"".to_owned(),
                1,
                "`actions.backend` is for mode",
            ),
            (
                "[actions]",
                "redirects = []".to_owned(),
                1,
                "`actions.redirects` is for mode",
            ),
            (
                "[actions]",
                origin("https://a.example/"),
                3,
                "`actions.redirects` must list origins",
            ),
            (
                "[actions]",
                origin("https://*.a.example"),
                3,
                "`actions.redirects` must list origins",
            ),
            (
                "[actions]",
                origin("http://a.example"),
                3,
                "`actions.redirects` must list origins",
            ),
        ] {
            let (at, message) = in_section(section, &lines).unwrap_err();
            assert!(message.contains(told), "{lines}: {message}");
            assert_eq!(at, Some(line), "{lines}: {message}");
        }
        assert!(in_section("[actions]", &origin("https://pay.example:8443")).is_ok());
    }

    #[test]
    fn frame_ancestors_may_be_wildcards_and_loopback() {
        for fine in [
            "https://app.example.com",
            "https://*.example.com",
            "https://a.example:8443",
            "http://localhost:9001",
        ] {
            assert!(is_frame_ancestor(fine), "{fine}");
        }
        for bad in [
            "https://",
            "*",
            "http://example.com",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example:9001",
            "https://a.example:port",
            "https://a b",
            "'self'",
            "https://*.*.example",
            "https://a.example/",
        ] {
            assert!(!is_frame_ancestor(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(source in "\\PC{0,200}") {
            let _ = Config::parse(&source, &vocabulary());
        }

        #[test]
        fn a_damaged_file_never_panics(at in 0..SHIPPED.len(), junk in "\\PC{0,3}") {
            let at = (at..).find(|at| SHIPPED.is_char_boundary(*at)).unwrap();
            let source = format!("{}{junk}{}", &SHIPPED[..at], &SHIPPED[at..]);
            let _ = Config::parse(&source, &vocabulary());
        }
    }
}
