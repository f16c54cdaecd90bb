//! The pages that traders are sent on to.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::World;
use crate::assertions::Claims;

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

/// What a broker would have in its archive.
const DOCUMENTS: [(&str, &str); 3] = [
    ("Account statement, October", "PDF, 84 KB"),
    ("Account statement, September", "PDF, 79 KB"),
    ("Client agreement", "PDF, 312 KB"),
];

/// `GET /documents?assertion=...`
pub(crate) async fn documents(
    State(world): State<Arc<World>>,
    Query(parameters): Query<Parameters>,
) -> Response {
    match world.assertions.accept(&parameters.assertion).await {
        Ok(claims) => show(
            &world,
            StatusCode::OK,
            &known(&claims, &world.options.success_url),
        ),
        Err(_) => refused(&world),
    }
}

/// The page for somebody whose assertion is not good.
pub(crate) fn refused(world: &World) -> Response {
    let page = Page {
        title: "This link does not work",
        text: "It is too old, or was used before. Close this screen and open it again from cTrader.",
        theme: "",
        rows: &[],
        documents: &[],
        done_url: &world.options.success_url,
    };
    show(world, StatusCode::FORBIDDEN, &page.render().unwrap_or_default())
}

/// The page for a trader who is known.
fn known(claims: &Claims, done_url: &str) -> String {
    let identity = &claims.identity;
    let account = claims
        .launch
        .account
        .or(identity.trading_login)
        .or(identity.account_id);
    let rows = [
        ("Client", Some(identity.user_id.to_string())),
        ("E-mail", identity.email.clone()),
        ("Account", account.map(|account| account.to_string())),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let page = Page {
        title: "Your documents",
        text: "This page is the broker's own. The signed assertion told it who you are.",
        theme: claims.launch.theme.as_deref().unwrap_or_default(),
        rows: &rows,
        documents: &DOCUMENTS,
        done_url,
    };
    page.render().unwrap_or_default()
}

/// `GET /bonus/terms`
pub(crate) async fn terms(State(world): State<Arc<World>>) -> Response {
    let page = Page {
        title: "Bonus terms",
        text: "The bonus can be traded with, and withdrawn after ten trades.",
        theme: "",
        rows: &[],
        documents: &[],
        done_url: &world.options.success_url,
    };
    show(&world, StatusCode::OK, &page.render().unwrap_or_default())
}

/// The assertion is in the page's URL: nobody is told it, and nothing is kept.
fn show(world: &World, status: StatusCode, html: &str) -> Response {
    let ancestor = &world.options.frame_ancestor;
    let policy =
        format!("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors {ancestor}");
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Html(html.to_owned())).into_response()
}
