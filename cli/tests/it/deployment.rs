//! A fake deployment that keeps every rule, and faults that change its responses.

use std::{
    collections::HashSet,
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
    time::sleep,
};

const LEGAL: &str = "Services are provided by Demo Broker Ltd.";

/// The parts of a request that the rules depend on.
pub struct Request {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub lang: Option<String>,
    pub theme: Option<String>,
    pub json: bool,
}

impl Request {
    /// Whether the request opens a screen.
    pub fn opens(&self) -> bool {
        self.path.starts_with("/inapp/")
            && self
                .token
                .as_deref()
                .is_some_and(|token| token.starts_with("canary"))
    }
}

/// A response, before it is written to the connection.
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub gzip: bool,
    pub delay: Duration,
    pub hang_up: bool,
}

impl Response {
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.remove(name);
        self.headers.push((name, value.to_owned()));
    }

    pub fn remove(&mut self, name: &str) {
        self.headers.retain(|(header, _)| *header != name);
    }

    pub fn replace(&mut self, from: &str, to: &str) {
        self.body = self.body.replace(from, to);
    }

    /// Appends HTML to the page's `<main>`.
    pub fn append_html(&mut self, html: &str) {
        self.replace("</main>", &format!("{html}</main>"));
    }
}

/// Changes a response so that it breaks a rule.
pub type Fault = fn(&Request, &mut Response);

/// Answers like the functions of this project.
pub struct Deployment {
    fault: Fault,
    spent: Mutex<HashSet<String>>,
}

impl Deployment {
    pub fn new(fault: Fault) -> Arc<Self> {
        Arc::new(Self {
            fault,
            spent: Mutex::default(),
        })
    }

    /// Listens on a free port. Returns the port, and the task to abort in the end.
    pub async fn listen(self: Arc<Self>) -> (u16, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(self.clone().serve(connection));
            }
        });
        (port, task)
    }

    /// Serves one request on a connection.
    pub async fn serve(self: Arc<Self>, mut connection: impl AsyncRead + AsyncWrite + Unpin) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match connection.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let request = parse(&String::from_utf8(head).unwrap());
        let mut response = self.respond(&request);
        (self.fault)(&request, &mut response);
        sleep(response.delay).await;
        if !response.hang_up {
            // The client may have hung up.
            let _ = connection.write_all(&to_bytes(response, &request)).await;
            let _ = connection.shutdown().await;
        }
    }

    /// The tokens that were redeemed.
    pub fn tokens(&self) -> Vec<String> {
        self.spent.lock().unwrap().iter().cloned().collect()
    }

    fn respond(&self, request: &Request) -> Response {
        let screens = ["/inapp/deposit", "/inapp/kyc", "/inapp/action", "/inapp/chat"];
        if ["/callback/success", "/callback/failure"].contains(&request.path.as_str()) {
            return page(200, request, "The end");
        }
        if !screens.contains(&request.path.as_str()) {
            return failure(
                404,
                request,
                "Not Found",
                "There is nothing at this address",
                "NOT_FOUND",
            );
        }
        match (request.method.as_str(), request.token.as_deref()) {
            ("DELETE", _) => {
                let mut response = failure(
                    405,
                    request,
                    "Method Not Allowed",
                    "Not this",
                    "METHOD_NOT_ALLOWED",
                );
                response.set("allow", "GET, HEAD, POST");
                response
            }
            (_, None) => failure(
                400,
                request,
                "Missing Required Parameter",
                "Required parameter 'token' is missing",
                "MISSING_REQUIRED_PARAMETER",
            ),
            (_, Some(token)) if token.contains("%3C") => failure(
                404,
                request,
                "Invalid Token",
                "The provided token is invalid or expired",
                "INVALID_OT_TOKEN",
            ),
            ("HEAD", Some(_)) => page(200, request, "Head"),
            (_, Some(token)) if self.spent.lock().unwrap().insert(token.to_owned()) => {
                let mut response = page(200, request, "Screen");
                response.set(
                    "set-cookie",
                    "__Host-inapp=sealed; Secure; HttpOnly; Path=/; SameSite=None; Partitioned",
                );
                response
            }
            _ => failure(
                410,
                request,
                "Token Expired",
                "The provided token has expired",
                "TOKEN_EXPIRED",
            ),
        }
    }
}

fn parse(request: &str) -> Request {
    let mut parts = request.split(' ');
    let (method, target) = (parts.next().unwrap(), parts.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parameter = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    };
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        token: parameter("token"),
        lang: parameter("lang"),
        theme: parameter("theme"),
        json: request.contains("accept: application/json"),
    }
}

fn page(status: u16, request: &Request, title: &str) -> Response {
    let (lang, dir, text) = match request.lang.as_deref() {
        Some("es") => ("es", "ltr", "Hola"),
        Some("ar") => ("ar", "rtl", "مرحبا"),
        Some("zh") => ("zh", "ltr", "交易账户"),
        Some("zh-Hant") => ("zh-Hant", "ltr", "交易帳戶"),
        _ => ("en", "ltr", "Hello"),
    };
    let theme = request
        .theme
        .as_ref()
        .map_or_else(String::new, |theme| format!(" data-theme=\"{theme}\""));
    let body = format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"{theme}><head><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style nonce=n>b{{color:red}}</style></head>\
         <body><a href=\"/callback/success\" aria-label=\"Leave\"><svg></svg></a><main>{text}</main>\
         <footer>{LEGAL}</footer></body></html>"
    );
    response(status, "text/html; charset=utf-8", body)
}

fn failure(status: u16, request: &Request, error: &str, message: &str, code: &str) -> Response {
    if request.json {
        let body = format!(r#"{{"error":"{error}","message":"{message}","code":"{code}"}}"#);
        response(status, "application/json", body)
    } else {
        page(status, request, error)
    }
}

fn response(status: u16, content_type: &str, body: String) -> Response {
    let policy = "default-src 'none'; style-src 'nonce-n'; base-uri 'none'; form-action 'self'; frame-ancestors https://app.ctrader.com";
    let headers = [
        ("content-type", content_type),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=31536000"),
        ("content-security-policy", policy),
    ];
    Response {
        status,
        headers: headers.map(|(name, value)| (name, value.to_owned())).into(),
        body,
        gzip: true,
        delay: Duration::ZERO,
        hang_up: false,
    }
}

fn to_bytes(mut response: Response, request: &Request) -> Vec<u8> {
    let mut body = response.body.clone().into_bytes();
    if response.gzip {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&body).unwrap();
        body = encoder.finish().unwrap();
        response.set("content-encoding", "gzip");
    }
    if request.method == "HEAD" {
        body.clear();
        response.remove("content-encoding");
    }
    let mut head = format!(
        "HTTP/1.1 {} x\r\nconnection: close\r\ncontent-length: {}\r\n",
        response.status,
        body.len()
    );
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [format!("{head}\r\n").as_bytes(), &body].concat()
}

/// A port that nothing listens on. It stays bound until the tests end.
pub fn closed_port() -> u16 {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    Box::leak(Box::new(socket)).local_addr().unwrap().port()
}
