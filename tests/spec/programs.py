"""Runs the programs of spec/EXTENSIONS.md, each by itself, and compares what they print with what stands under them.

From the root of the project, with a Python that has PyYAML and jsonschema.
"""

import re
import subprocess
import sys

README = "spec/EXTENSIONS.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def main():
    with open(README, encoding="utf-8") as file:
        blocks = BLOCK.findall(file.read())
    ran = 0
    for (kind, program), (answer, expected) in zip(blocks, [*blocks[1:], ("", "")]):
        if kind != "python":
            continue
        if answer != "text":
            sys.exit(f"{README}: no block of text says what this prints:\n{program}")
        result = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False)
        if result.returncode != 0 or result.stdout != expected:
            sys.exit(f"{README}:\n{program}\nprints:\n{result.stdout}{result.stderr}\nand not:\n{expected}")
        ran += 1
    if ran == 0:
        sys.exit(f"{README} has no programs")
    print(f"-- the {ran} programs of {README} print what it says")


main()
