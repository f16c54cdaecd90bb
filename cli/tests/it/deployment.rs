//! A deployment that keeps every rule, and a way to spoil what it answers.

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

/// A request, as far as the rules know one.
pub struct Asked {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub lang: Option<String>,
    pub theme: Option<String>,
    pub json: bool,
}

impl Asked {
    /// A screen that opens.
    pub fn opens(&self) -> bool {
        self.path.starts_with("/inapp/")
            && self
                .token
                .as_deref()
                .is_some_and(|token| token.starts_with("canary"))
    }
}

/// An answer, before it is written.
pub struct Canned {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub gzip: bool,
    pub delay: Duration,
    pub hang_up: bool,
}

impl Canned {
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

    /// Adds to the page's body.
    pub fn say(&mut self, html: &str) {
        self.replace("</main>", &format!("{html}</main>"));
    }
}

/// Changes an answer for the worse.
pub type Spoil = fn(&Asked, &mut Canned);

/// Answers like the project's functions.
pub struct Deployment {
    spoil: Spoil,
    spent: Mutex<HashSet<String>>,
}

impl Deployment {
    pub fn new(spoil: Spoil) -> Arc<Self> {
        Arc::new(Self {
            spoil,
            spent: Mutex::default(),
        })
    }

    /// Listens on a free port; gives it, and the task to end.
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
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            match connection.read_u8().await {
                Ok(byte) => request.push(byte),
                Err(_) => return,
            }
        }
        let asked = parse(&String::from_utf8(request).unwrap());
        let mut answer = self.answer(&asked);
        (self.spoil)(&asked, &mut answer);
        sleep(answer.delay).await;
        if !answer.hang_up {
            // A client that has hung up is no matter.
            let _ = connection.write_all(&written(answer, &asked)).await;
            let _ = connection.shutdown().await;
        }
    }

    /// Tokens that were redeemed.
    pub fn tokens(&self) -> Vec<String> {
        self.spent.lock().unwrap().iter().cloned().collect()
    }

    fn answer(&self, asked: &Asked) -> Canned {
        let screens = ["/inapp/deposit", "/inapp/kyc", "/inapp/action", "/inapp/chat"];
        if ["/callback/success", "/callback/failure"].contains(&asked.path.as_str()) {
            return page(200, asked, "The end");
        }
        if !screens.contains(&asked.path.as_str()) {
            return failure(
                404,
                asked,
                "Not Found",
                "There is nothing at this address",
                "NOT_FOUND",
            );
        }
        match (asked.method.as_str(), asked.token.as_deref()) {
            ("DELETE", _) => {
                let mut answer = failure(405, asked, "Method Not Allowed", "Not this", "METHOD_NOT_ALLOWED");
                answer.set("allow", "GET, HEAD, POST");
                answer
            }
            (_, None) => failure(
                400,
                asked,
                "Missing Required Parameter",
                "Required parameter 'token' is missing",
                "MISSING_REQUIRED_PARAMETER",
            ),
            (_, Some(token)) if token.contains("%3C") => failure(
                404,
                asked,
                "Invalid Token",
                "The provided token is invalid or expired",
                "INVALID_OT_TOKEN",
            ),
            ("HEAD", Some(_)) => page(200, asked, "Head"),
            (_, Some(token)) if self.spent.lock().unwrap().insert(token.to_owned()) => {
                let mut answer = page(200, asked, "Screen");
                answer.set(
                    "set-cookie",
                    "__Host-inapp=sealed; Secure; HttpOnly; Path=/; SameSite=None; Partitioned",
                );
                answer
            }
            _ => failure(
                410,
                asked,
                "Token Expired",
                "The provided token has expired",
                "TOKEN_EXPIRED",
            ),
        }
    }
}

fn parse(request: &str) -> Asked {
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parameter = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    };
    Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        token: parameter("token"),
        lang: parameter("lang"),
        theme: parameter("theme"),
        json: request.contains("accept: application/json"),
    }
}

fn page(status: u16, asked: &Asked, title: &str) -> Canned {
    let (lang, dir, text) = match asked.lang.as_deref() {
        Some("es") => ("es", "ltr", "Hola"),
        Some("ar") => ("ar", "rtl", "مرحبا"),
        Some("zh") => ("zh", "ltr", "交易账户"),
        Some("zh-Hant") => ("zh-Hant", "ltr", "交易帳戶"),
        _ => ("en", "ltr", "Hello"),
    };
    let theme = asked.theme.as_ref();
    let theme = theme.map_or_else(String::new, |theme| format!(" data-theme=\"{theme}\""));
    let body = format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"{theme}><head><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style nonce=n>b{{color:red}}</style></head>\
         <body><a href=\"/callback/success\" aria-label=\"Leave\"><svg></svg></a><main>{text}</main>\
         <footer>{LEGAL}</footer></body></html>"
    );
    canned(status, "text/html; charset=utf-8", body)
}

fn failure(status: u16, asked: &Asked, error: &str, message: &str, code: &str) -> Canned {
    if asked.json {
        let body = format!(r#"{{"error":"{error}","message":"{message}","code":"{code}"}}"#);
        canned(status, "application/json", body)
    } else {
        page(status, asked, error)
    }
}

fn canned(status: u16, content_type: &str, body: String) -> Canned {
    let policy = "default-src 'none'; style-src 'nonce-n'; base-uri 'none'; form-action 'self'; frame-ancestors https://app.ctrader.com";
    let headers = [
        ("content-type", content_type),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=31536000"),
        ("content-security-policy", policy),
    ];
    Canned {
        status,
        headers: headers.map(|(name, value)| (name, value.to_owned())).into(),
        body,
        gzip: true,
        delay: Duration::ZERO,
        hang_up: false,
    }
}

fn written(mut answer: Canned, asked: &Asked) -> Vec<u8> {
    let mut body = answer.body.clone().into_bytes();
    if answer.gzip {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&body).unwrap();
        body = encoder.finish().unwrap();
        answer.set("content-encoding", "gzip");
    }
    if asked.method == "HEAD" {
        body.clear();
        answer.remove("content-encoding");
    }
    let mut head = format!(
        "HTTP/1.1 {} x\r\nconnection: close\r\ncontent-length: {}\r\n",
        answer.status,
        body.len()
    );
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [format!("{head}\r\n").as_bytes(), &body].concat()
}

/// A port that nobody listens on, nor will: it is kept until the tests end.
pub fn closed_port() -> u16 {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    Box::leak(Box::new(socket)).local_addr().unwrap().port()
}
