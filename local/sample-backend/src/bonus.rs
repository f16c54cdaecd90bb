//! `POST /inapp/bonus`: what traders submit on the screen of the action `bonus`.
//!
//! | code | |
//! |---|---|
//! | `WELCOME` | success, with a message |
//! | `TERMS` | success, and the trader is sent on to a page of ours |
//! | `HANG`, `500` | the bonus is credited, but the first answer never comes, or is a 500; a repeat is told |
//! | `LIE` | an answer that is not in the contract |
//! | `ELSEWHERE` | success, and the trader is sent on to where `broker.toml` does not allow |
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

use crate::{World, locked};

/// What was answered, by `webhook-id`: a repeat is answered with the same, and nothing is credited twice.
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

pub(crate) async fn answer(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let id = header(webhooks::ID);
    let (time, signature) = (header(webhooks::TIMESTAMP), header(webhooks::SIGNATURE));
    let secret = &world.options.secret;
    if secret
        .verify(id, time, signature, &body, SystemTime::now())
        .is_err()
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(Event { data }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let code = data.fields.get("code").map(|code| code.trim().to_uppercase());
    let code = code.unwrap_or_default();
    // One look and one write under the lock: of two calls at once, only one credits.
    let (answer, again) = {
        let mut bonuses = locked(&world.bonuses);
        let again = bonuses.contains_key(id);
        let decide = || decide(&code, data.launch.lang.as_deref(), &world.url);
        (bonuses.entry(id.to_owned()).or_insert_with(decide).clone(), again)
    };
    match code.as_str() {
        "HANG" if !again => std::future::pending().await,
        "500" if !again => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => Json(answer).into_response(),
    }
}

/// The answer to a request that is new.
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
