//! Each rule catches the deployment that breaks it, and no other rule does.

use std::{collections::BTreeSet, time::Duration};

use tokio::task::JoinSet;

use crate::{
    deployment::{Asked, Canned, Spoil},
    program::{Run, check_deployment},
};

const STRICT: &str = "frame-ancestors https://app.ctrader.com";

/// How the check comes out, its id, and the deployment that makes it come out so.
const BAD: &[(&str, &str, Spoil)] = &[
    ("fail", "load.answers", |asked, answer| {
        answer.hang_up = is_deposit_in_spanish(asked)
    }),
    ("fail", "load.time", |asked, answer| {
        if is_deposit_in_spanish(asked) {
            answer.delay = Duration::from_millis(3_100);
        }
    }),
    ("warn", "load.time", |asked, answer| {
        if is_deposit_in_spanish(asked) {
            answer.delay = Duration::from_millis(1_100);
        }
    }),
    ("warn", "load.size", |_, answer| {
        answer.say(&format!("<!-- {} -->", "x".repeat(11_000)));
        answer.gzip = false;
    }),
    ("fail", "load.viewport", |_, answer| {
        answer.replace("width=device-width", "width=1024")
    }),
    ("fail", "load.viewport", |_, answer| {
        answer.replace("initial-scale=1", "user-scalable=no")
    }),
    ("fail", "load.viewport", |_, answer| {
        answer.replace("initial-scale=1", "user-scalable=0")
    }),
    ("fail", "load.viewport", |_, answer| {
        answer.replace("initial-scale=1", "Maximum-Scale = 1.0")
    }),
    ("fail", "headers.csp", |_, answer| {
        edit_policy(answer, "default-src 'none'", "default-src *")
    }),
    ("fail", "headers.csp", |_, answer| {
        edit_policy(answer, "base-uri 'none'; ", "")
    }),
    ("fail", "headers.csp", |_, answer| {
        edit_policy(answer, "'nonce-n'", "'unsafe-inline'")
    }),
    ("fail", "headers.csp", |_, answer| {
        edit_policy(answer, "default-src 'none'", "default-src *; default-src 'none'")
    }),
    ("fail", "headers.csp", |_, answer| {
        edit_policy(
            answer,
            "base-uri 'none'",
            "script-src 'nonce-n' https:; base-uri 'none'",
        )
    }),
    ("fail", "headers.hsts", |_, answer| {
        answer.remove("strict-transport-security")
    }),
    ("fail", "headers.hsts", |_, answer| {
        answer.set("strict-transport-security", "max-age=0")
    }),
    ("fail", "headers.nosniff", |_, answer| {
        answer.remove("x-content-type-options")
    }),
    ("fail", "headers.no-store", |_, answer| {
        answer.set("cache-control", "max-age=60")
    }),
    ("fail", "headers.no-store", |asked, answer| {
        if asked.json {
            answer.remove("cache-control");
        }
    }),
    ("fail", "headers.no-referrer", |_, answer| {
        answer.set("referrer-policy", "origin")
    }),
    ("fail", "headers.no-referrer", |_, answer| {
        answer.set("referrer-policy", "no-referrer, unsafe-url")
    }),
    ("fail", "headers.cookies", |_, answer| lose(answer, "; Secure")),
    ("fail", "headers.cookies", |_, answer| lose(answer, "; HttpOnly")),
    ("fail", "headers.cookies", |_, answer| {
        lose(answer, "; SameSite=None")
    }),
    ("fail", "headers.cookies", |_, answer| {
        lose(answer, "; Partitioned")
    }),
    ("fail", "framing.restricted", |_, answer| {
        edit_policy(answer, STRICT, "frame-ancestors *")
    }),
    ("fail", "framing.restricted", |_, answer| {
        edit_policy(answer, STRICT, "frame-ancestors https:")
    }),
    ("fail", "framing.restricted", |_, answer| {
        edit_policy(answer, STRICT, "")
    }),
    ("fail", "framing.restricted", |_, answer| {
        edit_policy(
            answer,
            STRICT,
            "frame-ancestors https://app.ctrader.com https://*:443",
        )
    }),
    ("fail", "framing.ctrader", |_, answer| {
        edit_policy(answer, STRICT, "frame-ancestors 'none'")
    }),
    ("fail", "framing.ctrader", |_, answer| {
        edit_policy(answer, "app.ctrader", "app.other")
    }),
    ("fail", "framing.x-frame-options", |_, answer| {
        answer.set("x-frame-options", "SAMEORIGIN")
    }),
    ("fail", "screens.open", |asked, answer| {
        if asked.opens() && asked.method == "GET" && asked.path == "/inapp/kyc" {
            answer.status = 502;
        }
    }),
    ("fail", "screens.open", |asked, answer| {
        send_on(asked, answer, "https://crm.example/kyc?assertion=unsigned");
    }),
    ("fail", "screens.open", |asked, answer| {
        send_on(asked, answer, "http://crm.example/kyc?assertion=a.b.c");
    }),
    ("fail", "screens.open", |asked, answer| {
        send_on(asked, answer, "/login")
    }),
    ("fail", "screens.token-forgotten", |asked, answer| {
        let token = asked.token.as_deref().unwrap_or_default();
        let location = format!("https://crm.example/kyc?assertion=a.b.c&token={token}");
        send_on(asked, answer, &location);
    }),
    ("fail", "screens.once", |asked, answer| {
        if answer.status == 410 && asked.opens() {
            answer.status = 200;
        }
    }),
    ("fail", "screens.token-forgotten", |asked, answer| {
        if asked.opens() {
            let token = asked.token.as_deref().unwrap();
            answer.say(&format!("<a href=\"?token={token}\">Reload</a>"));
        }
    }),
    ("fail", "language.supported", |asked, answer| {
        if asked.path == "/inapp/chat" && asked.theme.is_none() {
            answer.replace("lang=\"es\"", "lang=\"pt\"");
        }
    }),
    ("fail", "language.translated", |_, answer| {
        answer.replace("Hola", "Hello")
    }),
    ("fail", "language.direction", |_, answer| {
        answer.replace("dir=\"rtl\"", "dir=\"ltr\"")
    }),
    ("fail", "language.direction", |_, answer| {
        answer.replace("dir=\"ltr\"", "dir=\"rtl\"")
    }),
    ("fail", "language.unsupported", |asked, answer| {
        if asked.lang.as_deref() == Some("zz") {
            answer.replace("lang=\"en\"", "lang=\"zz\"");
        }
    }),
    ("fail", "theme.light", |_, answer| {
        answer.replace("data-theme=\"light\"", "")
    }),
    ("fail", "theme.dark", |asked, answer| {
        if asked.lang.is_none() {
            answer.replace("data-theme=\"dark\"", "data-theme=\"light\"");
        }
    }),
    ("fail", "theme.with-language", |asked, answer| {
        if asked.lang.is_some() {
            answer.replace("data-theme=\"dark\"", "");
        }
    }),
    ("fail", "theme.with-language", |asked, answer| {
        if asked.theme.is_some() {
            answer.replace("lang=\"ar\" dir=\"rtl\"", "lang=\"en\" dir=\"ltr\"");
        }
    }),
    ("fail", "words.ctrader-id", |_, answer| {
        answer.say("<p>Your <b>c</b>Trader&nbsp;ID</p>")
    }),
    ("fail", "words.ctrader-id", |_, answer| {
        answer.say("<input placeholder='ctid'>")
    }),
    ("fail", "words.platforms", |_, answer| {
        answer.say("<p>Like MetaTrader 5, but better</p>")
    }),
    ("fail", "words.platforms", |asked, answer| {
        if asked.path == "/callback/failure" {
            answer.say("<img alt='MT4'>");
        }
    }),
    ("fail", "words.platforms", |_, answer| {
        answer.say("<p>从MT5转账</p>")
    }),
    ("fail", "words.ctrader-id", |_, answer| {
        answer.say("<p>请使用您的cTrader ID登录</p>")
    }),
    ("fail", "words.platforms", |_, answer| {
        answer.say("<input type=submit value='Pay to MT5'>")
    }),
    ("fail", "words.platforms", |_, answer| {
        answer.say("<select><option label='MT5'>1</select>")
    }),
    ("fail", "popups.none", |_, answer| {
        answer.say("<script>window.open('/x')</script>")
    }),
    ("fail", "popups.none", |_, answer| {
        answer.say("<button onclick=\"alert('Hi')\">Help</button>")
    }),
    ("fail", "popups.none", |_, answer| {
        answer.say("<a href='/terms' target=_blank>Terms</a>")
    }),
    ("fail", "popups.none", |_, answer| {
        answer.say("<form method=get action='/x' target=_blank rel=noopener><button>Open</button></form>")
    }),
    ("fail", "popups.none", |_, answer| {
        answer.say("<form method=post action='/x' target=_blank><button>Open</button></form>")
    }),
    ("fail", "assets.own", |_, answer| {
        answer.say("<img alt='' src='https://cdn.example/a.png'>")
    }),
    ("fail", "assets.own", |_, answer| {
        answer.replace("b{color:red}", "@import 'https://fonts.example/a.css'")
    }),
    ("fail", "assets.own", |_, answer| {
        answer.replace("b{color:red}", "b{background:URL(https://cdn.example/a.png)}")
    }),
    ("fail", "assets.own", |_, answer| {
        answer.say("<img alt='' srcset='/a.png 1x,https://cdn.example/b.png 2x'>")
    }),
    ("fail", "assets.own", |_, answer| {
        answer.say("<svg><image xlink:href='https://cdn.example/a.png'/></svg>")
    }),
    ("fail", "way-out.every-page", |_, answer| {
        answer.replace("/callback/success", "/somewhere")
    }),
    ("fail", "way-out.every-page", |_, answer| {
        answer.replace(" aria-label=\"Leave\"", "")
    }),
    ("fail", "legal.present", |_, answer| {
        answer.replace("<footer>", "<p>");
        answer.replace("</footer>", "</p>");
    }),
    ("fail", "legal.entity", |_, answer| {
        answer.replace("Demo Broker Ltd", "Other Broker Ltd")
    }),
    ("fail", "errors.missing-token", |asked, answer| {
        if asked.json {
            answer.replace("'token' is", "token is");
        }
    }),
    ("fail", "errors.missing-token", |_, answer| {
        if answer.status == 400 {
            answer.status = 404;
        }
    }),
    ("fail", "errors.malformed-token", |asked, answer| {
        if asked.json {
            answer.replace(
                "\"code\":\"INVALID_OT_TOKEN\"",
                "\"code\":\"INVALID_OT_TOKEN\",\"more\":1",
            );
        }
    }),
    ("fail", "errors.malformed-token", |asked, answer| {
        if asked.json && answer.body.contains("INVALID_OT_TOKEN") {
            answer.set("content-type", "text/plain");
        }
    }),
    ("fail", "errors.unknown-path", |asked, answer| {
        if asked.path.contains("nothing-here") && asked.json {
            answer.body = "{\"message\":\"Not Found\"}".to_owned();
        }
    }),
    ("fail", "errors.unknown-path", |asked, answer| {
        if asked.path.contains("nothing-here") && !asked.json {
            answer.set("content-type", "application/json");
        }
    }),
    ("fail", "errors.method", |_, answer| answer.remove("allow")),
    ("fail", "errors.method", |asked, answer| {
        if asked.method == "DELETE" {
            answer.status = 404;
        }
    }),
    ("fail", "errors.head", |asked, answer| {
        if asked.method == "HEAD" && !asked.opens() {
            answer.status = 404;
        }
    }),
    ("fail", "callback.success", |asked, answer| {
        if asked.path == "/callback/success" {
            answer.status = 404;
        }
    }),
    ("fail", "callback.failure", |asked, answer| {
        if asked.path == "/callback/failure" {
            answer.set("content-type", "text/plain");
        }
    }),
];

fn is_deposit_in_spanish(asked: &Asked) -> bool {
    asked.path == "/inapp/deposit" && asked.lang.as_deref() == Some("es") && !asked.opens()
}

/// Opens one of the screens by a redirect.
fn send_on(asked: &Asked, answer: &mut Canned, location: &str) {
    if asked.opens() && asked.method == "GET" && asked.path == "/inapp/kyc" && answer.status == 200 {
        answer.status = 303;
        answer.set("location", location);
        answer.remove("content-type");
        answer.body = String::new();
    }
}

fn edit_policy(answer: &mut Canned, from: &str, to: &str) {
    let name = "content-security-policy";
    let policy = answer
        .headers
        .iter()
        .find(|(header, _)| *header == name)
        .unwrap()
        .1
        .replace(from, to);
    answer.set(name, &policy);
}

fn lose(answer: &mut Canned, attribute: &str) {
    for (name, value) in &mut answer.headers {
        if *name == "set-cookie" {
            *value = value.replace(attribute, "");
        }
    }
}

fn good(_: &Asked, _: &mut Canned) {}

async fn check(spoil: Spoil) -> Run {
    check_deployment(spoil, &["--legal", "Demo Broker Ltd", "--json"])
        .await
        .0
}

#[tokio::test]
async fn a_good_deployment_passes() {
    let run = check(good).await;
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
async fn a_screen_may_be_a_page_of_the_brokers_own_and_the_report_says_so() {
    let spoil: Spoil = |asked, answer| send_on(asked, answer, "https://crm.example/kyc?a=1&assertion=h.c.s");
    let (run, tokens) = check_deployment(spoil, &["--legal", "Demo Broker Ltd", "--json"]).await;
    assert_eq!((run.code, run.ids("warn").len()), (0, 0), "{}", run.stdout);
    assert_eq!(tokens.len(), 3 * 8 + 1, "one is enough to see where it leads");
    let open = run
        .checks()
        .into_iter()
        .find(|check| check["id"] == "screens.open")
        .unwrap();
    assert_eq!(open["outcome"], "pass");
    let noted = serde_json::json!([{ "place": "kyc", "what": "sends the trader on to https://crm.example" }]);
    assert_eq!(open["problems"], noted);
    assert_eq!(open.get("advice"), None);
}

#[tokio::test]
async fn a_form_that_opens_a_window_at_a_press_is_no_pop_up() {
    let spoil: Spoil = |_, answer| {
        answer.say("<form method=post action='/x' target=_blank rel=noopener><button>Open</button></form>")
    };
    assert_eq!(check(spoil).await.code, 0);
}

/// What has the letters of a banned word and does not say it.
#[tokio::test]
async fn what_only_looks_like_a_banned_word_is_none() {
    let spoil: Spoil = |_, answer| {
        answer.say("<p>Form MT50, COMT5, cTrader账户的 ID, MT 5,000.00, cTrader identifies you</p>")
    };
    let run = check(spoil).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn traditional_chinese_is_a_language_of_its_own_where_both_are_supported() {
    let failed = async |languages: &str, spoil: Spoil| {
        let run = check_deployment(spoil, &["--json", "--languages", languages]).await;
        run.0.ids("fail")
    };
    let simplified: Spoil = |_, answer| answer.replace("lang=\"zh-Hant\"", "lang=\"zh\"");
    let texts: Spoil = |_, answer| answer.replace("帳戶", "账户");
    let by_region: Spoil = |_, answer| {
        answer.replace("lang=\"zh\"", "lang=\"zh-CN\"");
        answer.replace("lang=\"zh-Hant\"", "lang=\"zh-TW\"");
    };
    let both = "en,zh,zh-Hant";
    assert_eq!(failed(both, good).await, [""; 0]);
    assert_eq!(failed(both, by_region).await, [""; 0]);
    assert_eq!(
        failed(both, simplified).await,
        ["language.supported", "theme.with-language"]
    );
    assert_eq!(failed(both, texts).await, ["language.translated"]);
    // Where there is but one of them, the script needs no saying.
    assert_eq!(failed("en,zh-Hant", simplified).await, [""; 0]);

    fn chinese_first(asked: &Asked, answer: &mut Canned) {
        if !matches!(asked.lang.as_deref(), Some("zh" | "zh-Hant")) {
            answer.replace("lang=\"en\"", "lang=\"zh\"");
            answer.replace("Hello", "交易账户");
        }
    }
    let first = "zh,zh-Hant";
    assert_eq!(failed(first, chinese_first).await, [""; 0]);
    let texts: Spoil = |asked, answer| {
        chinese_first(asked, answer);
        answer.replace("帳戶", "账户");
    };
    assert_eq!(failed(first, texts).await, ["language.translated"]);
    let traditional: Spoil = |asked, answer| {
        chinese_first(asked, answer);
        if asked.lang.as_deref() == Some("zz") {
            answer.replace("lang=\"zh\"", "lang=\"zh-Hant\"");
        }
    };
    assert_eq!(failed(first, traditional).await, ["language.unsupported"]);
}

#[tokio::test]
async fn each_bad_deployment_is_caught_by_its_rule_and_by_no_other() {
    // A few at a time: most of a check is waiting, and nothing is to be slow for want of a processor.
    let mut wrong = Vec::new();
    for rows in BAD.chunks(3) {
        let mut checks = JoinSet::new();
        for (outcome, id, spoil) in rows {
            checks.spawn(async move { (*outcome, *id, check(*spoil).await) });
        }
        while let Some(done) = checks.join_next().await {
            let (outcome, id, run) = done.unwrap();
            let found: Vec<_> = ["fail", "warn"]
                .into_iter()
                .flat_map(|outcome| run.ids(outcome).into_iter().map(move |id| (outcome, id)))
                // On a busy machine any answer may take its second.
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
async fn there_is_no_rule_without_a_deployment_that_breaks_it() {
    let all: BTreeSet<String> = check(good)
        .await
        .checks()
        .iter()
        .map(|check| check["id"].as_str().unwrap().to_owned())
        .collect();
    let broken = BAD.iter().map(|(_, id, _)| *id);
    let broken_in_tls_tests = crate::tls::BROKEN_THERE;
    let broken: BTreeSet<String> = broken.chain(broken_in_tls_tests).map(str::to_owned).collect();
    assert_eq!(all, broken);
}

#[tokio::test]
async fn a_viewport_that_lets_zoom_is_good_however_it_is_written() {
    let spoil: Spoil = |_, answer| {
        answer.replace("initial-scale=1", "maximum-scale=10; user-scalable=1");
        answer.replace("width=device-width", "Width = Device-Width");
        answer.replace("\"viewport\"", "\"Viewport\"");
    };
    let run = check(spoil).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn several_policies_in_one_header_and_what_comes_twice_are_read_as_by_browsers() {
    let spoil: Spoil = |asked, answer| {
        let policy = match asked.lang {
            None => "frame-ancestors https://app.ctrader.com, default-src 'self'",
            Some(_) => "frame-ancestors https://app.ctrader.com; frame-ancestors 'none'",
        };
        edit_policy(answer, STRICT, policy);
    };
    let run = check(spoil).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn a_configured_widget_may_serve_assets() {
    let spoil: Spoil = |_, answer| answer.say("<script src='https://chat.example/w.js'></script>");
    let (run, _) = check_deployment(spoil, &["--json", "--allow-asset", "https://chat.example"]).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn a_picture_names_the_way_out() {
    let spoil: Spoil = |_, answer| {
        answer.replace(
            " aria-label=\"Leave\"><svg></svg>",
            "><img alt=\"Leave\" src=\"/x.png\">",
        )
    };
    let run = check(spoil).await;
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[tokio::test]
async fn white_labels_are_named_with_their_own_hosts() {
    let spoil: Spoil = |_, answer| edit_policy(answer, STRICT, "frame-ancestors https://*.white.example");
    let ok = ["--json", "--frame-ancestor", "https://trade.white.example"];
    assert_eq!(check_deployment(spoil, &ok).await.0.code, 0);
    let both = [&ok[..], &["--frame-ancestor", "https://app.ctrader.com"]].concat();
    assert_eq!(
        check_deployment(spoil, &both).await.0.ids("fail"),
        ["framing.ctrader"]
    );
}

/// As the screens do where several brokers share them: only who has a session is told the legal entity.
fn name_no_broker(asked: &Asked, answer: &mut Canned) {
    if !(asked.opens() && answer.status == 200) {
        answer.replace("<footer>Services are provided by Demo Broker Ltd.</footer>", "");
    }
}

#[tokio::test]
async fn of_white_labels_only_the_screens_of_a_trader_name_a_legal_entity() {
    let legal = ["--json", "--legal", "Demo Broker Ltd"];
    let white = [&legal[..], &["--white-labels"]].concat();
    let (run, _) = check_deployment(name_no_broker, &legal).await;
    assert_eq!(run.ids("fail"), ["legal.present", "legal.entity"]);

    let (run, _) = check_deployment(name_no_broker, &white).await;
    assert_eq!((run.code, run.ids("warn").len()), (0, 0), "{}", run.stdout);
    let checks = run.checks();
    let legal_checks: Vec<_> = checks
        .iter()
        .filter(|check| check["id"].as_str().unwrap().starts_with("legal."))
        .collect();
    assert_eq!(legal_checks.len(), 2);
    let left_out =
        serde_json::json!([{ "place": "", "what": "left out by --white-labels: pages without a trader" }]);
    for check in legal_checks {
        assert_eq!(check["outcome"], "pass");
        assert_eq!(check["problems"], left_out);
    }

    let other: Spoil = |asked, answer| {
        name_no_broker(asked, answer);
        answer.replace("Demo Broker Ltd", "Other Broker Ltd");
    };
    assert_eq!(
        check_deployment(other, &white).await.0.ids("fail"),
        ["legal.entity"]
    );
    let none: Spoil = |_, answer| {
        answer.replace("<footer>Services are provided by Demo Broker Ltd.</footer>", "");
    };
    let (run, _) = check_deployment(none, &white).await;
    assert_eq!(run.ids("fail"), ["legal.present", "legal.entity"]);
}

#[tokio::test]
async fn of_white_labels_without_tokens_the_legal_entity_is_not_checked() {
    let (port, task) = crate::deployment::Deployment::new(name_no_broker).listen().await;
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
async fn a_token_is_found_in_a_page_also_where_it_is_escaped() {
    let in_a_link: Spoil = |asked, answer| {
        if asked.opens() {
            let token = asked.token.as_deref().unwrap();
            assert!(token.contains("%2B"), "{token}");
            answer.say(&format!("<a href='?token={token}'>Reload</a>"));
        }
    };
    let in_a_form: Spoil = |asked, answer| {
        if asked.opens() {
            let token = asked.token.as_deref().unwrap().replace("%2B", "&#43;");
            answer.say(&format!("<input type=hidden value='{token}'>"));
        }
    };
    for spoil in [in_a_link, in_a_form] {
        let (port, task) = crate::deployment::Deployment::new(spoil).listen().await;
        let url = format!("http://127.0.0.1:{port}");
        let command = "mktemp -u canary+XXXXXXXXXXXX";
        let run = crate::program::check(&[&url, "--allow-http", "--json", "--token-command", command]).await;
        task.abort();
        assert_eq!(run.ids("fail"), ["screens.token-forgotten"]);
    }
}

#[tokio::test]
async fn a_success_page_of_the_brokers_own_need_only_be_there() {
    let (port, task) = crate::deployment::Deployment::new(|_, answer| {
        answer.headers.retain(|(name, _)| *name == "content-type");
        answer.body = "<p>MetaTrader".to_owned();
    })
    .listen()
    .await;
    let own = format!("http://127.0.0.1:{port}/callback/success");
    let spoil: Spoil = |_, answer| answer.say("<a href='/x'>Close</a>");
    let (run, _) = check_deployment(spoil, &["--json", "--success-url", &own]).await;
    task.abort();
    assert_eq!(run.code, 0, "{}", run.stdout);
}
