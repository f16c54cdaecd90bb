//! Calls to the function `staff`, signed with the operator's AWS credentials.
//!
//! API Gateway verifies the signature and names the caller to the function. So the history shows who decided, and
//! nobody can decide in another's name.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::config::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use clap::Args;
use domain::is_https_or_loopback;
use http::{HeaderMap, StatusCode, header};
use inbound::printable;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use reqwest::Url;
use serde::{Serialize, de::DeserializeOwned};
use staff_calls::CallError;

use crate::aws::AwsAccess;

/// How often a call is sent. All calls carry an id, by which the function carries out each call once.
const MAX_TRIES: u32 = 3;

/// The wait before a call is sent again.
const PAUSE: Duration = Duration::from_secs(1);

/// Timeout of connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Timeout of one try. API Gateway's own is 30 s.
const TIMEOUT: Duration = Duration::from_secs(32);

/// AWS refuses a signature whose time is further from its own than this.
const MAX_CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Where the function is.
#[derive(Args)]
pub struct ApiArgument {
    /// Address of the API: the output StaffUrl of the stack.
    #[arg(long, env = "INAPP_API", value_name = "URL", value_parser = address)]
    pub api: Url,
}

/// `https://HOST`, or `http` on this machine.
fn address(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|_| "must be https://HOST".to_owned())?;
    let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_plain = url.username().is_empty() && url.password().is_none();
    if is_https_or_loopback(&url) && is_origin && is_plain {
        Ok(url)
    } else {
        Err("must be https://HOST, without a path".to_owned())
    }
}

/// The function `staff` behind the API.
pub struct StaffApi {
    url: Url,
    region: String,
    credentials: Credentials,
    client: reqwest::Client,
}

/// Why a call cannot be made, and what the operator can do.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// No HTTP client.
    #[error("cannot prepare HTTPS: {0}")]
    Client(String),
    /// The request cannot be signed.
    #[error("cannot sign the request: {0}")]
    Sign(String),
    /// No connection.
    #[error(
        "cannot reach {url}: {problem}. Nothing was changed.\n\
         Is --api (INAPP_API) the output StaffUrl of the stack? aws cloudformation describe-stacks --stack-name inapp"
    )]
    Unreachable { url: Url, problem: String },
    /// The request was sent, and no usable answer came.
    #[error(
        "{url} gave no usable answer: {problem}.\n\
         Perhaps the call was carried out. Repeating the command is safe: what is recorded already is refused, or left as it is."
    )]
    NoAnswer { url: Url, problem: String },
    /// API Gateway refused the signature or the caller.
    #[error("{0}")]
    Forbidden(Forbidden),
    /// The address has no function `staff`.
    #[error(
        "{0} is not the API of a stack with the function staff.\n\
         Is --api (INAPP_API) the output StaffUrl of the stack? aws cloudformation describe-stacks --stack-name inapp"
    )]
    WrongAddress(Url),
}

/// Why API Gateway answered 403.
#[derive(Debug)]
pub struct Forbidden {
    message: String,
    region: String,
    skew: Option<SignedDuration>,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "AWS refuses the request: {}. Nothing was changed.",
            printable(&self.message)
        )?;
        match self.skew {
            Some(skew) => write!(
                f,
                "\nThe clock of this machine is wrong by {} minutes: set it, and repeat the command.",
                skew.as_mins().abs()
            ),
            None => write!(
                f,
                "\nOne of these is the reason:\n\
                 - your user or role lacks the policy OperatorPolicy of the stack (right execute-api:Invoke);\n\
                 - your login has expired, or belongs to another account: aws sts get-caller-identity;\n\
                 - the API is in another region than {} (AWS_REGION).",
                self.region
            ),
        }
    }
}

/// The function's refusal of a call.
#[derive(Debug)]
pub struct Refused(CallError);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", printable(&self.0.message), printable(&self.0.code))
    }
}

/// What became of one try.
enum Try<T> {
    Answered(T),
    Refused(CallError),
    /// Sending the call again may help.
    Failed(StaffError),
    Hopeless(StaffError),
}

impl StaffApi {
    /// The function behind the API at this address.
    pub fn new(aws: &AwsAccess, url: Url) -> Result<Self, StaffError> {
        let tls = outbound::tls().map_err(|error| StaffError::Client(error.to_string()))?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(outbound::USER_AGENT)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| StaffError::Client(outbound::cause(error)))?;
        Ok(Self {
            region: region_of(&url).unwrap_or_else(|| aws.region.clone()),
            url,
            credentials: aws.credentials.clone(),
            client,
        })
    }

    /// Sends a call until it is answered, at most three times. The inner error is the function's refusal.
    pub async fn call<T: DeserializeOwned>(
        &self,
        path: &str,
        call: &impl Serialize,
    ) -> Result<Result<T, Refused>, StaffError> {
        let body = serde_json::to_vec(call).map_err(|error| StaffError::Sign(error.to_string()))?;
        let mut tries = 1;
        // A try without an answer may have been carried out, whatever becomes of the next one.
        let mut unanswered = None;
        loop {
            let error = match self.send(path, &body).await? {
                Try::Answered(answer) => return Ok(Ok(answer)),
                Try::Refused(error) => return Ok(Err(Refused(error))),
                Try::Hopeless(error) => return Err(unanswered.unwrap_or(error)),
                Try::Failed(error) => unanswered.take().unwrap_or(error),
            };
            if tries == MAX_TRIES {
                return Err(error);
            }
            eprintln!("No answer. Sending the same call again.");
            tokio::time::sleep(PAUSE).await;
            tries += 1;
            unanswered = Some(error).filter(|error| matches!(error, StaffError::NoAnswer { .. }));
        }
    }

    async fn send<T: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<Try<T>, StaffError> {
        let request = self.signed(path, body)?;
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                return Ok(Try::Failed(StaffError::Unreachable {
                    url: self.url.clone(),
                    problem: outbound::cause(error),
                }));
            }
            Err(error) => return Ok(Try::Failed(self.no_answer(outbound::cause(error)))),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        match response.bytes().await {
            Ok(body) => Ok(self.outcome(status, &headers, &body)),
            Err(error) => Ok(Try::Failed(self.no_answer(outbound::cause(error)))),
        }
    }

    /// What an answer means. Our own function's errors have a code; those of API Gateway have none.
    fn outcome<T: DeserializeOwned>(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Try<T> {
        if status == StatusCode::OK {
            return match serde_json::from_slice(body) {
                Ok(answer) => Try::Answered(answer),
                Err(_) => Try::Hopeless(StaffError::WrongAddress(self.url.clone())),
            };
        }
        let error: Option<CallError> = serde_json::from_slice(body).ok();
        match (status.as_u16(), error) {
            (500.., error) => {
                let code = error.map(|error| format!(" {}", printable(&error.code)));
                let problem = format!("status {}{}", status.as_u16(), code.unwrap_or_default());
                Try::Failed(self.no_answer(problem))
            }
            (429, _) => Try::Failed(self.no_answer("too many requests at once (429)".to_owned())),
            (404, Some(error)) if error.code == "NOT_FOUND" => {
                Try::Hopeless(StaffError::WrongAddress(self.url.clone()))
            }
            (_, Some(error)) => Try::Refused(error),
            (403, None) => Try::Hopeless(StaffError::Forbidden(self.forbidden(headers, body))),
            (_, None) => Try::Hopeless(StaffError::WrongAddress(self.url.clone())),
        }
    }

    fn forbidden(&self, headers: &HeaderMap, body: &[u8]) -> Forbidden {
        let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
        let message = json.and_then(|json| {
            let message = json.get("message").or_else(|| json.get("Message"))?;
            Some(message.as_str()?.trim_end_matches('.').to_owned())
        });
        let date = headers.get(header::DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| rfc2822::parse(date).ok());
        let skew = date.map(|date| Timestamp::now().duration_since(date.timestamp()));
        Forbidden {
            message: message.unwrap_or_else(|| "Forbidden".to_owned()),
            region: self.region.clone(),
            skew: skew.filter(|skew| skew.abs() >= MAX_CLOCK_SKEW),
        }
    }

    fn no_answer(&self, problem: String) -> StaffError {
        StaffError::NoAnswer {
            url: self.url.clone(),
            problem,
        }
    }

    /// The request, signed for API Gateway.
    fn signed(&self, path: &str, body: &[u8]) -> Result<reqwest::Request, StaffError> {
        let problem = |error: &dyn fmt::Display| StaffError::Sign(error.to_string());
        let url = self.url.join(path).map_err(|error| problem(&error))?;
        let headers = [(header::CONTENT_TYPE.as_str(), "application/json")];
        let body_to_sign = SignableBody::Bytes(body);
        let signable = SignableRequest::new("POST", url.as_str(), headers.into_iter(), body_to_sign)
            .map_err(|error| problem(&error))?;
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("execute-api")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| problem(&error))?;
        let (instructions, _) = sign(signable, &params.into())
            .map_err(|error| problem(&error))?
            .into_parts();
        let mut request = http::Request::post(url.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(body.to_vec())
            .map_err(|error| problem(&error))?;
        instructions.apply_to_request_http1x(&mut request);
        request
            .try_into()
            .map_err(|error: reqwest::Error| problem(&error.without_url()))
    }
}

/// The region in a host name of API Gateway, `ID.execute-api.REGION.amazonaws.com`. An own domain has none.
fn region_of(url: &Url) -> Option<String> {
    let parts: Vec<&str> = url.host_str()?.split('.').collect();
    match parts.as_slice() {
        [_, "execute-api", region, "amazonaws", ..] => Some((*region).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_origin_that_nobody_can_listen_to() {
        for fine in [
            "https://a1b2.execute-api.eu-west-1.amazonaws.com",
            "https://x.example/",
            "http://127.0.0.1:9007",
        ] {
            assert!(address(fine).is_ok(), "{fine}");
        }
        for bad in [
            "",
            "x.example",
            "http://x.example",
            "https://x.example/staff",
            "https://u:p@x.example",
            "https://x.example?a",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_host_of_api_gateway_names_its_region() {
        let region = |url: &str| region_of(&url.parse().unwrap());
        assert_eq!(
            region("https://a1b2.execute-api.eu-west-1.amazonaws.com"),
            Some("eu-west-1".to_owned())
        );
        assert_eq!(region("https://screens.example.com"), None);
        assert_eq!(region("http://127.0.0.1:9007"), None);
    }
}
