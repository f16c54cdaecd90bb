//! What is printed, and what is not; exit codes.

use serde_json::{Value, json};

use crate::{
    deployment::{Spoil, closed_port},
    program::{TOKENS, check, check_deployment},
};

#[tokio::test]
async fn json_has_each_rule_with_its_outcome_problems_and_advice() {
    let spoil: Spoil = |asked, answer| {
        if asked.path == "/callback/failure" && asked.theme.is_none() && asked.lang.is_none() {
            answer.set("x-frame-options", "DENY");
        }
    };
    let (run, _) = check_deployment(spoil, &["--json"]).await;
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
            "advice": "Take the header away, also where a proxy or CDN before the functions adds it.",
        })
    );
    assert_eq!(
        framing["checks"][0].get("advice"),
        None,
        "a rule that is kept needs no advice"
    );
}

#[tokio::test]
async fn the_printed_report_says_what_is_wrong_where_and_what_to_do() {
    let spoil: Spoil = |_, answer| answer.replace("Hello", "Hello, MT5");
    let (run, _) = check_deployment(spoil, &[]).await;
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("\nWords\n  ✓ No page mentions \"cTrader ID\"\n  ✗ No page mentions another")
    );
    assert!(
        run.stdout
            .contains("      says \"mt5\": deposit; deposit with a spent token; deposit, lang=en; and ")
    );
    assert!(
        run.stdout
            .contains("      → Look through the texts of broker.toml")
    );
    assert!(
        run.stdout
            .contains("  – It is the right one\n      needs its name: --legal\n")
    );
    assert!(
        run.stdout.contains(" 1 failed, 4 not checked\n"),
        "{}",
        run.stdout
    );
}

#[tokio::test]
async fn without_tokens_the_rest_is_checked() {
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
    // Wherever a report quotes a deployment, it may quote a token.
    let spoil: Spoil = |asked, answer| {
        if let Some(token) = asked.token.clone().filter(|_| asked.opens()) {
            answer.replace("lang=\"es\"", &format!("lang=\"{token}\""));
            answer.set("x-frame-options", &token);
            answer.set("cache-control", &token);
            answer.set("set-cookie", &format!("{token}={token}"));
            answer.say(&format!(
                "<img src='https://{token}.example/'><a target='{token}'>x</a>"
            ));
            answer.say(&token);
        }
    };
    for more in [&["--json"][..], &[]] {
        let (run, tokens) = check_deployment(spoil, more).await;
        assert_eq!(run.code, 1);
        assert!(tokens.len() > 20, "one for each screen in each look");
        let printed = (run.stdout + &run.stderr).to_lowercase();
        for token in tokens {
            assert!(!printed.contains(&token.to_lowercase()), "{printed}");
        }
    }
}

#[tokio::test]
async fn a_command_line_that_cannot_be_used_is_exit_code_2() {
    for (arguments, says) in [
        (&[][..], "Usage"),
        (&["screens.broker.example"], "is no URL"),
        (&["ftp://screens.broker.example"], "must begin with https://"),
        (&["https://screens.broker.example/inapp/deposit"], "without path"),
        (
            &["https://user:secret@screens.broker.example"],
            "without path, query or user",
        ),
        (&["http://127.0.0.1:9000"], "add --allow-http"),
        (&["http://screens.broker.example", "--allow-http"], "use https://"),
        (
            &["https://x.example", "--languages", "english"],
            "`english` is no language code",
        ),
        (
            &["https://x.example", "--frame-ancestor", "app"],
            "--frame-ancestor app",
        ),
        (&["https://x.example", "--nonsense"], "--nonsense"),
    ] {
        let run = check(arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[tokio::test]
async fn nobody_there_is_exit_code_2() {
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
    for (command, says) in [
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
        assert!(run.stderr.contains(says), "{command}: {}", run.stderr);
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
}

#[tokio::test]
async fn the_token_command_is_told_the_screen() {
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
