//! The frame of all pages, and parts that several pages have.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::{Event, Options, Parser, TagEnd};

use super::content::Site;
use super::page::Page;

/// A document. Without an icon, browsers would look for one.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Crect width='16' height='16' rx='3' fill='%230a5fb4'/%3E\
    %3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='white' stroke-width='1.5'/%3E%3C/svg%3E";

/// Shows a page with its `content`; that of the reference is for Scalar to fill.
pub(super) fn page(site: &Site<'_>, page: Page, content: &Markup) -> Markup {
    let (is_reference, title) = (page == Page::Reference, site.title());
    let (style, scripts, focus) = match page {
        Page::Reference => ("reference.css", &["scalar.js", "reference.js"][..], "reference"),
        Page::Start => ("page.css", &[][..], "content"),
        Page::ErrorCodes | Page::Fields => ("page.css", &["filter.js"][..], "content"),
    };
    // Nothing from outside. Browsers differ in whether files are of their own origin, so that both words are needed.
    // Scalar writes styles into its page.
    let policy = format!(
        "default-src 'none'; script-src 'self' file:; style-src 'self' file:{}; img-src data:; base-uri 'none'; \
         form-action 'none'",
        if is_reference { " 'unsafe-inline'" } else { "" }
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="referrer" content="no-referrer";
                title { @if page != Page::Start { (page.name()) " – " } (title) }
                link rel="icon" href=(ICON);
                // Before the styles, so that nothing is painted in the wrong colours.
                script src="theme.js" {}
                link rel="stylesheet" href="frame.css";
                link rel="stylesheet" href=(style);
            }
            body class=[is_reference.then_some("reference")] {
                a.skip href={ "#" (focus) } { "Skip to the content" }
                // Scalar has a header of its own, and a page is to have one.
                nav.bar aria-label="Pages" {
                    a.home href=(Page::Start.file()) aria-current=[(page == Page::Start).then_some("page")] { "ontap-ipsec" }
                    div.pages {
                        @for one in &Page::ALL[1..] {
                            a href=(one.file()) aria-current=[(*one == page).then_some("page")] { (one.name()) }
                        }
                    }
                    button #theme type="button" hidden {}
                }
                @if is_reference { (content) } @else {
                    main #content tabindex="-1" { (content) }
                    footer.foot {
                        p { (title) ", ONTAP " (site.spec.release()) @if let Some(version) = site.version() { ", version " (version) " of the document" } ". Made by " code { "cargo spec docs" } "." }
                        p { "NetApp and ONTAP are trademarks of NetApp, Inc., with which this project has no connection." }
                    }
                }
                @for script in scripts { script src=(script) {} }
            }
        }
    }
}

/// Shows a table that scrolls within its box where the window is narrow, by keyboard too. With the class `cards` it is a
/// list of cards there.
pub(super) fn table(class: &str, label: &str, columns: &[&str], rows: Markup) -> Markup {
    html! {
        div class={ "scroll " (class) } role="region" aria-label=(label) tabindex="0" {
            table {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
        }
    }
}

/// Shows a form that filters the rows of the table below it. `label` names the words to type, and `nothing` is said when no
/// row has them.
pub(super) fn search(kinds: &str, rows: usize, label: &str, example: &str, choices: Markup, nothing: &str) -> Markup {
    html! {
        form #seek.seek role="search" data-kinds=(kinds) hidden {
            div.words {
                label for="words" { (label) }
                input #words type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder=(example) aria-describedby="keys";
            }
            (choices)
        }
        p #keys.hint hidden { kbd { "/" } " leads to the words, " kbd { "Enter" } " to the first match, " kbd { "Esc" } " clears" }
        p #count.count role="status" aria-live="polite" hidden { (rows) " " (kinds) }
        p #nothing hidden { "Nothing here matches " q {} "." (nothing) }
    }
}

/// Gives the words that a row is found by, as the script of the site compares them.
pub(super) fn words(parts: &[&str]) -> String {
    parts.join(" ").replace('`', "").to_lowercase()
}

/// Shows Markdown with its paragraphs. HTML stays text, and links, pictures and headings become their words, so that
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
    pulldown_cmark::html::push_html(&mut out, events);
    PreEscaped(out.trim_end().to_owned())
}
