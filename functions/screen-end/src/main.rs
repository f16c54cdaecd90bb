//! The pages at the end of a screen: `/callback/success` and `/callback/failure`. cTrader closes the screen when it
//! sees a visit to the success URL. Answers all paths that no other function answers with 404.

use std::process::ExitCode;

use http::Method;
use web::{Assets, Code, Failure, Handler, Request, Response, SessionCookie, Site};

struct ScreenEnd {
    site: Site,
}

impl Handler for ScreenEnd {
    const NAME: &'static str = "screen-end";

    fn site(&self) -> &Site {
        &self.site
    }

    async fn respond(&self, request: &Request) -> Result<Response, Failure> {
        let success = match request.path.as_str() {
            "/callback/success" => true,
            "/callback/failure" => false,
            _ => return Err(Failure::new(Code::NotFound)),
        };
        // A payment provider may send the trader back by POST.
        if ![Method::GET, Method::HEAD, Method::POST].contains(&request.method) {
            return Err(Failure::new(Code::MethodNotAllowed));
        }
        // Whoever uses this browser next is not shown the screen that has ended. A screen in another tab, which shares the
        // cookie, goes on by the session in its page and in its entry of the history.
        Ok(Response {
            cookie: Some(SessionCookie::Remove),
            ..Response::new(200, "OK", self.site.closing(Self::NAME, request, success)?)
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run(async { Site::from_env(Assets::NONE).map(|site| ScreenEnd { site }) }).await
}
