//! `POST /inapp/bonus`: the backend of the action `bonus`.
//!
//! | code | response |
//! |---|---|
//! | `WELCOME` | success, with a message |
//! | `TERMS` | success, with a redirect to a page of this website |
//! | `HANG`, `500` | the bonus is credited, but the first response never comes, or is a 500; a repeat gets the result |
//! | `LIE` | a response that violates the contract |
//! | `ELSEWHERE` | success, with a redirect that `broker.toml` does not allow |
//! | any other | failure, with a message |

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{AppState, lock};

/// The responses by `webhook-id`. A repeat gets the same response, and nothing is credited twice.
pub(crate) type Bonuses = HashMap<String, Value>;

#[derive(Deserialize)]
struct Event {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    launch: Launch,
    fields: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Launch {
    lang: Option<String>,
}

pub(crate) async fn respond(State(app): State<Arc<AppState>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let id = header(webhooks::ID);
    let (time, signature) = (header(webhooks::TIMESTAMP), header(webhooks::SIGNATURE));
    let secret = &app.options.secret;
    if secret
        .verify(id, time, signature, &body, SystemTime::now())
        .is_err()
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(Event { data }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let code = data
        .fields
        .get("code")
        .map(|code| code.trim().to_uppercase())
        .unwrap_or_default();
    // The lock covers the check and the change, so that only one of two simultaneous calls credits.
    let (result, is_repeat) = {
        let mut bonuses = lock(&app.bonuses);
        let is_repeat = bonuses.contains_key(id);
        let decide = || decide(&code, data.launch.lang.as_deref(), &app.url);
        (
            bonuses.entry(id.to_owned()).or_insert_with(decide).clone(),
            is_repeat,
        )
    };
    match code.as_str() {
        "HANG" if !is_repeat => std::future::pending().await,
        "500" if !is_repeat => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => Json(result).into_response(),
    }
}

/// The result of a new request.
fn decide(code: &str, lang: Option<&str>, url: &str) -> Value {
    let credited = match lang {
        Some("es") => "Hemos abonado 50,00 EUR en su cuenta.",
        Some("ar") => "أضفنا 50.00 يورو إلى حسابك.",
        _ => "We have credited 50.00 EUR to your account.",
    };
    let refused = match lang {
        Some("es") => "No conocemos este código, o ya se ha usado.",
        Some("ar") => "لا نعرف هذا الرمز، أو أنه مستخدم من قبل.",
        _ => "We do not know this code, or it has been used.",
    };
    match code {
        "WELCOME" | "HANG" | "500" => json!({"result": "success", "message": credited}),
        "TERMS" => {
            json!({"result": "success", "message": credited, "redirect": format!("{url}/bonus/terms")})
        }
        "ELSEWHERE" => json!({"result": "success", "redirect": "https://elsewhere.example/"}),
        "LIE" => json!({"result": "perhaps"}),
        _ => json!({"result": "failure", "message": refused}),
    }
}
