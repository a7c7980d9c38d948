//! Applies cluster faults to requests.

use std::sync::Arc;

use crate::{
    api_response::ApiResponse, call::Call, effects::JobEnd, faults::check::ClusterFault, jobs, refusal::Refusal,
    shared::Shared,
};

/// Returns the response to a request that the fault applies to.
///
/// # Errors
/// Returns the error of the fault, or the error of the operation.
pub(crate) fn apply_fault(
    fault: ClusterFault,
    operation: impl Fn(&Shared, &Call) -> Result<ApiResponse, Refusal> + Copy + Send + 'static,
    shared: &Shared,
    call: &Arc<Call>,
) -> Result<ApiResponse, Refusal> {
    let changed = |change: &dyn Fn(&mut Call)| {
        let mut call = Call::clone(call);
        change(&mut call);
        operation(shared, &call)
    };
    match fault {
        ClusterFault::Error { refusal, after_work: false } => Err(refusal),
        ClusterFault::Error { refusal, after_work: true } => operation(shared, call).and(Err(refusal)),
        ClusterFault::Busy(busy) => changed(&|call| call.view.busy = Some(busy)),
        ClusterFault::SilentPeer(silent_peer) => changed(&|call| call.view.silent_peer = Some(silent_peer)),
        ClusterFault::WithoutField(field) => changed(&|call| call.view.hidden = Some(Arc::clone(&field))),
        ClusterFault::Approval => match shared.approvals.ask(call)? {
            Some(response) => Ok(response),
            None => operation(shared, call),
        },
        // A request with `records` always starts a job.
        ClusterFault::Job { finish, failure } if call.lists_records() => {
            changed(&|call| call.job_end = JobEnd { finish, failure: failure.clone() })
        }
        ClusterFault::Job { finish, failure } => {
            // The job must not keep the simulator alive.
            let (simulator, waiting) = (shared.itself.clone(), Arc::clone(call));
            let work = move |_| match (failure, simulator.upgrade()) {
                (Some(refusal), _) => Err(refusal),
                (None, Some(shared)) => operation(&shared, &waiting).and_then(ApiResponse::outcome),
                (None, None) => Ok(String::new()),
            };
            let uuid = shared.jobs.start(format!("{} {}", call.method, call.uri.path()), finish, work);
            Ok(jobs::accepted(uuid, call.location()))
        }
    }
}
