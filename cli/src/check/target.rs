//! What is to be checked: the command line, made sense of.

use clap::Args;
use domain::is_loopback;
use reqwest::Url;

use super::Unusable;

/// The command line of `inapp check`.
#[derive(Args)]
pub struct Arguments {
    // The comment is the help text, which shows no markup.
    #[allow(rustdoc::bare_urls)]
    /// Origin of the deployment, such as https://screens.broker.example
    url: String,
    /// Languages of the screens, the default one first
    #[arg(long, value_delimiter = ',', default_value = "en,es,ar", value_name = "CODES")]
    languages: Vec<String>,
    /// Origin that must be able to frame the screens; repeat it for white labels
    #[arg(long, default_value = "https://app.ctrader.com", value_name = "ORIGIN")]
    frame_ancestor: Vec<String>,
    /// Origin that may serve assets: a configured chat or KYC widget; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    allow_asset: Vec<String>,
    /// What the legal line must contain: the name of the right legal entity
    #[arg(long, value_name = "TEXT")]
    legal: Option<String>,
    /// Several brokers share this deployment: pages without a trader name no legal entity
    #[arg(long)]
    white_labels: bool,
    /// Shell command that prints a fresh one-time token; with it the real screens are checked too. It finds the screen's name in $INAPP_SCREEN
    #[arg(long, value_name = "COMMAND")]
    token_command: Option<String>,
    /// A custom action of the deployment, for /inapp/action
    #[arg(long, default_value = "withdraw", value_name = "TYPE")]
    action_type: String,
    /// `success_url` of broker.toml
    #[arg(long, default_value = "/callback/success", value_name = "URL")]
    success_url: String,
    /// `failure_url` of broker.toml
    #[arg(long, default_value = "/callback/failure", value_name = "URL")]
    failure_url: String,
    /// Take http:// for a deployment on this machine; what concerns TLS is then not checked
    #[arg(long)]
    allow_http: bool,
    /// Where plain HTTP would be answered
    #[arg(long, default_value_t = 80, value_name = "PORT", hide = true)]
    plain_http_port: u16,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// A deployment and what is expected of it.
pub struct Target {
    /// Its origin, with the path `/`.
    pub url: Url,
    /// Languages of the screens; the first is the default.
    pub languages: Vec<String>,
    /// Who must be able to frame the screens.
    pub frame_ancestors: Vec<Url>,
    /// Who may serve assets besides the deployment.
    pub asset_origins: Vec<Url>,
    /// What the legal line must contain.
    pub legal: Option<String>,
    /// Whether only the screens of a trader must have one: it is not known whose the other pages are.
    pub white_labels: bool,
    /// Prints a fresh one-time token.
    pub token_command: Option<String>,
    /// `actionType` for `/inapp/action`.
    pub action_type: String,
    /// Where X leads.
    pub success_url: Url,
    /// Where a failed action leads.
    pub failure_url: Url,
    /// Where plain HTTP would be answered.
    pub plain_http_port: u16,
}

impl Target {
    /// Makes sense of the command line.
    pub fn new(arguments: Arguments) -> Result<Self, Unusable> {
        let url = origin("URL", &arguments.url)?;
        if url.scheme() == "http" {
            require_local(&url, arguments.allow_http)?;
        }
        let origins = |name: &str, texts: &[String]| -> Result<Vec<Url>, Unusable> {
            texts.iter().map(|text| origin(name, text)).collect()
        };
        let page = |name: &str, text: &str| {
            url.join(text)
                .map_err(|error| Unusable::Argument(format!("{name} {text}: {error}")))
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

    /// The origin as people write it.
    pub fn name(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Whether the deployment is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host as it stands in the URL.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port, also where the URL leaves it out.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    /// A page of the deployment.
    pub fn page(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }

    /// Whether a URL is the deployment's own.
    pub fn owns(&self, url: &Url) -> bool {
        url.origin() == self.url.origin()
    }
}

/// An origin: scheme, host and port, and nothing after them.
fn origin(name: &str, text: &str) -> Result<Url, Unusable> {
    let refuse = |why: &str| Err(Unusable::Argument(format!("{name} {text}: {why}")));
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(_) => return refuse("is no URL; an origin is expected, such as https://screens.broker.example"),
    };
    if !matches!(url.scheme(), "https" | "http") {
        return refuse("must begin with https://");
    }
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        return refuse("must be an origin, without path, query or user");
    }
    Ok(url)
}

/// Plain HTTP is for this machine only: what a trader is shown must not travel in the clear.
fn require_local(url: &Url, allowed: bool) -> Result<(), Unusable> {
    match (is_loopback(url), allowed) {
        (true, true) => Ok(()),
        (true, false) => Err(Unusable::Argument(format!(
            "{url} is plain HTTP: add --allow-http"
        ))),
        (false, _) => Err(Unusable::Argument(format!(
            "{url} is plain HTTP, which is checked on this machine only: use https://"
        ))),
    }
}

fn languages(codes: Vec<String>) -> Result<Vec<String>, Unusable> {
    let is_code = |code: &str| {
        let primary = code.split('-').next().unwrap_or_default();
        (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    match codes.iter().find(|code| !is_code(code)) {
        Some(code) => Err(Unusable::Argument(format!(
            "--languages: `{code}` is no language code such as en"
        ))),
        None => Ok(codes),
    }
}
