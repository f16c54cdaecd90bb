//! Wrong settings that a request revealed. Each kind has a metric and an alarm of its own, so that one that lasts
//! cannot hide another.

/// Which setting is probably wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misconfiguration {
    /// cTrader refused the manager token, also after the secret was read afresh.
    ManagerToken,
    /// A server that is not cTrader answered in its place.
    BaseUrl,
    /// The trader's broker is not in `broker.toml`.
    Broker,
    /// What cTrader says about a trading account is not enough to take deposits for it.
    Account,
    /// Payment notifications cannot be checked: the payment secrets are missing or unusable.
    Payments,
}

impl Misconfiguration {
    /// All kinds, for tests.
    pub const ALL: [Self; 5] = [
        Self::ManagerToken,
        Self::BaseUrl,
        Self::Broker,
        Self::Account,
        Self::Payments,
    ];

    /// The metric that counts it. `stacks/alarms.yaml` has an alarm for each.
    pub const fn metric(self) -> &'static str {
        match self {
            Self::ManagerToken => "ManagerTokenRefused",
            Self::BaseUrl => "BaseUrlWrong",
            Self::Broker => "BrokerUnknown",
            Self::Account => "AccountsUnreadable",
            Self::Payments => "PaymentsMisconfigured",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_an_alarm() {
        let alarms = include_str!("../../../stacks/alarms.yaml");
        for kind in Misconfiguration::ALL {
            assert!(
                alarms.contains(&format!("MetricName: {}", kind.metric())),
                "{kind:?}"
            );
        }
    }
}
