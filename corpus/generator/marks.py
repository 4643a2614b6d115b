"""Identifiers are marked where they are written: label and value between private-use characters. The marks
travel through wrapping, quoting and HTML, and come out as spans when a part is finished, so that a label can
never point at text that is not there."""

import html
import re

OPEN, MID, CLOSE, STAY = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK = re.compile(f"{OPEN}([^{MID}]*){MID}([^{CLOSE}]*){CLOSE}")


def mark(label, value):
    """A space inside a value stays: no line is broken there."""
    return f"{OPEN}{label}{MID}{value.replace(' ', STAY)}{CLOSE}"


def bare(text):
    return _MARK.sub(r"\2", text).replace(STAY, " ")


def width(text):
    return len(bare(text))


def spans(text, part, as_html=False):
    out = []
    for label, value in _MARK.findall(text):
        value = value.replace(STAY, " ")
        if as_html:
            value = html.unescape(re.sub(r"<[^>]*>", "", value))
        span = {"label": label, "part": part, "text": value}
        if span not in out:
            out.append(span)
    return out


def remake(text, change):
    """Every marked value through `change(label, value)`: for typography and evasions."""
    return _MARK.sub(lambda m: f"{OPEN}{m[1]}{MID}{change(m[1], m[2].replace(STAY, ' ')).replace(' ', STAY)}{CLOSE}", text)
