//! A bare `lambda_http` function, to which the benchmark compares the others.
//!
//! It is a package of its own, so that it has only the dependencies of a bare function. It is not deployed: `sam
//! build` and
//! `cargo lambda watch` know only `functions/`.

use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_: Request| Ok::<_, Error>("Hello"))).await
}
