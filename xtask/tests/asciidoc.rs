//! The vendor's AsciiDoc: what is read out of it, oddity by oddity, and what is refused.

use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};
use xtask::facts::write;
use xtask::openapi::Fingerprint;
use xtask::reference::{Input, Read, ReadError, read};

use crate::signs::written_out;

/// The sample pages, with their names.
static PAGES: LazyLock<[(&str, String); 3]> = LazyLock::new(|| {
    [
        ("clear.adoc", written_out(include_str!("pages/garden/clear.adoc"))),
        ("create.adoc", written_out(include_str!("pages/garden/create.adoc"))),
        ("list.adoc", written_out(include_str!("pages/garden/list.adoc"))),
    ]
});

fn read_pages(pages: &[(&str, String)]) -> Result<Read, ReadError> {
    let inputs: Vec<Input<'_>> = pages.iter().map(|(name, text)| Input { path: name, name, text }).collect();
    read(&inputs, "9.15.1")
}

fn error(pages: &[(&str, String)]) -> String {
    read_pages(pages).map(|_| ()).expect_err("the pages are refused").to_string()
}

/// The sample pages with `from`, which `page` has just once, made `to`. In shorthand.
#[track_caller]
fn with(page: &str, from: &str, to: &str) -> Vec<(&'static str, String)> {
    let mut pages = PAGES.to_vec();
    let (_, text) = pages.iter_mut().find(|(name, _)| *name == page).expect("one of the sample pages");
    let from = written_out(from);
    assert_eq!(text.matches(&from).count(), 1, "{from:?} has to be in the page once");
    *text = text.replace(&from, &written_out(to));
    pages
}

#[track_caller]
fn reads_the_same(page: &str, odd: &str, plain: &str) {
    let read = read_pages(&with(page, odd, plain)).expect("the pages can be read");
    assert_eq!(facts(&read), facts(&read_pages(&*PAGES).expect("the pages can be read")));
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
}

fn warnings(pages: &[(&str, String)]) -> (Read, Vec<String>) {
    let read = read_pages(pages).expect("the pages can be read");
    let warnings = read.warnings.iter().map(ToString::to_string).collect();
    (read, warnings)
}

/// The facts as they are written, without the names of the pages.
fn facts(read: &Read) -> String {
    let mut document = read.document.clone();
    document["info"]["x-ontap-sources"].take();
    write(&document)
}

/// The operations on `/garden/plots`.
fn plots<'r>(read: &'r Read, method: &str) -> &'r Value {
    &read.document["paths"]["/garden/plots"][method]
}

/// How many rows of tables, and commands, there are.
fn rows(read: &Read) -> usize {
    fn below(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.iter().map(below).sum(),
            Value::Object(members) => {
                let of = |(key, value): (&String, &Value)| match key.as_str() {
                    "properties" | "headers" => value.as_object().map_or(0, serde_json::Map::len),
                    "parameters" | "x-ontap-error-codes" | "x-ontap-commands" => value.as_array().map_or(0, Vec::len),
                    _ => below(value),
                };
                members.iter().map(of).sum()
            }
            _ => 0,
        }
    }
    below(&read.document)
}

#[test]
fn both_forms_say_the_same() {
    // The only thing that one of them cannot say: in the text, the bar has ended the description.
    let text = crate::shorthand::garden().replace("up or down [up\n", "up or down [up|down]\n");
    let text = read(&[Input { path: "garden.txt", name: "garden.txt", text: &text }], "9.15.1").expect("a page");
    let (read, warnings) = warnings(&*PAGES);
    assert_eq!(facts(&read), facts(&text));
    assert_eq!((warnings, text.warnings), (vec![], vec![]));
}

#[test]
fn what_is_written_can_be_read_back() {
    let document = read_pages(&*PAGES).expect("the pages can be read").document;
    assert_eq!(serde_saphyr::from_str::<Value>(&write(&document)).expect("a facts file"), document);
}

mod oddities {
    use super::*;

    #[test]
    fn a_page_with_and_without_front_matter_and_attributes() {
        reads_the_same("list.adoc", "---\ntitle: 'Plots, all of them'\n---\n:imagesdir: ./pictures/\n", "");
        reads_the_same("clear.adoc", "= Clear a plot\n", "\n:imagesdir: .\n:toc!:\n\n// Hm.\n= Clear a plot\n");
    }

    #[test]
    fn a_byte_order_mark() {
        reads_the_same("list.adoc", "---\ntitle", "\u{feff}---\ntitle");
    }

    #[test]
    fn bullets_of_three_kinds() {
        reads_the_same("list.adoc", "\n* maxLength: 12\n* minLength: 2\n", "\n- maxLength: 12\n- minLength: 2\n");
        reads_the_same("list.adoc", "\n* maxLength: 12\n* minLength: 2\n", "<li>maxLength: 12</li>\n<li>minLength: 2");
        reads_the_same(
            "list.adoc",
            "\n* maxLength: 12\n* minLength: 2\n",
            "\u{2022} maxLength: 12 \u{2022} minLength: 2\n",
        );
        reads_the_same(
            "list.adoc",
            "<ul><li>Default value: 1</li></ul>",
            "<ul> <li>\u{2022} Default value: 1</li></ul>",
        );
    }

    #[test]
    fn a_bar_in_a_description_is_text() {
        let read = read_pages(&*PAGES).expect("the pages can be read");
        let sort = &plots(&read, "get")["parameters"][4];
        assert_eq!((&sort["name"], sort.get("x-ontap-cut")), (&json!("sort"), None));
        let fingerprint = Fingerprint::of("Columns to sort by, up or down [up|down]").expect("words").to_string();
        assert_eq!(sort["x-ontap-fingerprint"], fingerprint);
        reads_the_same("list.adoc", "[up|down]", "[up\\|down]");
    }

    #[test]
    fn a_type_and_a_description_without_and_with_links() {
        reads_the_same("list.adoc", "array[link:#plots[plots]]", "array[plots]");
        reads_the_same("list.adoc", "Seconds\nof patience.", "link:https://example.com/s[Seconds]\nof patience.");
    }

    #[test]
    fn an_example_between_fences() {
        reads_the_same(
            "create.adoc",
            "{closed}\n====\n{json}\n{\n  \"crop\": \"beans\"\n}\n====",
            "{json}\n----\n{\n}\n----",
        );
    }

    #[test]
    fn rows_in_one_line_and_in_several() {
        reads_the_same("create.adoc", "| 9003 | Wrong season.", "| 9003\n| Wrong\nseason.");
    }

    #[test]
    fn rows_between_comments() {
        let table = "{n}\n{d}\n{t}\n\n|Location\n|Where the plot is\n|string\n|===\n";
        for odd in [
            "//header\n{n}\n{d}\n{t}\n//end header\n//start row\n|Location\n|Where the plot is\n|string\n//end row\n//end table\n|=== \n",
            "//header\n{n}\n{d}\n{t}\n//start row\n|Location\n|Where the plot is\n|string\n//end row\n//end table\n|=== \n",
            "//header\n{n}\n{d}\n{t}\n\n//start row\n|Location\n|Where the plot is\n|string\n\n//end row\n//end table\n|===\n",
        ] {
            reads_the_same("create.adoc", table, odd);
        }
        let row = |name: &str| format!("//start row\n|{name}\n|Where it is\n|string\n//end row\n");
        let two = format!("//header\n{{n}}\n{{d}}\n{{t}}\n{}{}//end table\n|=== \n", row("Shed"), row("Well"));
        let (read, _) = warnings(&with("create.adoc", table, &two));
        let headers = plots(&read, "post")["responses"]["201"]["headers"].as_object().expect("headers");
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["Shed", "Well"]);
    }

    #[test]
    fn a_sentence_with_a_link_below_the_error_codes() {
        let here = "| 9003 | Wrong season.\n|===\n\nLook elsewhere for more.\n";
        for more in ["Or look at link:shed.html#Tools[Tools of the shed] first.\n", "link:shed.html#Tools[Tools]\n"] {
            for empty in ["", "\n"] {
                reads_the_same("create.adoc", here, &format!("| 9003 | Wrong season.\n|===\n{empty}{more}"));
            }
        }
    }

    #[test]
    fn definitions_without_their_class() {
        let style = written_out("{title}\n");
        let pages = PAGES.clone().map(|(name, text)| (name, text.replace(&style, "")));
        let (read, warnings) = warnings(&pages);
        let plain = read_pages(&*PAGES).expect("the pages can be read");
        let definitions = |read: &Read| {
            let all = read.document["components"]["schemas"].as_object().expect("schemas").iter();
            let fields = |schema: &Value| schema["properties"].as_object().map(serde_json::Map::len);
            all.map(|(name, schema)| (name.clone(), fields(schema))).collect::<Vec<_>>()
        };
        assert_eq!((definitions(&read), rows(&read), warnings), (definitions(&plain), rows(&plain), vec![]));
    }

    #[test]
    fn a_definition_without_its_class_or_its_anchor() {
        reads_the_same("create.adoc", "[#shed]\n{title}\n", "[#shed]\n");
        reads_the_same("create.adoc", "[#shed]\n{title}\n", "{title}\n");
    }

    #[test]
    fn a_definition_without_a_table() {
        let table = "\n{3}\n|===\n{n}\n{t}\n{d}\n\n|nothing\n|string\na|\n|===\n\n[#trouble]";
        let (read, warnings) = warnings(&with("create.adoc", table, "[#trouble]"));
        let unused = &read.document["components"]["schemas"]["POST.garden.plots._unused"];
        assert_eq!(unused, &json!({"x-ontap-documented-as": ["_unused"], "type": "object"}));
        let expected =
            "found the definition `_unused` without a table, and then `trouble`, expected a table of its fields";
        assert_eq!(warnings, [format!("create.adoc:135: {expected}")]);
        let written = write(&read.document);
        assert_eq!(serde_saphyr::from_str::<Value>(&written).expect("a facts file"), read.document);
    }

    #[test]
    fn an_error_without_fields() {
        let table =
            "\nLook elsewhere for more.\n\n{3}\n|===\n{n}\n{t}\n{d}\n\n|error\n|link:#trouble[trouble]\na|\n|===\n";
        let (read, warnings) = warnings(&with("create.adoc", table, ""));
        assert_eq!(plots(&read, "post")["responses"]["default"], json!({"description": ""}));
        let expected =
            "found `POST /garden/plots` without the fields of an `Error`, expected an operation with all its parts";
        assert_eq!(warnings, [format!("create.adoc:3: {expected}")]);
    }

    #[test]
    fn pages_of_one_path_with_no_deletion_among_them() {
        let path = "GET{path}/garden/plots{end}";
        let one = with("list.adoc", path, "GET{path}/garden/plots/{crop}{end}");
        let one: Vec<_> = one
            .into_iter()
            .map(|(name, text)| (name, text.replace("|query\n|False\na|Only this", "|path\n|True\na|Only this")))
            .collect();
        let expected = "found `GET /garden/plots/{crop}` and `POST /garden/plots`, expected a page that describes `DELETE /garden/plots/{crop}` too: as a rule, what can be created can be deleted";
        assert_eq!(warnings(&one).1, [format!("list.adoc:8: {expected}")]);
        let both = one
            .iter()
            .map(|(name, text)| (*name, text.replace("plots/{id}", "plots/{crop}").replace("|id\n", "|crop\n")))
            .collect::<Vec<_>>();
        assert_eq!(warnings(&both).1, Vec::<String>::new());
        // A resource that no page creates needs no page that deletes it.
        let uncreated: Vec<_> = one.into_iter().filter(|(name, _)| *name != "create.adoc").collect();
        assert_eq!(warnings(&uncreated).1, Vec::<String>::new());
    }
}

/// A sample page, a change to it as two texts, and the error. In shorthand.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "list.adoc",
        "---\n:images",
        ":images",
        "1: found front matter that does not end, expected a second line of three dashes",
    ),
    (
        "list.adoc",
        "{first}\n",
        "[.api-def-second-level]\n",
        "136: found the attributes `[.api-def-second-level]`, expected one about columns, definitions, examples or source code",
    ),
    (
        "list.adoc",
        "{5}\n",
        "[cols=5*,options=footer]\n",
        "21: found the attributes `[cols=5*,options=footer]`, expected one about columns, definitions, examples or source code",
    ),
    (
        "list.adoc",
        "{5}\n",
        "[cols=4*,options=header]\n",
        "24: found a header of 5 cells, expected 4, as the line above the table says",
    ),
    (
        "list.adoc",
        "{5}\n",
        "{5}\n\nWords.\n",
        "21: found `[cols=5*,options=header]` on its own, expected a table right below it",
    ),
    (
        "list.adoc",
        "{5}\n",
        "{5}\n{5}\n",
        "21: found `[cols=5*,options=header]` on its own, expected a table right below it",
    ),
    (
        "list.adoc",
        "{r}\n",
        "|Needed\n",
        "24: found a table with the header Name, Type, In, Needed, Description, expected one of: Name, Type, In, Required, Description; Name, Type, Description; Error Code, Description",
    ),
    (
        "list.adoc",
        "|weedy\n|boolean\n|query\n",
        "|weedy\n|query\n",
        "40: found a row of 4 cells, expected 5: Name, Type, In, Required, Description",
    ),
    (
        "list.adoc",
        "|weedy\n|boolean\n|query\n",
        "|weedy\n|boolean\n|query\n|query\n",
        "40: found a row of 6 cells, expected 5: Name, Type, In, Required, Description",
    ),
    (
        "list.adoc",
        "* minLength: 2\n\n\n|weedy\n",
        "* minLength: 2\n|weedy\n",
        "30: found a row of 10 cells, expected 5: Name, Type, In, Required, Description",
    ),
    (
        "list.adoc",
        "|weedy\n|boolean\n|query\n",
        "|weedy\n\n|boolean\n|query\n",
        "40: found a row of 1 cells, expected 5: Name, Type, In, Required, Description",
    ),
    (
        "list.adoc",
        "|weedy\n|boolean\n|query\n",
        "|weedy\n2+|boolean\n|query\n",
        "41: found a cell that starts with `2+|`, expected `|`, or `a|` for a cell with a list",
    ),
    (
        "list.adoc",
        "|===\n\n{n}\n{t}\n{i}",
        "|===\nWords.\n{n}\n{t}\n{i}",
        "23: found the line `Words.` before the first cell of a table, expected a line that starts with `|`",
    ),
    (
        "create.adoc",
        "| 9003 | Wrong season.",
        "| 9003 | Wrong | season.",
        "96: found a row of 3 cells, expected 2: Error Code, Description",
    ),
    (
        "create.adoc",
        "{codes}\n",
        "",
        "89: found a table with the header 9001, Too many weeds, <0-9> are allowed., expected one of: Name, Type, In, Required, Description; Name, Type, Description; Error Code, Description",
    ),
    (
        "create.adoc",
        "| 9002\n| No sun.\n",
        "| 9001\n| No sun.\n",
        "93: found the error code 9001 with another description than in line 90, expected each code once, or twice with the same description",
    ),
    (
        "create.adoc",
        "{section codes}\n",
        "",
        "87: found a table of Error Code, Description under `Error`, expected one of Name, Type, Description",
    ),
    (
        "list.adoc",
        "|count\n|integer",
        "|count\n|number",
        "96: found the type `number`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "list.adoc",
        "|count\n|integer",
        "|count\n|link:#tally[tally]",
        "96: found the type `tally`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "list.adoc",
        "|link:#ipspace[ipspace]",
        "|link:#plots[ipspace]",
        "228: found a link to `#plots` with the words `ipspace`, expected both alike",
    ),
    (
        "create.adoc",
        "|link:#shed[shed]",
        "|link:#hut[hut]",
        "45: found the type `hut`, which has no definition here, expected boolean, integer, string, a definition of this operation, or array[...] of one of them",
    ),
    (
        "list.adoc",
        "* maxLength: 12",
        "* maxWidth: 12",
        "30: found the remark `maxWidth: 12` in a description, expected Introduced in, Default value, Min value, Max value, minLength or maxLength",
    ),
    (
        "list.adoc",
        "* minLength: 2\n",
        "* minLength: 2\n\nOr more.\n",
        "39: found the line `Or more.` below the list of a cell, expected another item, or the next row",
    ),
    (
        "list.adoc",
        "\n- Introduced in: 9.9",
        "Introduced in: 9.9",
        "40: found `Introduced in:` without a bullet in front, expected a bullet for each remark",
    ),
    (
        "list.adoc",
        "//The end.\n|===\n",
        "",
        "87: found a table that does not end before `[%collapsible%closed]` in line 106, expected `|===` at its end",
    ),
    (
        "list.adoc",
        "a|\n//The end.\n|===\n\n.Example response",
        "a|\n\n.Example response",
        "87: found a table that does not end before `[%collapsible%closed]` in line 106, expected `|===` at its end",
    ),
    (
        "list.adoc",
        "{json}\n{\n  \"count\": 1,\n  \"plots\": []\n}\n====\n",
        "{json}\n{\n  \"count\": 1,\n",
        "109: found a block that does not end before `== Error` in line 114, expected `====` at its end",
    ),
    (
        "list.adoc",
        "Status: 200, Ok\n```\n",
        "Status: 200, Ok\n",
        "82: found a block of code that does not end before `|===` in line 86, expected a line like the one that it starts with",
    ),
    ("list.adoc", "//The objects end.\n====\n", "", "140: found a block that does not end, expected `====` at its end"),
    (
        "list.adoc",
        "//The objects end.\n====\n",
        "====\n====\n",
        "259: found `====`, expected a block only below the caption of an example, or of the definitions",
    ),
    (
        "list.adoc",
        "[#plots]\n{title}\nplots\n",
        "[#plots]\n{title}\nbeds\n",
        "214: found the definition `beds` below the anchor `plots`, expected both alike",
    ),
    (
        "list.adoc",
        "[#plots]\n{title}\nplots\n",
        "[#plots]\n{title}\n",
        "215: found the definition `One plot.` below the anchor `plots`, expected both alike",
    ),
    (
        "list.adoc",
        "[#plots]\n{title}\nplots\n",
        "{title}\nSome plots\n",
        "213: found the definition `Some plots`, expected the name of a definition",
    ),
    (
        "list.adoc",
        "[#plots]\n{title}\nplots\n",
        "plots\n",
        "212: found the text `plots` where a definition starts, expected the name of a definition",
    ),
    (
        "list.adoc",
        "[#plots]\n",
        "[#plots]\n[#beds]\n",
        "212: found `[#plots]` on its own, expected the name of a definition right below it",
    ),
    (
        "list.adoc",
        "[#plots]\n",
        "== Plots\n\n[#plots]\n",
        "140: found a block that does not end before `== Plots` in line 212, expected `====` at its end",
    ),
    (
        "list.adoc",
        ".See Definitions\n",
        ".Look below\n",
        "137: found the caption `Look below`, expected Example request, Example response, Example error or See Definitions",
    ),
    (
        "list.adoc",
        ".See Definitions\n",
        "",
        "139: found `====`, expected a block only below the caption of an example, or of the definitions",
    ),
    (
        "list.adoc",
        ".Example response\n{closed}\n====\n",
        ".Example response\n{closed}\n",
        "107: found `.Example response` on its own, expected a block between `====` right below it",
    ),
    (
        "list.adoc",
        "Shows plots.\n",
        "Shows plots.\n\ninclude::more.adoc[]\n",
        "14: found the line `include::more.adoc[]`, expected text, a table, or a block between fences or `====`",
    ),
    (
        "list.adoc",
        "Shows plots.\n",
        "Shows plots.\n\n****\nNot these.\n****\n",
        "14: found the line `****`, expected text, a table, or a block between fences or `====`",
    ),
    (
        "list.adoc",
        "GET{path}",
        "get{path}",
        "8: found the method `get`, expected one of GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS",
    ),
    (
        "list.adoc",
        "{path}/garden/plots{end}",
        "{path}garden/plots{end}",
        "8: found the path `garden/plots`, expected one that starts with `/` and has no spaces, such as `/security/ipsec/policies`",
    ),
    (
        "list.adoc",
        "{path}/garden/plots{end}",
        "{path}/garden /plots{end}",
        "8: found the path `/garden /plots`, expected one that starts with `/` and has no spaces, such as `/security/ipsec/policies`",
    ),
    (
        "list.adoc",
        "{path}/garden/plots{end}",
        "{path}{end}",
        "8: found the path ``, expected one that starts with `/` and has no spaces, such as `/security/ipsec/policies`",
    ),
    (
        "create.adoc",
        "{n}\n{d}\n{t}\n\n|Location",
        "//header\n{n}\n{d}\n{t}\n|Location",
        "71: found a header of 6 cells, expected 3, as the line above the table says",
    ),
    (
        "create.adoc",
        "|Location\n|Where the plot is\n|string\n|===",
        "//start row\n|Location\n|Where the plot is\n//end row\n|string\n//end table\n|=== ",
        "75: found a row of 2 cells, expected 3: Name, Description, Type",
    ),
    (
        "list.adoc",
        "{path}/garden/plots{end}",
        "{path}/garden/plots",
        "8: found the line `[.api-doc-operation .api-doc-operation-g...`, expected the method and the path of an operation, each marked as such",
    ),
    (
        "list.adoc",
        "{operation get}GET{path}/garden/plots{end}\n",
        "",
        "6: found a page without operations, expected lines such as `GET /security/ipsec/policies`",
    ),
    (
        "list.adoc",
        "= List plots\n",
        "",
        "7: found `GET /garden/plots` without a title, expected a heading right before it",
    ),
    (
        "list.adoc",
        "= List plots\n",
        "Words.\n\n= List plots\n",
        "6: found the text `Words.` before the title, expected the title of the operation first",
    ),
    (
        "list.adoc",
        "== Error\n",
        "= Watch plots\n\n{operation get}GET{path}/garden/beds{end}\n\n== Error\n",
        "119: found `GET /garden/beds` on the page of another operation, expected a page for each",
    ),
    (
        "list.adoc",
        "GET{path}/garden/plots{end}",
        "GET{path}/garden/plots/{crop}{end}",
        "8: found `{crop}` in the path, expected a path parameter `crop` in the table",
    ),
    (
        "create.adoc",
        "{operation post}POST{path}/garden/plots{end}",
        "{operation delete}DELETE{path}/garden/plots/{id}{end}",
        "3: found `{id}` in the path, expected a path parameter `id` in the table",
    ),
    (
        "clear.adoc",
        "*Introduced In:* 9.8\n",
        "",
        "3: found `DELETE /garden/plots/{id}` without `Introduced In`, expected an operation with all its parts",
    ),
    (
        "clear.adoc",
        "\n{3}\n|===\n{n}\n{t}\n{d}\n\n|error\n|link:#trouble[trouble]\na|\n|===\n",
        "",
        "3: found `DELETE /garden/plots/{id}` without the fields of an `Error`, expected an operation with all its parts",
    ),
];

#[test]
fn each_damage_is_an_error_with_its_line() {
    let mut wrong = Vec::new();
    for (page, from, to, expected) in CASES {
        let found = read_pages(&with(page, from, to)).map_or_else(|error| error.to_string(), |_| "success".to_owned());
        if found != written_out(&format!("{page}:{expected}")) {
            wrong.push(format!("{from:?} to {to:?}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_operation_on_two_pages() {
    let mut pages = PAGES.to_vec();
    pages.push(("again.adoc", PAGES[1].1.clone()));
    assert_eq!(error(&pages), "again.adoc:3: found `POST /garden/plots` once more, expected each operation only once");
}

#[test]
fn pages_of_something_else() {
    for text in [
        "",
        "\n\n",
        "Dear gardener,\n\nall is well.\n",
        "<html><body><h1>Plots</h1></body></html>\n",
        "= Plots\n\nWords.\n",
    ] {
        let pages = [("page.adoc", text.to_owned())];
        let expected = "found a page without operations, expected lines such as `GET /security/ipsec/policies`";
        assert_eq!(error(&pages), format!("page.adoc:1: {expected}"), "{text:?}");
    }
}

/// Wherever a page breaks off, a reader that goes on would give a shorter list.
#[test]
fn a_page_that_breaks_off_anywhere() {
    let mut refused = 0;
    for (name, text) in PAGES.iter() {
        let whole = text.trim_end().len();
        for (end, _) in text[..whole].match_indices('\n') {
            error(&[(name, text[..=end].to_owned())]);
            refused += 1;
        }
    }
    assert_eq!(refused, 497);
}

/// Any line but one of text or remarks can get lost without a fact being lost with it, unless that is an error.
#[test]
fn a_page_that_loses_a_line() {
    for (name, text) in PAGES.iter() {
        let whole = rows(&read_pages(&[(name, text.clone())]).expect("the page can be read"));
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for index in 0..lines.len() {
            // A row in one line is a whole row.
            if lines[index].contains(" | ") {
                continue;
            }
            let mut fewer = lines.clone();
            let lost = fewer.remove(index);
            if let Ok(read) = read_pages(&[(name, fewer.concat())]) {
                assert_eq!(rows(&read), whole, "{name} without {lost:?} in line {}", index + 1);
            }
        }
    }
}

/// Pages of some megabytes, each large in one respect: read at once by a reader that looks at each part once.
mod large {
    use std::time::{Duration, Instant};

    use super::*;

    #[track_caller]
    fn quickly(page: &str, from: &str, to: &str) -> Result<usize, String> {
        let pages = with(page, from, to);
        let start = Instant::now();
        let outcome = read_pages(&pages).map(|read| rows(&read)).map_err(|error| error.to_string());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?}");
        outcome
    }

    #[test]
    fn a_cell_with_many_links() {
        let whole = rows(&read_pages(&*PAGES).expect("the pages can be read"));
        for link in ["link:#a[a] ", "link:", "link:[", "link: ", "<li>", "\\|", "<ul ", "<a ", "[", "*", "|"] {
            let to = format!("Wrong {}", link.repeat(400_000));
            let read = quickly("create.adoc", "Wrong season.", &to);
            assert_eq!(read, Ok(whole), "{link}");
        }
    }

    #[test]
    fn many_definitions() {
        let definitions: String = (0..20_000)
            .map(|n| {
                format!(
                    "[#d{n}]\n{{title}}\nd{n}\n\n{{3}}\n|===\n{{n}}\n{{t}}\n{{d}}\n\n|a\n|d{}\na|\n|===\n",
                    n.max(1) - 1
                )
            })
            .collect();
        assert!(quickly("create.adoc", "[#shed]\n", &format!("{definitions}[#shed]\n")).is_ok());
    }

    #[test]
    fn many_definitions_without_tables() {
        let definitions: String = (0..60_000).map(|n| format!("[#d{n}]\n{{title}}\nd{n}\n")).collect();
        assert!(quickly("create.adoc", "[#shed]\n", &format!("{definitions}[#shed]\n")).is_ok());
    }

    #[test]
    fn a_cell_and_a_paragraph_of_many_lines() {
        let lines = "Of many words.\n".repeat(250_000);
        assert!(quickly("list.adoc", "Seconds\n", &format!("Seconds\n{lines}")).is_ok());
        assert!(quickly("list.adoc", "Shows plots.\n", &format!("Shows plots.\n{lines}")).is_ok());
        assert!(quickly("list.adoc", "Shows plots.\n", &"Shows.\n\n".repeat(100_000)).is_ok());
    }
}

mod folders {
    use super::*;

    /// Runs `extract` with these arguments after the folder, and returns the output and the exit code.
    fn extract(files: &[(&str, &str)], arguments: &[&str]) -> (String, String, Option<i32>) {
        let root = tempfile::tempdir().expect("a directory");
        let folder = root.path().join("pages");
        std::fs::create_dir_all(folder.join("older")).expect("a directory");
        std::fs::create_dir_all(root.path().join("xtask")).expect("a directory");
        for (name, text) in files {
            std::fs::write(folder.join(name), text).expect("a file");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .env("CARGO_MANIFEST_DIR", root.path().join("xtask"))
            .current_dir(root.path())
            .args(["extract", "pages"])
            .args(arguments)
            .args(["--release", "9.15.1"])
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (text(output.stdout), text(output.stderr), output.status.code())
    }

    #[test]
    fn a_folder_is_its_pages() {
        let [clear, create, list] = &*PAGES;
        let files =
            [("b.txt", &*clear.1), ("a.adoc", &*list.1), ("older/c.adoc", &*create.1), ("notes.md", "# Notes\n")];
        let (said, noted, code) = extract(&files, &[]);
        assert_eq!((&*said, &*noted, code), ("wrote spec/documented/9.15.1.yaml\n", "", Some(0)));
    }

    #[test]
    fn warnings_go_to_standard_error() {
        let [_, create, list] = &*PAGES;
        let list = list.1.replace("plots`#", "plots/{crop}`#").replacen("|query\n|False", "|path\n|True", 1);
        let (_, noted, code) = extract(&[("a.adoc", &list), ("b.adoc", &create.1)], &[]);
        let expected = "warning: pages/a.adoc:8: found `GET /garden/plots/{crop}` and `POST /garden/plots`, expected a page that describes `DELETE /garden/plots/{crop}` too: as a rule, what can be created can be deleted\n";
        assert_eq!((&*noted, code), (expected, Some(0)));
    }

    #[test]
    fn a_folder_without_pages() {
        let (_, noted, code) = extract(&[("notes.md", "# Notes\n")], &[]);
        let expected =
            "error: cannot read pages: found no page in the folder, expected files such as *.adoc or *.txt\n";
        assert_eq!((&*noted, code), (expected, Some(2)));
    }

    #[test]
    fn a_name_twice() {
        let [clear, ..] = &*PAGES;
        let (_, noted, code) = extract(&[("a.adoc", &clear.1)], &["pages/a.adoc"]);
        let expected =
            "error: cannot read pages/a.adoc: found a second page called `a.adoc`, expected each name once\n";
        assert_eq!((&*noted, code), (expected, Some(2)));
    }
}
