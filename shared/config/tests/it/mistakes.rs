//! Each mistake is reported with its line and key, all at once.

use crate::{DEMO, expect_mistake, line_of, mistakes, parse, replaced};

#[test]
fn every_mistake_is_reported_with_its_line_and_key() {
    let languages = "languages = [\"en\", \"es\", \"ar\"]";
    let ancestors = "[\"https://app.ctrader.com\"]";
    let presets = "presets = [\"50\", \"100\", \"250\", \"500\"]";
    for (piece, replacement, expected) in [
        (languages, "languages = []", "`languages` must list"),
        (
            languages,
            "languages = [\"en\", \"es\", \"ar\", \"en\"]",
            "`languages` lists a language twice",
        ),
        (
            languages,
            "languages = [\"en\", \"es\", \"ar\", \"english\"]",
            "`languages` lists `english`",
        ),
        (
            languages,
            "languages = [\"en\", \"es\", \"ar\", \"nl\"]",
            "`languages` lists `nl`",
        ),
        (languages, "languages = \"en\"", "`languages` must be a list"),
        (ancestors, "[]", "`frame_ancestors` must list"),
        (
            ancestors,
            "[\"https://app.ctrader.com/path\"]",
            "`frame_ancestors` must be origins",
        ),
        (
            ancestors,
            "[\"https://a.example; script-src *\"]",
            "`frame_ancestors` must be origins",
        ),
        (
            "frame_ancestors = [",
            "onward_origins = [\"https://*.x.example\"]\nframe_ancestors = [",
            "`onward_origins`",
        ),
        (
            "success_url = \"/callback/success\"",
            "success_url = \"javascript:alert(1)\"",
            "`success_url` must be",
        ),
        (
            "failure_url = \"/callback/failure\"",
            "failure_url = \"//evil.example\"",
            "`failure_url` must be",
        ),
        (
            "failure_url = \"/callback/failure\"",
            "failure_url = \"/callback/failure\"\ndefault_action = \"teleport\"",
            "`default_action` is not the `type` of one of [[actions]]",
        ),
        (
            "failure_url = \"/callback/failure\"",
            "failure_url = \"/callback/failure\"\ndefault_action = \"call back\"",
            "`default_action` must be",
        ),
        ("name = \"demobroker\"", "name = \"\"", "`brokers.name` must be"),
        (
            "decimals = 2",
            "decimals = 2\nmoney_digits = 9",
            "`deposit.currencies.money_digits` must be",
        ),
        (
            "display_name = \"Demo Broker\"",
            "display_name = \" \"",
            "`brokers.display_name` is empty",
        ),
        (
            "accent = \"#1a6cf0\"",
            "accent = \"blue\"",
            "`brokers.accent` must be a colour",
        ),
        ("logo = '<svg ", "logo = '<sgv ", "`brokers.logo` must be an SVG"),
        (
            "code = \"EUR\"",
            "code = \"eur\"",
            "`deposit.currencies.code` must be a currency code",
        ),
        (
            "decimals = 2",
            "decimals = 9",
            "`deposit.currencies.decimals` must be a whole number from 0 to 8",
        ),
        (
            "decimals = 2",
            "decimals = \"two\"",
            "`deposit.currencies.decimals` must be",
        ),
        (
            "min = \"10\"",
            "min = \"0\"",
            "`deposit.currencies.min` must be greater",
        ),
        (
            "min = \"10\"",
            "min = \"-10\"",
            "`deposit.currencies.min` must be",
        ),
        (
            "min = \"10\"",
            "min = \"10.005\"",
            "`deposit.currencies.min` has more digits",
        ),
        (
            "min = \"10\"",
            "min = 10",
            "`deposit.currencies.min` must be a text in quotes",
        ),
        (
            presets,
            "presets = [\"5\"]",
            "`deposit.currencies.presets` must lie",
        ),
        (
            "id = \"bank_transfer\"",
            "id = \"card\"",
            "`deposit.methods.id` is listed twice",
        ),
        (
            "id = \"bank_transfer\"",
            "id = \"bank transfer\"",
            "`deposit.methods.id` must be 1 to 64",
        ),
        (
            "fee = { en = \"No fee\", es",
            "fee = { es",
            "`deposit.methods.fee` has no text in `en`",
        ),
        (
            "label = { en = \"Card\",",
            "label = { de = \"Karte\", en = \"Card\",",
            "`deposit.methods.label.de` is in a language",
        ),
        (
            "label = { en = \"Card\",",
            "label = { en = \"\",",
            "`deposit.methods.label.en` is empty",
        ),
        (
            "type = \"withdraw\"",
            "type = \"with draw\"",
            "`actions.type` must be",
        ),
        (
            "type = \"callback\"",
            "type = \"withdraw\"",
            "`actions.type` is listed twice",
        ),
        (
            "event_name = \"kyc_submitted\"",
            "event_name = \"kyc submitted\"",
            "`kyc.event_name` must be",
        ),
        (
            "id = \"driving_licence\"",
            "id = \"passport\"",
            "`kyc.documents.id` is listed twice",
        ),
        (
            "kind = \"amount\"",
            "kind = \"money\"",
            "`actions.fields.kind` must be one of text,",
        ),
        (
            "currency = \"EUR\"\nmin",
            "currency = \"GBP\"\nmin",
            "`actions.fields.currency` must be one of deposit",
        ),
        (
            "max_length = 34",
            "max_length = 0",
            "`actions.fields.max_length` must be",
        ),
        (
            "max_length = 34",
            "options = []",
            "`actions.fields.options` is for kind",
        ),
        (
            "max_length = 34",
            "min = \"1\"",
            "`actions.fields.min` is for kind",
        ),
        (
            "name = \"note\"",
            "name = \"session\"",
            "`actions.fields.name` is reserved for the screens",
        ),
        (
            "name = \"note\"",
            "name = \"iban\"",
            "`actions.fields.name` is listed twice",
        ),
        (
            "name = \"note\"",
            "name = \"currency\"",
            "`actions.fields.name` is reserved: a record holds",
        ),
        (
            "name = \"note\"",
            "name = \"amount_currency\"",
            "`actions.fields.name` is reserved: a record holds",
        ),
        (
            "required = false",
            "requird = false",
            "`actions.fields.requird` is no key of this section",
        ),
        (
            "required = false",
            "required = \"no\"",
            "`actions.fields.required` must be true or false",
        ),
    ] {
        let source = replaced(piece, replacement);
        let changed = DEMO.lines().zip(source.lines()).position(|(was, is)| was != is);
        expect_mistake(&source, 1 + changed.unwrap(), expected);
    }
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_their_lines() {
    let source = replaced("accent = \"#1a6cf0\"", "accent = \"blue\"")
        .replacen("success_url =", "success_ur =", 1)
        .replacen("max = \"20000\"", "max = \"5\"", 1)
        .replacen("code = \"bonus\"", "", 1)
        .replacen("currency = \"EUR\"\nmin", "min", 1);
    let found = mistakes(&source);
    let mut messages = found.iter().map(|(_, message)| message);
    let expected = [
        "`success_ur` is no key",
        "`brokers.accent` must be a colour",
        "`deposit.currencies.max` is less than `min`",
        "`deposit.currencies.presets` must lie",
        "`actions.fields.currency` is missing",
    ];
    for start in expected {
        assert!(messages.any(|message| message.starts_with(start)), "{start}");
    }
}

#[test]
fn a_reference_to_a_mistaken_value_is_not_reported_too() {
    // Methods and fields refer to the currency, texts to the languages, details to the brokers.
    for (piece, replacement) in [
        ("code = \"EUR\"", "code = \"euro\""),
        ("[\"en\", \"es\", \"ar\"]", "[\"en\", \"es\", \"ar\", 7]"),
        ("name = \"demobroker\"", "name = 7"),
    ] {
        let found = mistakes(&replaced(piece, replacement));
        assert_eq!(found.len(), 1, "{replacement}: {found:#?}");
    }
}

#[test]
fn a_missing_key_is_reported_at_the_header_of_its_section() {
    let source = replaced("display_name = \"Demo Broker\"\n", "");
    expect_mistake(
        &source,
        line_of(&source, "[[brokers]]"),
        "`brokers.display_name` is missing",
    );
    let source = replaced("[chat]\n", "").replace("[[chat.topics]]", "[[chats]]");
    let found = mistakes(&source);
    let absent = found.iter().find(|(line, _)| line.is_none());
    assert_eq!(absent.unwrap().1, "`chat` is missing");
    assert!(
        found
            .iter()
            .any(|(_, message)| message.starts_with("`chats` is no key"))
    );
}

#[test]
fn invalid_toml_is_reported_with_its_line() {
    let source = replaced("name = \"demobroker\"", "name = demobroker");
    let found = mistakes(&source);
    assert_eq!(
        found[0].0,
        Some(line_of(&source, "name = demobroker")),
        "{found:#?}"
    );
    let source = replaced("decimals = 2", "decimals = 2\ndecimals = 2");
    let found = mistakes(&source);
    assert_eq!(found[0].0, Some(line_of(&source, "decimals") + 1), "{found:#?}");
}

#[test]
fn a_maximum_is_not_below_the_minimum() {
    let source = replaced("min = \"10\"\nlabel", "min = \"10\"\nmax = \"5\"\nlabel");
    let line = line_of(&source, "max = \"5\"");
    expect_mistake(&source, line, "`actions.fields.max` is less than `min`");
}

#[test]
fn a_choice_has_options() {
    let source = replaced(
        "kind = \"text\"\nmax_length = 34",
        "kind = \"choice\"\noptions = []",
    );
    let line = line_of(&source, "options = []");
    expect_mistake(&source, line, "`actions.fields.options` must list the options");
}

#[test]
fn the_texts_of_an_action_fit_into_a_body() {
    // The action has a `note` of 4,000 characters and some short fields.
    let longer = |length: u32| {
        let field = format!(
            "[[actions.fields]]\nname = \"story\"\nkind = \"long_text\"\nmax_length = {length}\nlabel = \"Story\"\n\n"
        );
        let note = "[[actions.fields]]\nname = \"note\"";
        replaced(note, &(field.clone() + &field.replace("story", "plot") + note))
    };
    assert!(parse(&longer(7_000)).is_ok());
    let error = parse(&longer(9_000)).unwrap_err().to_string();
    assert!(
        error.contains("`actions.fields` have texts of") && error.contains("20000 at most"),
        "{error}"
    );
}

#[test]
fn an_action_has_at_most_60_fields() {
    let more = |count: usize| {
        let fields = (0..count).map(|n| {
            format!(
                "[[actions.fields]]\nname = \"f{n}\"\nkind = \"text\"\nrequired = false\nlabel = \"F\"\n\n"
            )
        });
        let note = "[[actions.fields]]\nname = \"note\"";
        replaced(note, &(fields.collect::<String>() + note))
    };
    assert!(parse(&more(57)).is_ok());
    let source = more(58);
    let line = line_of(&source, "name = \"note\"");
    expect_mistake(&source, line, "`actions.fields` has more than 60 fields");
}
