//! A guard in front of a program that has none.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::{Callers, Sender};

/// Maximum size of the head of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// Maximum number of headers.
const MAX_HEADERS: usize = 100;

/// Passes requests on to a program if [`Callers`] allows them. Stops when dropped.
///
/// The program listens on a port that the system has chosen, so no website knows it. Each connection serves one request,
/// because only the head of the first one is read.
pub struct Front(Vec<JoinHandle<()>>);

impl Front {
    /// Serves these listeners.
    #[must_use]
    pub fn new(listeners: Vec<TcpListener>, target: SocketAddr, callers: Callers) -> Self {
        let serve = |listener| tokio::spawn(serve(listener, target, callers));
        Self(listeners.into_iter().map(serve).collect())
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        for listener in &self.0 {
            listener.abort();
        }
    }
}

async fn serve(listener: TcpListener, target: SocketAddr, callers: Callers) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // A caller that breaks off sees the end of its own connection.
                tokio::spawn(async move { pass_on(stream, target, callers).await });
            }
            // Too many open files, for example.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn pass_on(mut caller: TcpStream, target: SocketAddr, callers: Callers) -> Result<()> {
    let received = read_head(&mut caller).await?;
    let (status, reason) = match checked(&received, callers) {
        Ok(request) => {
            let mut program = TcpStream::connect(target).await?;
            program.write_all(&request).await?;
            copy_bidirectional(&mut caller, &mut program).await?;
            return Ok(());
        }
        Err(Some(reason)) => ("403 Forbidden", reason),
        Err(None) => ("400 Bad Request", "This is no HTTP request"),
    };
    let length = reason.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{reason}"
    );
    caller.write_all(answer.as_bytes()).await?;
    caller.shutdown().await
}

/// Reads until the end of the head. What follows may be there already.
async fn read_head(caller: &mut TcpStream) -> Result<Vec<u8>> {
    let mut received = Vec::new();
    while !received.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        if received.len() > MAX_HEAD || caller.read_buf(&mut received).await? == 0 {
            return Err(Error::from(ErrorKind::InvalidData));
        }
    }
    Ok(received)
}

/// The request, with the header that ends the connection after the response. The error is the reason for a refusal, `None` for
/// what is no request.
fn checked(received: &[u8], callers: Callers) -> std::result::Result<Vec<u8>, Option<&'static str>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let Ok(httparse::Status::Complete(length)) = request.parse(received) else {
        return Err(None);
    };
    let (Some(method), Some(path)) = (request.method, request.path) else {
        return Err(None);
    };
    let header = |name: &str| {
        let mut values = request
            .headers
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case(name));
        let value = values
            .next()
            .map(|header| str::from_utf8(header.value).unwrap_or("?"));
        // Of two nobody knows which one counts.
        if values.next().is_some() { Some("?") } else { value }
    };
    let sender = Sender {
        method,
        path,
        host: header("host"),
        origin: header("origin"),
        site: header("sec-fetch-site"),
    };
    if let Some(reason) = callers.refusal(sender) {
        return Err(Some(reason));
    }
    let mut passed = format!("{method} {path} HTTP/1.1\r\n").into_bytes();
    for header in request.headers.iter() {
        if !header.name.eq_ignore_ascii_case("connection") {
            passed.extend_from_slice(header.name.as_bytes());
            passed.extend_from_slice(b": ");
            passed.extend_from_slice(header.value);
            passed.extend_from_slice(b"\r\n");
        }
    }
    passed.extend_from_slice(b"Connection: close\r\n\r\n");
    passed.extend_from_slice(&received[length..]);
    Ok(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that sends its request back. Returns the address of its front.
    async fn start(callers: Callers) -> (Front, SocketAddr) {
        let program = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = program.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = program.accept().await {
                tokio::spawn(async move {
                    let mut received = vec![0; 4_096];
                    let length = stream.read(&mut received).await.unwrap();
                    stream.write_all(&received[..length]).await.unwrap();
                });
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (Front::new(vec![listener], target, callers), address)
    }

    async fn send(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn a_request_of_a_program_is_passed_on_whole_and_the_connection_ends() {
        let (_front, address) = start(Callers::Itself).await;
        let answer = send(
            address,
            "POST /x?y HTTP/1.1\r\nHost: localhost:1\r\nConnection: keep-alive\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok",
        )
        .await;
        assert_eq!(
            answer,
            "POST /x?y HTTP/1.1\r\nHost: localhost:1\r\nX-A: b\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        );
    }

    #[tokio::test]
    async fn a_request_of_another_website_is_refused() {
        let (_front, address) = start(Callers::Itself).await;
        for headers in [
            "Host: evil.example",
            "Host: localhost\r\nHost: evil.example",
            "Host: localhost\r\nOrigin: https://evil.example",
            "Host: localhost\r\nSec-Fetch-Site: cross-site",
        ] {
            let answer = send(address, &format!("POST / HTTP/1.1\r\n{headers}\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 403 "), "{headers}: {answer}");
            assert!(!answer.to_lowercase().contains("access-control"));
        }
        let garbage = send(address, "no request\r\n\r\n").await;
        assert!(garbage.starts_with("HTTP/1.1 400 "), "{garbage}");
    }
}
