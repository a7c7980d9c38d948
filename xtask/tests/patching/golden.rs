//! Texts before and after an edit, side by side.

use serde_json::json;
use xtask::patch::{Edit, apply};

use super::{insert, put, remove};

#[track_caller]
fn becomes(before: &str, edits: &[Edit], after: &str) {
    assert_eq!(apply(before, edits).unwrap(), after);
}

#[test]
fn a_scalar_keeps_its_quotes_and_the_comment_behind_it() {
    let before = "a: \"9.8\"  # since\nb: 'x'\nc: 5 # five\nd: word\n";
    let edits = [put("/a", "9.10"), put("/b", "it's"), put("/c", 6), put("/d", "9.8")];
    becomes(before, &edits, "a: \"9.10\"  # since\nb: 'it''s'\nc: 6 # five\nd: \"9.8\"\n");
}

#[test]
fn an_equal_value_changes_nothing() {
    let before = "a:   {b: 'c',  d: [ 1 ]}   #  odd\ne:\n    - 0x10\n";
    becomes(before, &[put("/a", json!({"d": [1], "b": "c"})), put("/e/0", 16), put("/e", json!([16]))][..2], before);
}

#[test]
fn strings_are_quoted_when_they_need_it() {
    let after = "a:
  - plain words, and more
  - /api
  - 02c9e252-41be-11e9-81d5-00a0986138f7
  - 2049-2049
  - \"9.8\"
  - \"\"
  - \"yes\"
  - \"#no\"
  - \"*\"
  - \"&x\"
  - \"a: b\"
  - \"a #b\"
  - \"12:30\"
  - \"0x1F\"
  - \"007\"
  - \"1_000\"
  - \"2024-01-31\"
  - \"~\"
  - \" x\"
  - \"- x\"
  - \"tab\\t\"
  - \"---\"
  - \"\\u0007\"
  - ünï#x
  - true
  - null
  - 1.5
";
    let strings = [
        "plain words, and more",
        "/api",
        "02c9e252-41be-11e9-81d5-00a0986138f7",
        "2049-2049",
        "9.8",
        "",
        "yes",
        "#no",
        "*",
        "&x",
        "a: b",
        "a #b",
        "12:30",
        "0x1F",
        "007",
        "1_000",
        "2024-01-31",
        "~",
        " x",
        "- x",
        "tab\t",
        "---",
        "\u{7}",
        "ünï#x",
    ];
    let mut items: Vec<serde_json::Value> = strings.into_iter().map(Into::into).collect();
    items.extend([json!(true), json!(null), json!(1.5)]);
    becomes("a: 1\n", &[put("/a", items)], after);
}

#[test]
fn texts_of_several_lines_are_blocks() {
    let before = "a: x # c\nb: >-\n  folded\n  text\n\nc: |+ # kept\n  old\n\n# end\n";
    let edits = [put("/a", "one\n\ntwo"), put("/b", "one\ntwo\n"), put("/c", "short")];
    becomes(before, &edits, "a: |- # c\n  one\n\n  two\nb: |\n  one\n  two\n\nc: short # kept\n# end\n");
}

#[test]
fn keys_go_where_they_belong() {
    let before = "_links: 1\n# about errors\nerror: 2 # behind\n# about numbers\nnum_records: 3\n";
    let after = "_links: 1\n# about errors\nerror: 2 # behind\nlimit: 4\n# about numbers\nnum_records: 3\n";
    becomes(before, &[put("/limit", 4)], after);
    becomes("b: 1\na: 2\n", &[put("/c", 3), put("/ab", 4)], "b: 1\na: 2\nc: 3\nab: 4\n");
    becomes("# file\n\n# head\nb: 1\nc: 2\n", &[put("/a", 0)], "# file\n\n# head\na: 0\nb: 1\nc: 2\n");
    becomes("b: 1\n", &[put("/a", 0)], "b: 1\na: 0\n");
}

#[test]
fn keys_of_digits_are_written_like_their_siblings() {
    let catalogue = "codes:\n  9:\n    name: a\n  100: {name: b}\n";
    let after = "codes:\n  9:\n    name: a\n  66:\n    name: c\n    summary: A thing.\n  100: {name: b}\n";
    becomes(catalogue, &[put("/codes/66", json!({"name": "c", "summary": "A thing."}))], after);
    becomes("\"200\": a\ndefault: b\n", &[put("/201", "c")], "\"200\": a\n\"201\": c\ndefault: b\n");
    becomes("{'200': a}\n", &[put("/201", "c")], "{'200': a, '201': c}\n");
    becomes("a: b\n", &[put("/201", "c"), put("/007", "d")], "a: b\n201: c\n\"007\": d\n");
    becomes(
        "a: b\n",
        &[put("/true", 1), put("/", 2), put("/a~1b: c", 3)],
        "a: b\n\"true\": 1\n\"\": 2\n\"a/b: c\": 3\n",
    );
}

#[test]
fn mappings_on_the_way_are_made() {
    let edits =
        [put("/x/v/z", 1), put("/x/v/w", json!([])), insert("/x/list", "b"), insert("/x/list", "a"), put("/o/m", 2)];
    let after = "a: 1\no: # none\n  m: 2\nx:\n  v:\n    z: 1\n    w: []\n  list:\n    - b\n    - a\n";
    becomes("a: 1\no: # none\n", &edits, after);
    becomes("", &edits[..1], "x:\n  v:\n    z: 1\n");
    becomes("# nothing yet", &[insert("", 1), insert("", 2)], "# nothing yet\n- 1\n- 2\n");
}

#[test]
fn the_indentation_is_that_of_the_file() {
    let value = json!({"list": [{"a": 1, "b": [[2, 3], {}]}], "map": {"c": 4}});
    let wide = "m:\n    s:\n    - 1\n";
    let after = "m:\n    s:\n    - 1\n    z:\n        list:\n        - a: 1\n          b:\n          - - 2\n            - 3\n          - {}\n        map:\n            c: 4\n";
    becomes(wide, &[put("/m/z", value.clone())], after);
    let ours = "m:\n  s:\n    - 1\n";
    let after = "m:\n  s:\n    - 1\n  z:\n    list:\n      - a: 1\n        b:\n          - - 2\n            - 3\n          - {}\n    map:\n      c: 4\n";
    becomes(ours, &[put("/m/z", value)], after);
}

#[test]
fn removing_takes_the_comments_that_belong_to_a_part() {
    let before = "a: 1
# above b
b: # behind b
  # in b
  c: 2

  # deeper, after b
# above d
d: 3 # behind d
";
    becomes(before, &[remove("/b")], "a: 1\n# above b\n# above d\nd: 3 # behind d\n");
    becomes(before, &[remove("/d")], &before.replace("d: 3 # behind d\n", ""));
    let after = before.replace("b: # behind b\n  # in b\n  c: 2\n", "b: {} # behind b\n  # in b\n");
    becomes(before, &[remove("/b/c")], &after);
}

#[test]
fn the_first_member_of_an_item_hands_on_the_dash() {
    let before = "- name: x # named\n  in: query\n- name: y\n  # how\n  in: path\n- name: z\n";
    let edits = [remove("/0/name"), remove("/1/name"), remove("/2/name")];
    becomes(before, &edits, "- in: query\n-\n  # how\n  in: path\n- {}\n");
    let edits = [put("/0/a", 1), remove("/0/name"), put("/1/alias", 2), put("/2/name", json!({"first": "q"}))];
    // Out of order, so that new members come last.
    let after = "- in: query\n  a: 1\n- name: y\n  # how\n  in: path\n  alias: 2\n- name:\n    first: q\n";
    becomes(before, &edits, after);
    becomes("- b: 1 # b\n  c: 2\n", &[put("/0/a", 0)], "- a: 0\n  b: 1 # b\n  c: 2\n");
    becomes("- b: 1 # b\n  c: 2\n", &[put("/0/a", 0), remove("/0/b")], "- a: 0\n  c: 2\n");
    becomes("- - 1\n  - 2\n- - 3\n", &[remove("/0/0"), remove("/1/0"), insert("/0", 0)], "- - 0\n  - 2\n- []\n");
}

#[test]
fn items_go_where_they_belong() {
    let codes = "codes:\n  - 97 # first\n  # later ones\n  - 99\n  - 104\n";
    let edits = [insert("/codes", 100), insert("/codes", 96), insert("/codes", 98), insert("/codes", 200)];
    let after = "codes:\n  - 96\n  - 97 # first\n  - 98\n  # later ones\n  - 99\n  - 100\n  - 104\n  - 200\n";
    becomes(codes, &edits, after);
    becomes("[none, psk]\n", &[insert("", "always")], "[always, none, psk]\n");
    becomes("[psk, none]\n", &[insert("", "always")], "[psk, none, always]\n");
    becomes("- 2\n- 3\n", &[insert("", "x")], "- 2\n- 3\n- x\n");
}

#[test]
fn one_batch_speaks_of_the_document_as_it_was() {
    let before = "s:\n  - 0 # a\n  - 1\n  - 2 # c\n  - 3\n  - {x: 4}\n  - 5\n";
    let edits = [remove("/s/3"), remove("/s/5"), put("/s/4/x", 44), put("/s/2", 22), insert("/s", 6), remove("/s/3")];
    becomes(before, &edits, "s:\n  - 0 # a\n  - 1\n  - 22 # c\n  - {x: 44}\n  - 6\n");
}

#[test]
fn flow_collections_stay_on_their_line() {
    let before = "e: [a, b , c] # list\nf: {g: 1, h: [x]} # map\ni: []\nj: {} # none\nk: [ y ]\n";
    let edits = [
        remove("/e/0"),
        remove("/e/2"),
        insert("/e", "d"),
        put("/f/g", json!({"z": [1]})),
        insert("/f/h", "a, b"),
        insert("/i", 1),
        put("/j/k", "v"),
        remove("/k/0"),
    ];
    let after = "e: [b, d] # list\nf: {g: {z: [1]}, h: [x, \"a, b\"]} # map\ni: [1]\nj: {k: v} # none\nk: []\n";
    becomes(before, &edits, after);
    becomes("[a, b]\n", &[remove("/0"), remove("/1")], "[]\n");
    becomes("{a: , b, \"c\":1}\n", &[put("/a", 1), put("/b", 2), put("/c", "x")], "{a: 1 , b: 2, \"c\":x}\n");
}

#[test]
fn flow_collections_of_several_lines_keep_their_comments() {
    let before = "[\n  a, # first\n  b, # second\n  c # third\n]\n";
    becomes(before, &[remove("/1")], "[\n  a, # first\n  c # third\n]\n");
    becomes(before, &[remove("/1"), remove("/2"), insert("", "d")], "[\n  a, d # first\n]\n");
}

#[test]
fn blocks_and_scalars_replace_each_other() {
    let before = "a: 1 # one\nb: # two\n  - x\n  - y # why\nc:\n  d: e\nf:\n  plain\n  text # f\n";
    let edits = [put("/a", json!({"m": 1})), put("/b", "s"), put("/c", json!([1])), put("/f", json!(["g"]))];
    becomes(before, &edits, "a: # one\n  m: 1\nb: s # two\nc:\n  - 1\nf:\n  - g\n  # f\n");
    becomes(
        "- a: 1\n  b: 2\n- x # c\n",
        &[put("/0", "s"), put("/1", json!({"k": 1, "l": 2}))],
        "- s\n- k: 1 # c\n  l: 2\n",
    );
}

#[test]
fn values_that_stand_apart_from_their_key_or_dash_are_replaced_whole() {
    let before = "-   name\n-\n    name # own\n-   - a\n    - b\n-\n  - c\n";
    let value = json!({"k": ["x"], "l": 1});
    let edits = [put("/0", value.clone()), put("/1", value.clone()), put("/2", value.clone()), put("/3", value)];
    let item = "- k:\n    - x\n  l: 1\n";
    becomes(before, &edits, &format!("{item}{item}    # own\n{item}{item}"));
    let before = "a:\n  |- # head\n  text\nb:\n  'x'\nc:   old # c\n";
    let edits = [put("/a", json!([1])), put("/b", "two\nlines"), put("/c", "two\nlines")];
    let after = "a:\n  - 1\n  # head\nb: |-\n  two\n  lines\nc: |- # c\n  two\n  lines\n";
    becomes(before, &edits, after);
}

#[test]
fn a_text_does_not_swallow_a_comment_after_it() {
    becomes("a:\n    x # own\n", &[put("/a", "one\ntwo")], "a:\n    \"one\\ntwo\" # own\n");
    becomes("a:\n\n      # deep\nb: 1\n", &[put("/a", "one\ntwo")], "a: \"one\\ntwo\"\n\n      # deep\nb: 1\n");
}

#[test]
fn of_a_collection_the_equal_parts_stay() {
    let before = "p:\n  - {name: a} # one\n  - name: b # two\n    in: query\n  - name: c # three\n";
    let value = json!([{"name": "a"}, {"name": "b", "in": "path"}, {"name": "new"}, {"name": "c"}]);
    let after = "p:\n  - {name: a} # one\n  - name: b # two\n    in: path\n  - name: new\n  - name: c # three\n";
    becomes(before, &[put("/p", value)], after);
}

#[test]
fn line_ends_marks_and_missing_ends_stay() {
    becomes(
        "\u{feff}a: 1\r\nb:\r\n  - x\r\n",
        &[insert("/b", "z"), put("/a", json!({"c": 2}))],
        "\u{feff}a:\r\n  c: 2\r\nb:\r\n  - x\r\n  - z\r\n",
    );
    becomes("a: 1\nb: 2", &[put("/c", json!([3]))], "a: 1\nb: 2\nc:\n  - 3");
    becomes("a:\n  - 1", &[insert("/a", 2), put("/c", 3)], "a:\n  - 1\n  - 2\nc: 3");
    becomes("---\na: ü # é\n...\n# end\n", &[put("/a", "ö"), put("/b", 1)], "---\na: ö # é\nb: 1\n...\n# end\n");
}

#[test]
fn anchors_and_tags_beside_an_edit_stay() {
    let before = "a: &x !!str 1\nb: *x\nc: !!map\n  d: e\n";
    becomes(before, &[put("/b", 2), put("/c/d", 3)], "a: &x !!str 1\nb: 2\nc: !!map\n  d: 3\n");
}
