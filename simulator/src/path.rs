//! The path of the policies, and what ONTAP resolves before it routes: doubled slashes, and dot segments (RFC 3986,
//! section 5.2.4).
//!
//! Only plain dots count: the vendor's overview says to write `%2E` for a dot that is to stay. NetApp's Ansible modules
//! follow links to `/api//...`.

/// The collection of policies.
pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";

/// Resolves doubled slashes, then the segments `.` and `..`; `None` if the path has none of them.
pub(crate) fn resolved(path: &str) -> Option<String> {
    if !path.contains("//") && !path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "" | "." => {}
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
    use super::resolved;

    #[test]
    fn dot_segments_and_doubled_slashes_are_resolved() {
        for (path, expected) in [
            // The example of the RFC.
            ("/a/b/c/./../../g", "/a/g"),
            ("/a/../b", "/b"),
            ("/../a", "/a"),
            ("/a/.", "/a/"),
            ("/a/b/..", "/a/"),
            ("/..", "/"),
            ("/.", "/"),
            ("/a/b/../..", "/"),
            ("/a//b", "/a/b"),
            ("//a///b", "/a/b"),
            ("/a//", "/a/"),
            ("//", "/"),
            ("/a//../b", "/b"),
            ("/a/./", "/a/"),
            ("/a/%2E%2E/../b", "/a/b"),
        ] {
            assert_eq!(resolved(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn other_paths_stay() {
        for path in ["/", "/a/b", "/a/...", "/a/.b", "/a/%2e%2E/b", "*", "/a/"] {
            assert_eq!(resolved(path), None, "{path}");
        }
    }
}
