//! What must hold: after every write, at every credit, and at the end.

use deposits::{Actor, Deposit, Detail, PaymentEvent, PaymentEventKind, Reason, Round, Status, Transition};
use workflow::guard;

use crate::{
    coverage::{By, Event},
    ctrader::Effect,
    provider::Paid,
    table::Row,
    world::{HOUR, MINUTE, Ms, SECOND, World, since_begin, timestamp},
};

/// A deposit that a round has to count.
#[derive(PartialEq, Eq)]
pub struct ToCount {
    index: usize,
    /// What an operator has to decide; of what is stuck none.
    status: Option<Status>,
    since: Ms,
}

impl World {
    /// A write is one that may be: nothing is given up before its time, and an operator decides with a reason.
    pub fn check_write(&mut self, index: usize, next: &Deposit, transition: &Transition) {
        let Some(by) = By::new(&transition.by) else {
            return self.breaks(format!("a transition of deposit {index} by {}", transition.by));
        };
        let from = self.table.row(index).unwrap().deposit.status;
        let detail = transition.detail.as_ref().map(ToString::to_string);
        let empty = detail.is_none_or(|detail| detail.trim().is_empty());
        if by == By::Operator && empty {
            self.breaks(format!(
                "an operator decided about deposit {index} without a reason"
            ));
        }
        let held = &self.table.row(index).unwrap().deposit;
        let waits = since_begin(held.since) + i64::from(held.order.wait_seconds) * SECOND;
        let closed = held.resolved || from == Status::Failed && next.pending_at <= held.failed_at;
        if next.status == Status::Pending && closed {
            self.breaks(format!(
                "deposit {index} is pending again, by what was before it was closed"
            ));
        } else if next.status == Status::Expired && from != Status::Expired && self.now + 2 * SECOND < waits {
            self.breaks(format!("deposit {index} is given up before its time"));
        }
        self.check_reversal(index, next);
        guard!(
            WritesHaveForm,
            self.check_form(index, next, transition, by),
            without()
        );
        self.meet_review(index, from, next, by);
    }

    /// What is said to be taken back was, and not another payment.
    fn check_reversal(&mut self, index: usize, next: &Deposit) {
        let held = &self.table.row(index).unwrap().deposit;
        let Some(payment) = held.payment.as_ref().filter(|_| next.reversed && !held.reversed) else {
            return;
        };
        let mut payments = self.provider.payments[index].iter();
        let of = payments.find(|paid| paid.reference == payment.reference);
        if of.is_none_or(|paid| paid.taken_back.is_none() && !paid.reinstated) {
            self.breaks(format!(
                "the payment of deposit {index} was not taken back, and is said to be"
            ));
        }
    }

    /// A write takes nothing back, is one that the diagram of the states has, and does not come between a credit and its
    /// answer.
    fn check_form(&mut self, index: usize, next: &Deposit, transition: &Transition, by: By) {
        let held = &self.table.row(index).unwrap().deposit;
        let kept = next.id == held.id
            && next.order == held.order
            && next.write != held.write
            && (held.credit.is_none() || held.credit == next.credit)
            && (held.payment.is_none() || held.payment == next.payment)
            && (!held.reversed || next.reversed)
            && (!held.resolved || next.resolved)
            && next.seen_events.starts_with(&held.seen_events)
            && (transition.version, transition.status) == (next.version, next.status)
            && (next.due.is_some() || next.status == held.status);
        let (from, to) = (held.status, next.status);
        let mut on_the_way = self.ctrader.on_the_way.iter();
        let between = from == Status::Crediting && by != By::Credit;
        let between = between && on_the_way.any(|(_, deposit)| *deposit == index);
        if !self.seen.transition(from, to, by) {
            self.breaks(format!("deposit {index} goes from {from} to {to} by {by:?}"));
        }
        if !kept {
            self.breaks(format!("a write takes back what was known of deposit {index}"));
        }
        if between {
            self.breaks(format!("deposit {index} is {to} while its credit is on its way"));
        }
    }

    /// Which kind of review was met.
    fn meet_review(&mut self, index: usize, from: Status, next: &Deposit, by: By) {
        let reason = match (next.reasons.last(), next.status) {
            (Some(reason), Status::Review) if by != By::Operator => reason,
            (Some(Reason::CreditNotSentInTime), Status::Paid) if from == Status::Crediting => {
                return self.seen.event(Event::CreditSentTooLate);
            }
            _ => return,
        };
        let kind = match reason {
            Reason::DeferredTooOften { .. } => Some(Event::ReviewDeferredTooOften),
            Reason::PaidBeforeFailure => Some(Event::ReviewPaidBeforeFailed),
            Reason::PaidOtherwise => Some(Event::ReviewPaidOtherwise),
            Reason::PaidMoreThanOnce => Some(Event::ReviewPaidMoreThanOnce),
            Reason::Reversed { .. } | Reason::PaidAfterReversal => Some(Event::ReviewTakenBack),
            Reason::PaidAgainAfterReversal => Some(Event::ReviewPaidAgain),
            Reason::OtherPaymentReversed { .. } => Some(Event::ReviewOtherPayment),
            Reason::AccountRefused { .. } => Some(Event::ReviewAccountRefused),
            Reason::CreditRefused { .. } => Some(Event::ReviewCreditRefused),
            _ => None,
        };
        if let Some(event) = kind {
            self.seen.event(event);
        }
        if from == Status::Paid
            && by == By::Credit
            && let Some(event) = self.account_event(index)
        {
            self.seen.event(event);
        }
    }

    /// Why a credit must not be sent now, by what is true at the provider and by what it has told.
    pub fn why_not_send(&self, index: usize) -> Option<String> {
        let order = &self.orders[index];
        let as_asked = |paid: &&Paid| paid.amount == order.amount && paid.currency == order.currency;
        let payments = &self.provider.payments[index];
        let made: Vec<_> = payments.iter().filter(as_asked).collect();
        if made.is_empty() {
            return Some("the provider never had exactly what was asked for".into());
        }
        // What was told last of its being paid may be in the table before it is answered.
        let held = self.table.row(index).and_then(|row| row.deposit.payment.as_ref());
        let told = |paid: &Paid| {
            let held = held.filter(|held| held.reference == paid.reference);
            paid.told.max(held.map(|held| held.at))
        };
        let back = |paid: &&Paid| paid.told_back.is_some() && paid.told_back >= told(paid);
        if made.iter().all(back) {
            return Some("the provider had told that it was taken back".into());
        }
        let known = payments.iter().filter(|paid| paid.told.is_some()).count();
        let decided = self.table.row(index).is_some_and(|row| row.decided.is_some());
        if known > 1 && !decided {
            return Some("the provider had told of another payment, too".into());
        }
        None
    }

    /// A credit is of the account and the amount that was ordered, of money that is there, and the only one.
    pub fn check_effect(&mut self, effect: &Effect) {
        let index = effect.deposit;
        let order = &self.orders[index];
        let account = self.ctrader.account(effect.login);
        let right_account = account.is_some_and(|account| {
            account.broker.as_ref() == Some(&order.broker)
                && account.currency == order.currency
                && order.amount.normalize().scale() <= account.digits
        });
        let as_ordered = effect.login == order.login && effect.amount == order.amount;
        if self.ctrader.effect(index).is_some() {
            self.breaks(format!("deposit {index} is credited twice"));
        }
        if !as_ordered {
            self.breaks(format!("deposit {index} is not credited as ordered"));
        }
        if !right_account {
            self.breaks(format!(
                "deposit {index} is credited to an account that is not as ordered"
            ));
        }
        if let Some(why) = &effect.wrong {
            self.breaks(format!("deposit {index} is credited, but {why}"));
        }
    }

    /// The table does not deny a credit: it knows it, or says that there may be one.
    pub fn check_denial(&mut self, index: usize) {
        let Some(row) = self.table.row(index) else {
            return;
        };
        let Some(effect) = self.ctrader.effect(index) else {
            return;
        };
        let decided = row.decided.is_some_and(|decided| decided >= effect.at);
        let open = matches!(row.deposit.status, Status::Crediting | Status::Unknown);
        if !decided && !open && row.deposit.credit.is_none() {
            let status = row.deposit.status;
            self.breaks(format!(
                "deposit {index} is credited in cTrader, and {status} in the table"
            ));
        }
    }

    /// We said that a notification is durable.
    pub fn durable(&mut self, note: usize) {
        let note = &self.provider.notes[note];
        let (index, event) = (note.deposit, note.notification.event.clone());
        let (kind, at) = (event.kind, event.at);
        if note.forged {
            return self.breaks(format!("deposit {index} listens to a sender that is not its own"));
        }
        let held = &self.table.row(index).unwrap().deposit;
        let reference = &event.reference;
        let known = match kind {
            PaymentEventKind::Pending => match held.status {
                Status::Created => false,
                Status::Failed => held.resolved || held.failed_at >= Some(at),
                _ => true,
            },
            PaymentEventKind::Paid => held.payment.is_some(),
            PaymentEventKind::Failed => held.failed_at.is_some() || held.payment.is_some(),
            // Of another payment than the one that counts, it is for an operator.
            PaymentEventKind::Refunded | PaymentEventKind::ChargedBack => {
                let mut payments = held.payment.iter();
                held.reversed || payments.any(|payment| payment.reference != *reference)
            }
        };
        if let Some(payment) = note.payment {
            let payment = &mut self.provider.payments[index][payment];
            let told = if kind == PaymentEventKind::Paid {
                &mut payment.told
            } else {
                &mut payment.told_back
            };
            *told = (*told).max(Some(at));
        }
        if !known {
            self.breaks(format!(
                "{kind:?} of deposit {index} is said to be durable, and is not"
            ));
        }
    }

    /// What cannot be credited is not retried for ever without an operator.
    pub fn check_silence(&mut self) {
        let silent = |row: &Row| row.waits.is_some_and(|since| self.now - since > 72 * HOUR);
        let silent = self.table.rows().find(|(_, row)| silent(row));
        if let Some((index, _)) = silent {
            self.breaks(format!("deposit {index} is paid for days, and no operator knows"));
        }
    }

    /// What a round has to count: what an operator has to decide, and what is paid for a quarter of an hour and not credited.
    pub fn to_be_counted(&self) -> Vec<ToCount> {
        let late = 15 * MINUTE + 2 * SECOND;
        let mut all = Vec::new();
        for (index, row) in self.table.rows() {
            let deposit = &row.deposit;
            if deposit.status.needs_operator() {
                all.push(ToCount {
                    index,
                    status: Some(deposit.status),
                    since: since_begin(deposit.since),
                });
            }
            if let Some(since) = row.waits
                && self.now - since > late
            {
                all.push(ToCount {
                    index,
                    status: None,
                    since,
                });
            }
        }
        all
    }

    /// A round counts what was there when it began and still is.
    pub fn check_counts(&mut self, function: usize, round: &Round) {
        let now = self.to_be_counted();
        let run = self.runs.iter().find(|run| run.id == function).unwrap();
        for status in [None, Some(Status::Review), Some(Status::Unknown)] {
            let of = |entry: &&ToCount| entry.status == status && now.contains(*entry);
            let there = run.to_count.iter().filter(of).count() as u64;
            let counted = match status {
                None => round.stuck,
                Some(status) => round.open.get(&status).copied().unwrap_or(0),
            };
            if there > counted {
                let what = status.map_or("stuck", Status::as_str);
                return self.breaks(format!(
                    "{there} deposits are {what}, and a round counts {counted}"
                ));
            }
        }
    }

    /// Whether nothing is left to wait for.
    pub fn is_settled(&self) -> bool {
        let settled = |(index, row): (usize, &Row)| {
            let deposit = &row.deposit;
            let status = deposit.status;
            (status.is_final() || status.needs_operator())
                && self.announced.contains(&(index, status, deposit.since))
        };
        self.provider.has_told_all() && self.table.rows().all(settled)
    }

    /// What must hold once the faults are over and everybody had the time to do their work.
    pub fn check_end(&mut self) {
        let broken: Vec<_> = self
            .table
            .rows()
            .filter_map(|(index, row)| {
                let broken = self.end_of(index, row)?;
                Some(format!("deposit {index} ends {}: {broken}", row.deposit.status))
            })
            .collect();
        for broken in broken {
            self.breaks(broken);
        }
        if !self.provider.has_told_all() {
            self.breaks("the provider does not get rid of a notification".into());
        }
    }

    /// What does not hold of the deposit.
    fn end_of(&self, index: usize, row: &Row) -> Option<String> {
        let deposit = &row.deposit;
        let status = deposit.status;
        let payments = &self.provider.payments[index];
        let effect = self.ctrader.effect(index);
        if !status.is_final() && !status.needs_operator() {
            return Some("nobody works on it any more".into());
        }
        if !self.announced.contains(&(index, status, deposit.since)) {
            return Some("nobody was told".into());
        }
        let versions = row.history.iter().map(|step| step.version);
        if !versions.eq(1..=deposit.version) || row.history.last().map(|step| step.status) != Some(status) {
            return Some("its history has gaps".into());
        }
        let events: Vec<_> = row.history.iter().filter_map(event).collect();
        let twice = |(n, event): (usize, &_)| events[..n].contains(event);
        if events.iter().enumerate().any(twice) {
            return Some("the same notification counted twice".into());
        }
        if payments
            .iter()
            .any(|paid| paid.reinstated && !is_heard(row, paid))
        {
            return Some("money came again, and nobody looks at it".into());
        }
        let decided = row.decided.is_some();
        if status == Status::Failed && !decided && self.is_on_its_way(index) {
            return Some("a later try is on its way".into());
        }
        let held = payments.iter().any(|paid| paid.taken_back.is_none());
        if held && !decided && matches!(status, Status::Failed | Status::Expired) {
            return Some("the provider holds money for it".into());
        }
        if status == Status::Credited && effect.is_none() && !decided {
            return Some("cTrader did not credit it".into());
        }
        let taken_back = |paid: &Paid| paid.taken_back.is_some();
        let last_by = row.history.iter().rev().find(|step| step.status == status);
        let by_operator = last_by.is_some_and(|step| matches!(step.by, Actor::Operator(_)));
        let unnoticed = if decided {
            payments.iter().all(taken_back) && !by_operator
        } else {
            payments.iter().any(taken_back)
        };
        if status == Status::Credited && unnoticed {
            return Some("a payment was taken back, and nobody looks at it".into());
        }
        if payments.len() > 1 && status == Status::Credited && !decided {
            return Some("it was paid more than once, and nobody looks at it".into());
        }
        if self.is_plain(index) && !decided && status != Status::Credited {
            return Some("nothing kept it from being credited".into());
        }
        None
    }

    /// Whether what the provider has told last, and we have taken, is that it has it in hand.
    fn is_on_its_way(&self, index: usize) -> bool {
        let tries = self.provider.notes.iter().filter(|note| {
            let of_a_try = matches!(
                note.notification.event.kind,
                PaymentEventKind::Pending | PaymentEventKind::Failed
            ) && note.payment.is_none();
            note.deposit == index && !note.forged && note.answered && of_a_try
        });
        let last = |kind: PaymentEventKind| {
            let told = tries.clone().filter(|note| note.notification.event.kind == kind);
            told.map(|note| note.notification.event.at).max()
        };
        last(PaymentEventKind::Pending) > last(PaymentEventKind::Failed)
    }

    /// Whether it was paid once, as asked for and after all that failed, and nothing stands against crediting it.
    fn is_plain(&self, index: usize) -> bool {
        let order = &self.orders[index];
        let [paid] = &self.provider.payments[index][..] else {
            return false;
        };
        !self.doubted[index]
            && self.account_event(index).is_none()
            && paid.amount == order.amount
            && paid.currency == order.currency
            && paid.taken_back.is_none()
            && !paid.reinstated
            && self.provider.declined[index].is_none_or(|declined| declined < paid.at)
    }

    /// When the deposit that is due next is due, of those that wait for a program.
    pub fn next_due(&self) -> Option<i64> {
        let waiting = self.table.rows().filter(|(index, row)| {
            let deposit = &row.deposit;
            !self.announced.contains(&(*index, deposit.status, deposit.since))
        });
        let due = waiting.filter_map(|(_, row)| row.deposit.due).map(since_begin);
        due.min()
    }
}

/// Whether an operator was told of a payment that came again: with that, or with its being taken back if that was told later.
fn is_heard(row: &Row, paid: &Paid) -> bool {
    let Some(again) = paid.told.filter(|told| *told > timestamp(paid.at)) else {
        return true;
    };
    let told = |transition: &Transition| event(transition).is_some_and(|event| event.at == again);
    let Some(told) = row.history.iter().position(told) else {
        return false;
    };
    !row.deposit.reversed
        || row.history[told..]
            .iter()
            .any(|step| step.status.needs_operator())
}

/// What the provider reported, if this was written because of that.
fn event(transition: &Transition) -> Option<&PaymentEvent> {
    match &transition.detail {
        Some(Detail::Event { event, .. }) => Some(event),
        _ => None,
    }
}
