//! What a screen starts with.

use std::sync::Arc;

use assertion::{KeyIds, Signer};
use aws_config::SdkConfig;
use config::Config;
use ctrader::Client;
use function::settings::BadSetting;
use resolution::Resolver;

use crate::{Assets, Secrets, Settings, Site, StartError, assertion_keys};

/// What a screen can use when it starts: settings, `broker.toml`, and the clients of AWS and cTrader.
pub struct Setup {
    /// The settings that all screens need.
    pub settings: Settings,
    /// Configuration of the AWS SDK, for a screen's own clients.
    pub aws: SdkConfig,
    /// TLS configuration with the trusted certificates, for a screen's own connections.
    pub tls: rustls::ClientConfig,
    /// Redeems tokens at cTrader and asks it about accounts.
    pub resolver: Arc<Resolver>,
    /// The manager token and the session key.
    pub secrets: Arc<Secrets>,
    pub(crate) site: Site,
}

impl Setup {
    pub(crate) async fn from_env(assets: Assets) -> Result<Self, StartError> {
        let settings = Settings::from_env()?;
        let site = Site::from_env(assets)?;
        let tls = outbound::tls()?;
        let aws = aws::config(tls.clone()).await?;
        let secrets = Secrets::new(aws_sdk_secretsmanager::Client::new(&aws), &settings);
        let brokers = site.config.brokers.iter().map(|broker| broker.name.clone());
        let client = Client::new(
            settings.ctrader_urls.clone(),
            settings.ctrader_redeem_api,
            tls.clone(),
        )?;
        let resolver = Resolver::new(client, brokers.collect(), settings.ctrader_account_id_is);
        Ok(Self {
            settings,
            aws,
            tls,
            resolver: Arc::new(resolver),
            secrets: Arc::new(secrets),
            site,
        })
    }

    /// `broker.toml`.
    pub fn config(&self) -> &Config {
        &self.site.config
    }

    /// The signer of assertions, with the keys of `ASSERTION_KEY_IDS`.
    ///
    /// # Errors
    /// [`BadSetting`] if the setting is missing or unusable.
    pub(crate) fn signer(&self) -> Result<Signer, BadSetting> {
        let keys: KeyIds = assertion_keys()?;
        Ok(Signer::new(aws_sdk_kms::Client::new(&self.aws), &keys))
    }
}
