//! An operation's turn.
//!
//! Owns: waiting for it, its time, and what is said to those who get none. May use: the admission, the limits. Invariant: an operation that
//! is given up has ended: its transaction is rolled back, and its statement is told to stop.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{
    RefusedStatus,
    executor::{RejectedRequest, error},
};
use crate::admission::{Admission, BudgetOwner, ClientKey, Lane, RateLimited, Rejected, TooMuchUnread};
use crate::telemetry::DatabaseWait;
use crate::{
    errors::ErrorCode,
    limits::{Limit, LimitRegistry},
};

/// Runs something when its turn in the lane has come, and for no longer than it may take. How long it waited is added to `waited`.
pub(super) async fn run_admitted<T>(
    admission: &Admission,
    bounds: &LimitRegistry,
    lane: Lane,
    applicant: Option<&ClientKey>,
    waited: &DatabaseWait,
    run: impl Future<Output = Result<T, RejectedRequest>>,
) -> Result<T, RejectedRequest> {
    let waiting = waited.begin();
    let turn = admission.turn(lane).await;
    // Also where it was refused, or nobody waits any more: that was waiting, too.
    drop(waiting);
    let _permit = turn.map_err(|why| rejected(why, lane))?;
    // Now, not before the wait: what was answered meanwhile may lie unread.
    admission.check_unread(applicant).map_err(unread)?;
    let began = Instant::now();
    let longest = Duration::from_millis(bounds.now().of(Limit::Time).allowed());
    let done = timeout(longest, run).await;
    let taken = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let most = longest.as_millis() as u64;
    let Ok(done) = done else {
        let _ = bounds.check(Limit::Time, taken.max(most + 1));
        let message = format!("the operation took longer than {most} ms and was stopped");
        return Err((RefusedStatus::TimedOut, vec![error(ErrorCode::Timeout, message)]));
    };
    // Counts what is only measured.
    let _ = bounds.check(Limit::Time, taken.min(most));
    done
}

/// Where the caller's own organization fills its share, no other caller notices: that is no fault of the gateway.
fn rejected(turned: Rejected, lane: Lane) -> RejectedRequest {
    match turned {
        Rejected::OwnFull | Rejected::OwnTooLong => {
            let which = match lane {
                Lane::Of(_) => "operations of this organization",
                Lane::Newcomers => "operations of callers without an organization",
                Lane::Introspection => "introspection queries",
            };
            let message = format!("too many {which} wait already: try again in a moment");
            (RefusedStatus::Crowded, vec![error(ErrorCode::RateLimited, message)])
        }
        Rejected::Full | Rejected::TooLong => {
            let message = "the gateway has too much to do: try again in a moment";
            (RefusedStatus::Busy, vec![error(ErrorCode::Unavailable, message.to_owned())])
        }
    }
}

fn unread(unread: TooMuchUnread) -> RejectedRequest {
    match unread {
        TooMuchUnread::Own => {
            let message = "you leave answers unread: read them, or close their connections";
            (RefusedStatus::Crowded, vec![error(ErrorCode::RateLimited, message.to_owned())])
        }
        TooMuchUnread::All => {
            let message = "the gateway holds too many answers that are not read: try again in a moment";
            (RefusedStatus::Busy, vec![error(ErrorCode::Unavailable, message.to_owned())])
        }
    }
}

pub(super) fn overdrawn(overdrawn: RateLimited) -> RejectedRequest {
    let whose = match overdrawn.whose {
        BudgetOwner::Person => "you have",
        BudgetOwner::Organization => "the organization has",
    };
    let message = format!(
        "{whose} spent what a minute allows: of {} there is {} left; try again in {} s",
        overdrawn.limit,
        overdrawn.remaining,
        overdrawn.seconds()
    );
    (RefusedStatus::Overdrawn(overdrawn), vec![error(ErrorCode::RateLimited, message)])
}
