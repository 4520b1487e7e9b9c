//! Work that keeps a processor busy.
//!
//! Owns: running it beside the async workers, how much of it runs at once in this process, and its end. May use: tokio's
//! blocking threads. Invariant: an async worker is never kept busy by work whose size a client chooses, and work ends soon
//! after the operation that asked for it has ended.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::Semaphore,
    task::block_in_place,
};

use crate::errors::ResolverError;

/// Work items that are done on the async worker itself: below this, handing them to a thread takes longer than the work.
const INLINE_WORK: usize = 512;

/// The threads that may compute at once: half of the processors stay free for the async workers.
static THREADS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(most_threads())));

fn most_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |processors| (processors.get() / 2).max(1))
}

/// Tells work that nothing waits for its result any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Tells the work to end.
    pub(crate) fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Fails if the work shall end: every loop over more than a few items asks.
    pub(crate) fn check(&self) -> Result<(), ResolverError> {
        if self.0.load(Ordering::Relaxed) { Err(ResolverError::Internal) } else { Ok(()) }
    }
}

/// Stops the work when the future that waits for it is dropped.
struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Runs work over so many items: beside the async workers, unless it is small.
pub(crate) async fn compute<T: Send + 'static>(
    items: usize,
    work: impl FnOnce(&Stop) -> Result<T, ResolverError> + Send + 'static,
) -> Result<T, ResolverError> {
    let stop = Stop::default();
    if items <= INLINE_WORK {
        return work(&stop);
    }
    let permit = Arc::clone(&THREADS).acquire_owned().await.map_err(|_| ResolverError::Internal)?;
    let _stop = StopOnDrop(stop.clone());
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || {
        // It goes when the work has ended, not when the operation has.
        let _permit = permit;
        span.in_scope(|| work(&stop))
    });
    done.await.map_err(|cause| {
        tracing::error!(%cause, "a computation failed");
        ResolverError::Internal
    })?
}

/// Futures that `run_off_workers` polls at once. Not `THREADS`: such a future may also wait for the database, and aggregates must not wait with it.
static FUTURE_PERMITS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(most_threads()));

/// Runs a future whose single polls take long, such as the execution of an introspection query: the worker that polls it gives its other
/// tasks to another thread first.
pub(crate) async fn run_off_workers<T>(future: impl Future<Output = T>) -> T {
    // The semaphore is never closed.
    let _permit = FUTURE_PERMITS.acquire().await.ok();
    let mut future = pin!(future);
    poll_fn(|context| match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(|| future.as_mut().poll(context)),
        // A runtime of one thread has no other thread that could take its tasks.
        _ => future.as_mut().poll(context),
    })
    .await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::time::Duration;

    use tokio::{sync::oneshot, time::timeout};

    use super::*;

    #[tokio::test]
    async fn small_work_is_done_at_once() {
        let thread = std::thread::current().id();
        assert_eq!(compute(INLINE_WORK, move |_| Ok(std::thread::current().id() == thread)).await.ok(), Some(true));
        assert_eq!(
            compute(INLINE_WORK + 1, move |_| Ok(std::thread::current().id() == thread)).await.ok(),
            Some(false)
        );
    }

    #[tokio::test]
    async fn work_ends_when_its_operation_is_given_up_and_keeps_no_async_worker_meanwhile() {
        let (ended, has_ended) = oneshot::channel();
        let endless = compute(INLINE_WORK + 1, move |stop| {
            while stop.check().is_ok() {
                std::thread::yield_now();
            }
            let _ = ended.send(());
            Ok(())
        });
        // The only async worker of this test has to see the time limit, although the work never gives up the processor.
        assert!(timeout(Duration::from_millis(20), endless).await.is_err(), "endless work has ended");
        timeout(Duration::from_secs(5), has_ended).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn only_so_many_threads_compute_at_once() {
        let most = most_threads();
        let running = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..4 * most {
            let running = Arc::clone(&running);
            all.spawn(compute(INLINE_WORK + 1, move |_| {
                let seen = running.fetch_add(1, Ordering::SeqCst) + 1;
                std::thread::sleep(Duration::from_millis(2));
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(seen)
            }));
        }
        let seen = all.join_all().await;
        assert!(seen.into_iter().all(|seen| seen.is_ok_and(|seen| seen <= most)));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_future_that_takes_long_to_poll_keeps_no_other_task_from_its_worker() {
        let (started, has_started) = oneshot::channel();
        let (finish, finished) = std::sync::mpsc::channel();
        let busy = tokio::spawn(run_off_workers(async move {
            let _ = started.send(());
            finished.recv_timeout(Duration::from_secs(5)).is_ok()
        }));
        has_started.await.unwrap();
        // It has to run on the only worker while that future is polled.
        tokio::spawn(async move { finish.send(()) }).await.unwrap().unwrap();
        assert!(busy.await.unwrap(), "the future was polled on the worker");
    }
}
