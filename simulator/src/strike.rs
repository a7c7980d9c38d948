//! Answers to requests that a fault of the cluster strikes.

use std::sync::Arc;

use crate::{
    answer::Answer, call::Call, ending::Ending, faults::check::ClusterFault, jobs, refusal::Refusal, shared::Shared,
};

/// Returns the answer to a request that the fault strikes.
///
/// # Errors
/// Returns the errors of the fault, and those of the operation.
pub(crate) fn strike(
    fault: ClusterFault,
    operation: impl Fn(&Shared, &Call) -> Result<Answer, Refusal> + Copy + Send + 'static,
    shared: &Shared,
    call: &Arc<Call>,
) -> Result<Answer, Refusal> {
    let changed = |change: &dyn Fn(&mut Call)| {
        let mut call = Call::clone(call);
        change(&mut call);
        operation(shared, &call)
    };
    match fault {
        ClusterFault::Error { refusal, after_work: false } => Err(refusal),
        ClusterFault::Error { refusal, after_work: true } => operation(shared, call).and(Err(refusal)),
        ClusterFault::Busy(busy) => changed(&|call| call.view.busy = Some(busy)),
        ClusterFault::SilentPeer(silence) => changed(&|call| call.view.silence = Some(silence)),
        ClusterFault::WithoutField(field) => changed(&|call| call.view.hidden = Some(Arc::clone(&field))),
        ClusterFault::Approval => match shared.approvals.ask(call)? {
            Some(answer) => Ok(answer),
            None => operation(shared, call),
        },
        // The request starts a job in any case.
        ClusterFault::Job { finish, failure } if call.lists_records() => {
            changed(&|call| call.ending = Ending { finish, failure: failure.clone() })
        }
        ClusterFault::Job { finish, failure } => {
            // A job must not keep alive what all requests share.
            let (simulator, waiting) = (shared.itself.clone(), Arc::clone(call));
            let work = move |_| match (failure, simulator.upgrade()) {
                (Some(refusal), _) => Err(refusal),
                (None, Some(shared)) => operation(&shared, &waiting).and_then(Answer::outcome),
                (None, None) => Ok(String::new()),
            };
            let uuid = shared.jobs.start(format!("{} {}", call.method, call.uri.path()), finish, work);
            Ok(jobs::accepted(uuid, call.location()))
        }
    }
}
