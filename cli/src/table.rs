//! The deployment's table, opened with the operator's own AWS credentials.

use aws_sdk_dynamodb::Client;
use store::{ReadError, Table};

use crate::aws::{AwsAccess, AwsError};

/// The table, with its name and region for error messages.
pub struct OpenTable {
    pub table: Table,
    name: String,
    region: String,
}

/// Why the table cannot be read, and what the operator can do.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// AWS cannot be called.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// There is no such table.
    #[error(
        "there is no table {name} in {region} of this account.\n\
         Its name is LedgerTableName among the outputs of the stack: aws cloudformation describe-stacks --stack-name inapp"
    )]
    NoTable { name: String, region: String },
    /// The credentials do not allow the call.
    #[error(
        "these AWS credentials may not read the table {0}.\n\
         They need the policy OperatorPolicy of the stack: dynamodb:GetItem, dynamodb:Query and dynamodb:Scan on it and on its indexes."
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
    /// Opens the table with the operator's own region and credentials.
    pub async fn open(name: String) -> Result<Self, TableError> {
        Ok(Self::new(&AwsAccess::load().await?, name))
    }

    /// Opens the table.
    pub fn new(aws: &AwsAccess, name: String) -> Self {
        Self {
            table: Table::new(Client::new(&aws.config), name.clone()),
            name,
            region: aws.region.clone(),
        }
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
