//! Measures that the time of a request for one policy does not depend on the number of policies.

use reqwest::Method;
use serde_json::json;

use crate::{
    program::{POLICIES, Program, Session, checked_response, median},
    report::{Report, times},
};

/// The number of policies of the large simulator, as a multiple of the small one's.
pub(crate) const TIMES: u32 = 100;

/// The number of measurements of each operation.
const ROUNDS: usize = 21;

/// The limit for the time with many policies, as a multiple of the time with few. Memory outside of the caches is
/// slower, so the limit is above 1. A search through all policies would take [`TIMES`] as long.
const LIMIT: f64 = 5.0;

/// The number of requests in one measurement, which has to be long compared with the resolution of the clock.
const BATCH: usize = 20;

/// Policies of one simulator: names and UUIDs.
type Known = Vec<(String, String)>;

const OPERATIONS: [&str; 5] =
    ["GET of one", "list with uuid=", "list with name=", "POST", "POST of a name that is taken"];

pub(crate) async fn measure(report: &mut Report, small: &Program, large: &Program) {
    let programs = [(small, known(small).await), (large, known(large).await)];
    for operation in OPERATIONS {
        let mut costs = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for ((program, known), costs) in programs.iter().zip(&mut costs) {
                let mut made = Vec::new();
                costs.push(program.cost(async |session| made = batch(session, operation, known).await).await);
                for path in made {
                    program
                        .cost(async |session| {
                            checked_response(session.request(Method::DELETE, &path), 200).await.expect("it goes")
                        })
                        .await;
                }
            }
        }
        let [few, many] = costs.map(|costs| median(costs).as_secs_f64() * 1_000_000.0 / BATCH as f64);
        report.tell(operation, &format!("{few:.0}, {many:.0} µs"));
        report.check("  with many against few", &times(many / few), many / few, LIMIT, times);
    }
}

/// Selects policies from the whole list.
async fn known(program: &Program) -> Known {
    let count = program.get(&format!("{POLICIES}?return_records=false")).await;
    let count = usize::try_from(count["num_records"].as_u64().expect("it is counted")).expect("it fits");
    let mut known = Vec::new();
    for number in 0..BATCH {
        let offset = count / BATCH * number;
        let page = program.get(&format!("{POLICIES}?max_records=1&offset={offset}")).await;
        let text = |field: &str| page["records"][0][field].as_str().expect("a key is always there").to_owned();
        known.push((text("name"), text("uuid")));
    }
    known
}

/// Executes the operation with each of the policies. Returns the paths of new policies.
async fn batch(session: &Session, operation: &str, known: &Known) -> Vec<String> {
    let mut made = Vec::new();
    for (number, (name, uuid)) in known.iter().enumerate() {
        let list = |query: &str| session.request(Method::GET, &format!("{POLICIES}?{query}"));
        let create = |name: &str| {
            let policy = json!({"name": name, "svm": {"name": "svm1"}, "secret_key": "a-key-of-enough-characters"});
            session.request(Method::POST, POLICIES).json(&policy)
        };
        let (request, status) = match operation {
            "GET of one" => (session.request(Method::GET, &format!("{POLICIES}/{uuid}")), 200),
            "list with uuid=" => (list(&format!("uuid={uuid}")), 200),
            "list with name=" => (list(&format!("name={name}")), 200),
            "POST" => (create(&format!("{name}-{number}")), 201),
            _ => (create(name), 409),
        };
        made.extend(checked_response(request, status).await.expect("a 200 response").0);
    }
    made
}
