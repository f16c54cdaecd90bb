//! The broker's own pages and backends.

use crate::{DEMO, expect_mistake, line_of, parse};

/// The demo file with a section before the section of a screen, or in the first action.
fn with_section(of: &str, section: &str) -> String {
    match of {
        "actions" => DEMO.replacen(
            "[[actions.fields]]",
            &format!("{section}\n\n[[actions.fields]]"),
            1,
        ),
        screen => DEMO.replacen(&format!("[{screen}]"), &format!("{section}\n\n[{screen}]"), 1),
    }
}

#[test]
fn each_screen_and_action_can_be_a_page_of_the_brokers_own() {
    let section = |of: &str| format!("[{of}.redirect]\nto = \"https://a.example/p\"\nframed = false");
    let config = |of: &str| parse(&with_section(of, &section(of))).unwrap();
    let (deposit, kyc, chat, actions) = (
        config("deposit"),
        config("kyc"),
        config("chat"),
        config("actions"),
    );
    for redirect in [
        deposit.deposit.redirect(),
        kyc.kyc.redirect(),
        chat.chat.redirect(),
        actions.action("withdraw").unwrap().redirect(),
    ] {
        let redirect = redirect.unwrap();
        assert_eq!(redirect.page("demobroker").unwrap().origin(), "https://a.example");
        assert!(!redirect.framed);
    }
    let demo = parse(DEMO).unwrap();
    assert!(
        demo.deposit.redirect().is_none() && demo.kyc.redirect().is_none() && demo.chat.redirect().is_none()
    );
    assert!(demo.action("documents").unwrap().redirect().unwrap().framed);
}

#[test]
fn a_screen_that_redirects_needs_no_form() {
    for (screen, list, next) in [("kyc", "documents", "[chat]"), ("chat", "topics", "[[actions]]")] {
        let (before, rest) = DEMO.split_once(&format!("[[{screen}.{list}]]")).unwrap();
        let (_, after) = rest.split_once(next).unwrap();
        let empty = format!("{before}{next}{after}");
        let line = line_of(&empty, &format!("[{screen}]"));
        expect_mistake(
            &empty,
            line,
            &format!("`{screen}.{list}` must list at least one entry"),
        );
        let section = format!("[{screen}.redirect]\nto = \"https://a.example\"\n\n[{screen}]");
        assert!(parse(&empty.replacen(&format!("[{screen}]"), &section, 1)).is_ok());
    }
}

#[test]
fn mistakes_in_a_redirect_are_reported_with_line_and_key() {
    for (of, lines, at, expected) in [
        ("deposit", "", 0, "`deposit.redirect.to` is missing"),
        ("kyc", "framed = true", 0, "`kyc.redirect.to` is missing"),
        (
            "chat",
            "to = \"https://a.example\"\nframed = 1",
            2,
            "`chat.redirect.framed` must be",
        ),
        (
            "deposit",
            "mode = 1\nto = \"https://a.example\"",
            1,
            "`deposit.redirect.mode` is no key",
        ),
        (
            "deposit",
            "to = 1",
            1,
            "`deposit.redirect.to` must be a URL, or a table",
        ),
        (
            "actions",
            "to = \"//a.example/p\"",
            1,
            "`actions.redirect.to` must be a URL",
        ),
        (
            "deposit",
            "to = \"https://a.example/?x=1&%61ssertion=y\"",
            1,
            "must not have a parameter `assertion`",
        ),
        (
            "deposit",
            "to = {}",
            1,
            "`deposit.redirect.to` has no URL for the broker `demobroker`",
        ),
        (
            "deposit",
            "to = { demobroker = \"https://a.example\", other = \"https://a.example\" }",
            1,
            "`deposit.redirect.to.other` is for a broker that is not",
        ),
        (
            "deposit",
            "to = { demobroker = \"http://a.example\" }",
            1,
            "`deposit.redirect.to.demobroker` must be a URL",
        ),
    ] {
        let header = format!("[{of}.redirect]");
        let source = with_section(of, &format!("{header}\n{lines}"));
        expect_mistake(&source, line_of(&source, &header) + at, expected);
    }
}

#[test]
fn an_action_can_be_handed_to_a_backend() {
    let config = parse(DEMO).unwrap();
    let backend = config.action("bonus").unwrap().backend().unwrap();
    let url = "https://crm.demobroker.example/inapp/bonus";
    assert_eq!(backend.url("demobroker"), Some(url));
    assert!(config.action("withdraw").unwrap().backend().is_none());
    assert!(config.calls_backends());
    let section = "[actions.backend]\nurl = { demobroker = \"https://a.example:8443/b?c=d\" }";
    let config = parse(&with_section("actions", section)).unwrap();
    let backend = config.actions[0].backend().unwrap();
    assert_eq!(backend.url("demobroker"), Some("https://a.example:8443/b?c=d"));
    assert!(
        !backend.may_redirect("https://a.example:8443/"),
        "unless it is listed"
    );
}

#[test]
fn mistakes_in_a_backend_are_reported_with_line_and_key() {
    for (lines, at, expected) in [
        ("", 0, "`actions.backend.url` is missing"),
        ("url = 1", 1, "`actions.backend.url` must be a URL"),
        (
            "url = \"http://a.example\"",
            1,
            "`actions.backend.url` must be a URL",
        ),
        ("url = {}", 1, "`actions.backend.url` has no URL"),
        (
            "url = \"https://a.example\"\nframed = true",
            2,
            "`actions.backend.framed` is no key",
        ),
        (
            "url = \"https://a.example\"\nredirects = [\"https://a.example/p\"]",
            2,
            "`actions.backend.redirects` must list origins",
        ),
        (
            "url = \"https://a.example\"\nredirects = [\"https://*.a.example\"]",
            2,
            "`actions.backend.redirects` must list origins",
        ),
    ] {
        let source = with_section("actions", &format!("[actions.backend]\n{lines}"));
        expect_mistake(&source, line_of(&source, "[actions.backend]") + at, expected);
    }
    let source = with_section("kyc", "[kyc.backend]\nurl = \"https://a.example\"");
    expect_mistake(
        &source,
        line_of(&source, "[kyc.backend]"),
        "`kyc.backend` is no key",
    );
}

#[test]
fn an_action_is_a_page_or_a_form() {
    let both =
        "[actions.redirect]\nto = \"https://a.example\"\n\n[actions.backend]\nurl = \"https://a.example\"";
    let source = with_section("actions", both);
    let first = line_of(&source, "[actions.redirect]");
    let expected = format!("`actions.backend` conflicts with `redirect` (line {first})");
    expect_mistake(&source, line_of(&source, "[actions.backend]"), &expected);
}
