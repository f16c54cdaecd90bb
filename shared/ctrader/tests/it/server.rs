//! Servers in place of cTrader: some give a fixed answer, others misbehave.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{Response, StatusCode, header},
};
use ctrader::{BaseUrl, Client, ManagerToken, RedeemApi};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Mutex,
    time::{Duration, Instant},
};

pub const MANAGER: &str = "canary-manager-token-5b1f";

/// A server that gives the same answer to every request, and records the requests.
#[derive(Clone)]
pub struct Server {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn answering(status: u16, body: &'static str) -> Self {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = async move |State(asked): State<Arc<Mutex<Vec<String>>>>, request: Request| {
            let (parts, body_in) = request.into_parts();
            assert!(
                parts.headers.contains_key(header::USER_AGENT),
                "a firewall would refuse it"
            );
            let sent: Bytes = axum::body::to_bytes(body_in, 1_000).await.unwrap();
            let line = format!(
                "{} {} {}",
                parts.method,
                parts.uri,
                String::from_utf8_lossy(&sent)
            );
            asked.lock().await.push(line.trim().to_owned());
            Response::builder()
                .status(StatusCode::from_u16(status).unwrap())
                .header(header::LOCATION, "http://127.0.0.1:1/elsewhere")
                .body(axum::body::Body::from(body))
                .unwrap()
        };
        let router = Router::new().fallback(answer).with_state(asked.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

pub fn client_of(url: &str, api: RedeemApi) -> Client {
    Client::new(url.parse::<BaseUrl>().unwrap(), api, outbound::tls().unwrap()).unwrap()
}

pub fn manager() -> ManagerToken {
    ManagerToken::from_secret(MANAGER).unwrap()
}

/// A deadline that every answer meets, even on a busy machine.
pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

/// An address on which no server listens. Its port stays reserved until the tests end.
pub fn closed_port() -> SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    Box::leak(Box::new(socket)).local_addr().unwrap()
}

/// A server that does `behave` with each raw connection, and counts them.
pub async fn raw<F, B>(behave: B) -> (SocketAddr, Arc<AtomicUsize>)
where
    B: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(behave(stream));
        }
    });
    (address, connections)
}

/// Reads one request's head; empty once the connection is closed.
pub async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return String::new(),
        }
    }
    String::from_utf8(head).unwrap()
}

/// Reads one request, head and body; empty once the connection is closed.
pub async fn request(stream: &mut TcpStream) -> String {
    let head = head(stream).await;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    if stream.read_exact(&mut body).await.is_err() {
        return String::new();
    }
    format!("{head}{}", String::from_utf8(body).unwrap())
}

/// Answers every request on a connection, and never closes it.
pub async fn answer_all(mut stream: TcpStream, answer: &'static [u8]) {
    while !request(&mut stream).await.is_empty() {
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}
