"""A tutorial is its own test: what its numbered steps say is done in a browser on the demo.

A step is the first paragraph of an item of a numbered list. What is on the screen stands in
**bold**, what is typed or pressed in `backticks`. All else is prose.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
STEP = re.compile(r"^\d+\. (.+(?:\n {2,}\S.*)*)", re.MULTILINE)
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"\*\*.+?\*\*|`[^`]+`")
# It ends with a full stop, or with a name after which another sentence begins.
SENTENCE = re.compile(rf"(?:{NAMED.pattern}|[^.*`])+?(?:\.|(?<=[*`])(?=\s+[A-Z])|$)")


def tutorials():
    """Those that have steps, by name."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
    return {name: text for name, text in texts.items() if sentences(text)}


def sentences(text):
    """What the numbered steps of a tutorial say, sentence by sentence."""
    steps = STEP.findall(BLOCK.sub("", text))
    said = [SENTENCE.findall(" ".join(step.split())) for step in steps]
    return [sentence.strip().rstrip(".") for step in said for sentence in step]
