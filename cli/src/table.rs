//! The deployment's table, opened with the operator's own AWS credentials.

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{Client, config::ProvideCredentials};
use store::{ReadError, Table};

/// The table, with its name and region for error messages.
pub struct OpenTable {
    pub table: Table,
    name: String,
    region: String,
}

/// Why the table cannot be read, and what the operator can do.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There are no credentials.
    #[error(
        "there are no AWS credentials ({0}).\n\
         Choose a profile with AWS_PROFILE and log in (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )]
    NoCredentials(String),
    /// There is no region.
    #[error("there is no AWS region: set AWS_REGION, or choose a profile that has one with AWS_PROFILE")]
    NoRegion,
    /// There is no such table.
    #[error(
        "there is no table {name} in {region} of this account.\n\
         Its name is LedgerTableName among the outputs of the stack: aws cloudformation describe-stacks --stack-name inapp"
    )]
    NoTable { name: String, region: String },
    /// The credentials do not allow the call.
    #[error(
        "these AWS credentials may not read the table {0}.\n\
         They need dynamodb:GetItem and dynamodb:Query on it, and dynamodb:Query on its indexes (.../index/*)."
    )]
    Denied(String),
    /// The credentials are not valid, or no longer valid.
    #[error(
        "AWS refuses these credentials ({0}): log in again (aws sso login), or choose another profile with AWS_PROFILE"
    )]
    Refused(String),
    /// Any other error.
    #[error("the table {name} in {region}: {problem}")]
    Unavailable {
        name: String,
        region: String,
        problem: String,
    },
    /// An item cannot be read.
    #[error(transparent)]
    Damaged(store::TableError),
}

impl OpenTable {
    /// Opens the table with the region and the credentials that the AWS command line uses.
    pub async fn open(name: String) -> Result<Self, TableError> {
        let config = aws_config::defaults(BehaviorVersion::latest()).load().await;
        let region = config
            .region()
            .map(Region::to_string)
            .ok_or(TableError::NoRegion)?;
        if let Some(provider) = config.credentials_provider() {
            let credentials = provider.provide_credentials().await;
            credentials.map_err(|error| TableError::NoCredentials(root_cause(&error)))?;
        }
        Ok(Self {
            table: Table::new(Client::new(&config), name.clone()),
            name,
            region,
        })
    }

    /// Turns a failed read into an error message for the operator.
    pub fn explain(&self, error: ReadError) -> TableError {
        let (name, region) = (self.name.clone(), self.region.clone());
        match error {
            ReadError::NoTable => TableError::NoTable { name, region },
            ReadError::Denied => TableError::Denied(name),
            ReadError::CredentialsRefused(code) => TableError::Refused(code),
            ReadError::Unavailable(problem) => TableError::Unavailable {
                name,
                region,
                problem,
            },
            ReadError::Damaged(error) => TableError::Damaged(error),
        }
    }
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
