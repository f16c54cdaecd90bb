//! The deployment to check, from the command line.

use clap::Args;
use domain::is_loopback;
use reqwest::Url;

use super::CheckError;

/// The command line of `inapp check`.
#[derive(Args)]
pub struct Arguments {
    // The comment is the help text, which shows no markup.
    #[allow(rustdoc::bare_urls)]
    /// Origin of the deployment, such as https://screens.broker.example
    url: String,
    /// Languages of the screens, the default language first
    #[arg(long, value_delimiter = ',', default_value = "en,es,ar", value_name = "CODES")]
    languages: Vec<String>,
    /// Origin that must be able to frame the screens; repeat it for white labels
    #[arg(long, default_value = "https://app.ctrader.com", value_name = "ORIGIN")]
    frame_ancestor: Vec<String>,
    /// Origin that may serve assets, such as a chat or KYC widget; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    allow_asset: Vec<String>,
    /// Name of the legal entity that every page must contain
    #[arg(long, value_name = "TEXT")]
    legal: Option<String>,
    /// Several brokers share this deployment, so pages without a trader name no legal entity
    #[arg(long)]
    white_labels: bool,
    /// Shell command that prints a fresh one-time token, to check the real screens too. It gets the screen's name in
    /// $INAPP_SCREEN
    #[arg(long, value_name = "COMMAND")]
    token_command: Option<String>,
    /// Type of a custom action of the deployment, for /inapp/action
    #[arg(long, default_value = "withdraw", value_name = "TYPE")]
    action_type: String,
    /// `success_url` of broker.toml
    #[arg(long, default_value = "/callback/success", value_name = "URL")]
    success_url: String,
    /// `failure_url` of broker.toml
    #[arg(long, default_value = "/callback/failure", value_name = "URL")]
    failure_url: String,
    /// Allow http:// for a deployment on this machine; the rules about TLS are then not checked
    #[arg(long)]
    allow_http: bool,
    /// Port on which plain HTTP must not be answered
    #[arg(long, default_value_t = 80, value_name = "PORT", hide = true)]
    plain_http_port: u16,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// A deployment and what is expected of it.
pub struct Target {
    /// Origin of the deployment, with the path `/`.
    pub url: Url,
    /// Languages of the screens. The first one is the default language.
    pub languages: Vec<String>,
    /// Origins that must be able to frame the screens.
    pub frame_ancestors: Vec<Url>,
    /// Origins other than the deployment that may serve assets.
    pub asset_origins: Vec<Url>,
    /// Name of the legal entity that every page must contain.
    pub legal: Option<String>,
    /// Whether several brokers share the deployment. Then only pages that know their trader must name a legal
    /// entity.
    pub white_labels: bool,
    /// Shell command that prints a fresh one-time token.
    pub token_command: Option<String>,
    /// The `actionType` for `/inapp/action`.
    pub action_type: String,
    /// `success_url` of `broker.toml`.
    pub success_url: Url,
    /// `failure_url` of `broker.toml`.
    pub failure_url: Url,
    /// Port on which plain HTTP must not be answered.
    pub plain_http_port: u16,
}

impl Target {
    /// Checks the arguments.
    pub fn new(arguments: Arguments) -> Result<Self, CheckError> {
        let url = origin("URL", &arguments.url)?;
        if url.scheme() == "http" {
            require_local(&url, arguments.allow_http)?;
        }
        let origins = |name: &str, texts: &[String]| -> Result<Vec<Url>, CheckError> {
            texts.iter().map(|text| origin(name, text)).collect()
        };
        let page = |name: &str, text: &str| {
            url.join(text)
                .map_err(|error| CheckError::Argument(format!("{name} {text}: {error}")))
        };
        Ok(Self {
            languages: languages(arguments.languages)?,
            frame_ancestors: origins("--frame-ancestor", &arguments.frame_ancestor)?,
            asset_origins: origins("--allow-asset", &arguments.allow_asset)?,
            legal: arguments.legal,
            white_labels: arguments.white_labels,
            token_command: arguments.token_command,
            action_type: arguments.action_type,
            success_url: page("--success-url", &arguments.success_url)?,
            failure_url: page("--failure-url", &arguments.failure_url)?,
            plain_http_port: arguments.plain_http_port,
            url,
        })
    }

    /// The origin without a trailing slash.
    pub fn name(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Whether the deployment is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host as written in the URL.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port, or the default port of the scheme.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    /// The URL of a path of the deployment.
    pub fn page(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }

    /// Whether the URL belongs to the deployment.
    pub fn owns(&self, url: &Url) -> bool {
        url.origin() == self.url.origin()
    }
}

/// Parses an origin: scheme, host and port, and nothing after them.
fn origin(name: &str, text: &str) -> Result<Url, CheckError> {
    let refuse = |why: &str| Err(CheckError::Argument(format!("{name} {text}: {why}")));
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(_) => return refuse("is not a URL; give an origin such as https://screens.broker.example"),
    };
    if !matches!(url.scheme(), "https" | "http") {
        return refuse("must begin with https://");
    }
    let has_only_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !has_only_origin || !url.username().is_empty() || url.password().is_some() {
        return refuse("must be an origin, without path, query or user");
    }
    Ok(url)
}

/// Allows plain HTTP only on this machine: a trader's pages must not travel unencrypted.
fn require_local(url: &Url, allowed: bool) -> Result<(), CheckError> {
    let advice = if !is_loopback(url) {
        "plain HTTP can be checked on this machine only; use https://"
    } else if !allowed {
        "plain HTTP needs --allow-http"
    } else {
        return Ok(());
    };
    Err(CheckError::Argument(format!("{url}: {advice}")))
}

fn languages(codes: Vec<String>) -> Result<Vec<String>, CheckError> {
    let is_code = |code: &str| {
        let primary = code.split('-').next().unwrap_or_default();
        (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    match codes.iter().find(|code| !is_code(code)) {
        Some(code) => Err(CheckError::Argument(format!(
            "--languages: `{code}` is not a language code such as en"
        ))),
        None => Ok(codes),
    }
}
