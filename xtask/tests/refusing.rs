//! Faults of pages. Each case changes the sample page in one place, and checks the line, the found text and the expected
//! text of the error.

use std::sync::LazyLock;

use xtask::reference::{Input, read};

use crate::shorthand::written_out;

static GARDEN: LazyLock<String> = LazyLock::new(crate::shorthand::garden);

/// A change to the sample page, as two texts, and the error. In shorthand.
const CASES: &[(&str, &str, &str)] = &[
    (
        "crop→string→query→False→Only this crop <ul",
        "crop→string→query→False→minLength: 1 <ul",
        "33: found `minLength:` without a bullet in front, expected a bullet for each remark",
    ),
    (
        "## Copyright information\n\nNone.\n",
        "",
        "226: found the end of the page, expected the heading `Copyright information` before it",
    ),
    (
        "{bold codes}\n9001→Too many weeds, <0-9> are allowed.\n9002→No sun.\n\n{codes}\n9003→Wrong season.\n\n",
        "",
        "153: found `{section codes}` without a table, expected a table of error codes",
    ),
    (
        "{headers}\nLocation→Where the plot is→string\n",
        "",
        "144: found `Headers` without a table, expected a table of headers",
    ),
    (
        "{fields}\n«_links»→«_links»→\ncount→integer→How many\nplots→array[ «plots» ]→\n",
        "",
        "20: found `GET /garden/plots` without the fields of a `Response`, expected an operation with all its parts",
    ),
    (
        "{headers}\n",
        "Name→Meaning→Type\n",
        "146: found a table with the header Name, Meaning, Type, expected one of: Name, Type, In, Required, Description; Name, Type, Description; Error Code, Description",
    ),
    (
        "{bold codes}",
        "<b>Error</b>→<b>Description</b>",
        "155: found a table with the header Error, Description, expected one of: Name, Type, In, Required, Description; Name, Type, Description; Error Code, Description",
    ),
    (
        "crop→string→query→False→Only this crop <ul",
        "crop→string→query→Only this crop <ul",
        "33: found a row of 4 cells, expected 5: Name, Type, In, Required, Description",
    ),
    ("9002→No sun.", "9002→No sun.→Really", "157: found a row of 3 cells, expected 2: Error Code, Description"),
    (
        "weedy→boolean→Whether weeds grow too",
        "weedy→boolean",
        "109: found a row of 2 cells, expected 3: Name, Type, Description",
    ),
    (
        "9002→No sun.",
        "9002→No\nsun.",
        "158: found the line `sun.` in a table, with no tab in it, expected a row of the table, or an empty line after its last",
    ),
    (
        "9002→No sun.",
        "9002 No sun.",
        "157: found the line `9002 No sun.` in a table, with no tab in it, expected a row of the table, or an empty line after its last",
    ),
    (
        "9001→Too many weeds, <0-9> are allowed.\n9002→No sun.\n\n{codes}\n9003→Wrong season.\n",
        "",
        "155: found a table without rows, expected at least one",
    ),
    ("roof→boolean→Whether it is dry\n", "\n", "173: found a table without rows, expected at least one"),
    (
        "fields→array[string]→query",
        "fields→array[text]→query",
        "37: found the type `array[text]`, expected boolean, integer, string or array[...] of one of them",
    ),
    (
        "fields→array[string]→query",
        "fields→list→query",
        "37: found the type `list`, expected boolean, integer, string or array[...] of one of them",
    ),
    (
        "full→boolean→query→False→All of it",
        "full→plots→query→False→All of it",
        "38: found the type `plots`, expected boolean, integer, string or array[...] of one of them",
    ),
    ("id→string→path→True", "id→string→body→True", "200: found `body` in the column In, expected `query` or `path`"),
    (
        "id→string→path→True",
        "id→string→path→Yes",
        "200: found `Yes` in the column Required, expected `True` or `False`",
    ),
    ("id→string→path→True", "the id→string→path→True", "200: found the name `the id`, expected an identifier"),
    (
        "id→string→path→True",
        "key→string→path→True",
        "189: found `{id}` in the path, expected a path parameter `id` in the table",
    ),
    (
        "DELETE /garden/plots/{id}",
        "DELETE /garden/plots/id",
        "189: found a path parameter `id`, expected `{id}` in the path",
    ),
    ("sort→array[string]", "crop→array[string]", "40: found `crop` twice in one table, expected each name once"),
    (
        "• maxLength: 12",
        "• maxWidth: 12",
        "33: found the remark `maxWidth: 12` in a description, expected Introduced in, Default value, Min value, Max value, minLength or maxLength",
    ),
    (
        "• maxLength: 12",
        "• maxLength: twelve",
        "33: found `maxLength: twelve`, expected a whole number after the colon",
    ),
    ("• maxLength: 12", "• minLength: 12", "33: found `minLength` twice in one description, expected it once"),
    (
        "• Default value: 3",
        "• Default value: soon",
        "39: found the default value `soon` of a value of type integer, expected a value of that type (for a boolean: 1, or nothing for false)",
    ),
    (
        "• Default value: 3",
        "• Default value:",
        "39: found the default value `` of a value of type integer, expected a value of that type (for a boolean: 1, or nothing for false)",
    ),
    (
        "Default value: 1<",
        "Default value: 2<",
        "38: found the default value `2` of a value of type boolean, expected a value of that type (for a boolean: 1, or nothing for false)",
    ),
    (
        "Introduced in: 9.9",
        "Introduced in: lately",
        "34: found `Introduced in: lately`, expected a release such as 9.10",
    ),
    (
        "→Columns wanted",
        "→Columns wanted • Default value: crop",
        "37: found the default value `crop` of a value of type array[string], expected a value of that type (for a boolean: 1, or nothing for false)",
    ),
    (
        "count→integer→How many",
        "count→number→How many",
        "48: found the type `number`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "crop→string→What grows\nshed",
        "crop→string→What grows\ncrop→string→What grows\nshed",
        "138: found `crop` twice in one table, expected each name once",
    ),
    (
        "array[ «plots» ]",
        "array[ «beds» ]",
        "49: found the type `beds`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "name→string→What it is called",
        "name→«label»→What it is called",
        "98: found the type `label`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "shed→shed→A roof",
        "shed→«hut»→A roof",
        "138: found the type `hut`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "\nshed\n\n{fields}\nroof→boolean→Whether it is dry\n",
        "",
        "138: found the type `shed`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "next→«href»→\nself",
        "next→«href»→\nself→«href»→\n\n\\_links\n\n{fields}\nprevious→«href»→\nself",
        "47: found `_links`, of which there are several definitions, expected just one that no other definition refers to",
    ),
    (
        "\\_links\n\n{fields}\nself",
        "\\_links\n\n{fields}\nnext→«href»→\nself→«href»→Me\n\nodd\n\n{fields}\nself",
        "87: found a second definition `_links` with the same fields, differently described, expected definitions that their fields tell apart",
    ),
    (
        "roof→boolean→Whether it is dry\n",
        "roof→boolean→Whether it is dry\n\nshed\n\n{fields}\nroof→boolean→Whether it is sound\n",
        "176: found a second definition `shed` with the same fields, differently described, expected definitions that their fields tell apart",
    ),
    (
        "#### plots\n\n#### One plot.\n\n",
        "A table of plots.\n\n",
        "100: found the text `A table of plots.` where a definition starts, expected the name of a definition",
    ),
    (
        "#### One plot.\n\n{fields}\n",
        "#### One plot.\n\n{fields}\n\n```\n```\n",
        "108: found a table with the header crop, string, What grows, expected one of: Name, Type, In, Required, Description; Name, Type, Description; Error Code, Description",
    ),
    (
        "9002→No sun.",
        "9001→No sun.",
        "157: found the error code 9001 with another description than in line 156, expected each code once, or twice with the same description",
    ),
    ("9002→No sun.", "nine→No sun.", "157: found the error code `nine`, expected a whole number"),
    ("9002→No sun.", "9002→", "157: found the error code 9002 without a description, expected one"),
    ("9002→No sun.", "→No sun.", "157: found the error code ``, expected a whole number"),
    (
        "**Introduced In:** 9.8\n",
        "",
        "189: found `DELETE /garden/plots/{id}` without `Introduced In`, expected an operation with all its parts",
    ),
    (
        "**Introduced In:** 9.8\n",
        "**Introduced In:** once\n",
        "191: found `Introduced In: once`, expected a release such as 9.8",
    ),
    (
        "### Related ONTAP commands\n\n- `garden plot delete`\n",
        "",
        "189: found `DELETE /garden/plots/{id}` without `Related ONTAP commands`, expected an operation with all its parts",
    ),
    (
        "- `garden plot delete`",
        "- garden plot delete",
        "195: found the list item `garden plot delete`, expected a command between backticks",
    ),
    (
        "- `garden plot delete`\n",
        "",
        "189: found `DELETE /garden/plots/{id}` without `Related ONTAP commands`, expected an operation with all its parts",
    ),
    (
        "### Parameters\n\n{parameters}\nid→string→path→True→Which one\n",
        "",
        "189: found `DELETE /garden/plots/{id}` without `Parameters`, expected an operation with all its parts",
    ),
    ("id→string→path→True→Which one\n", "", "199: found a table without rows, expected at least one"),
    (
        "## Request Body\n\n{fields}\ncrop→string→What grows\nshed→shed→A roof\n",
        "",
        "119: found `POST /garden/plots` without a `Request Body`, expected an operation with all its parts",
    ),
    ("Status: 201, Created", "Status: 404, Gone", "142: found the status `404, Gone`, expected a 2xx status"),
    (
        "Status: 201, Created\n",
        "",
        "119: found `POST /garden/plots` without the status of a `Response`, expected an operation with all its parts",
    ),
    (
        "Status: 201, Created",
        "Status: 201, Created\n\nStatus: 202, Later",
        "144: found the text `Status: 202, Later` under `Response`, expected one status such as `Status: 200, Ok`, and at most one table of fields",
    ),
    ("Status: Default, Error", "Status: 500, Error", "67: found the status `500, Error`, expected `Default`"),
    (
        "```\nStatus: Default\n```\n",
        "",
        "189: found `DELETE /garden/plots/{id}` without the status of an `Error`, expected an operation with all its parts",
    ),
    (
        "Status: Default\n```\n\n{fields}\nerror→«trouble»→\n",
        "Status: Default\n```\n",
        "189: found `DELETE /garden/plots/{id}` without the fields of an `Error`, expected an operation with all its parts",
    ),
    (
        "### See Definitions\n\ntrouble\n\n{fields}\ncode→string→A number\nmessage→string→Words\n",
        "",
        "189: found `DELETE /garden/plots/{id}` without `Definitions`, expected an operation with all its parts",
    ),
    (
        "## Headers\n",
        "## Footers\n",
        "144: found the heading `Footers` under `Response`, expected one status such as `Status: 200, Ok`, and at most one table of fields",
    ),
    ("## Request Body\n", "## Response\n", "140: found the section `Response` once more, expected each section once"),
    (
        "## Headers\n\n{headers}\nLocation→Where the plot is→string\n",
        "## Headers\n\n{headers}\nLocation→Where the plot is→string\n\nMore.\n\n{headers}\nAllow→What can be done→string\n",
        "149: found the text `More.` under `Headers`, expected a table of headers",
    ),
    (
        "Location→Where the plot is→string",
        "Location→Where the plot is→plots",
        "147: found the type `plots`, expected boolean, integer, string or array[...] of one of them",
    ),
    (
        "```\nStatus: 200, Ok\n```",
        "```\nStatus: 200, Ok",
        "211: found a block of code that does not end, expected a closing fence of three backticks",
    ),
    (
        "# Clear a plot\n",
        "",
        "188: found `DELETE /garden/plots/{id}` without a title, expected a heading right before it",
    ),
    (
        "DELETE /garden/plots/{id}",
        "REMOVE /garden/plots/{id}",
        "187: found the heading `Clear a plot` where a definition starts, expected the name of a definition",
    ),
    (
        "ONTAP 9.15.1 REST API reference",
        "ONTAP 9.11.1 REST API reference",
        "4: found a page about ONTAP 9.11.1, expected `ONTAP 9.15.1 REST API reference` on the front of the page",
    ),
    (
        "ONTAP 9.15.1 REST API reference",
        "Some reference",
        "1: found a page that names no release, expected `ONTAP 9.15.1 REST API reference` on the front of the page",
    ),
    (
        "# Table of Contents\n",
        "{fields}\na→string→b\n",
        "6: found a table of Name, Type, Description before the first operation, expected tables only in operations",
    ),
    (
        "None.\n",
        "{codes}\n9004→Gone.\n",
        "229: found a table of Error Code, Description in the legal notices, expected tables only in operations",
    ),
    (
        "- Creation Post: POST garden/plots",
        "- Creation Post: POST garden/beds",
        "15: found `POST garden/beds` in the overview, expected the operation further down on the page, which is not there",
    ),
    (
        "Look elsewhere for more.",
        "9004 Gone.",
        "162: found the text `9004 Gone.` under `{section codes}`, expected tables of error codes and of fields, and text",
    ),
];

fn error(page: &str) -> String {
    let input = Input { path: "pages/garden.txt", name: "garden.txt", text: page };
    read(&[input], "9.15.1").expect_err("the page is refused").to_string()
}

#[test]
fn each_damage_is_an_error_with_its_line() {
    assert_eq!(CASES.len(), 74);
    for (from, to, expected) in CASES {
        let expected = written_out(expected);
        let (from, to) = (written_out(from), written_out(to));
        assert_eq!(GARDEN.matches(&from).count(), 1, "{from:?} has to be in the page once");
        assert_eq!(error(&GARDEN.replace(&from, &to)), format!("pages/garden.txt:{expected}"), "{from:?} to {to:?}");
    }
}

#[test]
fn a_page_of_something_else() {
    let expected = "found a page without operations, expected lines such as `GET /security/ipsec/policies`";
    assert_eq!(error("# A letter\n\nDear gardener\n"), format!("pages/garden.txt:1: {expected}"));
    assert_eq!(error(""), format!("pages/garden.txt:1: {expected}"));
    assert_eq!(error("{\"swagger\": \"2.0\"}\n"), format!("pages/garden.txt:1: {expected}"));
}

/// Wherever a page breaks off, a reader that goes on would give a shorter list.
#[test]
fn a_page_that_breaks_off_anywhere() {
    let whole = GARDEN.find("## Copyright").expect("the page ends with notices");
    let lines: Vec<usize> = GARDEN[..whole].match_indices('\n').map(|(index, _)| index + 1).collect();
    let mut refused = 0;
    // The last definition may end anywhere behind its first row: nothing tells how many rows there should be.
    let last = GARDEN.rfind("message\t").expect("the last row");
    for end in lines.into_iter().filter(|end| *end < last) {
        error(&GARDEN[..end]);
        refused += 1;
    }
    assert_eq!(refused, 223);
}

/// A table that loses a tab anywhere, or one of its headers, is damaged.
#[test]
fn a_table_that_loses_a_tab_or_a_header() {
    let mut tabs = 0;
    for (index, _) in GARDEN.match_indices('\t') {
        let damaged = format!("{} {}", &GARDEN[..index], &GARDEN[index + 1..]);
        error(&damaged);
        tabs += 1;
    }
    let mut headers = 0;
    let lines: Vec<&str> = GARDEN.split_inclusive('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with("Name\t") || line.contains("Error Code") && line.contains('\t') {
            let mut rest = lines.clone();
            rest.remove(index);
            error(&rest.concat());
            headers += 1;
        }
    }
    assert_eq!((tabs, headers), (139, 23));
}
