//! What is read out of a page, oddity by oddity, and what is refused.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

mod shorthand;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use xtask::facts::{self, Documented, Facts, Operation};
use xtask::reference::{Input, ReadError, read};

use shorthand::written_out;

static GARDEN: LazyLock<String> = LazyLock::new(shorthand::garden);
const FACTS: &str = include_str!("pages/garden.yaml");

/// The facts of a page with the text `page`.
fn facts_of(page: &str) -> Result<Facts, ReadError> {
    read(&[Input { path: "pages/garden.txt", name: "garden.txt", text: page }], "9.15.1").map(|read| read.facts)
}

fn operations(page: &str) -> BTreeMap<String, Operation> {
    facts_of(page).expect("the page can be read").operations
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
    assert_eq!(operations(&garden_with(odd, plain)), operations(&GARDEN));
}

#[test]
fn the_whole_page() {
    assert_eq!(facts::write(&facts_of(&GARDEN).unwrap()), FACTS);
}

#[test]
fn what_is_written_can_be_read_back() {
    let facts = facts_of(&GARDEN).unwrap();
    assert_eq!(Documented::parse("garden.yaml", &facts::write(&facts)).unwrap().facts, facts);
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
    assert_eq!(operations(&page), operations(&GARDEN));
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
        let full = &operations(&GARDEN)["GET /garden/plots"].parameters[2];
        assert_eq!((full.name.as_str(), &full.limits.default), ("full", &Some(true.into())));
        reads_the_same("All of it {list} ‹Default value: 1› </ul>", "All of it • Default value: true");
    }

    #[test]
    fn nothing_is_false() {
        let full = &operations(&GARDEN)["POST /garden/plots"].parameters[0];
        assert_eq!((full.name.as_str(), &full.limits.default), ("full", &Some(false.into())));
        reads_the_same("Default value:</li>", "Default value: false</li>");
    }

    #[test]
    fn a_whole_number_is_kept_as_printed() {
        let patience = &operations(&GARDEN)["GET /garden/plots"].parameters[3];
        assert_eq!((patience.name.as_str(), &patience.limits.default), ("patience", &Some(3.into())));
    }

    #[test]
    fn a_description_that_breaks_off() {
        let cut = |page: &str| operations(page)["GET /garden/plots"].parameters[4].cut;
        assert_eq!(operations(&GARDEN)["GET /garden/plots"].parameters[4].name, "sort");
        assert!(cut(&GARDEN));
        assert!(!cut(&garden_with("up or down [up\n", "up or down [up]\n")));
    }

    #[test]
    fn angle_brackets_that_are_no_markup() {
        let fingerprint = facts::Fingerprint::of("Too many weeds, <0-9> are allowed.");
        assert_eq!(operations(&GARDEN)["POST /garden/plots"].error_codes[0].fingerprint, fingerprint);
    }

    #[test]
    fn namesakes_are_told_apart() {
        let operations = operations(&GARDEN);
        let list = &operations["GET /garden/plots"];
        assert_eq!(list.response[0].r#type.to_string(), "#_links(next,self)");
        assert_eq!(list.definitions["ipspace"].fields[0].r#type.to_string(), "#_links(self)");
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
    let fingerprint = |page: &str| operations(page)["POST /garden/plots"].error_codes[1].fingerprint.clone();
    assert_ne!(fingerprint(&page), fingerprint(&GARDEN));
}

#[test]
fn fingerprints_are_the_start_of_a_sha256() {
    // printf 'No sun.' | sha256sum
    let code = &operations(&GARDEN)["POST /garden/plots"].error_codes[1];
    assert_eq!(code.fingerprint.as_ref().unwrap().to_string(), "144ab4fd2795");
}

#[test]
fn nothing_on_the_page_gets_into_the_file_but_names() {
    let text = facts::write(&facts_of(&GARDEN).unwrap());
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
    let facts = read(&pages, "9.15.1").unwrap();
    let facts = facts.facts;
    assert_eq!(facts.operations, operations(&GARDEN));
    let files: Vec<&str> = facts.pages.iter().map(|page| page.file.as_str()).collect();
    assert_eq!(files, ["a.txt", "b.txt"]);

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
    fn quickly(page: &str) -> Result<BTreeMap<String, Operation>, String> {
        let start = Instant::now();
        let outcome = facts_of(page).map(|facts| facts.operations).map_err(|error| error.to_string());
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
        assert_eq!(quickly(&page).unwrap()["GET /garden/plots"].definitions.len(), 25_000 + 6);
    }

    #[test]
    fn many_namesakes() {
        let shed = |n: usize| format!("\nshed\n\n{{fields}}\nf{n}→string→\nothers→array[shed]→");
        // The last is what the body means, for no other refers to it.
        let page = garden_with(SHED, &format!("{SHED}{}", many(25_000, shed)));
        assert_eq!(quickly(&page).unwrap()["POST /garden/plots"].definitions.len(), 25_000 + 3);
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
        assert_eq!(quickly(&page).unwrap()["POST /garden/plots"].error_codes.len(), 25_002);
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
        assert_eq!(quickly(&page).unwrap().len(), 2_003);
    }

    #[test]
    fn a_path_with_many_parameters() {
        let path: String = (0..40_000).map(|n| format!("/{{id{n}}}")).collect();
        let page =
            garden_with("id→string→path→True→Which one\n", &many(40_000, |n| format!("id{n}→string→path→True→")));
        let page = page.replace("DELETE /garden/plots/{id}", &format!("DELETE /garden/plots{path}"));
        let page = page.replace("- Instance Delete: DELETE garden/plots/id\n", "");
        assert_eq!(quickly(&page).unwrap().len(), 3);
    }
}
