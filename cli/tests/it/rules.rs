//! Each rule fails for the deployments that break it, and no other rule does.

use std::{collections::BTreeSet, time::Duration};

use tokio::task::JoinSet;

use crate::{
    deployment::{Fault, Request, Response},
    program::{ProgramRun, check_deployment},
};

const STRICT: &str = "frame-ancestors https://app.ctrader.com";

/// The expected outcome, the id of the rule, and the fault that breaks the rule.
const FAULTS: &[(&str, &str, Fault)] = &[
    ("fail", "load.answers", |request, response| {
        response.hang_up = is_deposit_in_spanish(request)
    }),
    ("fail", "load.time", |request, response| {
        if is_deposit_in_spanish(request) {
            response.delay = Duration::from_millis(3_100);
        }
    }),
    ("warn", "load.time", |request, response| {
        if is_deposit_in_spanish(request) {
            response.delay = Duration::from_millis(1_100);
        }
    }),
    ("warn", "load.size", |_, response| {
        response.append_html(&format!("<!-- {} -->", "x".repeat(11_000)));
        response.gzip = false;
    }),
    ("fail", "load.viewport", |_, response| {
        response.replace("width=device-width", "width=1024")
    }),
    ("fail", "load.viewport", |_, response| {
        response.replace("initial-scale=1", "user-scalable=no")
    }),
    ("fail", "load.viewport", |_, response| {
        response.replace("initial-scale=1", "user-scalable=0")
    }),
    ("fail", "load.viewport", |_, response| {
        response.replace("initial-scale=1", "Maximum-Scale = 1.0")
    }),
    ("fail", "headers.csp", |_, response| {
        edit_policy(response, "default-src 'none'", "default-src *")
    }),
    ("fail", "headers.csp", |_, response| {
        edit_policy(response, "base-uri 'none'; ", "")
    }),
    ("fail", "headers.csp", |_, response| {
        edit_policy(response, "'nonce-n'", "'unsafe-inline'")
    }),
    ("fail", "headers.csp", |_, response| {
        edit_policy(
            response,
            "default-src 'none'",
            "default-src *; default-src 'none'",
        )
    }),
    ("fail", "headers.csp", |_, response| {
        edit_policy(
            response,
            "base-uri 'none'",
            "script-src 'nonce-n' https:; base-uri 'none'",
        )
    }),
    ("fail", "headers.hsts", |_, response| {
        response.remove("strict-transport-security")
    }),
    ("fail", "headers.hsts", |_, response| {
        response.set("strict-transport-security", "max-age=0")
    }),
    ("fail", "headers.nosniff", |_, response| {
        response.remove("x-content-type-options")
    }),
    ("fail", "headers.no-store", |_, response| {
        response.set("cache-control", "max-age=60")
    }),
    ("fail", "headers.no-store", |request, response| {
        if request.json {
            response.remove("cache-control");
        }
    }),
    ("fail", "headers.no-referrer", |_, response| {
        response.set("referrer-policy", "origin")
    }),
    ("fail", "headers.no-referrer", |_, response| {
        response.set("referrer-policy", "no-referrer, unsafe-url")
    }),
    ("fail", "headers.cookies", |_, response| {
        remove_cookie_attribute(response, "; Secure")
    }),
    ("fail", "headers.cookies", |_, response| {
        remove_cookie_attribute(response, "; HttpOnly")
    }),
    ("fail", "headers.cookies", |_, response| {
        remove_cookie_attribute(response, "; SameSite=None")
    }),
    ("fail", "headers.cookies", |_, response| {
        remove_cookie_attribute(response, "; Partitioned")
    }),
    ("fail", "framing.restricted", |_, response| {
        edit_policy(response, STRICT, "frame-ancestors *")
    }),
    ("fail", "framing.restricted", |_, response| {
        edit_policy(response, STRICT, "frame-ancestors https:")
    }),
    ("fail", "framing.restricted", |_, response| {
        edit_policy(response, STRICT, "")
    }),
    ("fail", "framing.restricted", |_, response| {
        edit_policy(
            response,
            STRICT,
            "frame-ancestors https://app.ctrader.com https://*:443",
        )
    }),
    ("fail", "framing.ctrader", |_, response| {
        edit_policy(response, STRICT, "frame-ancestors 'none'")
    }),
    ("fail", "framing.ctrader", |_, response| {
        edit_policy(response, "app.ctrader", "app.other")
    }),
    ("fail", "framing.x-frame-options", |_, response| {
        response.set("x-frame-options", "SAMEORIGIN")
    }),
    ("fail", "screens.open", |request, response| {
        if request.opens() && request.method == "GET" && request.path == "/inapp/kyc" {
            response.status = 502;
        }
    }),
    ("fail", "screens.open", |request, response| {
        redirect(request, response, "https://crm.example/kyc?assertion=unsigned");
    }),
    ("fail", "screens.open", |request, response| {
        redirect(request, response, "http://crm.example/kyc?assertion=a.b.c");
    }),
    ("fail", "screens.open", |request, response| {
        redirect(request, response, "/login")
    }),
    ("fail", "screens.token-forgotten", |request, response| {
        let token = request.token.as_deref().unwrap_or_default();
        let location = format!("https://crm.example/kyc?assertion=a.b.c&token={token}");
        redirect(request, response, &location);
    }),
    ("fail", "screens.once", |request, response| {
        if response.status == 410 && request.opens() {
            response.status = 200;
        }
    }),
    ("fail", "screens.token-forgotten", |request, response| {
        if request.opens() {
            let token = request.token.as_deref().unwrap();
            response.append_html(&format!("<a href=\"?token={token}\">Reload</a>"));
        }
    }),
    ("fail", "language.supported", |request, response| {
        if request.path == "/inapp/chat" && request.theme.is_none() {
            response.replace("lang=\"es\"", "lang=\"pt\"");
        }
    }),
    ("fail", "language.translated", |_, response| {
        response.replace("Hola", "Hello")
    }),
    ("fail", "language.direction", |_, response| {
        response.replace("dir=\"rtl\"", "dir=\"ltr\"")
    }),
    ("fail", "language.direction", |_, response| {
        response.replace("dir=\"ltr\"", "dir=\"rtl\"")
    }),
    ("fail", "language.unsupported", |request, response| {
        if request.lang.as_deref() == Some("zz") {
            response.replace("lang=\"en\"", "lang=\"zz\"");
        }
    }),
    ("fail", "theme.light", |_, response| {
        response.replace("data-theme=\"light\"", "")
    }),
    ("fail", "theme.dark", |request, response| {
        if request.lang.is_none() {
            response.replace("data-theme=\"dark\"", "data-theme=\"light\"");
        }
    }),
    ("fail", "theme.with-language", |request, response| {
        if request.lang.is_some() {
            response.replace("data-theme=\"dark\"", "");
        }
    }),
    ("fail", "theme.with-language", |request, response| {
        if request.theme.is_some() {
            response.replace("lang=\"ar\" dir=\"rtl\"", "lang=\"en\" dir=\"ltr\"");
        }
    }),
    ("fail", "words.ctrader-id", |_, response| {
        response.append_html("<p>Your <b>c</b>Trader&nbsp;ID</p>")
    }),
    ("fail", "words.ctrader-id", |_, response| {
        response.append_html("<input placeholder='ctid'>")
    }),
    ("fail", "words.platforms", |_, response| {
        response.append_html("<p>Like MetaTrader 5, but better</p>")
    }),
    ("fail", "words.platforms", |request, response| {
        if request.path == "/callback/failure" {
            response.append_html("<img alt='MT4'>");
        }
    }),
    ("fail", "words.platforms", |_, response| {
        response.append_html("<p>从MT5转账</p>")
    }),
    ("fail", "words.ctrader-id", |_, response| {
        response.append_html("<p>请使用您的cTrader ID登录</p>")
    }),
    ("fail", "words.platforms", |_, response| {
        response.append_html("<input type=submit value='Pay to MT5'>")
    }),
    ("fail", "words.platforms", |_, response| {
        response.append_html("<select><option label='MT5'>1</select>")
    }),
    ("fail", "popups.none", |_, response| {
        response.append_html("<script>window.open('/x')</script>")
    }),
    ("fail", "popups.none", |_, response| {
        response.append_html("<button onclick=\"alert('Hi')\">Help</button>")
    }),
    ("fail", "popups.none", |_, response| {
        response.append_html("<a href='/terms' target=_blank>Terms</a>")
    }),
    ("fail", "popups.none", |_, response| {
        response.append_html(
            "<form method=get action='/x' target=_blank rel=noopener><button>Open</button></form>",
        )
    }),
    ("fail", "popups.none", |_, response| {
        response.append_html("<form method=post action='/x' target=_blank><button>Open</button></form>")
    }),
    ("fail", "assets.own", |_, response| {
        response.append_html("<img alt='' src='https://cdn.example/a.png'>")
    }),
    ("fail", "assets.own", |_, response| {
        response.replace("b{color:red}", "@import 'https://fonts.example/a.css'")
    }),
    ("fail", "assets.own", |_, response| {
        response.replace("b{color:red}", "b{background:URL(https://cdn.example/a.png)}")
    }),
    ("fail", "assets.own", |_, response| {
        response.append_html("<img alt='' srcset='/a.png 1x,https://cdn.example/b.png 2x'>")
    }),
    ("fail", "assets.own", |_, response| {
        response.append_html("<svg><image xlink:href='https://cdn.example/a.png'/></svg>")
    }),
    ("fail", "way-out.every-page", |_, response| {
        response.replace("/callback/success", "/somewhere")
    }),
    ("fail", "way-out.every-page", |_, response| {
        response.replace(" aria-label=\"Leave\"", "")
    }),
    ("fail", "legal.present", |_, response| {
        response.replace("<footer>", "<p>");
        response.replace("</footer>", "</p>");
    }),
    ("fail", "legal.entity", |_, response| {
        response.replace("Demo Broker Ltd", "Other Broker Ltd")
    }),
    ("fail", "errors.missing-token", |request, response| {
        if request.json {
            response.replace("'token' is", "token is");
        }
    }),
    ("fail", "errors.missing-token", |_, response| {
        if response.status == 400 {
            response.status = 404;
        }
    }),
    ("fail", "errors.malformed-token", |request, response| {
        if request.json {
            response.replace(
                "\"code\":\"INVALID_OT_TOKEN\"",
                "\"code\":\"INVALID_OT_TOKEN\",\"more\":1",
            );
        }
    }),
    ("fail", "errors.malformed-token", |request, response| {
        if request.json && response.body.contains("INVALID_OT_TOKEN") {
            response.set("content-type", "text/plain");
        }
    }),
    ("fail", "errors.unknown-path", |request, response| {
        if request.path.contains("nothing-here") && request.json {
            response.body = "{\"message\":\"Not Found\"}".to_owned();
        }
    }),
    ("fail", "errors.unknown-path", |request, response| {
        if request.path.contains("nothing-here") && !request.json {
            response.set("content-type", "application/json");
        }
    }),
    ("fail", "errors.method", |_, response| response.remove("allow")),
    ("fail", "errors.method", |request, response| {
        if request.method == "DELETE" {
            response.status = 404;
        }
    }),
    ("fail", "errors.head", |request, response| {
        if request.method == "HEAD" && !request.opens() {
            response.status = 404;
        }
    }),
    ("fail", "callback.success", |request, response| {
        if request.path == "/callback/success" {
            response.status = 404;
        }
    }),
    ("fail", "callback.failure", |request, response| {
        if request.path == "/callback/failure" {
            response.set("content-type", "text/plain");
        }
    }),
];

fn is_deposit_in_spanish(request: &Request) -> bool {
    request.path == "/inapp/deposit" && request.lang.as_deref() == Some("es") && !request.opens()
}

/// Makes one screen redirect the trader.
fn redirect(request: &Request, response: &mut Response, location: &str) {
    if request.opens() && request.method == "GET" && request.path == "/inapp/kyc" && response.status == 200 {
        response.status = 303;
        response.set("location", location);
        response.remove("content-type");
        response.body = String::new();
    }
}

fn edit_policy(response: &mut Response, from: &str, to: &str) {
    let name = "content-security-policy";
    let policy = response
        .headers
        .iter()
        .find(|(header, _)| *header == name)
        .unwrap()
        .1
        .replace(from, to);
    response.set(name, &policy);
}

fn remove_cookie_attribute(response: &mut Response, attribute: &str) {
    for (name, value) in &mut response.headers {
        if *name == "set-cookie" {
            *value = value.replace(attribute, "");
        }
    }
}

fn no_fault(_: &Request, _: &mut Response) {}

async fn check(fault: Fault) -> ProgramRun {
    check_deployment(fault, &["--legal", "Demo Broker Ltd", "--json"])
        .await
        .0
}

#[tokio::test]
async fn a_good_deployment_passes() {
    let run = check(no_fault).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(run.ids("fail"), [""; 0]);
    assert_eq!(run.ids("warn"), [""; 0]);
    assert_eq!(
        run.ids("skip"),
        [
            "connection.certificate",
            "connection.old-tls",
            "connection.plain-http"
        ]
    );
}

#[tokio::test]
async fn a_screen_may_redirect_to_the_brokers_own_page_and_the_report_names_it() {
    let fault: Fault =
        |request, response| redirect(request, response, "https://crm.example/kyc?a=1&assertion=h.c.s");
    let (run, tokens) = check_deployment(fault, &["--legal", "Demo Broker Ltd", "--json"]).await;
    assert_eq!((run.code, run.ids("warn").len()), (0, 0), "{}", run.stdout);
    assert_eq!(
        tokens.len(),
        3 * 8 + 1,
        "one token is enough for a screen that redirects"
    );
    let open = run
        .checks()
        .into_iter()
        .find(|check| check["id"] == "screens.open")
        .unwrap();
    assert_eq!(open["outcome"], "pass");
    let remark =
        serde_json::json!([{ "place": "kyc", "what": "redirects the trader to https://crm.example" }]);
    assert_eq!(open["problems"], remark);
    assert_eq!(open.get("advice"), None);
}

#[tokio::test]
async fn a_form_that_opens_a_window_when_submitted_is_not_a_pop_up() {
    let fault: Fault = |_, response| {
        response.append_html(
            "<form method=post action='/x' target=_blank rel=noopener><button>Open</button></form>",
        )
    };
    assert_eq!(check(fault).await.code, 0);
}

#[tokio::test]
async fn a_text_that_only_resembles_a_banned_word_passes() {
    let fault: Fault = |_, response| {
        response.append_html("<p>Form MT50, COMT5, cTrader账户的 ID, MT 5,000.00, cTrader identifies you</p>")
    };
    let run = check(fault).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn words_that_may_be_a_platform_are_a_warning_and_words_of_two_sentences_are_nothing() {
    let fault: Fault = |_, response| {
        response.append_html(
            "<p>Registered under the Securities Act. Traders may lose</p><p>Ninja</p><p>Trader</p>",
        )
    };
    let (run, _) = check_deployment(fault, &["--json"]).await;
    assert!(!run.ids("warn").contains(&"words.platforms".to_owned()));
    assert!(!run.ids("fail").contains(&"words.platforms".to_owned()));
    let fault: Fault = |_, response| response.append_html("<p>We match traders with brokers</p>");
    let (run, _) = check_deployment(fault, &["--json"]).await;
    assert!(run.ids("warn").contains(&"words.platforms".to_owned()));
}

#[tokio::test]
async fn traditional_and_simplified_chinese_are_two_languages_if_both_are_listed() {
    let failed = async |languages: &str, fault: Fault| {
        let run = check_deployment(fault, &["--json", "--languages", languages]).await;
        run.0.ids("fail")
    };
    let simplified: Fault = |_, response| response.replace("lang=\"zh-Hant\"", "lang=\"zh\"");
    let texts: Fault = |_, response| response.replace("帳戶", "账户");
    let by_region: Fault = |_, response| {
        response.replace("lang=\"zh\"", "lang=\"zh-CN\"");
        response.replace("lang=\"zh-Hant\"", "lang=\"zh-TW\"");
    };
    let both = "en,zh,zh-Hant";
    assert_eq!(failed(both, no_fault).await, [""; 0]);
    assert_eq!(failed(both, by_region).await, [""; 0]);
    assert_eq!(
        failed(both, simplified).await,
        ["language.supported", "theme.with-language"]
    );
    assert_eq!(failed(both, texts).await, ["language.translated"]);
    // If only one of them is listed, the page need not name the script.
    assert_eq!(failed("en,zh-Hant", simplified).await, [""; 0]);

    fn chinese_first(request: &Request, response: &mut Response) {
        if !matches!(request.lang.as_deref(), Some("zh" | "zh-Hant")) {
            response.replace("lang=\"en\"", "lang=\"zh\"");
            response.replace("Hello", "交易账户");
        }
    }
    let first = "zh,zh-Hant";
    assert_eq!(failed(first, chinese_first).await, [""; 0]);
    let texts: Fault = |request, response| {
        chinese_first(request, response);
        response.replace("帳戶", "账户");
    };
    assert_eq!(failed(first, texts).await, ["language.translated"]);
    let traditional: Fault = |request, response| {
        chinese_first(request, response);
        if request.lang.as_deref() == Some("zz") {
            response.replace("lang=\"zh\"", "lang=\"zh-Hant\"");
        }
    };
    assert_eq!(failed(first, traditional).await, ["language.unsupported"]);
}

#[tokio::test]
async fn each_fault_breaks_its_rule_and_no_other() {
    // Three at a time: a check mostly waits, but with more of them a busy processor would make responses slow.
    let mut wrong = Vec::new();
    for rows in FAULTS.chunks(3) {
        let mut checks = JoinSet::new();
        for (outcome, id, fault) in rows {
            checks.spawn(async move { (*outcome, *id, check(*fault).await) });
        }
        while let Some(finished) = checks.join_next().await {
            let (outcome, id, run) = finished.unwrap();
            let found: Vec<_> = ["fail", "warn"]
                .into_iter()
                .flat_map(|outcome| run.ids(outcome).into_iter().map(move |id| (outcome, id)))
                // On a busy machine any response may take more than a second.
                .filter(|found| id == "load.time" || *found != ("warn", "load.time".to_owned()))
                .collect();
            if found != [(outcome, id.to_owned())] || run.code != i32::from(outcome == "fail") {
                wrong.push(format!(
                    "{id}: expected {outcome}, found {found:?}, exit code {}",
                    run.code
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_rule_has_a_fault_that_breaks_it() {
    let all: BTreeSet<String> = check(no_fault)
        .await
        .checks()
        .iter()
        .map(|check| check["id"].as_str().unwrap().to_owned())
        .collect();
    let broken = FAULTS.iter().map(|(_, id, _)| *id);
    let tested = broken
        .chain(crate::tls::TESTED_RULES)
        .map(str::to_owned)
        .collect();
    assert_eq!(all, tested);
}

#[tokio::test]
async fn a_viewport_that_allows_zooming_passes_however_it_is_written() {
    let fault: Fault = |_, response| {
        response.replace("initial-scale=1", "maximum-scale=10; user-scalable=1");
        response.replace("width=device-width", "Width = Device-Width");
        response.replace("\"viewport\"", "\"Viewport\"");
    };
    let run = check(fault).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn several_policies_in_one_header_and_repeated_directives_are_read_as_browsers_do() {
    let fault: Fault = |request, response| {
        let policy = match request.lang {
            None => "frame-ancestors https://app.ctrader.com, default-src 'self'",
            Some(_) => "frame-ancestors https://app.ctrader.com; frame-ancestors 'none'",
        };
        edit_policy(response, STRICT, policy);
    };
    let run = check(fault).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn a_configured_widget_may_serve_assets() {
    let fault: Fault =
        |_, response| response.append_html("<script src='https://chat.example/w.js'></script>");
    let (run, _) = check_deployment(fault, &["--json", "--allow-asset", "https://chat.example"]).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn the_alternative_text_of_an_image_names_the_exit_link() {
    let fault: Fault = |_, response| {
        response.replace(
            " aria-label=\"Leave\"><svg></svg>",
            "><img alt=\"Leave\" src=\"/x.png\">",
        )
    };
    let run = check(fault).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn white_labels_are_checked_with_their_own_frame_ancestors() {
    let fault: Fault = |_, response| edit_policy(response, STRICT, "frame-ancestors https://*.white.example");
    let ok = ["--json", "--frame-ancestor", "https://trade.white.example"];
    assert_eq!(check_deployment(fault, &ok).await.0.code, 0);
    let both = [&ok[..], &["--frame-ancestor", "https://app.ctrader.com"]].concat();
    assert_eq!(
        check_deployment(fault, &both).await.0.ids("fail"),
        ["framing.ctrader"]
    );
}

/// Names the legal entity only to a trader with a session, as the screens do if several brokers share them.
fn without_legal_entity(request: &Request, response: &mut Response) {
    if !(request.opens() && response.status == 200) {
        response.replace("<footer>Services are provided by Demo Broker Ltd.</footer>", "");
    }
}

#[tokio::test]
async fn with_white_labels_only_screens_with_a_trader_must_name_the_legal_entity() {
    let legal = ["--json", "--legal", "Demo Broker Ltd"];
    let white = [&legal[..], &["--white-labels"]].concat();
    let (run, _) = check_deployment(without_legal_entity, &legal).await;
    assert_eq!(run.ids("fail"), ["legal.present", "legal.entity"]);

    let (run, _) = check_deployment(without_legal_entity, &white).await;
    assert_eq!((run.code, run.ids("warn").len()), (0, 0), "{}", run.stdout);
    let checks = run.checks();
    let legal_checks: Vec<_> = checks
        .iter()
        .filter(|check| check["id"].as_str().unwrap().starts_with("legal."))
        .collect();
    assert_eq!(legal_checks.len(), 2);
    let remark = serde_json::json!([
        { "place": "", "what": "not checked because of --white-labels: pages without a trader" }
    ]);
    for check in legal_checks {
        assert_eq!(check["outcome"], "pass");
        assert_eq!(check["problems"], remark);
    }

    let other: Fault = |request, response| {
        without_legal_entity(request, response);
        response.replace("Demo Broker Ltd", "Other Broker Ltd");
    };
    assert_eq!(
        check_deployment(other, &white).await.0.ids("fail"),
        ["legal.entity"]
    );
    let none: Fault = |_, response| {
        response.replace("<footer>Services are provided by Demo Broker Ltd.</footer>", "");
    };
    let (run, _) = check_deployment(none, &white).await;
    assert_eq!(run.ids("fail"), ["legal.present", "legal.entity"]);
}

#[tokio::test]
async fn with_white_labels_and_without_tokens_the_legal_entity_is_not_checked() {
    let (port, task) = crate::deployment::Deployment::new(without_legal_entity)
        .listen()
        .await;
    let url = format!("http://127.0.0.1:{port}");
    let legal = ["--legal", "Demo Broker Ltd", "--white-labels"];
    let arguments = [&[url.as_str(), "--allow-http", "--json"], &legal[..]].concat();
    let run = crate::program::check(&arguments).await;
    task.abort();
    assert_eq!(run.code, 0, "{}", run.stdout);
    let skipped = run.ids("skip");
    for id in ["legal.present", "legal.entity"] {
        assert!(skipped.iter().any(|skipped| skipped == id), "{skipped:?}");
    }
}

#[tokio::test]
async fn an_escaped_token_in_a_page_is_found() {
    let in_a_link: Fault = |request, response| {
        if request.opens() {
            let token = request.token.as_deref().unwrap();
            assert!(token.contains("%2B"), "{token}");
            response.append_html(&format!("<a href='?token={token}'>Reload</a>"));
        }
    };
    let in_a_form: Fault = |request, response| {
        if request.opens() {
            let token = request.token.as_deref().unwrap().replace("%2B", "&#43;");
            response.append_html(&format!("<input type=hidden value='{token}'>"));
        }
    };
    for fault in [in_a_link, in_a_form] {
        let (port, task) = crate::deployment::Deployment::new(fault).listen().await;
        let url = format!("http://127.0.0.1:{port}");
        let command = "mktemp -u canary+XXXXXXXXXXXX";
        let run = crate::program::check(&[&url, "--allow-http", "--json", "--token-command", command]).await;
        task.abort();
        assert_eq!(run.ids("fail"), ["screens.token-forgotten"]);
    }
}

#[tokio::test]
async fn a_success_page_on_the_brokers_own_site_must_only_exist() {
    let (port, task) = crate::deployment::Deployment::new(|_, response| {
        response.headers.retain(|(name, _)| *name == "content-type");
        response.body = "<p>MetaTrader".to_owned();
    })
    .listen()
    .await;
    let own = format!("http://127.0.0.1:{port}/callback/success");
    let fault: Fault = |_, response| response.append_html("<a href='/x'>Close</a>");
    let (run, _) = check_deployment(fault, &["--json", "--success-url", &own]).await;
    task.abort();
    assert_eq!(run.code, 0, "{}", run.stdout);
}
