//! A page takes as long at the end of the list as at its beginning.

use reqwest::Method;

use crate::{
    program::{POLICIES, Program, answer, median},
    report::{Report, times},
};

/// How many records a page has.
const PAGE: usize = 500;

/// How often each page is read.
const ROUNDS: usize = 21;

/// How many times the time of the first page another one may take. A page that is looked for from the beginning takes
/// many times as long at the end.
const LIMIT: f64 = 1.5;

pub(crate) async fn measure(report: &mut Report, program: &Program, policies: u32) {
    for order in ["", "&order_by=name"] {
        let links = walk(program, order, policies).await;
        // The last page of all may be a short one.
        let places = [0, links.len() / 2, links.len() - 2];
        for fields in ["", "&fields=*"] {
            let mut costs = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                // One after the other, so that what disturbs one page disturbs all.
                for (place, costs) in places.iter().zip(&mut costs) {
                    let path = format!("{}{fields}", links[*place]);
                    let cost = program
                        .cost(async |session| answer(session.request(Method::GET, &path), 200).await.expect("a page"))
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

/// Follows the links from page to page to the end. Returns where each page is.
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
