//! Values of filters, with ONTAP's operators.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use uuid::Uuid;

use super::protocol::Protocol;
use crate::error::{Error, ErrorKind};

/// The value of a filter of [`Policies::list`](crate::Policies::list), with ONTAP's operators.
///
/// A string, a number or another plain value is a [`literal`](Self::literal): operators in it have no effect. Patterns
/// and other operators are made by the constructors below.
///
/// ```
/// # fn example(client: ontap_ipsec::Client) {
/// use ontap_ipsec::Filter;
///
/// // The policies that are called just `a*`, in either SVM.
/// let policies = client.policies().list().name("a*").svm_name(Filter::any_of(["svm1", "svm2"])).stream();
/// # }
/// ```
///
/// Some values cannot be written, since ONTAP's notation has no place for them; each constructor says which. The request
/// that uses such a filter fails with [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), and nothing is
/// sent; `String::try_from(filter)` tells why.
///
/// The operators are those of the chapter "Getting started" of the vendor's REST API reference, and of its automation
/// guide for `null`. Whether upper and lower case differ, neither says. A policy in which the field is unset matches no
/// filter but [`unset`](Self::unset).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter(Form);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    /// One operand that `!` can stand before and `|` beside: a value, a pattern or a range, already quoted, or `null`.
    Operand(String),
    /// An operand after `!`.
    Negated(String),
    /// An operand after a comparison.
    Compared(Comparison, String),
    /// Several of the above, none of them negated.
    AnyOf(Vec<String>),
    /// The caller's own text.
    Raw(String),
    /// A value that ONTAP has no notation for.
    Unwritable(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    fn operator(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }
}

impl Filter {
    /// Just this value, whatever characters it holds: quotes or braces are put around it where it needs them.
    ///
    /// A value that holds both a double quote and a brace without its partner cannot be written.
    #[must_use]
    pub fn literal(value: impl fmt::Display) -> Self {
        Self::quoted(value).map_or_else(Self::unwritable, |value| Self(Form::Operand(value)))
    }

    /// Any value of this form, where `*` stands for any number of any characters: `nfs*`, `*-to-hosts`, `nfs*hosts`.
    ///
    /// A pattern that holds another of ONTAP's operators cannot be written: `|`, `,`, `!`, `<`, `>`, `..`, quotes and
    /// braces. Without a `*`, it is a literal.
    ///
    /// ```
    /// use ontap_ipsec::Filter;
    ///
    /// assert_eq!(Filter::pattern("nfs*").to_string(), "nfs*");
    /// assert!(String::try_from(Filter::pattern("nfs*|*")).is_err());
    /// ```
    #[must_use]
    pub fn pattern(pattern: impl fmt::Display) -> Self {
        let pattern = pattern.to_string();
        if !pattern.contains('*') {
            Self::literal(pattern)
        } else if is_plain(&pattern.replace('*', "x")) && !pattern.contains("..") {
            Self(Form::Operand(pattern))
        } else {
            Self::unwritable("a pattern can have no operator except `*`, since quotes would make the `*` literal")
        }
    }

    /// Matches values that any of these filters matches. Strings are literals.
    ///
    /// Negated filters and [`raw`](Self::raw) ones are refused here, since ONTAP does not document their meaning. An
    /// empty list is refused, too.
    ///
    /// ```
    /// use ontap_ipsec::Filter;
    ///
    /// assert_eq!(Filter::any_of(["a", "b|c"]).to_string(), "a|\"b|c\"");
    /// let ends = [Filter::less_than(10), Filter::range(20, 30), Filter::unset()];
    /// assert_eq!(Filter::any_of(ends).to_string(), "<10|20..30|null");
    /// ```
    #[must_use]
    pub fn any_of<T: Into<Self>>(filters: impl IntoIterator<Item = T>) -> Self {
        let mut operands = Vec::new();
        for Self(form) in filters.into_iter().map(Into::into) {
            match form {
                Form::Operand(operand) => operands.push(operand),
                Form::Compared(comparison, operand) => operands.push(format!("{}{operand}", comparison.operator())),
                Form::AnyOf(more) => operands.extend(more),
                Form::Negated(_) => return Self::unwritable("a negated filter cannot be one of several"),
                Form::Raw(_) => return Self::unwritable("a raw filter cannot be one of several"),
                Form::Unwritable(why) => return Self::unwritable(why),
            }
        }
        if operands.is_empty() {
            return Self::unwritable("`any_of` needs one value at least");
        }
        Self(Form::AnyOf(operands))
    }

    /// Matches values that the filter does not match, unless the field is unset. A string is a literal.
    ///
    /// [`any_of`](Self::any_of) several and [`raw`](Self::raw) cannot be negated: ONTAP has no brackets for it.
    ///
    /// ```
    /// use ontap_ipsec::Filter;
    ///
    /// assert_eq!(Filter::not("svm1").to_string(), "!svm1");
    /// assert_eq!(Filter::not(Filter::pattern("nfs*")).to_string(), "!nfs*");
    /// assert_eq!(Filter::not(Filter::less_than(5)).to_string(), ">=5");
    /// ```
    #[must_use]
    pub fn not(filter: impl Into<Self>) -> Self {
        match filter.into().0 {
            Form::Operand(operand) => Self(Form::Negated(operand)),
            Form::Negated(operand) => Self(Form::Operand(operand)),
            Form::Compared(comparison, operand) => Self(Form::Compared(comparison.opposite(), operand)),
            Form::AnyOf(mut operands) => match operands.pop() {
                Some(only) if operands.is_empty() && !only.starts_with(['<', '>']) => Self(Form::Negated(only)),
                _ => Self::unwritable("`any_of` several values cannot be negated"),
            },
            Form::Raw(_) => Self::unwritable("a raw filter cannot be negated"),
            Form::Unwritable(why) => Self::unwritable(why),
        }
    }

    /// Values below this one, in the order of the field's type: numbers by size, others by alphabet.
    ///
    /// The values that [`literal`](Self::literal) cannot write cannot be written here.
    #[must_use]
    pub fn less_than(value: impl fmt::Display) -> Self {
        Self::compared(Comparison::Less, value)
    }

    /// Values up to and with this one; see [`less_than`](Self::less_than).
    #[must_use]
    pub fn at_most(value: impl fmt::Display) -> Self {
        Self::compared(Comparison::AtMost, value)
    }

    /// Values above this one; see [`less_than`](Self::less_than).
    #[must_use]
    pub fn more_than(value: impl fmt::Display) -> Self {
        Self::compared(Comparison::More, value)
    }

    /// Values from this one on; see [`less_than`](Self::less_than).
    #[must_use]
    pub fn at_least(value: impl fmt::Display) -> Self {
        Self::compared(Comparison::AtLeast, value)
    }

    /// Values from `first` to `last`, both among them; see [`less_than`](Self::less_than).
    #[must_use]
    pub fn range(first: impl fmt::Display, last: impl fmt::Display) -> Self {
        match (Self::quoted(first), Self::quoted(last)) {
            (Ok(first), Ok(last)) => Self(Form::Operand(format!("{first}..{last}"))),
            (Err(why), _) | (_, Err(why)) => Self::unwritable(why),
        }
    }

    /// No value.
    #[must_use]
    pub fn unset() -> Self {
        Self(Form::Operand(NULL.to_owned()))
    }

    /// Any value.
    #[must_use]
    pub fn set() -> Self {
        Self(Form::Negated(NULL.to_owned()))
    }

    /// This text as it is, operators and all: for what the other constructors do not cover.
    #[must_use]
    pub fn raw(text: impl Into<String>) -> Self {
        Self(Form::Raw(text.into()))
    }

    /// Returns the filter as it stands in the query, or why it cannot be written.
    pub(crate) fn into_text(self) -> Result<String, &'static str> {
        match self.0 {
            Form::Unwritable(why) => Err(why),
            _ => Ok(self.to_string()),
        }
    }

    fn compared(comparison: Comparison, value: impl fmt::Display) -> Self {
        Self::quoted(value).map_or_else(Self::unwritable, |value| Self(Form::Compared(comparison, value)))
    }

    fn unwritable(why: &'static str) -> Self {
        Self(Form::Unwritable(why))
    }

    /// The value such that no character of it is an operator.
    fn quoted(value: impl fmt::Display) -> Result<String, &'static str> {
        let value = value.to_string();
        if is_plain(&value) {
            Ok(value)
        } else if !value.contains('"') {
            Ok(format!("\"{value}\""))
        } else if has_pairs_of_braces(&value) {
            Ok(format!("{{{value}}}"))
        } else {
            Err("a value with both a double quote and a brace without its partner cannot be quoted")
        }
    }
}

/// ONTAP's word for a field without a value.
const NULL: &str = "null";

/// Tells whether ONTAP takes the whole value literally, also behind `<` and beside `..`. There, an equals sign or a dot
/// would become part of another operator.
fn is_plain(value: &str) -> bool {
    const OPERATORS: [char; 9] = ['*', '|', ',', '!', '<', '>', '"', '{', '}'];
    let joins = value.starts_with(['=', '.']) || value.ends_with('.');
    !value.contains(OPERATORS) && !value.contains("..") && !joins && value != NULL && !value.is_empty()
}

/// Whether every brace has its partner, so that braces around the value are a pair, too.
fn has_pairs_of_braces(value: &str) -> bool {
    let open = value.chars().try_fold(0_usize, |open, character| match character {
        '{' => Some(open + 1),
        '}' => open.checked_sub(1),
        _ => Some(open),
    });
    open == Some(0)
}

/// Writes the filter as in the query, before percent-encoding. A filter that cannot be written is empty, and ONTAP
/// refuses empty filters.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Operand(text) | Form::Raw(text) => f.write_str(text),
            Form::Negated(operand) => write!(f, "!{operand}"),
            Form::Compared(comparison, operand) => write!(f, "{}{operand}", comparison.operator()),
            Form::AnyOf(operands) => f.write_str(&operands.join("|")),
            Form::Unwritable(_) => Ok(()),
        }
    }
}

macro_rules! literal {
    ($($value:ty),*) => {$(
        /// A literal.
        impl From<$value> for Filter {
            fn from(value: $value) -> Self {
                Self::literal(value)
            }
        }
    )*};
}

literal!(&str, &String, String, bool, i32, u16, u32, u64, IpAddr, Ipv4Addr, Ipv6Addr, Uuid, Protocol);

/// Fails for a filter that cannot be written.
impl TryFrom<Filter> for String {
    type Error = Error;

    fn try_from(filter: Filter) -> Result<Self, Error> {
        filter.into_text().map_err(|why| Error::new(ErrorKind::InvalidRequest, why))
    }
}
