//! The simulated cTrader with its accounts and their history.

use deposits::{Account, AccountError, CTrader, CreditAnswer, CreditCall};
use domain::ProvenLogin;
use rust_decimal::Decimal;
use workflow::{
    simulation::{Call, Happening, MINUTE, Ms, SECOND, index},
    trace,
};

use crate::{
    invariants::{check_denial, check_effect, why_not_send},
    kinds::{Event, Fault},
    model::{Function, Own, World},
};

/// How long after the connection was lost a credit may still be applied. Operators look later than that.
pub const LANDS_WITHIN: Ms = 5 * SECOND;

/// The state of cTrader.
pub struct Backend {
    /// The trading accounts, by login.
    pub accounts: Vec<(ProvenLogin, Account)>,
    /// All applied balance changes.
    pub effects: Vec<Effect>,
    /// The credit calls on their way: function and deposit.
    pub on_the_way: Vec<(usize, usize)>,
}

/// An applied balance change.
#[derive(Clone)]
pub struct Effect {
    pub deposit: usize,
    pub login: ProvenLogin,
    pub amount: Decimal,
    pub id: i64,
    pub at: Ms,
    /// Why it should not have been sent, if so.
    pub wrong: Option<String>,
}

impl Backend {
    pub fn account(&self, login: ProvenLogin) -> Option<&Account> {
        let mut accounts = self.accounts.iter();
        accounts
            .find(|(known, _)| *known == login)
            .map(|(_, account)| account)
    }

    /// The balance change of a deposit, from the account's history.
    pub fn effect(&self, deposit: usize) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.deposit == deposit)
    }
}

/// Applies a balance change and returns its id.
pub fn apply(world: &mut World, mut effect: Effect) -> i64 {
    effect.at = world.now;
    effect.id = 7_000 + i64::try_from(world.model.ctrader.effects.len()).unwrap();
    trace!(
        world,
        "  cTrader: {} credited to {} for deposit {} (balanceHistoryId {})",
        effect.amount,
        effect.login,
        effect.deposit,
        effect.id
    );
    world.seen.met(Event::Credited);
    check_effect(world, &effect);
    let (id, deposit) = (effect.id, effect.deposit);
    world.model.ctrader.effects.push(effect);
    check_denial(world, deposit);
    id
}

/// An operator credits the account in cTrader's own program, unless its history shows a credit.
pub fn credit_by_hand(world: &mut World, deposit: usize) {
    if world.model.ctrader.effect(deposit).is_some() {
        return;
    }
    trace!(world, "operator: credits deposit {deposit} by hand");
    let order = &world.model.orders[deposit];
    let effect = Effect {
        deposit,
        login: order.login,
        amount: order.money.amount,
        id: 0,
        at: world.now,
        wrong: None,
    };
    world.model.ctrader.effects.push(effect);
    world.seen.met(Event::CreditedByHand);
}

/// A credit call on its way, until it is answered or its function is killed.
struct OnTheWay<'a>(&'a Function, usize);

impl Drop for OnTheWay<'_> {
    fn drop(&mut self) {
        let on_the_way = (self.0.id(), self.1);
        self.0
            .world()
            .model
            .ctrader
            .on_the_way
            .retain(|other| *other != on_the_way);
    }
}

/// The port of one function to cTrader.
pub struct CTraderClient<'a>(pub &'a Function);

impl CTrader for CTraderClient<'_> {
    async fn account(&self, login: ProvenLogin) -> Result<Account, AccountError> {
        self.0.sends(Call::Outside("account")).await;
        let account = {
            let mut world = self.0.world();
            if world.strikes_own(Fault::AccountUnavailable) {
                Err(AccountError::Unavailable("503".into()))
            } else if world.strikes_own(Fault::AccountRefused) {
                doubt_account(&mut world, login);
                Err(AccountError::Refused("TRADER_NOT_FOUND".into()))
            } else {
                let account = world.model.ctrader.account(login).cloned();
                account.ok_or_else(|| AccountError::Refused("TRADER_NOT_FOUND".into()))
            }
        };
        self.0.trace(|| format!("asks for account {login}: {account:?}"));
        self.0.waits(Call::Outside("account")).await;
        account
    }

    async fn credit(&self, call: &CreditCall) -> CreditAnswer {
        let deposit = index(&call.deposit);
        let effect = {
            let mut world = self.0.world();
            world.model.ctrader.on_the_way.push((self.0.id(), deposit));
            Effect {
                deposit,
                login: call.login,
                amount: call.amount,
                id: 0,
                at: 0,
                wrong: why_not_send(&world, deposit),
            }
        };
        let _on_the_way = OnTheWay(self.0, deposit);
        self.0.trace(|| format!("sends the credit of deposit {deposit}"));
        self.0.sends(Call::Outside("credit")).await;
        let answer = {
            let mut world = self.0.world();
            if world.strikes_own(Fault::CreditNotDone) {
                return CreditAnswer::NotDone("429".into());
            }
            if world.strikes_own(Fault::CreditRefused) {
                world.doubted[deposit] = true;
                return CreditAnswer::Refused("CHANGE_BALANCE_BAD_AMOUNT".into());
            }
            if world.strikes_own(Fault::LostBeforeCredit) {
                world.doubted[deposit] = true;
                return CreditAnswer::Unknown("timed out".into());
            }
            if world.strikes_own(Fault::CreditedLater) {
                world.doubted[deposit] = true;
                world.later(LANDS_WITHIN, Happening::Own(Own::Effect(effect)));
                return CreditAnswer::Unknown("connection reset".into());
            }
            let balance_history_id = apply(&mut world, effect);
            if world.strikes_own(Fault::CreditedAnswerLost) {
                world.doubted[deposit] = true;
                CreditAnswer::Unknown("connection reset".into())
            } else {
                if world.strikes_own(Fault::CreditedSlowly) {
                    let wakes = world.soon(2 * MINUTE);
                    world.answered_at(self.0, wakes);
                    world.later(2 * MINUTE, Happening::Reconcile);
                }
                CreditAnswer::Credited { balance_history_id }
            }
        };
        self.0.waits(Call::Outside("credit")).await;
        self.0
            .trace(|| format!("hears of the credit of deposit {deposit}: {answer:?}"));
        answer
    }
}

fn doubt_account(world: &mut World, login: ProvenLogin) {
    for (order, doubted) in world.model.orders.iter().zip(&mut world.doubted) {
        *doubted |= order.login == login;
    }
}

/// The event that the account's difference from the order stands for.
pub fn account_event(world: &World, index: usize) -> Option<Event> {
    let order = &world.model.orders[index];
    let account = world.model.ctrader.account(order.login)?;
    match &account.broker {
        None if !order.unnamed_broker => Some(Event::AccountWithoutBroker),
        Some(broker) if *broker != order.broker => Some(Event::AccountOfOtherBroker),
        _ if account.currency != order.money.currency.as_str() => Some(Event::AccountInOtherCurrency),
        _ if order.money.amount.normalize().scale() > account.digits.unwrap_or(order.account_digits) => {
            Some(Event::AccountWithFewerDigits)
        }
        _ => None,
    }
}
