//! Measures that a page at the end of the list takes as long as one at its start.

use reqwest::Method;

use crate::{
    program::{POLICIES, Program, checked_response, median},
    report::{Report, times},
};

/// The number of records on a page.
const PAGE: usize = 500;

/// The number of measurements of each page.
const ROUNDS: usize = 21;

/// The limit for the time of a page, as a multiple of the first page's. If each page were searched from the start of
/// the list, the last page would take many times as long.
const LIMIT: f64 = 1.5;

pub(crate) async fn measure(report: &mut Report, program: &Program, policies: u32) {
    for order in ["", "&order_by=name"] {
        let links = walk(program, order, policies).await;
        // The last page can be shorter.
        let places = [0, links.len() / 2, links.len() - 2];
        for fields in ["", "&fields=*"] {
            let mut costs = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                // The pages take turns, so that a disturbance affects all of them.
                for (place, costs) in places.iter().zip(&mut costs) {
                    let path = format!("{}{fields}", links[*place]);
                    let cost = program
                        .cost(async |session| {
                            checked_response(session.request(Method::GET, &path), 200).await.expect("a page")
                        })
                        .await;
                    costs.push(cost);
                }
            }
            let [first, middle, last] = costs.map(|costs| median(costs).as_secs_f64() * 1000.0);
            let what = format!("page of {PAGE}{order}{fields}").replace('&', ", ");
            report.tell(&what, &format!("{first:.2}, {middle:.2}, {last:.2} ms"));
            let worst = middle.max(last) / first;
            report.check("  middle or end against the start", &times(worst), worst, LIMIT, times);
        }
    }
}

/// Follows the links to the end. Returns the path of each page.
async fn walk(program: &Program, order: &str, policies: u32) -> Vec<String> {
    let mut links = vec![format!("{POLICIES}?max_records={PAGE}{order}")];
    let mut seen = 0;
    while let Some(link) = links.last() {
        let page = program.get(link).await;
        seen += page["num_records"].as_u64().expect("it is counted");
        match page["_links"]["next"]["href"].as_str() {
            Some(next) => links.push(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen, u64::from(policies), "every policy is on one page");
    links
}
