//! Shared code of the blocking client's handles.

/// Makes a handle around that of the async client, with the methods whose arguments the futures do not borrow.
macro_rules! handle {
    ($(#[$docs:meta])* $handle:ident { $($method:ident($($argument:ident: $of:ty),*) -> $gives:ty;)* }) => {
        $(#[$docs])*
        #[derive(Clone)]
        pub struct $handle {
            pub(super) handle: crate::client::$handle,
            pub(super) driver: std::sync::Arc<super::driver::Driver>,
        }

        impl $handle {$(
            #[doc = concat!(
                "See [`", stringify!($handle), "::", stringify!($method), "`](crate::", stringify!($handle), "::",
                stringify!($method), ")."
            )]
            ///
            /// # Errors
            /// Returns the errors of the async method.
            pub fn $method(&self, $($argument: $of),*) -> crate::error::Result<$gives> {
                self.driver.wait(self.handle.$method($($argument),*))
            }
        )*}

        impl std::fmt::Debug for $handle {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.handle.fmt(f)
            }
        }
    };
}
pub(super) use handle;
