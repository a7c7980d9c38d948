//! Reading of pages, oddity by oddity, and pages that are refused.

use std::sync::LazyLock;

use serde_json::{Value, json};
use xtask::facts::write;
use xtask::openapi::Fingerprint;
use xtask::reference::{Input, ReadError, read};

use crate::shorthand::written_out;

static GARDEN: LazyLock<String> = LazyLock::new(crate::shorthand::garden);
const FACTS: &str = include_str!("pages/garden.yaml");

/// The facts of a page with the text `page`.
fn facts_of(page: &str) -> Result<Value, ReadError> {
    read(&[Input { path: "pages/garden.txt", name: "garden.txt", text: page }], "9.15.1").map(|read| read.document)
}

/// The facts without the names of the pages.
fn unsourced(mut document: Value) -> Value {
    document["info"]["x-ontap-sources"].take();
    document
}

fn operations(page: &str) -> Value {
    unsourced(facts_of(page).expect("the page can be read"))
}

/// The operations on `/garden/plots`.
fn plots(document: &Value, method: &str) -> Value {
    document["paths"]["/garden/plots"][method].clone()
}

fn operations_count(document: &Value) -> usize {
    let paths = document["paths"].as_object().expect("paths").values();
    paths.map(|path| path.as_object().expect("operations").len()).sum()
}

/// How many definitions the operations have whose components start like this.
fn definitions_count(document: &Value, start: &str) -> usize {
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    schemas.keys().filter(|name| name.starts_with(start)).count()
}

/// The sample page with `from`, which it has just once, made `to`. In shorthand.
fn garden_with(from: &str, to: &str) -> String {
    let (from, to) = (written_out(from), written_out(to));
    assert_eq!(GARDEN.matches(&from).count(), 1, "{from:?} has to be in the page once");
    GARDEN.replace(&from, &to)
}

/// An oddity is read as what it stands for: the page with it and the page without it have the same facts.
#[track_caller]
fn reads_the_same(odd: &str, plain: &str) {
    assert_eq!(write(&operations(&garden_with(odd, plain))), write(&operations(&GARDEN)));
}

#[test]
fn the_whole_page() {
    assert_eq!(write(&facts_of(&GARDEN).unwrap()), FACTS);
}

#[test]
fn what_is_written_can_be_read_back() {
    let facts = facts_of(&GARDEN).unwrap();
    assert_eq!(serde_saphyr::from_str::<Value>(&write(&facts)).unwrap(), facts);
}

#[test]
fn the_order_of_rows_makes_no_difference() {
    let swap = |page: &str, first: &str, second: &str| {
        let (first, second) = (written_out(first), written_out(second));
        let both = format!("{first}\n{second}\n");
        assert_eq!(page.matches(&both).count(), 1, "{both:?}");
        page.replace(&both, &format!("{second}\n{first}\n"))
    };
    let page = swap(&GARDEN, "9001→Too many weeds, <0-9> are allowed.", "9002→No sun.");
    let page = swap(&page, "count→integer→How many", "plots→array[ «plots» ]→");
    let page = swap(&page, "crop→string→What grows", "shed→shed→A roof");
    assert_eq!(write(&operations(&page)), write(&operations(&GARDEN)));
}

mod oddities {
    use super::*;

    #[test]
    fn a_page_break_cuts_a_table_of_parameters() {
        let header = "{parameters}\n";
        reads_the_same(&format!("\n{header}fields→"), "fields→");
    }

    #[test]
    fn a_page_break_cuts_a_table_of_fields() {
        reads_the_same("\n{fields}\nweedy→", "weedy→");
    }

    #[test]
    fn a_page_break_cuts_a_table_of_codes_and_its_second_header_is_not_bold() {
        reads_the_same("\n{codes}\n9003→", "9003→");
    }

    #[test]
    fn a_page_break_that_leaves_no_empty_line() {
        reads_the_same("\n{codes}\n9003→", "{codes}\n9003→");
    }

    #[test]
    fn bold_columns() {
        reads_the_same("{bold codes}", "{codes}");
    }

    #[test]
    fn ipospace_is_ipspace() {
        reads_the_same("## ipospace", "## ipspace");
    }

    #[test]
    fn a_type_without_its_link() {
        reads_the_same("shed→shed→A roof", "shed→«shed»→A roof");
    }

    #[test]
    fn a_name_with_a_link() {
        reads_the_same("«_links»→«_links»→\ncount", "_links→«_links»→\ncount");
    }

    #[test]
    fn an_escaped_title() {
        let odd = "\\_links\n\n{fields}\nnext";
        reads_the_same(odd, "_links\n\n{fields}\nnext");
    }

    #[test]
    fn a_linked_title_with_two_escapes() {
        reads_the_same("[\\\\_unused](#)", "_unused");
    }

    #[test]
    fn titles_of_any_level() {
        reads_the_same("#### plots", "plots");
        reads_the_same("# Clear a plot", "## **Clear a plot**");
        reads_the_same("### See Definitions\n\ntrouble", "## See Definitions\n\n## trouble");
    }

    #[test]
    fn a_description_that_is_a_heading() {
        reads_the_same("#### One plot.", "One plot.");
    }

    #[test]
    fn a_release_with_and_without_bold() {
        reads_the_same("**Introduced In:** 9.8", "Introduced In: 9.8");
    }

    #[test]
    fn a_command_between_apostrophes() {
        reads_the_same("- `garden plot create`", "- 'garden plot create'");
    }

    #[test]
    fn a_status_in_a_block_of_code() {
        reads_the_same("```\nStatus: 200, Ok\n```", "Status: 200, Ok");
        reads_the_same("```\nStatus: Default\n```", "Status: Default");
    }

    #[test]
    fn a_block_of_code_cut_by_a_page_break() {
        reads_the_same("  \"count\": 1,\n\n```\n\n```\n\n", "  \"count\": 1,\n");
    }

    #[test]
    fn columns_of_headers_in_another_order() {
        let odd = "{headers}\nLocation→Where the plot is→string";
        reads_the_same(odd, "{fields}\nLocation→string→Where the plot is");
    }

    #[test]
    fn limits_in_a_marked_up_list_and_behind_bare_bullets() {
        let odd = "{list} ‹maxLength: 12› ‹minLength: 2› </ul>";
        reads_the_same(odd, " • maxLength: 12  • minLength: 2");
        reads_the_same("<p>Seconds of patience.</p>", "Seconds of patience.");
    }

    #[test]
    fn one_is_true() {
        let operation = plots(&operations(&GARDEN), "get");
        let full = &operation["parameters"][2];
        assert_eq!((&full["name"], &full["schema"]["default"]), (&json!("full"), &json!(true)));
        reads_the_same("All of it {list} ‹Default value: 1› </ul>", "All of it • Default value: true");
    }

    #[test]
    fn nothing_is_false() {
        let operation = plots(&operations(&GARDEN), "post");
        let full = &operation["parameters"][0];
        assert_eq!((&full["name"], &full["schema"]["default"]), (&json!("full"), &json!(false)));
        reads_the_same("Default value:</li>", "Default value: false</li>");
    }

    #[test]
    fn a_whole_number_is_kept_as_printed() {
        let operation = plots(&operations(&GARDEN), "get");
        let patience = &operation["parameters"][3];
        assert_eq!((&patience["name"], &patience["schema"]["default"]), (&json!("patience"), &json!(3)));
    }

    #[test]
    fn a_description_that_breaks_off() {
        let cut = |page: &str| plots(&operations(page), "get")["parameters"][4].get("x-ontap-cut").cloned();
        assert_eq!(plots(&operations(&GARDEN), "get")["parameters"][4]["name"], "sort");
        assert_eq!(cut(&GARDEN), Some(true.into()));
        assert_eq!(cut(&garden_with("up or down [up\n", "up or down [up]\n")), None);
    }

    #[test]
    fn angle_brackets_that_are_no_markup() {
        let fingerprint = Fingerprint::of("Too many weeds, <0-9> are allowed.").unwrap().to_string();
        let operation = plots(&operations(&GARDEN), "post");
        let codes = &operation["x-ontap-error-codes"];
        assert_eq!(codes[0]["x-ontap-fingerprint"], fingerprint);
    }

    #[test]
    fn namesakes_are_told_apart() {
        let facts = operations(&GARDEN);
        let operation = plots(&facts, "get");
        let body = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let start = "#/components/schemas/GET.garden.plots._links";
        assert_eq!(body["properties"]["_links"]["$ref"], format!("{start}.next.self"));
        let ipspace = &facts["components"]["schemas"]["GET.garden.plots.ipspace"];
        assert_eq!(ipspace["properties"]["_links"]["$ref"], format!("{start}.self"));
    }

    /// The sample page with `from` made `to`, and what is warned of.
    fn warned(from: &str, to: &str) -> (Value, Vec<String>) {
        let page = garden_with(from, to);
        let input = Input { path: "pages/garden.txt", name: "garden.txt", text: &page };
        let read = read(&[input], "9.15.1").expect("the page can be read");
        (read.document, read.warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_definition_without_a_table() {
        let (facts, warnings) = warned("shed\n\n{fields}\nroof→boolean→Whether it is dry\n", "shed\n");
        let shed = &facts["components"]["schemas"]["POST.garden.plots.shed"];
        assert_eq!(shed, &json!({"x-ontap-documented-as": ["shed"], "type": "object"}));
        let expected =
            "found the definition `shed` without a table, and then `_unused`, expected a table of its fields";
        assert_eq!(warnings, [format!("pages/garden.txt:171: {expected}")]);

        let (facts, warnings) = warned("nothing→string→\n\ntrouble", "nothing→string→\n\nlast\n\ntrouble");
        let last = &facts["components"]["schemas"]["POST.garden.plots.last"];
        assert_eq!(last, &json!({"x-ontap-documented-as": ["last"], "type": "object"}));
        let expected =
            "found the definition `last` without a table, and then `trouble`, expected a table of its fields";
        assert_eq!(warnings, [format!("pages/garden.txt:181: {expected}")]);
    }

    #[test]
    fn an_error_without_fields() {
        let (facts, warnings) = warned("Look elsewhere for more.\n\n{fields}\nerror→«trouble»→\n", "");
        assert_eq!(plots(&facts, "post")["responses"]["default"], json!({"description": ""}));
        let expected =
            "found `POST /garden/plots` without the fields of an `Error`, expected an operation with all its parts";
        assert_eq!(warnings, [format!("pages/garden.txt:119: {expected}")]);
    }

    #[test]
    fn an_operation_without_parameters() {
        let table = "### Parameters\n\n{parameters}\nfull→boolean→query→False→<p>All of it.</p> {list} ‹Default value:› </ul>\n";
        let (facts, warnings) = warned(table, "");
        assert_eq!(plots(&facts, "post").get("parameters"), None);
        let expected = "found `POST /garden/plots` without `Parameters`, expected an operation with all its parts";
        assert_eq!(warnings, [format!("pages/garden.txt:119: {expected}")]);
    }

    #[test]
    fn a_list_of_properties_in_the_description() {
        let fingerprint = |page: &str| plots(&operations(page), "post")["x-ontap-fingerprint"].clone();
        let page = garden_with("Makes a plot.\n", "Makes a plot.\n\n## Optional properties\n\n- `shed` - A roof.\n");
        let words = "Makes a plot. Optional properties `shed` - A roof.";
        assert_eq!(fingerprint(&page), Fingerprint::of(words).unwrap().to_string());
    }

    #[test]
    fn a_code_printed_twice_with_the_same_words() {
        reads_the_same("9002→No sun.\n", "9002→No sun.\n9002→No  sun.\n");
    }

    #[test]
    fn a_definition_printed_twice_with_the_same_words() {
        let shed = "\nshed\n\n{fields}\nroof→boolean→Whether it is dry\n";
        reads_the_same(shed, &format!("{shed}{shed}"));
    }
}

#[test]
fn white_space_in_a_description_makes_no_difference() {
    reads_the_same("False→Only this crop <ul", "False→Only  this   crop <ul");
}

#[test]
fn other_words_have_another_fingerprint() {
    let page = garden_with("9002→No sun.", "9002→No sunshine.");
    let fingerprint =
        |page: &str| plots(&operations(page), "post")["x-ontap-error-codes"][1]["x-ontap-fingerprint"].clone();
    assert_ne!(fingerprint(&page), fingerprint(&GARDEN));
}

#[test]
fn fingerprints_are_the_start_of_a_sha256() {
    // printf 'No sun.' | sha256sum
    let operation = plots(&operations(&GARDEN), "post");
    let code = &operation["x-ontap-error-codes"][1];
    assert_eq!(code["x-ontap-fingerprint"], "144ab4fd2795");
}

#[test]
fn nothing_on_the_page_gets_into_the_file_but_names() {
    let text = write(&facts_of(&GARDEN).unwrap());
    for sentence in ["No sun", "Only this crop", "Shows plots", "What grows", "One plot", "Ground that"] {
        assert!(GARDEN.contains(sentence));
        assert!(!text.contains(sentence), "{sentence}");
    }
}

#[test]
fn several_pages_are_one_reference() {
    let start = GARDEN.find("# Clear a plot").unwrap();
    let front = "ONTAP 9.15.1 REST API reference\n\n";
    let first = GARDEN[..start].replace("- Instance Delete: DELETE garden/plots/id\n", "");
    let first = format!("{first}## Copyright information\n\nNone.\n");
    let second = format!("{front}{}", &GARDEN[start..]);
    let pages =
        [Input { path: "b.txt", name: "b.txt", text: &second }, Input { path: "a.txt", name: "a.txt", text: &first }];
    let facts = read(&pages, "9.15.1").unwrap().document;
    let sources = facts["info"]["x-ontap-sources"].as_array().unwrap();
    assert_eq!(sources.iter().map(|source| &source["file"]).collect::<Vec<_>>(), ["a.txt", "b.txt"]);
    assert_eq!(unsourced(facts), operations(&GARDEN));

    let twice = [pages[0], pages[0]];
    let error = read(&twice, "9.15.1").unwrap_err().to_string();
    assert_eq!(error, "b.txt:5: found `DELETE /garden/plots/{id}` once more, expected each operation only once");
}

/// Pages of some megabytes, each large in one respect: read at once by a reader that looks at each part once.
mod large {
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};

    use super::*;

    const SHED: &str = "\nshed\n\n{fields}\nroof→boolean→Whether it is dry\n";

    /// The text that `each` makes of the numbers below `count`, in shorthand.
    fn many(count: usize, each: impl Fn(usize) -> String) -> String {
        (0..count).fold(String::new(), |mut text, number| {
            let _ = writeln!(text, "{}", each(number));
            text
        })
    }

    /// Reads `page`, and gives the outcome if that did not take long.
    #[track_caller]
    fn quickly(page: &str) -> Result<Value, String> {
        let start = Instant::now();
        let outcome = facts_of(page).map(unsourced).map_err(|error| error.to_string());
        let took = start.elapsed();
        // Several times what it takes, with no optimisation; looking at each part again for each other takes far longer.
        assert!(took < Duration::from_secs(20), "{took:?}");
        outcome
    }

    #[test]
    fn many_definitions() {
        let definition = |n: usize| format!("\nd{n}\n\n{{fields}}\nnext→d{}→", n.max(1) - 1);
        let page = garden_with("\nhref\n\n{fields}\n", &format!("{}\nhref\n\n{{fields}}\n", many(25_000, definition)));
        let row = written_out("count→integer→How many\n");
        let page = page.replace(&row, &(row.clone() + &written_out(&many(15_000, |n| format!("f{n}→d{n}→")))));
        assert_eq!(definitions_count(&quickly(&page).unwrap(), "GET.garden.plots."), 25_000 + 6);
    }

    #[test]
    fn many_namesakes() {
        let shed = |n: usize| format!("\nshed\n\n{{fields}}\nf{n}→string→\nothers→array[shed]→");
        // The last is what the body means, for no other refers to it.
        let page = garden_with(SHED, &format!("{SHED}{}", many(25_000, shed)));
        assert_eq!(definitions_count(&quickly(&page).unwrap(), "POST.garden.plots."), 25_000 + 3);
    }

    #[test]
    fn many_repeats() {
        assert!(quickly(&garden_with(SHED, &SHED.repeat(30_000))).is_ok_and(|read| read == operations(&GARDEN)));
    }

    #[test]
    fn a_namesake_with_many_fields_that_many_fields_name() {
        let wide = format!("\nshed\n\n{{fields}}\n{}", many(50_000, |n| format!("f{n}→string→Wood")));
        let naming = format!("\nhut\n\n{{fields}}\n{}", many(50_000, |n| format!("f{n}→shed→Wood")));
        let outcome = quickly(&garden_with(SHED, &format!("{SHED}{wide}{naming}")));
        let expected = "found one of several definitions `shed` with names of fields that fill more than 1000 characters, expected a short list of names, to tell it from the others";
        assert_eq!(outcome.err(), Some(format!("pages/garden.txt:176: {expected}")));
    }

    #[test]
    fn a_cell_with_many_lists() {
        let lists = "{list} <ul > ".repeat(120_000);
        let page = garden_with("9002→No sun.", &format!("9002→No {lists} sun."));
        assert!(quickly(&page).is_ok_and(|read| read == operations(&GARDEN)));
    }

    #[test]
    fn a_cell_with_many_links() {
        for link in ["«»", "<a ", "<ul "] {
            let links = written_out(link).repeat(150_000);
            assert!(quickly(&garden_with("9002→No sun.", &format!("9002→No {links}"))).is_ok());
        }
    }

    #[test]
    fn a_table_of_many_parts() {
        let parts = many(25_000, |n| format!("\n{{codes}}\n{}→No {n}.", n + 10_000));
        let page = garden_with("\n{codes}\n9003→Wrong season.\n", &parts);
        let operation = plots(&quickly(&page).unwrap(), "post");
        let codes = &operation["x-ontap-error-codes"];
        assert_eq!(codes.as_array().map(Vec::len), Some(25_002));
    }

    #[test]
    fn many_operations_in_the_overview() {
        let first = GARDEN.find("# Clear a plot").unwrap();
        let notices = GARDEN.find("## Copyright").unwrap();
        let more: String =
            (0..2_000).map(|n| GARDEN[first..notices].replace("plots/{id}", &format!("beds/b{n}/{{id}}"))).collect();
        let page = garden_with("## Copyright", &format!("{more}## Copyright"));
        let listed = "- Instance Delete: DELETE garden/plots/id\n";
        let page =
            page.replace(listed, &many(120_000, |n| format!("- Instance Delete: DELETE garden/beds/b{}/id", n / 60)));
        assert_eq!(operations_count(&quickly(&page).unwrap()), 2_003);
    }

    #[test]
    fn a_path_with_many_parameters() {
        let path: String = (0..40_000).map(|n| format!("/{{id{n}}}")).collect();
        let page =
            garden_with("id→string→path→True→Which one\n", &many(40_000, |n| format!("id{n}→string→path→True→")));
        let page = page.replace("DELETE /garden/plots/{id}", &format!("DELETE /garden/plots{path}"));
        let page = page.replace("- Instance Delete: DELETE garden/plots/id\n", "");
        let expected = "found an operation whose path fills more than 1000 characters, expected a short path, for the facts name each definition by it";
        assert_eq!(quickly(&page), Err(format!("pages/garden.txt:188: {expected}")));
    }
}
