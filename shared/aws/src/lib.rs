//! The configuration of the AWS SDK. The SDK uses reqwest and the same trusted certificates as all other calls.

use aws_config::{
    BehaviorVersion, SdkConfig,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::region::ProvideRegion,
    retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use aws_types::{
    sdk_config::SharedCredentialsProvider,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};
use tokio::time::Duration;

use function::settings::optional;

/// Timeout of connecting: DNS, TCP and TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Timeout of a single attempt. The deadline of the request bounds all attempts together.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1_200);

/// The SDK's configuration, from the environment variables of AWS. Lambda sets all of them, credentials included.
/// The SDK's search for profiles and for other sources of credentials is left out (docs/adr/0007-lean-aws-sdk.md).
///
/// `tls` is the TLS configuration of the process. A call has at most two attempts of 1.2 s each.
///
/// # Errors
/// If the HTTP client cannot be set up.
pub async fn config(tls: rustls::ClientConfig) -> Result<SdkConfig, reqwest::Error> {
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .build()?;
    let connector = SharedHttpConnector::new(Reqwest(client));
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(EnvironmentVariableRegionProvider::new().region().await)
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .service_config(Environment);
    config.set_endpoint_url(optional("AWS_ENDPOINT_URL"));
    config.set_use_fips(flag("AWS_USE_FIPS_ENDPOINT"));
    config.set_use_dual_stack(flag("AWS_USE_DUALSTACK_ENDPOINT"));
    Ok(config.build())
}

/// A setting that is `true` or `false`.
fn flag(name: &str) -> Option<bool> {
    optional(name)?.to_ascii_lowercase().parse().ok()
}

/// Reads settings of a single service, such as `AWS_ENDPOINT_URL_SECRETS_MANAGER`.
#[derive(Debug)]
struct Environment;

impl LoadServiceConfig for Environment {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        optional(&format!("{}_{service}", key.env()))
    }
}

/// reqwest as the SDK's HTTP client.
#[derive(Debug)]
struct Reqwest(reqwest::Client);

impl HttpConnector for Reqwest {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request
                .try_into_http1x()
                .map_err(|error| ConnectorError::user(error.into()))?;
            let request =
                reqwest::Request::try_from(request.map(reqwest::Body::wrap)).map_err(connector_error)?;
            let response = http::Response::from(client.execute(request).await.map_err(connector_error)?);
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// The error in the kinds of the SDK, which repeats a call after a timeout or an I/O error.
fn connector_error(error: reqwest::Error) -> ConnectorError {
    let kind = match &error {
        error if error.is_builder() => ConnectorError::user,
        error if error.is_timeout() => ConnectorError::timeout,
        _ => ConnectorError::io,
    };
    kind(error.without_url().into())
}
