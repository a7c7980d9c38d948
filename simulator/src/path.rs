//! The path of the policies, and dot segments, which ONTAP resolves before it routes (RFC 3986, section 5.2.4).
//!
//! Only plain dots count: the vendor's overview says to write `%2E` for a dot that is to stay.

/// The collection of policies.
pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";

/// The path with its `.` and `..` segments resolved; `None` if it has none.
pub(crate) fn without_dot_segments(path: &str) -> Option<String> {
    if !path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if last {
            // What was the parent, or the place itself, is a folder: its slash stays.
            kept.push("");
        }
    }
    Some(format!("/{}", kept.join("/")))
}

#[cfg(test)]
mod tests {
    use super::without_dot_segments;

    #[test]
    fn dot_segments_are_resolved() {
        for (path, resolved) in [
            // The example of the RFC.
            ("/a/b/c/./../../g", "/a/g"),
            ("/a/../b", "/b"),
            ("/../a", "/a"),
            ("/a/.", "/a/"),
            ("/a/b/..", "/a/"),
            ("/..", "/"),
            ("/.", "/"),
            ("/a/b/../..", "/"),
            ("/a//../b", "/a/b"),
            ("/a/./", "/a/"),
            ("/a/%2E%2E/../b", "/a/b"),
        ] {
            assert_eq!(without_dot_segments(path).as_deref(), Some(resolved), "{path}");
        }
    }

    #[test]
    fn other_paths_stay() {
        for path in ["/", "/a/b", "/a/...", "/a/.b", "/a/%2e%2E/b", "*", "//", "/a//b"] {
            assert_eq!(without_dot_segments(path), None, "{path}");
        }
    }
}
