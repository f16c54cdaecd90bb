//! Rules about the connection: certificates, versions of TLS, plain HTTP.

use std::{io::Write, path::PathBuf, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    deployment::{Deployment, Fault, closed_port},
    program::{ProgramRun, check_trusting},
};

/// The rules that the tests of this file break.
pub const TESTED_RULES: [&str; 3] = [
    "connection.certificate",
    "connection.old-tls",
    "connection.plain-http",
];

/// A certificate authority for one test.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(test: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.pem"));
        let mut pem = std::fs::File::create(&file).unwrap();
        pem.write_all(issuer.pem().as_bytes()).unwrap();
        Self { issuer, file }
    }

    /// The TLS side of a server, with a certificate that `edit` changes.
    fn server(&self, host: &str, edit: fn(&mut CertificateParams)) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        edit(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Starts a server that also accepts the ClientHello of the old version of TLS, if one is given.
async fn listen(acceptor: TlsAcceptor, old: Option<u16>) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let deployment = Deployment::new(|_, _| {});
    let task = tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let (acceptor, deployment) = (acceptor.clone(), deployment.clone());
            tokio::spawn(async move {
                let version = client_hello_version(&connection).await;
                if old.is_some() && version == old {
                    let hello = server_hello(version.unwrap());
                    let _ = connection.write_all(&hello).await;
                } else if let Ok(connection) = acceptor.accept(connection).await {
                    deployment.serve(connection).await;
                }
            });
        }
    });
    (port, task)
}

async fn client_hello_version(connection: &TcpStream) -> Option<u16> {
    let mut hello = [0; 11];
    connection.peek(&mut hello).await.ok()?;
    Some(u16::from_be_bytes([hello[9], hello[10]]))
}

/// A ServerHello (RFC 4346, 7.4.1.3).
fn server_hello(version: u16) -> Vec<u8> {
    let hello = [&version.to_be_bytes()[..], &[7; 32], &[0], &[0x00, 0x2f], &[0]].concat();
    let length = hello.len() as u8;
    [
        &[22][..],
        &version.to_be_bytes(),
        &[0, length + 4, 2, 0, 0, length],
        &hello,
    ]
    .concat()
}

async fn check(authority: &Authority, port: u16, plain: u16) -> ProgramRun {
    let url = format!("https://localhost:{port}");
    let plain = plain.to_string();
    check_trusting(
        Some(&authority.file),
        &[&url, "--json", "--plain-http-port", &plain],
    )
    .await
}

/// Checks a deployment with this certificate and old version of TLS. Its port for plain HTTP is closed.
async fn check_tls(test: &str, host: &str, edit: fn(&mut CertificateParams), old: Option<u16>) -> ProgramRun {
    let authority = Authority::new(test);
    let (port, task) = listen(authority.server(host, edit), old).await;
    let run = check(&authority, port, closed_port()).await;
    task.abort();
    run
}

/// Checks a good deployment that also answers plain HTTP, with this fault.
async fn check_plain(test: &str, fault: Fault) -> ProgramRun {
    let authority = Authority::new(test);
    let (port, task) = listen(authority.server("localhost", |_| {}), None).await;
    let (plain, plain_task) = Deployment::new(fault).listen().await;
    let run = check(&authority, port, plain).await;
    task.abort();
    plain_task.abort();
    run
}

#[tokio::test]
async fn a_good_connection_passes() {
    let run = check_tls("good", "localhost", |_| {}, None).await;
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let passed = run.ids("pass");
    assert_eq!(passed[..3], TESTED_RULES);
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_fails_and_ends_the_check() {
    let past: fn(&mut CertificateParams) = |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    let untrusted = {
        let (trusted, other) = (Authority::new("ours"), Authority::new("theirs"));
        let (port, task) = listen(other.server("localhost", |_| {}), None).await;
        let run = check(&trusted, port, closed_port()).await;
        task.abort();
        run
    };
    for run in [
        check_tls("expired", "localhost", past, None).await,
        check_tls("other-host", "other.example", |_| {}, None).await,
        untrusted,
    ] {
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(run.ids("fail"), ["connection.certificate"]);
        assert_eq!(run.checks().len(), 3, "nothing else is checked");
        let problem = run.checks()[0]["problems"][0]["what"].to_string();
        assert!(problem.contains("certificate"), "{problem}");
    }
}

#[tokio::test]
async fn old_versions_of_tls_must_be_refused() {
    for (version, name) in [(0x0301, "TLS 1.0"), (0x0302, "TLS 1.1")] {
        let run = check_tls(name, "localhost", |_| {}, Some(version)).await;
        assert_eq!(run.ids("fail"), ["connection.old-tls"], "{}", run.stdout);
        assert_eq!(
            run.checks()[1]["problems"][0]["what"],
            format!("{name} is accepted")
        );
    }
}

#[tokio::test]
async fn a_page_over_plain_http_fails() {
    let run = check_plain("plain", |_, _| {}).await;
    assert_eq!(run.code, 1);
    assert_eq!(run.ids("fail"), ["connection.plain-http"], "{}", run.stdout);
}

#[tokio::test]
async fn an_error_of_a_screen_over_plain_http_fails() {
    let run = check_plain("plain-error", |request, response| {
        if request.path.starts_with("/callback") {
            response.status = 403;
        }
    })
    .await;
    assert_eq!(run.ids("fail"), ["connection.plain-http"], "{}", run.stdout);
}

#[tokio::test]
async fn a_redirect_from_plain_http_is_reported() {
    let run = check_plain("redirect", |_, response| {
        response.status = 301;
        response.set("location", "https://localhost/");
    })
    .await;
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(run.ids("warn"), ["connection.plain-http"]);
}

#[tokio::test]
async fn a_refusal_over_plain_http_passes() {
    let run = check_plain("refusal", |_, response| {
        response.status = 403;
        response.body.clear();
    })
    .await;
    assert_eq!(run.code, 0);
    assert_eq!(run.ids("warn"), [""; 0]);
}
