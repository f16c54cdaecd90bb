//! The printed report, and exit codes.

use serde_json::{Value, json};

use crate::{
    deployment::{Fault, closed_port},
    program::{TOKENS, check, check_deployment},
};

#[tokio::test]
async fn json_has_each_rule_with_its_outcome_problems_and_advice() {
    let fault: Fault = |request, response| {
        if request.path == "/callback/failure" && request.theme.is_none() && request.lang.is_none() {
            response.set("x-frame-options", "DENY");
        }
    };
    let (run, _) = check_deployment(fault, &["--json"]).await;
    let report = run.json();
    assert!(report["url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(report["passed"], false);
    assert_eq!(report["counts"]["failed"], 1);
    assert_eq!(report["counts"]["warnings"], 0);
    assert_eq!(report["counts"]["skipped"], 4);
    let all: u64 = report["counts"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(all, run.checks().len() as u64);
    let framing = &report["groups"][3];
    assert_eq!(framing["name"], "Framing");
    assert_eq!(
        framing["checks"][2],
        json!({
            "id": "framing.x-frame-options",
            "rule": "No X-Frame-Options, which cannot name cTrader",
            "outcome": "fail",
            "problems": [{ "place": "failure page", "what": "X-Frame-Options is `DENY`" }],
            "advice": "Remove the header, also where a proxy or CDN in front of the functions adds it.",
        })
    );
    assert_eq!(
        framing["checks"][0].get("advice"),
        None,
        "a rule that is kept has no advice"
    );
}

#[tokio::test]
async fn the_printed_report_has_problems_places_and_advice() {
    let fault: Fault = |_, response| response.replace("Hello", "Hello, MT5");
    let (run, _) = check_deployment(fault, &[]).await;
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("\nWords\n  ✓ No page mentions \"cTrader ID\"\n  ✗ No page mentions another")
    );
    assert!(
        run.stdout
            .contains("      contains \"mt5\": deposit; deposit with a spent token; deposit, lang=en; and ")
    );
    assert!(
        run.stdout
            .contains("      → Look through the texts of broker.toml")
    );
    assert!(run.stdout.contains(
        "  – The legal entity is the right one\n      needs the name of the legal entity: --legal\n"
    ));
    assert!(
        run.stdout.contains(" 1 failed, 4 not checked\n"),
        "{}",
        run.stdout
    );
}

#[tokio::test]
async fn without_tokens_all_other_rules_are_checked() {
    let (run, tokens) = check_deployment(|_, _| {}, &["--json"]).await;
    assert!(!tokens.is_empty());
    let with_tokens = run.checks().len();

    let deployment = crate::deployment::Deployment::new(|_, _| {});
    let (port, task) = deployment.clone().listen().await;
    let run = check(&[&format!("http://127.0.0.1:{port}"), "--allow-http", "--json"]).await;
    task.abort();
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(run.checks().len(), with_tokens);
    let skipped = run.ids("skip").join(" ");
    assert!(
        skipped.contains("screens.open screens.once screens.token-forgotten"),
        "{skipped}"
    );
    assert!(
        deployment
            .tokens()
            .iter()
            .all(|token| !token.starts_with("canary"))
    );
}

#[tokio::test]
async fn no_token_is_ever_printed() {
    // A report that quotes a response may quote a token.
    let fault: Fault = |request, response| {
        if let Some(token) = request.token.clone().filter(|_| request.opens()) {
            response.replace("lang=\"es\"", &format!("lang=\"{token}\""));
            response.set("x-frame-options", &token);
            response.set("cache-control", &token);
            response.set("set-cookie", &format!("{token}={token}"));
            response.append_html(&format!(
                "<img src='https://{token}.example/'><a target='{token}'>x</a>"
            ));
            response.append_html(&token);
        }
    };
    for more in [&["--json"][..], &[]] {
        let (run, tokens) = check_deployment(fault, more).await;
        assert_eq!(run.code, 1);
        assert!(tokens.len() > 20, "one for each screen in each variant");
        let printed = (run.stdout + &run.stderr).to_lowercase();
        for token in tokens {
            assert!(!printed.contains(&token.to_lowercase()), "{printed}");
        }
    }
}

#[tokio::test]
async fn a_command_line_that_cannot_be_used_is_exit_code_2() {
    for (arguments, expected) in [
        (&[][..], "Usage"),
        (&["screens.broker.example"], "is not a URL"),
        (&["ftp://screens.broker.example"], "must begin with https://"),
        (&["https://screens.broker.example/inapp/deposit"], "without path"),
        (
            &["https://user:secret@screens.broker.example"],
            "without path, query or user",
        ),
        (&["http://127.0.0.1:9000"], "needs --allow-http"),
        (&["http://screens.broker.example", "--allow-http"], "use https://"),
        (
            &["https://x.example", "--languages", "english"],
            "`english` is not a language code",
        ),
        (
            &["https://x.example", "--frame-ancestor", "app"],
            "--frame-ancestor app",
        ),
        (&["https://x.example", "--nonsense"], "--nonsense"),
    ] {
        let run = check(arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[tokio::test]
async fn an_unreachable_deployment_is_exit_code_2() {
    let url = format!("http://127.0.0.1:{}", closed_port());
    let run = check(&[&url, "--allow-http", "--token-command", TOKENS]).await;
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains(&format!("cannot reach {url}")),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn a_token_command_that_gives_no_tokens_is_exit_code_2_and_not_quoted() {
    for (command, expected) in [
        ("echo s3cret; exit 3", "failed (exit status: 3)"),
        ("true", "must print one one-time token"),
        ("echo s3cret two", "must print one one-time token"),
        ("echo s3cret", "printed the same token twice"),
        ("echo s3cret >&2; false", "run it by hand"),
    ] {
        let (run, _) = check_deployment(|_, _| {}, &["--action-type", "withdraw"]).await;
        assert_eq!(run.code, 0, "{}", run.stdout);
        let deployment = crate::deployment::Deployment::new(|_, _| {});
        let (port, task) = deployment.listen().await;
        let url = format!("http://127.0.0.1:{port}");
        let run = check(&[&url, "--allow-http", "--token-command", command]).await;
        task.abort();
        assert_eq!(run.code, 2, "{command}");
        assert!(run.stderr.contains(expected), "{command}: {}", run.stderr);
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
}

#[tokio::test]
async fn the_token_command_gets_the_name_of_the_screen() {
    let command = "mktemp -u canary-${INAPP_SCREEN}-XXXXXXXXXXXX";
    let deployment = crate::deployment::Deployment::new(|_, _| {});
    let (port, task) = deployment.clone().listen().await;
    let url = format!("http://127.0.0.1:{port}");
    check(&[&url, "--allow-http", "--token-command", command]).await;
    task.abort();
    let tokens = deployment.tokens();
    for screen in ["deposit", "kyc", "action", "chat"] {
        assert!(
            tokens
                .iter()
                .any(|token| token.starts_with(&format!("canary-{screen}-"))),
            "{screen}"
        );
    }
}
