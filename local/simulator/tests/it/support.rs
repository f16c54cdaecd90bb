//! A running simulator, and a small HTTP client that sees how a connection ends.

use std::io::{Error, ErrorKind, Result};
use std::time::Duration;

use serde_json::Value;
use simulator::{Mint, Options, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const MANAGER_TOKEN: &str = "the-manager-token";

pub async fn start() -> Simulator {
    Simulator::start(Options {
        manager_token: MANAGER_TOKEN.to_owned(),
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Waits until a condition holds, which may take a while on a busy machine.
pub async fn until(condition: impl AsyncFn() -> bool) {
    let waited = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waited)
        .await
        .unwrap();
}

/// Mints a token for the user with one account.
pub fn token(ctrader: &Simulator) -> String {
    ctrader.mint(Mint::user("ada"))
}

/// Redeems by the call of revision `data`.
pub async fn data(ctrader: &Simulator, manager_token: &str, token: &str) -> Result<HttpResponse> {
    let path = format!("/ctid2/inAppOneTimeToken/data?token={manager_token}&inAppOneTimeToken={token}");
    get(&ctrader.backend_url(), &path).await
}

/// Redeems by the call of revision `redeem`.
pub async fn redeem(ctrader: &Simulator, manager_token: &str, token: &str) -> Result<HttpResponse> {
    let path = format!("/ctid2/inAppToken/redeem?token={manager_token}");
    let body = serde_json::json!({"token": token}).to_string();
    send(&ctrader.backend_url(), "POST", &path, Some(&body)).await
}

pub async fn get(base: &str, path: &str) -> Result<HttpResponse> {
    send(base, "GET", path, None).await
}

/// Sends a request on its own connection. A missing or incomplete response is an error.
pub async fn send(base: &str, method: &str, path: &str, json: Option<&str>) -> Result<HttpResponse> {
    let content_type = json.map_or("", |_| "content-type: application/json\r\n");
    let headers = format!("accept: application/json\r\n{content_type}");
    send_with(base, method, path, &headers, json.unwrap_or_default()).await
}

pub async fn send_with(
    base: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Result<HttpResponse> {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "no response"))?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
    let body = bytes[end + 4..].to_vec();
    let response = HttpResponse {
        status: head[9..12].parse().unwrap(),
        head,
        body,
    };
    if let Some(length) = response.header("content-length")
        && length.parse() != Ok(response.body.len())
    {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the response is incomplete"));
    }
    Ok(response)
}

#[derive(Debug)]
pub struct HttpResponse {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl HttpResponse {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Status and `errorCode`.
    pub fn error(&self) -> (u16, String) {
        let json = self.json();
        assert!(json["error"]["description"].is_string(), "{json}");
        (
            self.status,
            json["error"]["errorCode"].as_str().unwrap().to_owned(),
        )
    }
}
