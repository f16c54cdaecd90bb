//! `/.well-known/jwks.json`: the public keys with which receivers verify signed assertions.

use std::{error::Error, process::ExitCode};

use assertion::{JwkSet, KeyIds};
use aws_sdk_kms::Client;
use http::Method;
use tokio::sync::OnceCell;
use web::{Assets, Code, Content, Failure, Handler, Request, Response, Site};

const PATH: &str = "/.well-known/jwks.json";

/// How long receivers may cache the keys. A key rotation waits for this time: docs/OPERATIONS.md.
const CACHE_CONTROL: &str = "public, max-age=300";

struct Keys {
    site: Site,
    client: Client,
    key_ids: KeyIds,
    /// Read once per process: a public key never changes, and other key ids come with a new deployment.
    set: OnceCell<JwkSet>,
}

impl Keys {
    async fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            key_ids: web::assertion_keys()?,
            site: Site::from_env(Assets::NONE)?,
            client: Client::new(&aws::config(outbound::tls()?).await?),
            set: OnceCell::new(),
        })
    }

    async fn set(&self, request: &Request) -> Result<&JwkSet, Failure> {
        let read = || JwkSet::read(&self.client, &self.key_ids, request.deadline);
        self.set.get_or_try_init(read).await.map_err(Failure::unavailable)
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
        let set = self.set(request).await?;
        let content = Content::public(set, "application/jwk-set+json", CACHE_CONTROL);
        Ok(Response::new(200, "OK", content))
    }

    /// Errors are JSON whatever the request accepts: only programs read this path.
    fn failed(&self, _: &Request, failure: Failure) -> Response {
        Response::failed(failure, "GET, HEAD")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run(Keys::from_env()).await
}
