//! TLS only: a valid certificate, TLS 1.2 or newer, and no plain HTTP.

use std::{io, sync::Arc, time::Duration};

use reqwest::{Method, Url};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::check::{
    CheckError,
    client::{Accept, CONNECT_TIMEOUT, Client},
    report::{Check, Group, Problem, Rule},
    target::Target,
};

/// Id of the rule whose failure ends the check.
pub const CERTIFICATE: &str = "connection.certificate";

/// Timeout of a TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// Checks the connection itself.
///
/// # Errors
/// [`CheckError::Unreachable`] if nothing accepts connections.
pub async fn check(target: &Target, client: &Client) -> Result<Group, CheckError> {
    connect(target).await.map_err(|error| {
        CheckError::Unreachable(format!(
            "cannot reach {}: {error}. Is the URL right, and is the deployment up?",
            target.name()
        ))
    })?;
    Ok(Group::new(
        "Connection",
        [
            certificate(target, client).await,
            old_tls(target).await,
            plain_http(target, client).await,
        ],
    ))
}

/// Why the rules are skipped for plain HTTP.
const NO_TLS: &str = "plain HTTP on this machine: --allow-http";

async fn connect(target: &Target) -> io::Result<TcpStream> {
    // Only a URL has brackets around an IPv6 address.
    let host = target.host().trim_matches(['[', ']']);
    timeout(CONNECT_TIMEOUT, TcpStream::connect((host, target.port())))
        .await
        .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)))
}

async fn certificate(target: &Target, client: &Client) -> Check {
    let rule = Rule {
        id: CERTIFICATE,
        text: "The certificate is valid, and TLS is 1.2 or newer",
        advice: "Attach a certificate for this host name to the custom domain. All other rules were not checked.",
    };
    if !target.is_https() {
        return rule.skip(NO_TLS);
    }
    let problem = handshake(target, client).await.err();
    rule.judge(problem.map(|error| Problem::fail("", error)))
}

async fn handshake(target: &Target, client: &Client) -> io::Result<()> {
    let host = target.host().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    let connector = TlsConnector::from(Arc::new(client.tls.clone()));
    let connection = connect(target).await?;
    timeout(HANDSHAKE_TIMEOUT, connector.connect(name, connection))
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(())
}

async fn old_tls(target: &Target) -> Check {
    let rule = Rule {
        id: "connection.old-tls",
        text: "TLS 1.0 and 1.1 are refused",
        advice: "Set the custom domain's security policy to TLS_1_2 or newer.",
    };
    if !target.is_https() {
        return rule.skip(NO_TLS);
    }
    let mut problems = Vec::new();
    for (name, version) in [("TLS 1.0", 0x0301), ("TLS 1.1", 0x0302)] {
        if accepts(target, version).await {
            problems.push(Problem::fail("", format!("{name} is accepted")));
        }
    }
    rule.judge(problems)
}

/// Whether the server accepts this version of TLS.
async fn accepts(target: &Target, version: u16) -> bool {
    let handshake = async {
        let mut connection = connect(target).await?;
        connection
            .write_all(&client_hello(version, target.host()))
            .await?;
        let mut response = [0; 11];
        connection.read_exact(&mut response).await?;
        io::Result::Ok(response)
    };
    // A handshake record (22) with a ServerHello (2). Its first field is the version that the server chose.
    match timeout(HANDSHAKE_TIMEOUT, handshake).await {
        Ok(Ok([22, _, _, _, _, 2, _, _, _, high, low])) => u16::from_be_bytes([high, low]) == version,
        _ => false,
    }
}

/// The ClientHello of a client that supports nothing newer than `version` (RFC 4346, 7.4.1.2). It is written by
/// hand, because rustls does not support these versions.
fn client_hello(version: u16, host: &str) -> Vec<u8> {
    // ECDHE and RSA key exchange with AES-CBC: every server with these versions of TLS supports one of them.
    let ciphers: [u16; 6] = [0xc013, 0xc014, 0xc009, 0xc00a, 0x002f, 0x0035];
    let name = with_length(host.as_bytes());
    let server_name = with_length(&[&[0], name.as_slice()].concat());
    let groups = with_length(&big_endian([29, 23, 24]));
    let extensions = [
        extension(0, &server_name),
        extension(10, &groups),
        extension(11, &[1, 0]),
    ]
    .concat();

    let random = [0x5a; 32];
    let hello = [
        &version.to_be_bytes()[..],
        &random,
        &[0],
        &with_length(&big_endian(ciphers)),
        &[1, 0],
        &with_length(&extensions),
    ]
    .concat();
    let handshake = [&[1, 0][..], &with_length(&hello)].concat();
    [&[22, 3, 1][..], &with_length(&handshake)].concat()
}

/// The numbers in network byte order.
fn big_endian<const N: usize>(numbers: [u16; N]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// The bytes after their length, which takes two bytes.
fn with_length(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], bytes].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &with_length(content)].concat()
}

async fn plain_http(target: &Target, client: &Client) -> Check {
    let rule = Rule {
        id: "connection.plain-http",
        text: "Plain HTTP does not work",
        advice: "Spotware requires that plain HTTP does not work. Close the port. If you cannot close it, redirect to HTTPS.",
    };
    if !target.is_https() {
        return rule.skip(NO_TLS);
    }
    let deposit = target.page(&format!("/inapp/{}", domain::ScreenKind::Deposit));
    let mut problems = Vec::new();
    for (place, url) in [("success page", target.success_url.clone()), ("deposit", deposit)] {
        if target.owns(&url) {
            problems.extend(plain_http_problem(target, client, place, url).await);
        }
    }
    rule.judge(problems)
}

async fn plain_http_problem(target: &Target, client: &Client, place: &str, mut url: Url) -> Option<Problem> {
    url.set_scheme("http").ok()?;
    url.set_port(Some(target.plain_http_port)).ok()?;
    let response = client.send(Method::GET, url, Accept::Json).await.ok()?;
    let port = target.plain_http_port;
    match response.status {
        300..400 if response.header("location").starts_with("https://") => {
            Some(Problem::warn(place, format!("port {port} redirects to HTTPS")))
        }
        // A load balancer's own refusal, such as 403, is fine. An error of the screen itself shows that HTTP works.
        status if status < 400 || response.body.contains("MISSING_REQUIRED_PARAMETER") => Some(
            Problem::fail(place, format!("port {port} answers {status} over plain HTTP")),
        ),
        _ => None,
    }
}
