//! The lines of a YAML text, and what in them is blank or a comment.

/// A text without a byte order mark and with line ends of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'t>(pub(super) &'t str);

impl<'t> Text<'t> {
    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn byte(self, at: usize) -> Option<u8> {
        self.0.as_bytes().get(at).copied()
    }

    /// The piece from `start` to `end`; nothing if there is no such piece.
    pub(super) fn piece(self, start: usize, end: usize) -> &'t str {
        self.0.get(start..end).unwrap_or_default()
    }

    /// Where the line of `at` starts.
    pub(super) fn line_start(self, at: usize) -> usize {
        self.piece(0, at).rfind('\n').map_or(0, |end| end + 1)
    }

    /// Where the line of `at` ends, before its line end.
    pub(super) fn line_end(self, at: usize) -> usize {
        at + self.piece(at, self.len()).lines().next().unwrap_or_default().len()
    }

    /// The place before the line end that comes right before `at`, if one does.
    pub(super) fn before_break(self, at: usize) -> usize {
        let before = self.piece(0, at);
        let line = before.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        line.unwrap_or(before).len()
    }

    /// Where the line after that of `at` starts.
    pub(super) fn next_line(self, at: usize) -> usize {
        self.piece(at, self.len()).find('\n').map_or(self.len(), |end| at + end + 1)
    }

    /// The column of `at`, in characters from 0.
    pub(super) fn column(self, at: usize) -> usize {
        self.piece(self.line_start(at), at).chars().count()
    }

    /// Whether nothing but spaces comes before `at` in its line.
    pub(super) fn starts_line(self, at: usize) -> bool {
        self.piece(self.line_start(at), at).bytes().all(|byte| byte == b' ')
    }

    /// Whether nothing but a comment comes after `at` in its line.
    pub(super) fn ends_line(self, at: usize) -> bool {
        let rest = self.piece(at, self.line_end(at));
        let comment = rest.trim_start_matches([' ', '\t']);
        comment.is_empty() || comment.starts_with('#') && comment.len() < rest.len()
    }

    /// The first place from `at` that is no space or tab.
    pub(super) fn past_spaces(self, at: usize) -> usize {
        let rest = self.piece(at, self.len());
        at + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
    }

    /// The last place up to `at` that no space or tab comes before.
    pub(super) fn before_spaces(self, at: usize) -> usize {
        self.piece(0, at).trim_end_matches([' ', '\t']).len()
    }

    /// The first place from `at` that is neither blank, nor a line end, nor in a comment.
    pub(super) fn past_comments(self, mut at: usize) -> usize {
        loop {
            at = self.past_spaces(at);
            match self.byte(at) {
                Some(b'\n' | b'\r') => at += 1,
                Some(b'#') => at = self.line_end(at),
                _ => return at,
            }
        }
    }

    /// Finds the end of the last line of an entry at `column` whose content ends at `end`. A deeper comment below belongs to
    /// the entry. The place is past the line end. `None` if more content follows in the line.
    pub(super) fn tail(self, end: usize, column: usize) -> Option<usize> {
        if !self.ends_line(end) {
            return None;
        }
        let mut tail = self.next_line(end);
        let mut line = tail;
        while line < self.len() {
            let first = self.past_spaces(line);
            match self.byte(first) {
                Some(b'\n' | b'\r') => {}
                Some(b'#') if first - line > column => tail = self.next_line(first),
                _ => break,
            }
            line = self.next_line(first);
        }
        Some(tail)
    }
}
