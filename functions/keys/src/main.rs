//! `/.well-known/jwks.json`: the public keys that receivers check the signed assertion with.

use std::{error::Error, process::ExitCode};

use assertion::{JwkSet, KeyIds};
use aws_sdk_kms::Client;
use http::Method;
use tokio::sync::OnceCell;
use web::{Assets, Code, Content, Failure, Handler, Request, Response, Site};

const PATH: &str = "/.well-known/jwks.json";

/// How long receivers may keep the keys. A rotation waits for it: docs/OPERATIONS.md.
const KEEP: &str = "public, max-age=300";

struct Keys {
    site: Site,
    client: Client,
    keys: KeyIds,
    /// Public keys never change; other ids come with a new process.
    published: OnceCell<JwkSet>,
}

impl Keys {
    async fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            keys: web::assertion_keys()?,
            site: Site::from_env(Assets::NONE)?,
            client: Client::new(&aws::config(outbound::tls()?).await?),
            published: OnceCell::new(),
        })
    }

    async fn published(&self, request: &Request) -> Result<&JwkSet, Failure> {
        let read = || JwkSet::read(&self.client, &self.keys, request.deadline);
        let published = self.published.get_or_try_init(read).await;
        published.map_err(Failure::unavailable)
    }
}

impl Handler for Keys {
    const NAME: &'static str = "keys";

    fn site(&self) -> &Site {
        &self.site
    }

    async fn respond(&self, request: &Request) -> Result<Response, Failure> {
        if request.path != PATH {
            return Err(Failure::new(Code::NotFound));
        }
        if ![Method::GET, Method::HEAD].contains(&request.method) {
            return Err(Failure::new(Code::MethodNotAllowed));
        }
        let keys = self.published(request).await?;
        let content = Content::public(keys, "application/jwk-set+json", KEEP);
        Ok(Response::new(200, "OK", content))
    }

    /// Programs ask here, whatever they accept.
    fn failed(&self, _: &Request, failure: Failure) -> Response {
        Response::failed(failure, "GET, HEAD")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run(Keys::from_env()).await
}
