r"""Values as they are written: what separates them, and `\,` `\|` `\$` where it does not. Pure."""


def split(text: str, separator: str) -> list[str]:
    """The parts between separators that no backslash escapes; each still escaped."""
    if "\\" not in text:
        return text.split(separator)
    parts, last, at = [], 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == separator:
            parts.append(text[last:at])
            last = at + 1
        at += 1
    return [*parts, text[last:]]


def unescaped(text: str) -> str:
    """The text that was meant."""
    if "\\" not in text:
        return text
    made, at = [], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and text[at + 1] in ",|$\\":
            at += 1
        made.append(text[at])
        at += 1
    return "".join(made)
