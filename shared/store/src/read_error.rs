//! Errors of listing and searching, for an operator.

use aws_error::describe;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::TableError;

/// Why the table cannot be listed or searched. One variant for each remedy of the operator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such table in this region of this account.
    #[error("there is no such table")]
    NoTable,
    /// The credentials do not allow reading the table.
    #[error("the table may not be read")]
    Denied,
    /// AWS does not accept the credentials, which may have expired: AWS's error code.
    #[error("AWS refuses the credentials: {0}")]
    CredentialsRefused(String),
    /// Another error.
    #[error("{0}")]
    Unavailable(String),
    /// A record cannot be read.
    #[error(transparent)]
    Damaged(#[from] TableError),
}

impl<E: ProvideErrorMetadata, R> From<SdkError<E, R>> for ReadError {
    fn from(error: SdkError<E, R>) -> Self {
        match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some("ResourceNotFoundException") => Self::NoTable,
            Some("AccessDeniedException") => Self::Denied,
            Some(
                code
                @ ("ExpiredTokenException" | "InvalidSignatureException" | "UnrecognizedClientException"),
            ) => Self::CredentialsRefused(code.to_owned()),
            _ => Self::Unavailable(describe(&error)),
        }
    }
}
