//! The terminal page: what a trader sees of the simulated cTrader. Static files, built into the program.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The page may frame any site: a screen may lead on to a cashier's or an identity provider's pages, which
/// the embedded browser of cTrader opens as well.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; frame-src http: https:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

pub(crate) fn router() -> Router {
    let files = [
        ("/", HTML, include_str!("terminal/index.html")),
        (
            "/terminal/terminal.css",
            CSS,
            include_str!("terminal/terminal.css"),
        ),
        ("/terminal/app.js", JS, include_str!("terminal/app.js")),
        ("/terminal/chart.js", JS, include_str!("terminal/chart.js")),
        ("/terminal/market.js", JS, include_str!("terminal/market.js")),
        ("/terminal/choices.js", JS, include_str!("terminal/choices.js")),
        ("/terminal/desk.js", JS, include_str!("terminal/desk.js")),
        ("/terminal/faults.js", JS, include_str!("terminal/faults.js")),
        (
            "/terminal/portfolio.js",
            JS,
            include_str!("terminal/portfolio.js"),
        ),
        ("/terminal/screen.js", JS, include_str!("terminal/screen.js")),
        ("/terminal/timeline.js", JS, include_str!("terminal/timeline.js")),
        ("/terminal/icon.svg", SVG, include_str!("terminal/icon.svg")),
    ];
    files
        .into_iter()
        .fold(Router::new(), |router, (path, content_type, text)| {
            router.route(path, get(async move || file(content_type, text)))
        })
}

fn file(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
