//! An operation's turn.
//!
//! Owns: waiting for it, its time, and what is said to those who get none. May use: the admission, the limits. Invariant: an operation that
//! is given up has ended: its transaction is rolled back, and its statement is told to stop.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{
    Bounds, Code, Limit, RefusedStatus,
    engine::{Refusal, error},
};
use crate::admission::{Admission, Applicant, Lane, Overdrawn, TooMuchUnread, Turned, Whose};
use crate::sight::Waited;

/// Runs something when its turn in the lane has come, and for no longer than it may take. How long it waited is added to `waited`.
pub(super) async fn take<T>(
    admission: &Admission,
    bounds: &Bounds,
    lane: Lane,
    applicant: Option<&Applicant>,
    waited: &Waited,
    run: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let waiting = waited.begin();
    let turn = admission.turn(lane).await;
    // Also where it was refused, or nobody waits any more: that was waiting, too.
    drop(waiting);
    let _permit = turn.map_err(|why| turned(why, lane))?;
    // Now, not before the wait: what was answered meanwhile may lie unread.
    admission.check_unread(applicant).map_err(unread)?;
    let began = Instant::now();
    let longest = Duration::from_millis(bounds.now().of(Limit::Time).allowed());
    let done = timeout(longest, run).await;
    let taken = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let most = longest.as_millis() as u64;
    let Ok(done) = done else {
        let _ = bounds.judge(Limit::Time, taken.max(most + 1));
        let message = format!("the operation took longer than {most} ms and was stopped");
        return Err((RefusedStatus::TimedOut, vec![error(Code::Timeout, message)]));
    };
    // Counts what is only measured.
    let _ = bounds.judge(Limit::Time, taken.min(most));
    done
}

/// Where the caller's own organization fills its share, no other caller notices: that is no fault of the gateway.
fn turned(turned: Turned, lane: Lane) -> Refusal {
    match turned {
        Turned::OwnFull | Turned::OwnTooLong => {
            let which = match lane {
                Lane::Of(_) => "operations of this organization",
                Lane::Newcomers => "operations of callers without an organization",
                Lane::Introspection => "introspection queries",
            };
            let message = format!("too many {which} wait already: try again in a moment");
            (RefusedStatus::Crowded, vec![error(Code::RateLimited, message)])
        }
        Turned::Full | Turned::TooLong => {
            let message = "the gateway has too much to do: try again in a moment";
            (RefusedStatus::Busy, vec![error(Code::Unavailable, message.to_owned())])
        }
    }
}

fn unread(unread: TooMuchUnread) -> Refusal {
    match unread {
        TooMuchUnread::Own => {
            let message = "you leave answers unread: read them, or close their connections";
            (RefusedStatus::Crowded, vec![error(Code::RateLimited, message.to_owned())])
        }
        TooMuchUnread::All => {
            let message = "the gateway holds too many answers that are not read: try again in a moment";
            (RefusedStatus::Busy, vec![error(Code::Unavailable, message.to_owned())])
        }
    }
}

pub(super) fn overdrawn(overdrawn: Overdrawn) -> Refusal {
    let whose = match overdrawn.whose {
        Whose::Person => "you have",
        Whose::Organization => "the organization has",
    };
    let message = format!(
        "{whose} spent what a minute allows: of {} there is {} left; try again in {} s",
        overdrawn.limit,
        overdrawn.remaining,
        overdrawn.seconds()
    );
    (RefusedStatus::Overdrawn(overdrawn), vec![error(Code::RateLimited, message)])
}
