//! `[deposit.redirect]`: the trader is redirected to the broker's own page, with a signed assertion of who they are.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use harness::{ASSERTION_KEYS, HttpResponse, Mint, Request, TestEnv, TestEnvOptions};
use serde_json::{Value, json};

use crate::{COOKIE, PATH, deposit, fields, known, logged_code, redemptions, session};

const TARGET: &str = "https://crm.broker.example/deposit?from=ctrader";
const ORIGIN: &str = "https://crm.broker.example";

/// The demo broker, with a deposit screen that redirects.
fn redirecting(more: &str) -> String {
    let section = format!("[deposit.redirect]\nto = \"{TARGET}\"\n{more}\n\n[deposit]");
    harness::DEMO_CONFIG.replacen("[deposit]", &section, 1)
}

async fn test_env_for(config: String) -> TestEnv {
    crate::test_env_with(TestEnvOptions {
        broker_config: Some(config),
        ..TestEnvOptions::default()
    })
    .await
}

async fn framed() -> TestEnv {
    test_env_for(redirecting("")).await
}

async fn unframed() -> TestEnv {
    test_env_for(redirecting("framed = false")).await
}

async fn open(env: &TestEnv) -> HttpResponse {
    crate::open(env).await
}

/// The assertion in the URL of a redirect.
fn assertion(answer: &HttpResponse) -> String {
    assert_eq!(answer.status, 303);
    let location = answer.header("location");
    let assertion = location.strip_prefix(&format!("{TARGET}&assertion="));
    assertion.unwrap_or_else(|| panic!("{location}")).to_owned()
}

fn part(assertion: &str, index: usize) -> Value {
    let part = assertion.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn claims(answer: &HttpResponse) -> Value {
    part(&assertion(answer), 1)
}

fn names(object: &Value) -> Vec<&String> {
    object.as_object().unwrap().keys().collect()
}

/// Whether the signature is of this KMS key. The tests of the function `keys` prove that it publishes these keys.
fn verifies(env: &TestEnv, kid: &str, assertion: &str) -> bool {
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, env.public_key(kid))
        .verify(signed.as_bytes(), &signature)
        .is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trader_is_redirected_with_exactly_the_claims_of_the_contract() {
    let env = framed().await;
    let token = env.mint_for(known());
    let query = format!("token={token}&account=1000501&lang=es&theme=dark&source=iOS&utm_source=mail");
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let answer = env.get(PATH, &query).await;
    assert_eq!(logged_code(&env), "REDIRECTED");
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        assert_eq!(answer.header(name), value);
    }
    assert!(answer.wire.is_empty());
    assert!(answer.cookie(COOKIE).is_some());
    assert_eq!(
        part(&assertion(&answer), 0),
        json!({"alg": "ES256", "typ": "inapp+jwt", "kid": ASSERTION_KEYS[0]})
    );

    let claims = claims(&answer);
    let all = [
        "action", "aud", "exp", "iat", "identity", "iss", "jti", "launch", "sub", "use",
    ];
    assert_eq!(names(&claims), all);
    assert_eq!(claims["iss"], "https://screens.example.com");
    assert_eq!(claims["aud"], ORIGIN);
    assert_eq!(claims["sub"], "501");
    assert_eq!(claims["action"], "deposit");
    assert_eq!(claims["use"], "page");
    assert!(claims["jti"].as_str().unwrap().len() >= 22);
    let iat = claims["iat"].as_u64().unwrap();
    assert!((before..before + 5).contains(&iat));
    assert_eq!(claims["exp"], iat + 60);
    assert_eq!(
        claims["launch"],
        json!({"account": 1_000_501, "lang": "es", "theme": "dark", "source": "iOS"})
    );
    assert!(
        !claims.to_string().contains(&token),
        "the token is spent, and nobody's business"
    );

    // The same objects as in JSON mode.
    let token = env.mint_for(known());
    let json = env
        .send(
            Request::get(PATH)
                .query(&format!(
                    "token={token}&account=1000501&lang=es&theme=dark&source=iOS"
                ))
                .accept_json(),
        )
        .await;
    assert_eq!(json.status, 200);
    for name in ["action", "identity", "launch"] {
        assert_eq!(json.json()[name], claims[name], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_can_verify_it() {
    let env = framed().await;
    let [signing, other_key] = ASSERTION_KEYS;
    let good = assertion(&open(&env).await);
    assert!(verifies(&env, signing, &good));
    assert!(!verifies(&env, other_key, &good));
    let (_, signature) = good.rsplit_once('.').unwrap();
    let other = assertion(&open(&env).await);
    let (other, _) = other.rsplit_once('.').unwrap();
    assert!(!verifies(&env, signing, &format!("{other}.{signature}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_named_first_signs() {
    let [first, second] = ASSERTION_KEYS;
    for (ids, signs) in [
        (format!("{first},{second}"), first),
        (format!("{second},{first}"), second),
    ] {
        let env = crate::test_env_with(TestEnvOptions {
            broker_config: Some(redirecting("")),
            ..TestEnvOptions::default().env("ASSERTION_KEY_IDS", &ids)
        })
        .await;
        let assertion = assertion(&open(&env).await);
        assert_eq!(part(&assertion, 0)["kid"], signs);
        assert!(verifies(&env, signs, &assertion));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_or_restore_mints_a_new_assertion_without_a_second_redemption() {
    let env = framed().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}&lang=en");
    let first = env.get(PATH, &query).await;
    let reload = env
        .send(Request::get(PATH).query(&query).cookie(&first.cookies[0]))
        .await;
    let sealed = reload.cookie(COOKIE).unwrap();
    let restored = env.send(fields(&sealed, &[("ask", "restore")])).await;
    let jti = [&first, &reload, &restored].map(|answer| claims(answer)["jti"].clone());
    assert!(jti[0] != jti[1] && jti[1] != jti[2] && jti[0] != jti[2]);
    assert_eq!(claims(&first)["identity"], claims(&restored)["identity"]);
    assert_eq!(redemptions(&env), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_redeems_no_token_is_not_redirected() {
    let env = framed().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}");
    let get = || Request::get(PATH).query(&query);
    for (request, status) in [
        (Request::head(PATH).query(&query), 200),
        (get().header("sec-purpose", "prefetch"), 403),
        (get().header("user-agent", "TelegramBot"), 200),
        (Request::get(PATH).query(&format!("{query}&account=x")), 400),
        (
            Request::post(PATH).form(&[("session", "canary-forged-session"), ("ask", "go-on")]),
            401,
        ),
    ] {
        let answer = env.send(request).await;
        assert_eq!((answer.status, answer.header("location")), (status, ""));
    }
    assert_eq!((redemptions(&env), env.kms_calls()), (0, 0));
    let continued = env
        .send(Request::post(PATH).query(&query).form(&[("ask", "open")]))
        .await;
    assert_eq!(claims(&continued)["action"], "deposit");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_traders_account_is_not_asserted() {
    let env = framed().await;
    let token = env.mint_for(known());
    let answer = env.get(PATH, &format!("token={token}&account=999")).await;
    assert_eq!(
        (answer.status, logged_code(&env).as_str()),
        (403, "ACCOUNT_MISMATCH")
    );
    assert_eq!(env.kms_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_never_asks_kms_and_there_is_nothing_to_submit() {
    let env = framed().await;
    let token = env.mint(Mint::user("ada"));
    let opened = env
        .send(Request::get(PATH).query(&format!("token={token}")).accept_json())
        .await;
    let names: Vec<_> = ["action", "expiresAt", "identity", "launch", "session"].into();
    assert_eq!(self::names(&opened.json()), names);
    let body =
        json!({"session": opened.json()["session"], "amount": "50", "currency": "EUR", "method": "card"});
    let submit = env.send(Request::post(PATH).json(&body).accept_json()).await;
    assert_eq!(
        (submit.status, &submit.json()["code"]),
        (400, &json!("INVALID_PARAMETER"))
    );
    let again = json!({"session": opened.json()["session"], "ask": "restore"});
    let again = env.send(Request::post(PATH).json(&again).accept_json()).await;
    assert_eq!(again.status, 200);
    assert_eq!(self::names(&again.json()), names);
    assert!(env.deposit_items().is_empty());
    assert_eq!(env.kms_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn if_kms_fails_try_again_works_from_the_session() {
    let env = framed().await;
    env.set_kms_available(false);
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}&lang=es");
    let down = env.get(PATH, &query).await;
    assert_eq!(
        (down.status, logged_code(&env).as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
    assert_eq!(down.header("retry-after"), "2");
    assert!(
        down.header("content-security-policy")
            .contains(&format!("form-action 'self' {ORIGIN};"))
    );
    let page = down.text();
    assert!(page.contains(r#"lang="es""#) && page.contains(r#"data-state="screen""#));
    assert!(page.contains("<form method=\"post\" action=\"/inapp/deposit?lang=es\">"));

    // The button, without cookies and without script; and once more, as KMS is still down.
    let again = |page: &HttpResponse| {
        assert_eq!(page.input("ask").unwrap(), "restore");
        fields(&session(page), &[("ask", "restore")])
    };
    let still = env.send(again(&down)).await;
    assert_eq!(still.status, 503);
    env.set_kms_available(true);
    assert_eq!(claims(&env.send(again(&still)).await)["launch"]["lang"], "es");
    // A reload, by the cookie.
    let reload = Request::get(PATH).query(&query).cookie(&down.cookies[0]);
    assert_eq!(claims(&env.send(reload).await)["launch"]["lang"], "es");
    assert_eq!(redemptions(&env), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kms_that_hangs_costs_no_more_than_the_time_of_the_request() {
    let env = framed().await;
    env.delay_kms(Duration::from_secs(10));
    let slow = open(&env).await;
    assert_eq!(slow.status, 503);
    assert!(slow.input("session").is_some());
    let line = env.request_log().pop().unwrap();
    assert!(line["ms"].as_f64().unwrap() < 5_000.0, "{line}");
    assert_eq!(line["upstream_status"], 200, "the redemption itself went well");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_be_framed_is_opened_by_a_button() {
    let env = unframed().await;
    let screen = open(&env).await;
    assert_eq!((screen.status, logged_code(&env).as_str()), (200, "OK"));
    assert_eq!(
        env.kms_calls(),
        0,
        "an assertion is made when it is needed, not before"
    );
    let page = screen.text();
    for piece in [
        "<h2><bdi>crm.broker.example</bdi></h2>",
        r#"action="/inapp/deposit?lang=en" target="_blank" rel="noopener""#,
        r#"data-state="screen""#,
    ] {
        assert!(page.contains(piece), "{piece}");
    }
    assert!(
        screen
            .header("content-security-policy")
            .contains(&format!("form-action 'self' {ORIGIN};"))
    );

    let tap = || fields(&session(&screen), &[("ask", "go-on")]);
    let (first, second) = (env.send(tap()).await, env.send(tap()).await);
    assert_ne!(claims(&first)["jti"], claims(&second)["jti"]);
    let restored = env.send(fields(&session(&screen), &[("ask", "restore")])).await;
    assert_eq!(
        restored.status, 200,
        "a restore shows the page, and opens nothing"
    );
    assert_eq!(redemptions(&env), 1);

    env.set_kms_available(false);
    let down = env.send(tap()).await;
    assert_eq!((down.status, down.input("ask").as_deref()), (503, Some("go-on")));
    env.set_kms_available(true);
    assert_eq!(
        claims(&env.send(fields(&session(&down), &[("ask", "go-on")])).await)["sub"],
        claims(&first)["sub"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_may_lead_only_to_the_pages_of_this_screen() {
    let forms = |answer: &HttpResponse| {
        let policy = answer.header("content-security-policy").to_owned();
        let directive = policy.split("; ").find(|rule| rule.starts_with("form-action "));
        directive.unwrap().to_owned()
    };
    let env = framed().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}");
    let preview = env
        .send(
            Request::get(PATH)
                .query(&query)
                .header("user-agent", "TelegramBot"),
        )
        .await;
    env.get(PATH, &query).await;
    // The page of a spent token may find a stored session in the browser and submit it.
    let lost = env.get(PATH, &query).await;
    for (page, status) in [(preview, 200), (lost, 410)] {
        assert_eq!(page.status, status);
        assert_eq!(forms(&page), format!("form-action 'self' {ORIGIN}"));
    }
    // Origins that the broker's page redirects to.
    let onward = "onward_origins = [\"https://checkout.provider.example\"]\n";
    let section = format!("[deposit.redirect]\nto = \"{TARGET}\"\n\n[deposit]");
    let config = crate::transfers_only().replacen("[deposit]", &section, 1);
    let env = test_env_for(format!("{onward}{config}")).await;
    let token = env.mint(Mint::user("ada"));
    let sent_on = env.get(PATH, &format!("token={token}")).await;
    assert_eq!(
        forms(&sent_on),
        format!("form-action 'self' https://checkout.provider.example {ORIGIN}")
    );
    // Another screen redirects. The deposit screen does not allow its origins.
    let section = format!("[kyc.redirect]\nto = \"{TARGET}\"\n\n[kyc]");
    let config = crate::transfers_only().replacen("[kyc]", &section, 1);
    let env = test_env_for(format!("{onward}{config}")).await;
    let screen = open(&env).await;
    let done = env.send(deposit(&session(&screen))).await;
    for page in [&screen, &done] {
        assert_eq!((page.status, forms(page).as_str()), (200, "form-action 'self'"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broker_has_its_own_page() {
    let own = r#"{ demobroker = "https://crm.broker.example/d", northwind = "https://northwind.example/d" }"#;
    let section = format!("[deposit.redirect]\nto = {own}\n\n[[deposit.currencies]]");
    let config = crate::two_brokers().replacen("[[deposit.currencies]]", &section, 1);
    let env = test_env_for(config).await;
    for (broker, origin) in [("demobroker", ORIGIN), ("northwind", "https://northwind.example")] {
        let token = env.mint_for(harness::Identity {
            broker_name: Some(broker.into()),
            ..known()
        });
        let answer = env.get(PATH, &format!("token={token}")).await;
        let (page, assertion) = answer.header("location").split_once("?assertion=").unwrap();
        assert_eq!(page, format!("{origin}/d"));
        assert_eq!(part(assertion, 1)["aud"], origin);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_issuer_is_the_public_url_if_it_is_set() {
    let options = TestEnvOptions {
        broker_config: Some(redirecting("")),
        ..TestEnvOptions::default().env("PUBLIC_URL", "https://screens.broker.example")
    };
    let env = crate::test_env_with(options).await;
    assert_eq!(claims(&open(&env).await)["iss"], "https://screens.broker.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_are_a_required_setting_only_with_a_redirect() {
    let without = || TestEnvOptions::default().without("ASSERTION_KEY_IDS");
    let form = crate::test_env_with(TestEnvOptions {
        broker_config: Some(crate::transfers_only()),
        ..without()
    })
    .await;
    assert_eq!(open(&form).await.status, 200);
    assert_eq!(form.kms_calls(), 0);
    let options = TestEnvOptions {
        broker_config: Some(redirecting("")),
        ..without()
    };
    let exit = TestEnv::run_to_exit(env!("CARGO_BIN_EXE_deposit"), options).await;
    assert_eq!(exit.lines()[0]["detail"], "ASSERTION_KEY_IDS is missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_event_is_redirected() {
    let env = framed().await;
    env.mint(Mint::user("ada").token("sample-deposit-token"));
    let event = include_str!("../../../../events/deposit-open.json");
    let answer = env.invoke(serde_json::from_str(event).unwrap()).await;
    assert_eq!(claims(&answer)["launch"]["theme"], "dark");
}
