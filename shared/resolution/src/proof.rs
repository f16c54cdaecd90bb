//! Which trading account is proven to be the trader's. `docs/HTTP.md` has the rules.

use ctrader::{RedeemedTrader, Trader};
use domain::ProvenLogin;

/// What `accountId` in cTrader's answer is: the setting `CTRADER_ACCOUNT_ID_IS`. No document says it, and a wrong guess
/// credits somebody else, so the broker settles it by a real tap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountIdIs {
    /// The account's login.
    Login,
    /// The server's internal id of the account.
    TraderId,
    /// `ctidTraderAccountId`: the link between user and account.
    Ctid,
    /// Not settled yet.
    #[default]
    Unknown,
}

impl std::str::FromStr for AccountIdIs {
    type Err = UnknownAccountId;

    fn from_str(text: &str) -> Result<Self, UnknownAccountId> {
        match text {
            "login" => Ok(Self::Login),
            "traderId" => Ok(Self::TraderId),
            "ctid" => Ok(Self::Ctid),
            "unknown" => Ok(Self::Unknown),
            _ => Err(UnknownAccountId),
        }
    }
}

/// The text is no value of `CTRADER_ACCOUNT_ID_IS`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be `login`, `traderId`, `ctid` or `unknown`")]
pub struct UnknownAccountId;

/// The URL's `account` is none of the logins in cTrader's answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OtherAccount;

/// The login that cTrader's answer itself proves: `tradingLogin`, or `accountId` if that is a login. If it has both, the
/// URL's `account` chooses. `None` if the answer has no login, whatever the URL says.
pub(crate) fn login_in_answer(
    redeemed: &RedeemedTrader,
    account_id_is: AccountIdIs,
    account: Option<i64>,
) -> Result<Option<ProvenLogin>, OtherAccount> {
    let account_id = redeemed
        .account_id
        .filter(|_| account_id_is == AccountIdIs::Login);
    let mut known = redeemed.trading_login.into_iter().chain(account_id).peekable();
    if known.peek().is_none() {
        return Ok(None);
    }
    let login = known.find(|login| account.is_none_or(|account| account == *login));
    login.map(|login| Some(proven(login))).ok_or(OtherAccount)
}

/// The account to look up in search of a proof, if the answer itself has none: the URL's `account`, else an `accountId`
/// that may be a login.
pub(crate) fn candidate(
    account_id: Option<i64>,
    account_id_is: AccountIdIs,
    account: Option<i64>,
) -> Option<i64> {
    account.or_else(|| account_id.filter(|_| account_id_is == AccountIdIs::Unknown))
}

/// Why a trader's record is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProof {
    /// The answer about the token has no e-mail address.
    #[error("cTrader's answer about the token has neither a login nor an e-mail address")]
    NoneInToken,
    /// The record of the account has no e-mail address.
    #[error("cTrader's answer about the token has no login, and the account's record has no e-mail address")]
    NoneInRecord,
    /// The two e-mail addresses differ.
    #[error(
        "cTrader's answer about the token has no login, and the account's record has another e-mail address"
    )]
    Different,
}

/// The login of a record that shows the e-mail address of the token, without regard to case and surrounding space.
pub(crate) fn login_by_email(trader: &Trader, token_email: Option<&str>) -> Result<ProvenLogin, NoProof> {
    let comparable = |email: &str| Some(email.trim().to_lowercase()).filter(|email| !email.is_empty());
    let token_email = token_email.and_then(comparable).ok_or(NoProof::NoneInToken)?;
    let record_email = trader.email.as_deref().and_then(comparable);
    if record_email.ok_or(NoProof::NoneInRecord)? != token_email {
        return Err(NoProof::Different);
    }
    Ok(proven(trader.login))
}

#[expect(
    clippy::disallowed_methods,
    reason = "this module is the one that proves logins"
)]
fn proven(login: i64) -> ProvenLogin {
    ProvenLogin::attest(login)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SETTINGS: [AccountIdIs; 4] = [
        AccountIdIs::Login,
        AccountIdIs::TraderId,
        AccountIdIs::Ctid,
        AccountIdIs::Unknown,
    ];

    fn answer(trading_login: Option<i64>, account_id: Option<i64>) -> RedeemedTrader {
        RedeemedTrader {
            trader_id: Some(77),
            trading_login,
            account_id,
            ..RedeemedTrader::default()
        }
    }

    fn number(
        redeemed: &RedeemedTrader,
        is: AccountIdIs,
        account: Option<i64>,
    ) -> Result<Option<i64>, OtherAccount> {
        login_in_answer(redeemed, is, account).map(|login| login.map(ProvenLogin::number))
    }

    fn record(email: Option<&str>) -> Trader {
        Trader {
            login: 5,
            broker_name: None,
            deposit_currency: "EUR".into(),
            money_digits: None,
            email: email.map(str::to_owned),
        }
    }

    #[test]
    fn an_account_id_is_a_login_only_where_the_setting_says_so() {
        for is in SETTINGS {
            let expected = (is == AccountIdIs::Login).then_some(3);
            assert_eq!(number(&answer(None, Some(3)), is, None), Ok(expected), "{is:?}");
            // That the URL repeats it proves nothing: the trader can edit the URL.
            assert_eq!(
                number(&answer(None, Some(3)), is, Some(3)),
                Ok(expected),
                "{is:?}"
            );
        }
    }

    #[test]
    fn the_url_chooses_among_the_logins_of_the_answer_and_adds_none() {
        let both = answer(Some(2), Some(3));
        assert_eq!(number(&both, AccountIdIs::Login, None), Ok(Some(2)));
        assert_eq!(number(&both, AccountIdIs::Login, Some(3)), Ok(Some(3)));
        assert_eq!(number(&both, AccountIdIs::Login, Some(77)), Err(OtherAccount));
        for is in [AccountIdIs::TraderId, AccountIdIs::Ctid, AccountIdIs::Unknown] {
            assert_eq!(number(&both, is, Some(2)), Ok(Some(2)), "{is:?}");
            assert_eq!(number(&both, is, Some(3)), Err(OtherAccount), "{is:?}");
        }
    }

    #[test]
    fn only_an_account_id_that_may_be_a_login_is_looked_up() {
        for is in SETTINGS {
            assert_eq!(candidate(Some(3), is, Some(4)), Some(4), "{is:?}");
            let unsettled = (is == AccountIdIs::Unknown).then_some(3);
            assert_eq!(candidate(Some(3), is, None), unsettled, "{is:?}");
        }
    }

    #[test]
    fn a_record_with_the_tokens_email_address_proves_its_login() {
        for (record_email, token_email, expected) in [
            (Some("ada@example.com"), Some("ada@example.com"), None),
            (Some(" Ada@Example.COM "), Some("ada@example.com\t"), None),
            (
                Some("ada@example.com"),
                Some("bob@example.com"),
                Some(NoProof::Different),
            ),
            (Some("ada@example.com"), None, Some(NoProof::NoneInToken)),
            (Some("ada@example.com"), Some(" "), Some(NoProof::NoneInToken)),
            (None, Some("ada@example.com"), Some(NoProof::NoneInRecord)),
            (Some(""), Some("ada@example.com"), Some(NoProof::NoneInRecord)),
            (Some(""), Some(""), Some(NoProof::NoneInToken)),
            (None, None, Some(NoProof::NoneInToken)),
        ] {
            let proof = login_by_email(&record(record_email), token_email);
            assert_eq!(proof.err(), expected, "{record_email:?} {token_email:?}");
        }
        assert_eq!(
            login_by_email(&record(Some("a@b")), Some("A@B"))
                .unwrap()
                .number(),
            5
        );
    }

    #[test]
    fn the_setting_has_four_values() {
        for (text, is) in ["login", "traderId", "ctid", "unknown"].into_iter().zip(SETTINGS) {
            assert_eq!(text.parse(), Ok(is));
        }
        for bad in ["", "Login", "traderid", "accountId"] {
            assert_eq!(bad.parse::<AccountIdIs>(), Err(UnknownAccountId), "{bad}");
        }
    }

    proptest! {
        /// Whatever the answer, the URL and the setting: a login comes from the answer, and never is a `traderId`.
        #[test]
        fn no_login_comes_from_the_url(
            trading_login in proptest::option::of(1..5_i64),
            account_id in proptest::option::of(1..5_i64),
            account in proptest::option::of(1..8_i64),
            is in proptest::sample::select(SETTINGS.to_vec()),
        ) {
            if let Ok(Some(login)) = number(&answer(trading_login, account_id), is, account) {
                let by_id = is == AccountIdIs::Login && account_id == Some(login);
                prop_assert!(trading_login == Some(login) || by_id);
                prop_assert!(account.is_none_or(|account| account == login));
            }
        }
    }
}
