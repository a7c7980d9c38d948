//! What all pages have around them: the head with its policy, the bar, the line at the end.

use maud::{DOCTYPE, Markup, html};

/// A document. Without an icon, browsers would look for one.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Crect width='16' height='16' rx='3' fill='%230a5fb4'/%3E\
    %3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='white' stroke-width='1.5'/%3E%3C/svg%3E";

/// Nothing from outside. Browsers differ in whether files are of their own origin, so that both words are needed.
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; \
    base-uri 'none'; form-action 'none'";

/// The same, with the styles that Scalar writes into the page.
const POLICY_FOR_SCALAR: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; \
    img-src data:; base-uri 'none'; form-action 'none'";

/// One of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Start,
    Reference,
    ErrorCodes,
    Fields,
}

impl Page {
    pub(super) const ALL: [Self; 4] = [Self::Start, Self::Reference, Self::ErrorCodes, Self::Fields];

    /// The name of its file.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Start => "index.html",
            Self::Reference => "reference.html",
            Self::ErrorCodes => "error-codes.html",
            Self::Fields => "fields.html",
        }
    }

    /// What links to it say.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Reference => "Reference",
            Self::ErrorCodes => "Error codes",
            Self::Fields => "Fields",
        }
    }
}

/// What every page says of the document.
#[derive(Clone, Debug)]
pub(super) struct Edition {
    /// Its title.
    pub(super) title: String,
    /// The release of ONTAP.
    pub(super) release: String,
    /// The version of the document itself, if it has one.
    pub(super) version: Option<String>,
}

/// A page of words and tables; its `script` is one of the files of the site.
pub(super) fn page(edition: &Edition, page: Page, script: Option<&str>, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(edition, page, POLICY, "page.css"))
            body {
                (bar(page, "content"))
                main #content tabindex="-1" { (content) }
                footer.foot {
                    p { (edition.title) ", ONTAP " (edition.release) @if let Some(version) = &edition.version { ", version " (version) " of the document" } ". Made by " code { "cargo xtask docs" } "." }
                    p { "NetApp and ONTAP are trademarks of NetApp, Inc., with which this project has no connection." }
                }
                @if let Some(script) = script { script src=(script) {} }
            }
        }
    }
}

/// The page that Scalar fills; `document` is for it to read.
pub(super) fn filled_by_scalar(edition: &Edition, document: Markup, without_script: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(edition, Page::Reference, POLICY_FOR_SCALAR, "reference.css"))
            body.reference {
                (bar(Page::Reference, "reference"))
                (without_script)
                div #reference tabindex="-1" {}
                (document)
                script src="scalar.js" {}
                script src="reference.js" {}
            }
        }
    }
}

fn head(edition: &Edition, page: Page, policy: &str, style: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="referrer" content="no-referrer";
            title { @if page != Page::Start { (page.name()) " – " } (edition.title) }
            link rel="icon" href=(ICON);
            // Before the styles, so that nothing is painted in the wrong colours.
            script src="theme.js" {}
            link rel="stylesheet" href="frame.css";
            link rel="stylesheet" href=(style);
        }
    }
}

fn bar(here: Page, content: &str) -> Markup {
    html! {
        a.skip href={ "#" (content) } { "Skip to the content" }
        // Scalar has a header of its own, and a page is to have one.
        nav.bar aria-label="Pages" {
            a.home href=(Page::Start.file()) aria-current=[(here == Page::Start).then_some("page")] { "ontap-ipsec" }
            div.pages {
                @for page in &Page::ALL[1..] {
                    a href=(page.file()) aria-current=[(*page == here).then_some("page")] { (page.name()) }
                }
            }
            button #theme type="button" hidden {}
        }
    }
}

/// A table that scrolls within its box where the window is narrow, by keyboard too; with the class `cards` it is a list
/// of cards there.
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

/// A name with dots in it, which can go on in the next line after each.
pub(super) fn dotted(name: &str) -> Markup {
    html! { code { @for part in name.split_inclusive(['.', '_']) { (part) wbr; } } }
}

/// A number and what there is so many of.
pub(super) fn fact(name: &str, value: impl maud::Render) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}
