//! The operator's own AWS credentials and region.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, ProvideCredentials};

/// What the AWS command line uses too: its profile, environment variables or login.
pub struct AwsAccess {
    pub config: SdkConfig,
    pub region: String,
    pub credentials: Credentials,
}

/// Why AWS cannot be called, and what the operator can do.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// There are no credentials.
    #[error(
        "there are no AWS credentials ({0}).\n\
         Choose a profile with AWS_PROFILE and log in (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )]
    NoCredentials(String),
    /// There is no region.
    #[error("there is no AWS region: set AWS_REGION, or choose a profile that has one with AWS_PROFILE")]
    NoRegion,
}

impl AwsAccess {
    /// Finds the region and the credentials.
    pub async fn load() -> Result<Self, AwsError> {
        let config = aws_config::defaults(BehaviorVersion::latest()).load().await;
        let region = config.region().map(Region::to_string).ok_or(AwsError::NoRegion)?;
        let provider = config.credentials_provider();
        let provider = provider.ok_or_else(|| AwsError::NoCredentials("no provider".to_owned()))?;
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| AwsError::NoCredentials(root_cause(&error)))?;
        Ok(Self {
            config,
            region,
            credentials,
        })
    }
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
