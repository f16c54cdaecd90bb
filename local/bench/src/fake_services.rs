//! The services that the functions call, over TLS on loopback: the simulated cTrader, Secrets Manager, and an empty
//! table.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use simulator::{Mint, Options, Simulator};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::Problem;
use crate::scratch::Scratch;

const MANAGER_TOKEN: &str = "bench-manager-token";
const MANAGER_TOKEN_SECRET: &str = "inapp/manager-token";
const SESSION_KEY: &str = "bench-session-key-bench-session-key-bench-session-key";
const SESSION_KEY_SECRET: &str = "inapp/session-key";
const BACKEND_KEY: &str = "whsec_YmVuY2gtYmFja2VuZC1rZXktYmVuY2gtYmFja2VuZC1rZXk=";
const BACKEND_SECRET: &str = "inapp/backend-secret";

/// The running services; stop when dropped.
pub(crate) struct FakeServices {
    simulator: Simulator,
    secret_reads: Arc<AtomicUsize>,
    variables: Vec<(&'static str, String)>,
    trusted_roots: usize,
    // Dropped last, because the services run in it.
    _runtime: Runtime,
}

impl FakeServices {
    pub(crate) fn start(scratch: &Scratch) -> Result<Self, Problem> {
        let runtime = Runtime::new()?;
        let certificates = Certificates::new()?;
        let roots = scratch.file("roots.pem");
        let trusted_roots = certificates.write_roots(&roots)?;
        let secret_reads = Arc::new(AtomicUsize::new(0));

        let (simulator, ctrader, secrets, table) = runtime.block_on(async {
            let options = Options {
                manager_token: MANAGER_TOKEN.to_owned(),
                ..Options::default()
            };
            let simulator = Simulator::start(options).await?;
            let backend = simulator.backend_url().replace("http://", "").parse()?;
            let ctrader = tls_proxy(backend, &certificates).await?;
            let secrets = tls_proxy(secrets_manager(&secret_reads).await?, &certificates).await?;
            let table = tls_proxy(empty_table().await?, &certificates).await?;
            Ok::<_, Problem>((simulator, ctrader, secrets, table))
        })?;
        let variables = vec![
            ("ASSERTION_KEY_IDS", "bench".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", table),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets),
            ("BACKEND_SECRET_ID", BACKEND_SECRET.to_owned()),
            ("CTRADER_ACCOUNT_ID_IS", "login".to_owned()),
            ("CTRADER_BASE_URL", ctrader),
            ("LEDGER_TABLE", "inapp".to_owned()),
            ("MANAGER_TOKEN_SECRET_ID", MANAGER_TOKEN_SECRET.to_owned()),
            ("SESSION_KEY_SECRET_ID", SESSION_KEY_SECRET.to_owned()),
            ("SSL_CERT_FILE", roots.display().to_string()),
        ];
        Ok(Self {
            simulator,
            secret_reads,
            variables,
            trusted_roots,
            _runtime: runtime,
        })
    }

    /// The environment variables with which a function finds the services.
    pub(crate) fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }

    /// A one-time token for the trader of the sample events.
    pub(crate) fn token(&self) -> String {
        self.simulator.mint(Mint::user("ada"))
    }

    /// How many times a secret has been read.
    pub(crate) fn secret_reads(&self) -> usize {
        self.secret_reads.load(Ordering::Relaxed)
    }

    /// How many certificates a function has to load.
    pub(crate) fn trusted_roots(&self) -> usize {
        self.trusted_roots
    }
}

/// A certificate authority for this run, and a certificate for `localhost`.
struct Certificates {
    authority: CertifiedIssuer<'static, KeyPair>,
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Certificates {
    fn new() -> Result<Self, Problem> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let params = CertificateParams::new(["localhost".to_owned()])?;
        let certificate = params.signed_by(&key, &authority)?;
        Ok(Self {
            authority,
            chain: vec![certificate.der().clone()],
            key,
        })
    }

    /// The TLS configuration of a server. Each server has its own sessions, so that none is resumed at another
    /// server.
    fn server(&self) -> Result<ServerConfig, Problem> {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                self.chain.clone(),
                PrivateKeyDer::Pkcs8(self.key.serialize_der().into()),
            )?;
        Ok(config)
    }

    /// Writes the trusted certificates: those of this system, because a function in Lambda loads as many, and our
    /// own authority. Returns their number.
    fn write_roots(&self, file: &Path) -> Result<usize, Problem> {
        let mut roots = rustls_native_certs::load_native_certs().certs;
        roots.push(self.authority.as_ref().der().clone());
        let mut pem = String::new();
        for certificate in &roots {
            pem += "-----BEGIN CERTIFICATE-----\n";
            for line in BASE64.encode(certificate).as_bytes().chunks(64) {
                pem += &String::from_utf8_lossy(line);
                pem.push('\n');
            }
            pem += "-----END CERTIFICATE-----\n";
        }
        fs::write(file, pem)?;
        Ok(roots.len())
    }
}

/// Serves `plain` over TLS on another port, and returns the URL.
async fn tls_proxy(plain: SocketAddr, certificates: &Certificates) -> Result<String, Problem> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("https://localhost:{}", listener.local_addr()?.port());
    let acceptor = TlsAcceptor::from(Arc::new(certificates.server()?));
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // After an error the connection ends.
                let mut server = TcpStream::connect(plain).await?;
                server.set_nodelay(true)?;
                caller.set_nodelay(true)?;
                let mut caller = acceptor.accept(caller).await?;
                copy_bidirectional(&mut caller, &mut server).await
            });
        }
    });
    Ok(url)
}

/// Secrets Manager as far as a function uses it: `GetSecretValue`. Returns the address.
async fn secrets_manager(reads: &Arc<AtomicUsize>) -> Result<SocketAddr, Problem> {
    let app = Router::new()
        .route("/", post(get_secret_value))
        .with_state(Arc::clone(reads));
    serve(app).await
}

/// DynamoDB as far as opening a screen uses it: no account has an open deposit. Returns the address.
async fn empty_table() -> Result<SocketAddr, Problem> {
    let empty_result = async || Json(json!({ "Count": 0, "Items": [], "ScannedCount": 0 }));
    serve(Router::new().route("/", post(empty_result))).await
}

async fn serve(app: Router) -> Result<SocketAddr, Problem> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

async fn get_secret_value(State(reads): State<Arc<AtomicUsize>>, body: String) -> Json<Value> {
    reads.fetch_add(1, Ordering::Relaxed);
    let secrets = [(SESSION_KEY_SECRET, SESSION_KEY), (BACKEND_SECRET, BACKEND_KEY)];
    let value = secrets
        .iter()
        .find(|(id, _)| body.contains(id))
        .map_or(MANAGER_TOKEN, |(_, value)| value);
    Json(json!({
        "Name": "inapp",
        "SecretString": value,
        "VersionId": "00000000-0000-4000-8000-000000000000",
        "VersionStages": ["AWSCURRENT"],
    }))
}
