//! Values of the API that plain bindings get wrong: enums that newer releases extend, and lists joined by commas.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads a value that is made of a string, without a copy of the string.
pub(crate) fn read<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

/// The traits of a value that is a string on the wire: `as_str` out, `From<&str>` in, and no string refused.
macro_rules! open_enum {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(value: &str) -> Result<Self, Infallible> {
                Ok(Self::from(value))
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::values::read(deserializer)
            }
        }

        /// A string, of which the known values are examples: others are kept too.
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "examples": Self::KNOWN })
            }
        }

        /// A literal.
        impl From<$name> for crate::Filter {
            fn from(value: $name) -> Self {
                Self::literal(value)
            }
        }
    };
}
pub(crate) use open_enum;

include!(concat!(env!("OUT_DIR"), "/open_enums.rs"));

/// A list that goes out as `a,b,c`, where a plain array would be sent as one parameter for each item.
macro_rules! comma_list {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name(Vec<String>);

        impl $name {
            /// The items, in order.
            #[must_use]
            pub fn items(&self) -> &[String] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.join(","))
            }
        }

        impl<S: Into<String>> FromIterator<S> for $name {
            fn from_iter<I: IntoIterator<Item = S>>(items: I) -> Self {
                Self(items.into_iter().map(Into::into).collect())
            }
        }

        impl<S: Into<String>, const N: usize> From<[S; N]> for $name {
            fn from(items: [S; N]) -> Self {
                items.into_iter().collect()
            }
        }

        impl<S: Into<String>> From<Vec<S>> for $name {
            fn from(items: Vec<S>) -> Self {
                items.into_iter().collect()
            }
        }

        /// Takes a single item, or several that are joined by commas already.
        impl From<&str> for $name {
            fn from(items: &str) -> Self {
                items.split(',').filter(|item| !item.is_empty()).collect()
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(items: &str) -> Result<Self, Infallible> {
                Ok(Self::from(items))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|items| Self::from(items.as_str()))
            }
        }
    };
}

comma_list! {
    /// The fields to return, as [`Field`](crate::Field)s or dotted names: an object's name stands for all its members,
    /// `*` for all fields.
    ///
    /// ```
    /// use ontap_ipsec::Field;
    /// use ontap_ipsec::values::FieldList;
    ///
    /// assert_eq!(FieldList::from([Field::Name, Field::SvmName]).to_string(), "name,svm.name");
    /// assert_eq!(FieldList::from(["name", "svm.name"]).to_string(), "name,svm.name");
    /// ```
    FieldList
}

comma_list! {
    /// The fields to sort by, the most significant first: as [`Field`](crate::Field)s, as what
    /// [`Field::descending`](crate::Field::descending) gives, or as dotted names, each of which may be followed by ` asc`
    /// or ` desc`.
    ///
    /// ```
    /// use ontap_ipsec::Field;
    /// use ontap_ipsec::values::OrderBy;
    ///
    /// let order = OrderBy::from([Field::SvmName.ascending(), Field::Name.descending()]);
    /// assert_eq!(order.to_string(), "svm.name,name desc");
    /// assert_eq!(OrderBy::from(["svm.name", "name desc"]).to_string(), "svm.name,name desc");
    /// ```
    OrderBy
}
