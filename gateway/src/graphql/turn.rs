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
use crate::admission::{Admission, Applicant, Overdrawn, TooMuchUnread, Turned, Whose};

/// Runs something when its turn has come, and for no longer than it may take.
pub(super) async fn take<T>(
    admission: &Admission,
    bounds: &Bounds,
    applicant: Option<&Applicant>,
    run: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let _permit = admission.turn(applicant).await.map_err(turned)?;
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

fn turned(turned: Turned) -> Refusal {
    match turned {
        Turned::OwnFull => {
            let message = "too many operations of this organization wait already: try again in a moment";
            (RefusedStatus::Crowded, vec![error(Code::RateLimited, message.to_owned())])
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
