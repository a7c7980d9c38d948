"""Prints the messages that users can see: each string with three words or more in the code, without tests and docs.

`messages.py FOLDER...` looks into these folders; without any, into the crate, its build script, the tools and the simulator.
"""

import re
import sys
from pathlib import Path

FOLDERS = ["src", "codegen", "xtask/src", "spec-tools/src", "simulator/src"]
# A comment, a raw string, a string, or a character that could be taken for the start of one.
TOKEN = re.compile(r'//[^\n]*|r(#*)"(?P<raw>.*?)"\1|"(?P<text>(?:[^"\\]|\\.)*)"|\'(?:[^\'\\]|\\.)\'', re.DOTALL)
DOC = re.compile(r"(doc|reason|description|allow|expect)\s*=\s*$")


def messages(text):
    """Yields the line and the text of each message."""
    text = text.split("#[cfg(test)]\nmod tests")[0]
    for found in TOKEN.finditer(text):
        words = found["text"] if found["text"] is not None else found["raw"]
        if words is None or DOC.search(text[: found.start()][-20:]):
            continue
        words = re.sub(r"\\\n\s*", "", words)
        if len(re.findall(r"[A-Za-z]{2,}", words)) >= 3 and " " in words.strip():
            yield text.count("\n", 0, found.start()) + 1, " ".join(words.split())


def main(folders):
    """Prints the messages of all files."""
    count = 0
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.rs")):
        for line, words in messages(path.read_text(encoding="utf-8")):
            print(f"{path}:{line}: {words}")
            count += 1
    if count == 0:
        sys.exit("no message was found: run this in the root of the repository")


if __name__ == "__main__":
    main(sys.argv[1:] or FOLDERS)
