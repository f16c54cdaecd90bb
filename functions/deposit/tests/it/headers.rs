//! The headers of every response.

use harness::{Request, TestEnvOptions};

use crate::{COOKIE, PATH, deposit, open, session, test_env, test_env_with};

#[tokio::test(flavor = "multi_thread")]
async fn every_response_is_private_and_typed_and_only_listed_origins_may_frame_it() {
    let env = test_env().await;
    let screen = open(&env).await;
    let done = env.send(deposit(&session(&screen))).await;
    let error = env.get(PATH, "token=canary-unknown").await;
    let json = env.send(Request::get(PATH).accept_json()).await;
    let head = env.send(Request::head(PATH).query("token=canary-head")).await;
    let prefetch = env
        .send(Request::get(PATH).header("sec-purpose", "prefetch"))
        .await;
    let missing = env.get("/nowhere", "").await;
    for answer in [&screen, &done, &error, &json, &head, &prefetch, &missing] {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000; includeSubDomains"
        );
        let permissions = answer.header("permissions-policy");
        for feature in ["camera", "geolocation", "microphone", "payment", "usb"] {
            assert!(permissions.contains(&format!("{feature}=()")), "{permissions}");
        }
        let is_json = answer.header("content-type") == "application/json";
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            if is_json { "same-origin" } else { "" },
            "on a page it could keep a terminal from framing it"
        );
        let policy = answer.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors https://app.ctrader.com",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(
            answer.header("x-frame-options"),
            "",
            "it cannot name a host, and would block cTrader"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "", "no CORS");
    }
    assert_eq!(screen.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(json.header("content-type"), "application/json");
    assert!(head.wire.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nonce_is_fresh_and_on_every_style_and_script() {
    let env = test_env().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let screen = open(&env).await;
        let policy = screen.header("content-security-policy").to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        let page = screen.text();
        assert_eq!(
            page.matches("<script").count() + page.matches("<style").count(),
            3
        );
        // The template engine escapes the characters + / = of base64.
        let marked = page
            .replace("&#43;", "+")
            .replace("&#47;", "/")
            .replace("&#61;", "=");
        assert_eq!(
            marked.matches(&format!("nonce=\"{nonce}\"")).count(),
            3,
            "{nonce}"
        );
        assert!(!page.contains(" style=\"") && !page.contains(" onclick"));
        seen.push(nonce);
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_works_in_frames_and_for_no_other_site() {
    let env = test_env().await;
    let screen = open(&env).await;
    let (pair, attributes) = screen.cookies[0].split_once("; ").unwrap();
    assert!(pair.starts_with(&format!("{COOKIE}=")));
    assert_eq!(attributes, "Secure; HttpOnly; Path=/; SameSite=None; Partitioned");
    assert!(screen.cookies[0].len() < 4_096);
}

#[tokio::test(flavor = "multi_thread")]
async fn frame_ancestors_are_the_brokers() {
    let config = harness::DEMO_CONFIG.replace(
        r#"["https://app.ctrader.com"]"#,
        r#"["https://app.broker.example", "https://*.white.example"]"#,
    );
    let env = test_env_with(TestEnvOptions {
        broker_config: Some(config),
        ..TestEnvOptions::default()
    })
    .await;
    let policy = open(&env).await.header("content-security-policy").to_owned();
    assert!(
        policy.contains("frame-ancestors https://app.broker.example https://*.white.example"),
        "{policy}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_gzipped_if_accepted_and_have_a_maximum_of_10_kb() {
    let env = test_env().await;
    let screen = open(&env).await;
    assert_eq!(screen.header("content-encoding"), "gzip");
    assert!(screen.wire.len() <= 10_240, "{} bytes", screen.wire.len());
    let token = env.mint(harness::Mint::user("ada"));
    let plain = env
        .send(
            Request::get(PATH)
                .query(&format!("token={token}"))
                .header("accept-encoding", "br"),
        )
        .await;
    assert_eq!(plain.header("content-encoding"), "");
    assert!(plain.text().contains("</html>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_loads_anything_from_another_origin() {
    let env = test_env().await;
    let page = open(&env).await.text();
    for foreign in ["http://", "https://", "//cdn", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}
