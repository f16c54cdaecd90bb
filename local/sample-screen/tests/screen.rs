//! The example of a new screen, as a function under the emulated Lambda.

use harness::{Mint, Request, TestEnv, TestEnvOptions};

const BINARY: &str = env!("CARGO_BIN_EXE_sample-screen");
const PATH: &str = "/inapp/chat";

async fn opened() -> (TestEnv, harness::HttpResponse) {
    let env = TestEnv::start(BINARY, TestEnvOptions::default()).await;
    let token = env.mint(Mint::user("ada"));
    let screen = env.get(PATH, &format!("token={token}")).await;
    assert_eq!(screen.status, 200);
    (env, screen)
}

fn upload(session: &str) -> Request {
    Request::post(&format!("{PATH}/photos"))
        .header("accept", "application/json")
        .form(&[("session", session)])
}

#[tokio::test(flavor = "multi_thread")]
async fn its_pages_load_only_from_its_sources_and_have_its_own_style_and_script() {
    let (_env, screen) = opened().await;
    let policy = screen.header("content-security-policy");
    assert!(
        policy.contains("connect-src 'self' https://photos.s3.eu-west-1.amazonaws.com;"),
        "{policy}"
    );
    assert!(policy.contains("frame-src https://widget.example;"), "{policy}");
    let page = screen.text();
    assert!(page.contains(".widget{"), "its style");
    assert!(page.contains("/photos"), "its script");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_state_travels_in_the_session_through_its_own_paths() {
    let (env, screen) = opened().await;
    let mut session = screen.input("session").unwrap();
    for _ in 0..2 {
        let sent = env.send(upload(&session)).await;
        assert_eq!(sent.status, 200);
        let url = sent.json()["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with("https://photos.s3.eu-west-1.amazonaws.com/incoming/"));
        session = sent.json()["session"].as_str().unwrap().to_owned();
    }
    let restore = [("session", session.as_str()), ("ask", "restore")];
    let restored = env.send(Request::post(PATH).form(&restore)).await;
    assert!(restored.text().contains(r#"<p id="photos">2</p>"#));
    let anew = [("session", session.as_str()), ("ask", "start-over")];
    let anew = env.send(Request::post(PATH).form(&anew)).await;
    assert!(anew.text().contains(r#"<p id="photos">0</p>"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_paths_need_a_session_and_other_paths_are_404() {
    let (env, screen) = opened().await;
    assert_eq!(env.send(upload("forged")).await.status, 401);
    let session = screen.input("session").unwrap();
    let elsewhere = Request::post(&format!("{PATH}/else")).form(&[("session", session.as_str())]);
    assert_eq!(env.send(elsewhere).await.status, 404);
}
