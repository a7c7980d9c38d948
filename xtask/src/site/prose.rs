//! The Markdown of the document's sentences, as HTML.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// The text with its paragraphs. HTML in it stays text, and of links and pictures their words are kept: nothing in a
/// sentence can lead outside.
pub(super) fn paragraphs(text: &str) -> Markup {
    let is_dropped = |tag: TagEnd| matches!(tag, TagEnd::Link | TagEnd::Image | TagEnd::HtmlBlock);
    let events = Parser::new_ext(text, Options::empty()).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(tag) if is_dropped(tag.to_end()) => None,
        Event::End(tag) if is_dropped(tag) => None,
        // The page has headings of its own.
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
        event => Some(event),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    PreEscaped(out.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    fn html(text: &str) -> String {
        paragraphs(text).into_string()
    }

    #[test]
    fn code_and_paragraphs() {
        assert_eq!(html("`a < b` or **c**"), "<p><code>a &lt; b</code> or <strong>c</strong></p>");
        assert_eq!(html("one\n\ntwo"), "<p>one</p>\n<p>two</p>");
    }

    #[test]
    fn nothing_becomes_markup_or_leads_outside() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "![picture](https://outside.example/x.png)",
            "[link](javascript:alert(1))",
            "<https://outside.example/>",
            "# heading",
        ] {
            for part in ["<script", "<img", "<a", "href", "<h1"] {
                assert!(!html(text).contains(part), "{text} became {}", html(text));
            }
        }
        assert_eq!(html("a <b>&amp; c"), "<p>a &lt;b&gt;&amp; c</p>");
    }
}
