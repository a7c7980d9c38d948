//! The markup of the AsciiDoc pages in a few signs, for the same reasons as that of the other form.

/// The signs of one piece of markup each.
const SIGNS: [(&str, &str); 15] = [
    ("{operation ", "[.api-doc-operation .api-doc-operation-"),
    ("{path}", "# [.api-doc-code-block]#`"),
    ("{end}", "`#"),
    ("{3}", "[cols=3*,options=header]"),
    ("{5}", "[cols=5*,options=header]"),
    ("{n}", "|Name"),
    ("{t}", "|Type"),
    ("{i}", "|In"),
    ("{r}", "|Required"),
    ("{d}", "|Description"),
    ("{codes}", "| Error Code | Description"),
    ("{closed}", "[%collapsible%closed]"),
    ("{json}", "[source,json,subs=+macros]"),
    ("{first}", "[.api-def-first-level]"),
    ("{title}", "[.api-collapsible-fifth-title]"),
];

/// The text that `shorthand` stands for.
pub(crate) fn written_out(shorthand: &str) -> String {
    let text = ["get", "post", "delete"].iter().fold(shorthand.to_owned(), |text, method| {
        text.replace(&format!("{{operation {method}}}"), &format!("{{operation {method}]#"))
    });
    let text = SIGNS.iter().fold(text, |text, (sign, markup)| text.replace(sign, markup));
    text.replace("{section codes}", "ONTAP Error Response Codes")
}
