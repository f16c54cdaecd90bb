//! Verifies the AWS signature of a request, by signing the request anew with the caller's key.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use http::{HeaderMap, header, request::Parts};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::Callers;

/// The service for which calls of an API are signed.
const SERVICE: &str = "execute-api";

/// How far the time of a signature may be from now.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

const DATE: &str = "x-amz-date";
const TOKEN: &str = "x-amz-security-token";
const CONTENT_HASH: &str = "x-amz-content-sha256";

/// Someone who can sign.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The ARN that API Gateway names.
    pub arn: String,
    /// The secret access key.
    pub secret_key: String,
    /// The session token of temporary credentials.
    pub session_token: Option<String>,
}

/// Why a signature is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no signature.
    #[error("the request is not signed")]
    NotSigned,
    /// Nobody has this access key, or not with this session token.
    #[error("nobody has this access key")]
    UnknownKey,
    /// The signature is for another region, service or day.
    #[error("the signature is for another region, service or day")]
    OtherScope,
    /// The signature is too old, or its time has not come.
    #[error("the signature is of another time")]
    OtherTime,
    /// The signature leaves out the host.
    #[error("the signature does not cover the host")]
    HostNotSigned,
    /// The signature is not of this request.
    #[error("the signature is not of this request")]
    OtherRequest,
}

/// The parts of the header `Authorization`.
struct Authorization<'a> {
    key_id: &'a str,
    scope: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads `AWS4-HMAC-SHA256 Credential=KEY/SCOPE, SignedHeaders=A;B, Signature=HEX`.
    fn read(text: &'a str) -> Option<Self> {
        let parts = text.strip_prefix("AWS4-HMAC-SHA256 ")?;
        let part = |name: &str| {
            let mut parts = parts.split(',').map(str::trim);
            parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        let (key_id, scope) = part("Credential")?.split_once('/')?;
        Some(Self {
            key_id,
            scope,
            signed_headers: part("SignedHeaders")?.split(';').collect(),
            signature: part("Signature")?,
        })
    }
}

/// The caller who signed the request for this region, with the id of the access key.
pub fn verify<'c>(
    request: &Parts,
    body: &[u8],
    callers: &'c Callers,
    region: &str,
    now: Timestamp,
) -> Result<(&'c str, &'c Caller), Refused> {
    let headers = &request.headers;
    let authorization = text(headers, header::AUTHORIZATION.as_str()).and_then(Authorization::read);
    let authorization = authorization.ok_or(Refused::NotSigned)?;
    let found = callers.get_key_value(authorization.key_id);
    let (key_id, caller) = found.ok_or(Refused::UnknownKey)?;
    if text(headers, TOKEN) != caller.session_token.as_deref() {
        return Err(Refused::UnknownKey);
    }
    let date = text(headers, DATE).ok_or(Refused::NotSigned)?;
    let signed_at = time(date).ok_or(Refused::NotSigned)?;
    if now.duration_since(signed_at).unsigned_abs() > TOLERANCE {
        return Err(Refused::OtherTime);
    }
    let day = date.get(..8).unwrap_or_default();
    if authorization.scope != format!("{day}/{region}/{SERVICE}/aws4_request") {
        return Err(Refused::OtherScope);
    }
    if !authorization.signed_headers.contains(&"host") {
        return Err(Refused::HostNotSigned);
    }
    let expected = signature(request, body, &authorization, caller, (region, signed_at));
    if expected.as_deref() != Some(authorization.signature) {
        return Err(Refused::OtherRequest);
    }
    Ok((key_id, caller))
}

/// The signature that the request must have. `None` if it cannot be signed.
fn signature(
    request: &Parts,
    body: &[u8],
    authorization: &Authorization<'_>,
    caller: &Caller,
    (region, signed_at): (&str, Timestamp),
) -> Option<String> {
    let signs = |name: &str| authorization.signed_headers.contains(&name);
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    if signs(CONTENT_HASH) {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let credentials = Credentials::new(
        authorization.key_id,
        caller.secret_key.as_str(),
        caller.session_token.clone(),
        None,
        "caller",
    );
    let identity = credentials.into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(SystemTime::from(signed_at))
        .settings(settings)
        .build()
        .ok()?;
    // The signer adds the other three itself.
    let added = |name: &str| [DATE, TOKEN, CONTENT_HASH].contains(&name);
    let headers = request.headers.iter().filter_map(|(name, value)| {
        let name = name.as_str();
        (signs(name) && !added(name)).then_some((name, value.to_str().ok()?))
    });
    let host = text(&request.headers, header::HOST.as_str())?;
    let path = request.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("http://{host}{path}");
    let signable = SignableRequest::new(request.method.as_str(), &url, headers, SignableBody::Bytes(body));
    let signed = sign(signable.ok()?, &params.into()).ok()?;
    Some(signed.signature().to_owned())
}

/// The time `20260131T120000Z`.
fn time(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const REGION: &str = "eu-central-1";
    const BODY: &[u8] = br#"{"reason":"seen"}"#;

    fn callers() -> Callers {
        let caller = |name: &str, session_token: Option<&str>| Caller {
            arn: format!("arn:aws:iam::123456789012:user/{name}"),
            secret_key: format!("secret-of-{name}"),
            session_token: session_token.map(str::to_owned),
        };
        Callers::from([
            ("AKIDOLGA".to_owned(), caller("olga", None)),
            ("ASIAIGOR".to_owned(), caller("igor", Some("token/of+igor=="))),
        ])
    }

    /// A request that this caller signed at this time, for this region and service.
    fn signed(key_id: &str, at: Timestamp, region: &str, service: &str) -> (Parts, Vec<u8>) {
        let caller = &callers()[key_id];
        let credentials = Credentials::new(
            key_id,
            caller.secret_key.as_str(),
            caller.session_token.clone(),
            None,
            "test",
        );
        let identity = credentials.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(SystemTime::from(at))
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let url = "http://127.0.0.1:9007/staff/deposits/X/decisions?a=b%20c";
        let headers = [("host", "127.0.0.1:9007"), ("content-type", "application/json")];
        let signable =
            SignableRequest::new("POST", url, headers.into_iter(), SignableBody::Bytes(BODY)).unwrap();
        let (instructions, _) = sign(signable, &params.into()).unwrap().into_parts();
        let mut request = Request::post("/staff/deposits/X/decisions?a=b%20c")
            .body(())
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        instructions.apply_to_request_http1x(&mut request);
        (request.into_parts().0, BODY.to_vec())
    }

    fn verified(parts: &Parts, body: &[u8]) -> Result<String, Refused> {
        let callers = callers();
        let verified = verify(parts, body, &callers, REGION, Timestamp::now());
        verified.map(|(_, caller)| caller.arn.clone())
    }

    #[test]
    fn a_good_signature_names_its_caller() {
        for (key_id, name) in [("AKIDOLGA", "olga"), ("ASIAIGOR", "igor")] {
            let (parts, body) = signed(key_id, Timestamp::now(), REGION, SERVICE);
            let arn = format!("arn:aws:iam::123456789012:user/{name}");
            assert_eq!(verified(&parts, &body), Ok(arn));
        }
    }

    #[test]
    fn a_signature_of_another_time_region_or_service_is_refused() {
        let now = Timestamp::now();
        let far = Duration::from_secs(6 * 60);
        for (at, region, service, refused) in [
            (now - far, REGION, SERVICE, Refused::OtherTime),
            (now + far, REGION, SERVICE, Refused::OtherTime),
            (now, "us-east-1", SERVICE, Refused::OtherScope),
            (now, REGION, "dynamodb", Refused::OtherScope),
        ] {
            let (parts, body) = signed("AKIDOLGA", at, region, service);
            assert_eq!(verified(&parts, &body), Err(refused), "{region} {service}");
        }
    }

    #[test]
    fn any_change_of_a_signed_request_is_refused() {
        type Change = fn(&mut Parts, &mut Vec<u8>);
        let changes: [(&str, Refused, Change); 9] = [
            ("body", Refused::OtherRequest, |_, body| body[0] = b' '),
            ("method", Refused::OtherRequest, |parts, _| {
                parts.method = http::Method::PUT
            }),
            ("path", Refused::OtherRequest, |parts, _| {
                parts.uri = "/staff/deposits/Y/decisions?a=b%20c".parse().unwrap();
            }),
            ("query", Refused::OtherRequest, |parts, _| {
                parts.uri = "/staff/deposits/X/decisions".parse().unwrap();
            }),
            ("host", Refused::OtherRequest, |parts, _| {
                parts.headers.insert("host", "evil.example".parse().unwrap());
            }),
            ("content type", Refused::OtherRequest, |parts, _| {
                parts
                    .headers
                    .insert("content-type", "text/plain".parse().unwrap());
            }),
            ("date", Refused::OtherRequest, |parts, _| {
                let later = Timestamp::now() + Duration::from_secs(60);
                let date = later.strftime("%Y%m%dT%H%M%SZ").to_string();
                parts.headers.insert(DATE, date.parse().unwrap());
            }),
            ("key", Refused::UnknownKey, |parts, _| {
                let header = parts.headers["authorization"]
                    .to_str()
                    .unwrap()
                    .replace("OLGA", "EVES");
                parts.headers.insert("authorization", header.parse().unwrap());
            }),
            ("no signature", Refused::NotSigned, |parts, _| {
                parts.headers.remove("authorization");
            }),
        ];
        for (what, refused, change) in changes {
            let (mut parts, mut body) = signed("AKIDOLGA", Timestamp::now(), REGION, SERVICE);
            change(&mut parts, &mut body);
            assert_eq!(verified(&parts, &body), Err(refused), "{what}");
        }
    }

    #[test]
    fn temporary_credentials_need_their_session_token() {
        let (mut parts, body) = signed("ASIAIGOR", Timestamp::now(), REGION, SERVICE);
        parts.headers.insert(TOKEN, "another".parse().unwrap());
        assert_eq!(verified(&parts, &body), Err(Refused::UnknownKey));
        parts.headers.remove(TOKEN);
        assert_eq!(verified(&parts, &body), Err(Refused::UnknownKey));
    }
}
