//! The smallest function that `lambda_http` can make: what the benchmark measures the others against.
//!
//! A package of its own, so that its dependencies are those of a bare function and not those of the benchmark. It is
//! not deployed: `sam build` and `cargo lambda watch` know only `functions/`.

use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_: Request| Ok::<_, Error>("Hello"))).await
}
