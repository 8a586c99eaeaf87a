"""Sentences: pieces of a page as one message with named places, and a translation put back.

`Registered with {practice} since <strong>{day}</strong>` is what a translator sees. The places are
filled by the very expressions of the template, the tags keep their attributes, and every word that
a translation brings is escaped: a catalogue can say things, it cannot mark anything up.
"""

import html
import re
from dataclasses import dataclass, field

from jinja2 import nodes

from onesystem.web.language.pieces import VOID, Choice, Filled, Piece, Tag, Word, data

_LETTERS = re.compile(r"[^\W\d_]{2}")
_SPACE = re.compile(r"[ \t\r\n]+")
_PLACE = re.compile(r"\{(\w+)\}|<(/?)(\w+)>")
_KINDS: dict[type[nodes.Node], str] = {nodes.If: "if_", nodes.For: "each_"}
_CODE = frozenset({"code", "kbd", "samp"})


def has_words(text: str) -> bool:
    """Whether there is anything to translate: two letters side by side."""
    return _LETTERS.search(html.unescape(text)) is not None


@dataclass(slots=True)
class Message:
    """What a translator sees, and what stands at each of its places."""

    text: str = ""
    places: dict[str, nodes.Node | list[nodes.Node]] = field(default_factory=dict)


def message_of(pieces: list[Piece]) -> Message:
    """The message of a sentence."""
    made = Message()
    open_tags: list[str] = []
    for piece in pieces:
        if isinstance(piece, Word):
            made.text += _SPACE.sub(" ", html.unescape(piece.raw))
        elif isinstance(piece, Tag):
            if piece.closing:
                name = open_tags.pop()
                made.places[f"/{name}"] = piece.parts
                made.text += f"</{name}>"
            else:
                name = _free(made, piece.name, piece.parts)
                made.text += f"<{name}>"
                if piece.name not in VOID:
                    open_tags.append(name)
        elif isinstance(piece, Filled | Choice):
            name = _free(made, _KINDS.get(type(piece.node), "") + name_of(piece.node), piece.node)
            made.text += f"{{{name}}}"
    return made


def _free(made: Message, name: str, node: nodes.Node | list[nodes.Node]) -> str:
    number, free = 2, name
    while free in made.places and (made.places[free] != node or isinstance(node, list)):
        free, number = f"{name}{number}", number + 1
    made.places[free] = node
    return free


def places_of(text: str) -> set[str]:
    """The places that a message names, such as `{day}`, `<strong>` and `</strong>`."""
    return {found[0] for found in _PLACE.finditer(text)}


def name_of(node: nodes.Node) -> str:  # noqa: C901, PLR0911, PLR0912 - one arm a kind
    """A name for what an expression gives, after its last word."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return node.attr
        case nodes.Getitem(arg=nodes.Const(value=str() as key)) if key.isidentifier():
            return key
        case nodes.Call() if isinstance(node.node, nodes.Getattr) and node.node.attr == "strftime":
            return name_of(node.node.node)
        case nodes.Call() | nodes.Getitem() | nodes.Not():
            return name_of(node.node)
        case nodes.Filter(name="of", args=[nodes.Const(value=str() as attribute)]):
            return attribute
        case nodes.Filter() if node.node is not None:
            return name_of(node.node)
        case nodes.CondExpr() | nodes.If():
            return name_of(node.test)
        case nodes.For():
            return name_of(node.iter)
        case nodes.Test() if node.node is not None:
            return name_of(node.node)
        case nodes.And() | nodes.Or():
            return name_of(node.left)
        case nodes.Compare():
            return name_of(node.expr)
        case _:
            return "value"


def put_back(text: str, made: Message, *, attribute: bool) -> list[nodes.Node] | None:
    """A translation as nodes; None where it names a place that the message does not have.

    A place may stand more than once or nowhere; tags must open and close in turn.
    """
    out: list[nodes.Node] = []
    opened: list[str] = []
    at = 0
    for found in _PLACE.finditer(text):
        name = found[1] or f"{found[2]}{found[3]}"
        if name not in made.places:
            if found[1]:
                return None
            continue  # not a tag of ours: words, to be escaped
        if not found[1] and not _in_turn(name, opened):
            return None
        _say(out, text[at : found.start()], attribute=attribute)
        node = made.places[name]
        out.extend(node if isinstance(node, list) else [node])
        at = found.end()
    _say(out, text[at:], attribute=attribute)
    return None if opened else out


def _in_turn(name: str, opened: list[str]) -> bool:
    if name.startswith("/"):
        return bool(opened) and opened.pop() == name[1:]
    if name.rstrip("0123456789") not in VOID:
        opened.append(name)
    return True


def _say(out: list[nodes.Node], words: str, *, attribute: bool) -> None:
    if words:
        out.append(data(html.escape(words, quote=attribute)))


def split(pieces: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """What goes before a sentence, the sentence, and what comes after: space, symbols, wrapping."""
    before: list[Piece] = []
    after: list[Piece] = []
    middle = list(pieces)
    while middle:
        taken = _before(middle) or _wrapping(middle, after)
        if taken:
            before += middle[:taken]
            del middle[:taken]
            continue
        last = middle[-1]
        if isinstance(last, Word) and not last.raw.strip():
            after.insert(0, middle.pop())
            continue
        break
    return _trimmed(before, middle, after)


def _before(pieces: list[Piece]) -> int:
    """How many pieces at the start say nothing: space, or a symbol in a tag of its own."""
    first = pieces[0]
    if isinstance(first, Word) and not first.raw.strip():
        return 1
    end = _closes(pieces)
    if end and all(isinstance(p, Tag) or (isinstance(p, Word) and not has_words(p.raw))
                   for p in pieces[:end]):  # fmt: skip
        return end
    return 0


def _wrapping(pieces: list[Piece], after: list[Piece]) -> int:
    """1 where the first tag closes at the very end: neither belongs to the sentence."""
    if len(pieces) > 1 and _closes(pieces) == len(pieces):
        after.insert(0, pieces.pop())
        return 1
    return 0


def _closes(pieces: list[Piece]) -> int:
    """After how many pieces the tag closes that the first one opens; 0 where it is none."""
    first = pieces[0]
    if not isinstance(first, Tag) or first.closing or first.name in VOID:
        return 0
    depth = 0
    for i, piece in enumerate(pieces):
        if isinstance(piece, Tag) and piece.name not in VOID:
            depth += -1 if piece.closing else 1
            if depth == 0:
                return i + 1
    return 0


def side_by_side(pieces: list[Piece]) -> list[list[Piece]]:
    """Links and labels that stand beside each other, each for itself; else all as one sentence."""
    groups: list[list[Piece]] = []
    at = 0
    while at < len(pieces):
        taken = _closes(pieces[at:]) or 1
        groups.append(pieces[at : at + taken])
        at += taken
    if any(isinstance(g[0], Word) and has_words(g[0].raw) for g in groups):
        return [pieces]
    links = [g for g in groups if isinstance(g[0], Tag) and g[0].name == "a"]
    told = [g for g in groups if any(isinstance(p, Word) and has_words(p.raw) for p in g)]
    return groups if max(len(links), len(told)) > 1 else [pieces]


def _trimmed(
    before: list[Piece], middle: list[Piece], after: list[Piece]
) -> tuple[list[Piece], list[Piece], list[Piece]]:
    if middle and isinstance(first := middle[0], Word):
        lean = first.raw.lstrip()
        before = [*before, Word(first.raw[: len(first.raw) - len(lean)])]
        middle = [Word(lean), *middle[1:]]
    if middle and isinstance(last := middle[-1], Word):
        lean = last.raw.rstrip()
        after = [Word(last.raw[len(lean) :]), *after]
        middle = [*middle[:-1], Word(lean)]
    return before, middle, after


def is_sentence(before: list[Piece], middle: list[Piece]) -> bool:
    """Whether there is something to translate: words, and not a command or a key alone."""
    if not any(isinstance(p, Word) and has_words(p.raw) for p in middle):
        return False
    wrapped = [p.name for p in before if isinstance(p, Tag) and not p.closing]
    return not (wrapped and wrapped[-1] in _CODE)
