//! The simulated cTrader: `deposits::CTrader`, and the history of every account that an operator can look at.

use deposits::{Account, AccountError, CTrader, CreditAnswer, CreditCall};
use rust_decimal::Decimal;

use crate::{
    coverage::{Call, Event, Fault},
    events::Happening,
    table::index,
    world::{Function, MINUTE, Ms, SECOND, World, tell},
};

/// How long after its connection was lost a credit may still be applied. An operator looks later than that.
pub const LANDS_WITHIN: Ms = 5 * SECOND;

/// What cTrader has.
pub struct Backend {
    /// The trading accounts, by login.
    pub accounts: Vec<(i64, Account)>,
    /// Every balance change that was applied.
    pub effects: Vec<Effect>,
    /// Whose credit calls are on their way: function and deposit.
    pub on_the_way: Vec<(usize, usize)>,
}

/// A balance change.
#[derive(Clone)]
pub struct Effect {
    pub deposit: usize,
    pub login: i64,
    pub amount: Decimal,
    pub id: i64,
    pub at: Ms,
    /// Why it should not have been sent.
    pub wrong: Option<String>,
}

impl Backend {
    pub fn account(&self, login: i64) -> Option<&Account> {
        let mut accounts = self.accounts.iter();
        accounts
            .find(|(known, _)| *known == login)
            .map(|(_, account)| account)
    }

    /// What an operator finds in the account's history.
    pub fn effect(&self, deposit: usize) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.deposit == deposit)
    }
}

impl World {
    /// The balance moves.
    pub fn apply(&mut self, mut effect: Effect) -> i64 {
        effect.at = self.now;
        effect.id = 7_000 + i64::try_from(self.ctrader.effects.len()).unwrap();
        tell!(
            self,
            "  cTrader: {} credited to {} for deposit {} (balanceHistoryId {})",
            effect.amount,
            effect.login,
            effect.deposit,
            effect.id
        );
        self.seen.credits += 1;
        self.check_effect(&effect);
        let (id, deposit) = (effect.id, effect.deposit);
        self.ctrader.effects.push(effect);
        self.check_denial(deposit);
        id
    }
}

impl World {
    /// An operator credits the account in cTrader's own program, after another look at its history.
    pub fn credit_by_hand(&mut self, deposit: usize) {
        if self.ctrader.effect(deposit).is_some() {
            return;
        }
        tell!(self, "operator: credits deposit {deposit} by hand");
        let order = &self.orders[deposit];
        let effect = Effect {
            deposit,
            login: order.login,
            amount: order.amount,
            id: 0,
            at: self.now,
            wrong: None,
        };
        self.ctrader.effects.push(effect);
        self.seen.event(Event::CreditedByHand);
    }
}

/// A credit call on its way, until it is answered or its function is dead.
struct OnTheWay<'a>(&'a Function, usize);

impl Drop for OnTheWay<'_> {
    fn drop(&mut self) {
        let on_the_way = (self.0.id, self.1);
        self.0
            .world()
            .ctrader
            .on_the_way
            .retain(|other| *other != on_the_way);
    }
}

impl CTrader for Function {
    async fn account(&self, login: i64) -> Result<Account, AccountError> {
        self.sends(Call::Account).await;
        let account = {
            let mut world = self.world();
            if world.strikes(Fault::AccountUnavailable) {
                Err(AccountError::Unavailable("503".into()))
            } else if world.strikes(Fault::AccountRefused) {
                world.doubt_account(login);
                Err(AccountError::Refused("TRADER_NOT_FOUND".into()))
            } else {
                let account = world.ctrader.account(login).cloned();
                account.ok_or_else(|| AccountError::Refused("TRADER_NOT_FOUND".into()))
            }
        };
        self.tell(|| format!("asks for account {login}: {account:?}"));
        self.waits(Call::Account).await;
        account
    }

    async fn credit(&self, call: &CreditCall) -> CreditAnswer {
        let deposit = index(&call.deposit);
        let effect = {
            let mut world = self.world();
            world.ctrader.on_the_way.push((self.id, deposit));
            Effect {
                deposit,
                login: call.login,
                amount: call.amount,
                id: 0,
                at: 0,
                wrong: world.why_not_send(deposit),
            }
        };
        let _on_the_way = OnTheWay(self, deposit);
        self.tell(|| format!("sends the credit of deposit {deposit}"));
        self.sends(Call::Credit).await;
        let answer = {
            let mut world = self.world();
            if world.strikes(Fault::CreditNotDone) {
                return CreditAnswer::NotDone("429".into());
            }
            if world.strikes(Fault::CreditRefused) {
                world.doubted[deposit] = true;
                return CreditAnswer::Refused("CHANGE_BALANCE_BAD_AMOUNT".into());
            }
            if world.strikes(Fault::LostBeforeCredit) {
                world.doubted[deposit] = true;
                return CreditAnswer::Unknown("timed out".into());
            }
            if world.strikes(Fault::CreditedLater) {
                world.doubted[deposit] = true;
                world.later(LANDS_WITHIN, Happening::Effect(effect));
                return CreditAnswer::Unknown("connection reset".into());
            }
            let balance_history_id = world.apply(effect);
            if world.strikes(Fault::CreditedAnswerLost) {
                world.doubted[deposit] = true;
                CreditAnswer::Unknown("connection reset".into())
            } else {
                if world.strikes(Fault::CreditedSlowly) {
                    let wakes = world.soon(2 * MINUTE);
                    let run = world.runs.iter_mut().find(|run| run.id == self.id).unwrap();
                    run.wakes = wakes;
                    world.later(2 * MINUTE, Happening::Reconcile);
                }
                CreditAnswer::Credited { balance_history_id }
            }
        };
        self.waits(Call::Credit).await;
        self.tell(|| format!("hears of the credit of deposit {deposit}: {answer:?}"));
        answer
    }
}

impl World {
    fn doubt_account(&mut self, login: i64) {
        for (order, doubted) in self.orders.iter().zip(&mut self.doubted) {
            *doubted |= order.login == login;
        }
    }

    /// What is unusual about the account.
    pub fn account_event(&self, index: usize) -> Option<Event> {
        let order = &self.orders[index];
        let account = self.ctrader.account(order.login)?;
        match &account.broker {
            None => Some(Event::AccountWithoutBroker),
            Some(broker) if *broker != order.broker => Some(Event::AccountOfOtherBroker),
            Some(_) if account.currency != order.currency => Some(Event::AccountInOtherCurrency),
            Some(_) if order.amount.normalize().scale() > account.digits => {
                Some(Event::AccountWithFewerDigits)
            }
            Some(_) => None,
        }
    }
}
