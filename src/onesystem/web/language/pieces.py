"""Templates cut into pieces as a reader meets them: words, what is filled in, tags, choices.

Jinja2's parser gives the statements and expressions of a template; the HTML between them is read
here in document order, with one state that follows it through branches and attributes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2 import nodes

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
})  # fmt: skip
VOID = frozenset({"br"})
RAW = frozenset({"script", "style", "pre", "textarea"})
READ = frozenset({"aria-label", "aria-description", "title", "placeholder", "alt", "data-label"})
_TAG = re.compile(r"</?[a-zA-Z][\w-]*|<!--|<!")
_ATTR = re.compile(r"""([\w:@-]+)=(["'])|>|$""", re.DOTALL)


@dataclass(slots=True)
class Word:
    """Text as the template has it, entities and all."""

    raw: str


@dataclass(slots=True)
class Filled:
    """An expression whose value stands there."""

    node: nodes.Expr


@dataclass(slots=True)
class Tag:
    """A tag that may stand inside a sentence, with what its attributes are made of."""

    name: str
    closing: bool
    parts: list[nodes.Node]


@dataclass(slots=True)
class Choice:
    """A statement inside a sentence: its branches hold words and inline tags alone."""

    node: nodes.If | nodes.For


@dataclass(slots=True)
class Wall:
    """Where a sentence ends: any other tag or statement."""

    parts: list[nodes.Node]


Piece = Word | Filled | Tag | Choice | Wall
Sentence = Callable[[list[Piece], bool], list[nodes.Node]]  # pieces, is it an attribute


@dataclass(slots=True)
class Html:
    """Where in the HTML one is."""

    mode: str = "text"  # text, tag, attr, raw, comment
    tag: str = ""
    attr: str = ""
    quote: str = ""
    parts: list[nodes.Node] = field(default_factory=list)  # of the tag that is open
    inside: list[Piece] = field(default_factory=list)  # of the attribute that is open

    @property
    def is_read(self) -> bool:
        """Whether what stands here is for people."""
        return self.mode == "text" or (self.mode == "attr" and self.attr in READ)


def data(text: str) -> nodes.TemplateData:
    """Markup that stands in the page as it is."""
    return nodes.TemplateData(text)


class Cutter:
    """Cuts one body after another; `sentence` turns an attribute's pieces back into nodes."""

    def __init__(self, sentence: Sentence, html: Html, *, language: str = "") -> None:
        self.html = html
        self.out: list[Piece] = []
        self._sentence = sentence
        self._language = language

    def text(self, raw: str) -> None:
        """The next markup of the template."""
        at = 0
        while at < len(raw):
            at = getattr(self, f"_in_{self.html.mode}")(raw, at)

    def filled(self, node: nodes.Expr) -> None:
        """The next expression."""
        html = self.html
        if html.mode == "text":
            self.out.append(Filled(node))
        elif html.mode == "attr" and html.is_read:
            html.inside.append(Filled(node))
        elif html.mode in {"tag", "attr"}:
            html.parts.append(node)
        else:
            self.out.append(Wall([node]))

    def statement(self, made: nodes.Node, inline: bool) -> None:
        """The next statement, whose bodies are cut already."""
        html = self.html
        piece = Choice(made) if inline and isinstance(made, nodes.If | nodes.For) else None
        if html.mode == "text":
            self.out.append(piece or Wall([made]))
        elif html.mode == "attr" and html.is_read:
            html.inside.append(piece or Wall([made]))
        elif html.mode in {"tag", "attr"}:
            html.parts.append(made)
        else:
            self.out.append(Wall([made]))

    def close(self) -> list[Piece]:
        """All pieces; a tag that is half open is handed on as it is."""
        self._read()
        if self.html.parts:
            self.out.append(Wall(self.html.parts))
            self.html.parts = []
        return self.out

    def _read(self) -> None:
        """What an attribute says, once it is known whole."""
        if self.html.inside:
            self.html.parts.extend(self._sentence(self.html.inside, True))
            self.html.inside = []

    def _in_text(self, raw: str, at: int) -> int:
        found = _TAG.search(raw, at)
        end = found.start() if found else len(raw)
        if end > at:
            self.out.append(Word(raw[at:end]))
        if not found:
            return len(raw)
        html = self.html
        if found[0] == "<!--":
            html.mode = "comment"
            return found.start()
        html.mode, html.tag = "tag", found[0].strip("<!").lower()
        html.parts = [data(found[0])]
        return found.end()

    def _in_tag(self, raw: str, at: int) -> int:
        html = self.html
        found = _ATTR.search(raw, at)
        assert found is not None  # noqa: S101 - the pattern matches the end
        end = found.end()
        if raw[found.start() : found.start() + 1] == ">":
            html.parts.append(data(raw[at:end]))
            self._tag_ends()
        elif found[1]:
            html.parts.append(data(raw[at:end]))
            html.mode, html.attr, html.quote = "attr", found[1].lower(), found[2]
        else:
            html.parts.append(data(raw[at:]))
        return end

    def _tag_ends(self) -> None:
        html = self.html
        name, closing = html.tag.lstrip("/"), html.tag.startswith("/")
        parts, html.parts = html.parts, []
        html.mode = "raw" if name in RAW and not closing else "text"
        self.out.append(Tag(name, closing, parts) if name in INLINE else Wall(parts))

    def _in_attr(self, raw: str, at: int) -> int:
        html = self.html
        end = raw.find(html.quote, at)
        stop = len(raw) if end < 0 else end
        if html.is_read:
            if stop > at:
                html.inside.append(Word(raw[at:stop]))
        else:
            value = raw[at:stop]
            if html.tag == "html" and html.attr == "lang" and self._language:
                value = self._language
            html.parts.append(data(value))
        if end < 0:
            return len(raw)
        self._read()
        html.parts.append(data(html.quote))
        html.mode = "tag"
        return end + 1

    def _in_raw(self, raw: str, at: int) -> int:
        end = raw.lower().find(f"</{self.html.tag}", at)
        if end < 0:
            self.out.append(Wall([data(raw[at:])]))
            return len(raw)
        if end > at:
            self.out.append(Wall([data(raw[at:end])]))
        self.html.mode = "text"
        return end

    def _in_comment(self, raw: str, at: int) -> int:
        end = raw.find("-->", at)
        stop = len(raw) if end < 0 else end + 3
        self.out.append(Wall([data(raw[at:stop])]))
        if end >= 0:
            self.html.mode = "text"
        return stop
