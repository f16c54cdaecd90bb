//! From a provider's report to the notification to record.

use deposits::Notification;
use payments::Report;

use crate::refusal::Refusal;

/// The notification to record. `None` if the report changes no deposit: it is acknowledged and nothing else.
///
/// # Errors
/// [`Refusal::Unavailable`] for [`Report::Ask`]. This function does not call providers, so it cannot find out
/// what happened. The notification is not acknowledged: the provider keeps it, and the log line tells the
/// operator.
pub fn notification(report: Report) -> Result<Option<Notification>, Refusal> {
    match report {
        Report::Event(notification) => Ok(Some(notification)),
        Report::Nothing => Ok(None),
        Report::Ask(attempt) => Err(Refusal::Unavailable {
            why: format!(
                "the provider has to be asked about a payment of {}, and no function calls providers",
                attempt.deposit.reference()
            ),
            misconfigured: true,
        }),
    }
}

#[cfg(test)]
mod tests {
    use payments::AttemptId;

    use super::*;

    #[test]
    fn a_report_that_changes_nothing_is_no_refusal() {
        assert_eq!(notification(Report::Nothing), Ok(None));
    }

    #[test]
    fn a_report_that_only_asks_for_a_query_is_refused_with_503_and_reported_to_the_operator() {
        let attempt: AttemptId = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE-2".parse().unwrap();
        let answer = notification(Report::Ask(attempt)).unwrap_err().answer();
        assert_eq!(answer.status, 503);
        assert_eq!(answer.misconfigured, Some(web::Misconfiguration::Payments));
        let detail = answer.detail.unwrap();
        assert!(detail.contains("7Q0M4-T9ZK3"), "{detail}");
    }
}
