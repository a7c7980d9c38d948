//! The Markdown of the document's sentences, as HTML.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, Options, Parser, TagEnd, html};

/// Shows the text with its paragraphs. HTML stays text, and links, pictures and headings become their words, so that
/// nothing leads outside.
pub(super) fn paragraphs(text: &str) -> Markup {
    let is_dropped = |tag: TagEnd| matches!(tag, TagEnd::Link | TagEnd::Image | TagEnd::HtmlBlock | TagEnd::Heading(_));
    let events = Parser::new_ext(text, Options::empty()).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(tag) if is_dropped(tag.to_end()) => None,
        Event::End(tag) if is_dropped(tag) => None,
        event => Some(event),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    PreEscaped(out.trim_end().to_owned())
}
