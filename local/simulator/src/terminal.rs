//! The terminal page, on which a trader uses the simulated cTrader. Static files, built into the program.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The page may frame any site: a screen can lead to the pages of a cashier or an identity provider, and the
/// embedded browser of cTrader opens those too.
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
        (
            "/terminal/account_panel.js",
            JS,
            include_str!("terminal/account_panel.js"),
        ),
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
            router.route(path, get(async move || response(content_type, text)))
        })
}

fn response(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
