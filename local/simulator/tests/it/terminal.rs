use crate::support::{get, start};

/// Uses the address, so that the test does not depend on how `localhost` resolves.
fn by_address(url: &str) -> String {
    url.replace("localhost", "127.0.0.1")
}

#[tokio::test]
async fn the_policy_of_the_page_allows_frames_of_the_screens() {
    let ctrader = start().await;
    let page = get(&by_address(&ctrader.terminal_url()), "/").await.unwrap();
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-src http: https:"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn all_files_of_the_page_are_served() {
    let ctrader = start().await;
    let base = by_address(&ctrader.terminal_url());
    let mut pages = vec!["/".to_owned()];
    let mut seen = 0;
    while let Some(path) = pages.get(seen).cloned() {
        seen += 1;
        let response = get(&base, &path).await.unwrap();
        assert_eq!(response.status, 200, "{path}");
        let text = response.text();
        assert!(!text.contains("//cdn."), "{path}");
        for quoted in text.split('"') {
            let file = match quoted.strip_prefix("./") {
                Some(module) if module.ends_with(".js") => format!("/terminal/{module}"),
                _ if quoted.starts_with("/terminal/") => quoted.to_owned(),
                _ => continue,
            };
            if !pages.contains(&file) {
                pages.push(file);
            }
        }
    }
    assert_eq!(pages.len(), 12, "{pages:?}");
}
