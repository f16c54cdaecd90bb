//! Opening the screen with a one-time token.

use harness::{Fault, Identity, MANAGER_TOKEN_SECRET, Mint, Request, TestEnvOptions};

use crate::{PATH, known, logged_code, open, redemptions, session, test_env, test_env_with, two_brokers};

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_shows_the_traders_e_mail_and_account() {
    let env = test_env().await;
    let token = env.mint_for(known());
    let screen = env.get(PATH, &format!("token={token}&account=1000501")).await;
    assert_eq!(screen.status, 200);
    let page = screen.text();
    assert!(page.contains("canary.trader@example.com"));
    assert!(page.contains("1000501"));
    assert!(page.contains("Demo Broker Ltd"), "the legal line");
    assert_eq!(logged_code(&env), "OK");
    assert_eq!(env.request_log()[0]["upstream_status"], 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_revisions_resolve() {
    for redeem_api in ["data", "redeem"] {
        let env = test_env_with(TestEnvOptions {
            redeem_api,
            ..TestEnvOptions::default()
        })
        .await;
        let screen = open(&env).await;
        assert_eq!(screen.status, 200, "{redeem_api}");
        assert_eq!(redemptions(&env), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_opens_without_an_e_mail_and_not_without_an_account() {
    let env = test_env().await;
    for (trading_login, status) in [(Some(1_000_501), 200), (None, 403)] {
        let identity = Identity {
            user_id: Some(9),
            broker_name: Some("demobroker".into()),
            trading_login,
            ..Identity::default()
        };
        let token = env.mint_for(identity);
        assert_eq!(env.get(PATH, &format!("token={token}")).await.status, status);
    }
    let line = env.request_log().pop().unwrap();
    assert_eq!(line["code"], "ACCOUNT_MISMATCH");
    assert_eq!(
        line.get("AccountsUnreadable"),
        None,
        "no setting is wrong: {line}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn language_theme_and_source_work_and_unknown_ones_are_no_error() {
    let env = test_env().await;
    for (query, expected) in [
        (
            "lang=es&theme=dark",
            r#"<html lang="es" dir="ltr" data-theme="dark">"#,
        ),
        (
            "lang=ar&theme=light",
            r#"<html lang="ar" dir="rtl" data-theme="light">"#,
        ),
        (
            "lang=xx&theme=blue&source=Toaster",
            r#"<html lang="en" dir="ltr">"#,
        ),
        ("lang=&theme=", r#"<html lang="en" dir="ltr">"#),
    ] {
        let token = env.mint(Mint::user("ada"));
        let screen = env.get(PATH, &format!("{query}&token={token}")).await;
        assert_eq!(screen.status, 200, "{query}");
        assert!(screen.text().contains(expected), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_a_raw_plus_is_redeemed_as_it_is() {
    let env = test_env().await;
    for raw in ["canary+plus/one==", "canary%2Bplus%2Ftwo%3D%3D"] {
        let token = raw.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        env.mint(Mint::user("ada").token(&token));
        assert_eq!(env.get(PATH, &format!("token={raw}")).await.status, 200, "{raw}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_a_slash_at_its_end_opens_the_same_screen() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let address = format!("{PATH}/");
    let screen = env.get(&address, &format!("token={token}")).await;
    assert_eq!(screen.status, 200);
    let session = crate::session(&screen);
    let restored = Request::post(&address).form(&[("session", &*session), ("ask", "restore")]);
    assert_eq!(env.send(restored).await.status, 200);
    assert_eq!(env.get(&format!("{PATH}//"), "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_of_the_url_must_be_the_traders() {
    let env = test_env().await;
    for (account, status) in [(1_000_501, 200), (70_501, 403), (9_999_999, 403)] {
        let token = env.mint_for(known());
        let screen = env.get(PATH, &format!("token={token}&account={account}")).await;
        assert_eq!(
            screen.status, status,
            "{account}: the trader id is no account either"
        );
    }
    assert_eq!(logged_code(&env), "ACCOUNT_MISMATCH");
}

#[tokio::test(flavor = "multi_thread")]
async fn broker_names_are_exact_and_absent_ones_need_a_single_broker() {
    let one = test_env().await;
    for (name, status) in [
        (Some("demobroker"), 200),
        (Some("DemoBroker"), 403),
        (Some("other"), 403),
        (None, 200),
    ] {
        let token = one.mint_for(Identity {
            broker_name: name.map(str::to_owned),
            ..known()
        });
        assert_eq!(
            one.get(PATH, &format!("token={token}")).await.status,
            status,
            "{name:?}"
        );
    }

    let two = test_env_with(TestEnvOptions {
        broker_config: Some(two_brokers()),
        ..TestEnvOptions::default()
    })
    .await;
    for (name, status) in [(Some("demobroker"), 200), (Some("northwind"), 200), (None, 403)] {
        if name == Some("northwind") {
            two.simulator().set_behaviour(crate::with_white_label());
        }
        let token = two.mint_for(Identity {
            broker_name: name.map(str::to_owned),
            ..known()
        });
        let screen = two.get(PATH, &format!("token={token}")).await;
        assert_eq!(screen.status, status, "{name:?}");
    }
    assert_eq!(logged_code(&two), "BROKER_MISMATCH");
}

#[tokio::test(flavor = "multi_thread")]
async fn prefetches_previews_and_head_spend_no_token() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}");
    for (header, value) in [("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch")] {
        let answer = env
            .send(Request::get(PATH).query(&query).header(header, value))
            .await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(env.send(Request::head(PATH).query(&query)).await.status, 200);
    let preview = env
        .send(
            Request::get(PATH)
                .query(&query)
                .header("user-agent", "WhatsApp/2.24"),
        )
        .await;
    assert_eq!(preview.status, 200);
    assert!(!preview.text().contains(&token), "no URL with the token is made");
    assert_eq!(redemptions(&env), 0);

    // The trader behind the strange browser presses Continue.
    let press = Request::post(PATH)
        .query(&query)
        .header("user-agent", "WhatsApp/2.24")
        .form(&[("ask", "open")]);
    assert!(session(&env.send(press).await).len() > 100);
    assert_eq!(redemptions(&env), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_document_a_frame_or_a_program_redeems() {
    let env = test_env().await;
    let query = format!("token={}", env.mint(Mint::user("ada")));
    let get = |dest: &str, mode: &str| {
        let request = Request::get(PATH).query(&query);
        request
            .header("sec-fetch-dest", dest)
            .header("sec-fetch-mode", mode)
    };
    for (dest, mode) in [
        ("image", "no-cors"),
        ("script", "no-cors"),
        ("style", "no-cors"),
        ("object", "navigate"),
        ("embed", "navigate"),
        ("empty", "cors"),
        ("empty", "no-cors"),
        ("serviceworker", "same-origin"),
        ("new-in-2031", "navigate"),
    ] {
        let answer = env.send(get(dest, mode)).await;
        assert_eq!(answer.status, 403, "{dest}, {mode}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.cookies.is_empty() && answer.wire.is_empty());
        // As if the trader had pressed Continue.
        let press = Request::post(PATH).query(&query).form(&[("ask", "open")]);
        let press = press
            .header("sec-fetch-dest", dest)
            .header("sec-fetch-mode", mode);
        assert_eq!(env.send(press).await.status, 403, "{dest}, {mode}");
        // A page that asks for JSON is no program, and could not read it.
        let json = get(dest, mode).header("accept", "application/json");
        assert_eq!(env.send(json).await.status, 403, "{dest}, {mode}");
    }
    assert_eq!(redemptions(&env), 0);
    for (dest, mode) in [
        ("document", "navigate"),
        ("iframe", "navigate"),
        ("frame", "navigate"),
        ("fencedframe", "navigate"),
        ("empty", "navigate"),
    ] {
        let query = format!("token={}", env.mint(Mint::user("ada")));
        let opened = env.send(get(dest, mode).query(&query)).await;
        assert_eq!(opened.status, 200, "{dest}, {mode}");
    }
    let query = format!("token={}", env.mint(Mint::user("ada")));
    // Some libraries of programs send only the mode.
    let program = Request::get(PATH).query(&query).accept_json();
    let program = program.header("sec-fetch-mode", "cors");
    assert_eq!(env.send(program).await.status, 200);
    let query = format!("token={}", env.mint(Mint::user("ada")));
    let old = Request::get(PATH).query(&query).without("sec-fetch-dest");
    assert_eq!(env.send(old).await.status, 200, "an old browser does not say");
    assert_eq!(redemptions(&env), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn link_previewers_get_a_button() {
    let env = test_env().await;
    let query = format!("token={}", env.mint(Mint::user("ada")));
    for agent in [
        "Iframely/1.3.1 (+https://iframely.com/docs/about)",
        "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
        "Mozilla/5.0 (compatible; kakaotalk-scrap/1.0)",
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
        "meta-externalfetcher/1.1",
        "Mozilla/5.0 (compatible; FlipboardProxy/1.2; +http://flipboard.com/browserproxy)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
        "Mozilla/5.0 (Linux; Android 7.0) Chrome/125.0.0.0 (compatible; Google-Read-Aloud)",
        "Mozilla/5.0 (compatible; microlink/2.0)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
    ] {
        let request = Request::get(PATH).query(&query).header("user-agent", agent);
        env.send(request).await;
        assert_eq!(logged_code(&env), "PREVIEW", "{agent}");
    }
    assert_eq!(redemptions(&env), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_manager_token_is_read_afresh_and_used_only_if_it_changed() {
    let env = test_env().await;
    assert_eq!(open(&env).await.status, 200);
    assert_eq!(
        env.secret_reads(MANAGER_TOKEN_SECRET),
        1,
        "read at start, then kept"
    );

    env.rotate_manager_token();
    assert_eq!(open(&env).await.status, 200, "the new token is found by itself");
    assert_eq!(env.secret_reads(MANAGER_TOKEN_SECRET), 2);

    env.simulator().set_manager_token("canary-other-token");
    let before = redemptions(&env);
    assert_eq!(open(&env).await.status, 502);
    assert_eq!(logged_code(&env), "UPSTREAM_UNAUTHORIZED");
    assert_eq!(env.secret_reads(MANAGER_TOKEN_SECRET), 3);
    assert_eq!(redemptions(&env), before + 1, "the same token is not tried twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_token_may_be_json() {
    let env = test_env().await;
    env.simulator().set_manager_token("canary-json-manager-token");
    env.set_secret(
        MANAGER_TOKEN_SECRET,
        Some(r#"{"webservToken":"canary-json-manager-token"}"#),
    );
    assert_eq!(open(&env).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_50_concurrent_opens_of_one_token_only_one_succeeds() {
    let env = test_env_with(TestEnvOptions {
        instances: 5,
        ..TestEnvOptions::default()
    })
    .await;
    let shared = env.mint_for(known());
    // Others come in between, and each must see themselves.
    let others: Vec<(u64, String)> = (0..10)
        .map(|n| {
            let email = Some(format!("canary.other{n}@example.com"));
            (
                n,
                env.mint_for(Identity {
                    user_id: Some(600 + n),
                    email,
                    trading_login: None,
                    ..known()
                }),
            )
        })
        .collect();
    let shared_query = format!("token={shared}");
    let same = (0..50).map(|_| env.get(PATH, &shared_query));
    let different = others.iter().map(|(n, token)| {
        let env = &env;
        async move { (*n, env.get(PATH, &format!("token={token}")).await) }
    });
    let (same, different) = tokio::join!(join_all(same), join_all(different));

    let opened: Vec<_> = same.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(opened.len(), 1);
    assert!(opened[0].text().contains("canary.trader@example.com"));
    for refused in same.iter().filter(|answer| answer.status != 200) {
        assert_eq!(refused.status, 410);
        assert!(!refused.text().contains("@example.com"));
        assert_eq!(refused.cookies, Vec::<String>::new());
    }
    for (n, screen) in different {
        assert_eq!(screen.status, 200);
        let page = screen.text();
        assert!(page.contains(&format!("canary.other{n}@example.com")));
        assert_eq!(page.matches("@example.com").count(), 1);
    }
}

/// All of them at once.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    futures_util::future::join_all(futures).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_ctrader_is_awaited_until_the_deadline() {
    let env = test_env().await;
    env.simulator()
        .set_fault(Some(Fault::delay(std::time::Duration::from_millis(500))))
        .await
        .unwrap();
    assert_eq!(open(&env).await.status, 200);
    assert!(env.request_log()[0]["upstream_ms"].as_f64().unwrap() >= 500.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_listed_is_reported_in_the_log() {
    let env = test_env().await;
    let token = env.mint_for(Identity {
        broker_name: Some("DemoBroker".into()),
        ..known()
    });
    env.get(PATH, &format!("token={token}")).await;
    let line = env.request_log().pop().unwrap();
    assert_eq!(
        (&line["level"], &line["BrokerUnknown"]),
        (&"WARN".into(), &1.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_asks_for_json_is_no_link_previewer() {
    let env = test_env().await;
    let query = format!("token={}", env.mint(Mint::user("ada")));
    let request = Request::get(PATH)
        .query(&query)
        .header("user-agent", "acme-bot/1.0")
        .accept_json();
    assert_eq!(env.send(request).await.json()["action"], "deposit");
    let cubot = Request::get(PATH).query(&format!("token={}", env.mint(Mint::user("ada"))));
    let screen = env
        .send(cubot.header("user-agent", "Mozilla/5.0 (Linux; Android 13; CUBOT P60)"))
        .await;
    assert!(screen.input("session").is_some(), "Cubot makes telephones");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_white_label_has_its_own_brand() {
    let env = test_env_with(TestEnvOptions {
        broker_config: Some(two_brokers()),
        ..TestEnvOptions::default()
    })
    .await;
    for (broker, theme, brand) in [
        (
            "demobroker",
            "light",
            [
                "Demo Broker Ltd",
                "--accent:#1a6cf0;--on-accent:#ffffff",
                "fill=%22%231a6cf0%22",
                r#"alt="Demo Broker""#,
            ],
        ),
        (
            "northwind",
            "light",
            [
                "Northwind Markets SA",
                "--accent:#ffc400;--on-accent:#000000",
                "stroke=%22%2314171f%22",
                r#"width="48""#,
            ],
        ),
        (
            "northwind",
            "dark",
            [
                "Northwind Markets SA",
                "--outline-dark:#ffc400",
                "stroke=%22%23ffc400%22",
                r#"alt="Northwind Markets""#,
            ],
        ),
    ] {
        if broker == "northwind" {
            env.simulator().set_behaviour(crate::with_white_label());
        }
        let token = env.mint_for(Identity {
            broker_name: Some(broker.into()),
            ..known()
        });
        let screen = env.get(PATH, &format!("theme={theme}&token={token}")).await;
        for piece in brand {
            assert!(screen.text().contains(piece), "{broker}, {theme}: {piece}");
        }
        let policy = screen.header("content-security-policy");
        assert!(
            policy.contains("img-src data:;"),
            "the browser may show the logo: {policy}"
        );
    }
    // Where the theme is not known, the browser takes the one that it prefers.
    let token = env.mint_for(Identity {
        broker_name: Some("northwind".into()),
        ..known()
    });
    let page = env.get(PATH, &format!("token={token}")).await.text();
    assert!(page.contains(r#"<source media="(prefers-color-scheme:dark)" srcset="data:image/svg+xml,"#));
}
