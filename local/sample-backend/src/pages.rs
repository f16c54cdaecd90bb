//! The pages to which the screens redirect traders.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::AppState;
use crate::assertions::{self, Claims};

#[derive(Deserialize)]
pub(crate) struct Parameters {
    #[serde(default)]
    pub(crate) assertion: String,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    text: &'a str,
    theme: &'a str,
    rows: &'a [(&'static str, String)],
    documents: &'a [(&'static str, &'static str)],
    done_url: &'a str,
}

/// Examples of a broker's documents.
const DOCUMENTS: [(&str, &str); 3] = [
    ("Account statement, October", "PDF, 84 KB"),
    ("Account statement, September", "PDF, 79 KB"),
    ("Client agreement", "PDF, 312 KB"),
];

/// `GET /documents?assertion=...`
pub(crate) async fn documents(
    State(app): State<Arc<AppState>>,
    Query(parameters): Query<Parameters>,
) -> Response {
    match app
        .assertions
        .accept(&parameters.assertion, assertions::Page::Documents)
        .await
    {
        Ok(claims) => show(
            &app,
            StatusCode::OK,
            &documents_page(&claims, &app.options.success_url),
        ),
        Err(_) => refused(&app),
    }
}

/// The page for an invalid assertion.
pub(crate) fn refused(app: &AppState) -> Response {
    let page = Page {
        title: "This link does not work",
        text: "It is too old, or was used before. Close this screen and open it again from cTrader.",
        theme: "",
        rows: &[],
        documents: &[],
        done_url: &app.options.success_url,
    };
    show(app, StatusCode::FORBIDDEN, &page.render().unwrap_or_default())
}

/// The page for a trader with a valid assertion.
fn documents_page(claims: &Claims, done_url: &str) -> String {
    let identity = &claims.identity;
    let rows = [
        ("Client", Some(identity.user_id.to_string())),
        ("E-mail", identity.email.clone()),
        ("Account", identity.trading_login.map(|login| login.to_string())),
    ];
    let present_rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let page = Page {
        title: "Your documents",
        text: "This is the broker's own page. It knows you from the signed assertion.",
        theme: claims.launch.theme.as_deref().unwrap_or_default(),
        rows: &present_rows,
        documents: &DOCUMENTS,
        done_url,
    };
    page.render().unwrap_or_default()
}

/// `GET /bonus/terms`
pub(crate) async fn terms(State(app): State<Arc<AppState>>) -> Response {
    let page = Page {
        title: "Bonus terms",
        text: "The bonus can be traded with, and withdrawn after ten trades.",
        theme: "",
        rows: &[],
        documents: &[],
        done_url: &app.options.success_url,
    };
    show(&app, StatusCode::OK, &page.render().unwrap_or_default())
}

/// The page's URL contains the assertion, so there is no referrer and no caching.
fn show(app: &AppState, status: StatusCode, html: &str) -> Response {
    let ancestor = &app.options.frame_ancestor;
    let policy =
        format!("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors {ancestor}");
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Html(html.to_owned())).into_response()
}
