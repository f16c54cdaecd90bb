//! Describes errors of the AWS SDK in one line for the operator, without anything from the request.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// The service's error code, or the reason why the call itself failed. Leaves out the service's message, because it
/// may quote values.
pub fn describe<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(context) => context.err().code().unwrap_or("unknown service error").into(),
        SdkError::TimeoutError(_) => "timed out".into(),
        SdkError::DispatchFailure(failure) => {
            let mut text = "cannot be reached".to_owned();
            let mut source = failure
                .as_connector_error()
                .map(|error| error as &dyn std::error::Error);
            while let Some(error) = source {
                text = format!("{text}: {error}");
                source = error.source();
            }
            text
        }
        SdkError::ResponseError(_) => "sent a response that the SDK cannot read".into(),
        _ => "the request could not be built".into(),
    }
}
