//! Values of filters, as ONTAP reads them, and of protocols.

use ontap_ipsec::{Filter, Protocol};

#[test]
fn operators_are_quoted_and_nothing_else() {
    for (value, filter) in [
        ("nfs-to-hosts", "nfs-to-hosts"),
        ("a b.c", "a b.c"),
        ("a*", "\"a*\""),
        ("a|b", "\"a|b\""),
        ("!a", "\"!a\""),
        ("a,b", "\"a,b\""),
        ("a<b", "\"a<b\""),
        (">b", "\">b\""),
        ("1..5", "\"1..5\""),
        ("1.5", "1.5"),
        ("null", "\"null\""),
        ("nullable", "nullable"),
        ("", "\"\""),
        ("say \"hi\"", "{say \"hi\"}"),
        ("\"{a}\"", "{\"{a}\"}"),
        ("{a}", "\"{a}\""),
        ("}{", "\"}{\""),
    ] {
        assert_eq!(Filter::literal(value).to_string(), filter, "{value}");
    }
}

#[test]
fn what_cannot_be_quoted_is_an_error_and_shows_as_nothing() {
    for value in ["\"{", "\"}{", "{{\"}", "}\""] {
        for filter in [
            Filter::literal(value),
            Filter::from(value),
            Filter::less_than(value),
            Filter::range(value, "a"),
            Filter::range("a", value),
            Filter::not(value),
            Filter::any_of(["a", value]),
        ] {
            assert_eq!(filter.to_string(), "", "{value}");
            let error = String::try_from(filter).unwrap_err();
            assert!(error.to_string().contains("cannot be quoted"), "{error}");
        }
    }
}

#[test]
fn a_pattern_has_no_operator_besides_the_star() {
    for pattern in ["*", "nfs*", "*hosts", "a*b*c", "a b*", "1.*"] {
        assert_eq!(Filter::pattern(pattern).to_string(), pattern);
    }
    for (pattern, literal) in [("plain", "plain"), ("a|b", "\"a|b\""), ("null", "\"null\"")] {
        assert_eq!(Filter::pattern(pattern).to_string(), literal);
    }
    for pattern in ["a*|b", "!a*", "*,*", "<*", "*>", "a..*", ".*.*..", "\"a*\"", "{a*}"] {
        let error = String::try_from(Filter::pattern(pattern)).unwrap_err();
        assert!(error.to_string().contains("no operator"), "{pattern}: {error}");
    }
}

#[test]
fn combinations_that_ontap_has_no_notation_for_are_errors() {
    let two = || Filter::any_of(["a", "b"]);
    let nothing: [&str; 0] = [];
    for (filter, words) in [
        (Filter::not(two()), "cannot be negated"),
        (Filter::not(Filter::any_of([Filter::less_than(5)])), "cannot be negated"),
        (Filter::not(Filter::raw("a")), "raw"),
        (Filter::any_of([Filter::not("a")]), "negated"),
        (Filter::any_of([Filter::set()]), "negated"),
        (Filter::any_of([Filter::raw("a|b")]), "raw"),
        (Filter::any_of(nothing), "one value at least"),
    ] {
        let error = String::try_from(filter).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn operators_are_written_as_ontap_reads_them() {
    for (filter, text) in [
        (Filter::not("a*"), "!\"a*\""),
        (Filter::not(Filter::not("a")), "a"),
        (Filter::not(Filter::range("jim", "joe")), "!jim..joe"),
        (Filter::not(Filter::any_of(["a"])), "!a"),
        (Filter::not(Filter::at_most(5)), ">5"),
        (Filter::not(Filter::more_than(5)), "<=5"),
        (Filter::not(Filter::at_least(5)), "<5"),
        (Filter::less_than("a|b"), "<\"a|b\""),
        (Filter::range("a..b", "c"), "\"a..b\"..c"),
        (Filter::unset(), "null"),
        (Filter::set(), "!null"),
        (Filter::not(Filter::unset()), "!null"),
        (Filter::not(Filter::set()), "null"),
        (Filter::any_of([Filter::any_of(["a", "b"]), Filter::at_least(5)]), "a|b|>=5"),
        (Filter::raw("!a|b"), "!a|b"),
    ] {
        assert_eq!(filter.to_string(), text);
        assert_eq!(String::try_from(filter).unwrap(), text);
    }
}

#[test]
fn numbers_and_words_are_the_same_protocols() {
    for (text, shown) in
        [("0", "any"), ("any", "any"), ("6", "tcp"), ("TCP", "tcp"), ("17", "udp"), ("1", "1"), ("255", "255")]
    {
        let protocol: Protocol = text.parse().unwrap();
        assert_eq!(protocol.to_string(), shown, "{text}");
        assert_eq!(protocol, Protocol::Number(protocol.number()));
    }
    assert_ne!(Protocol::Tcp, Protocol::Udp);
    for text in ["", "256", "-1", "sctp", "6 ", "tcp,udp"] {
        assert!(text.parse::<Protocol>().is_err(), "{text}");
    }
}
