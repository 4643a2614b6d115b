"""From blocks of text to a finished message: plain text and HTML as mail programs write them, quotes, tables,
transfer encodings, MIME. Nothing here chooses words. `finish` returns the bytes and the spans found in them."""

import base64
import html
import quopri
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from marks import bare, spans, width


# --- blocks: what a body is made of -----------------------------------------------------------------------------------

@dataclass
class P:                      # a paragraph, wrapped as the program likes
    text: str


@dataclass
class Lines:                  # lines that stay lines
    lines: list


@dataclass
class Table:
    rows: list                # first row is the header
    style: str = "columns"    # in plain text: columns, pipes, tabs


@dataclass
class Quote:                  # an earlier message below (or above) the new text
    shape: str                # outlook, outlook-lines, gmail, gmail-forward, thunderbird, thunderbird-forward, apple
    who: str
    address: str
    when: datetime
    to: str
    subject: str
    blocks: list


@dataclass
class Signature:
    lines: list
    delimiter: bool = False   # "-- "


@dataclass
class Footer:
    text: str


@dataclass
class Attachment:
    name: str
    kind: str                 # media type
    text: str                 # marked
    encoding: str = ""        # 7bit, quoted-printable, base64; chosen when empty


@dataclass
class Mail:
    sender: tuple
    to: list
    subject: str
    blocks: list
    when: datetime
    cc: list = field(default_factory=list)
    form: str = ""            # text, flowed, long, alternative, html
    look: str = "outlook"     # outlook, gmail, plain, thunderbird
    source: str = ""          # marked HTML written by hand, instead of blocks
    attachments: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    charset: str = "utf-8"
    encoding: str = ""        # 7bit, 8bit, quoted-printable, base64; chosen when empty


# --- plain text -------------------------------------------------------------------------------------------------------

def wrap(text, limit):
    lines, line = [], ""
    for word in text.split(" "):
        if line and width(line) + 1 + width(word) > limit:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [line]


def stamp(when, style):
    hour = (when.hour % 12) or 12
    half = "AM" if when.hour < 12 else "PM"
    day, month = when.strftime("%A"), when.strftime("%B")
    if style == "outlook":
        return f"{day}, {month} {when.day}, {when.year} {hour}:{when.minute:02d} {half}"
    if style == "gmail":
        return f"{day[:3]}, {month[:3]} {when.day}, {when.year} at {hour}:{when.minute:02d} {half}"
    return f"{when.month}/{when.day}/{when.year % 100:02d} {when.hour:02d}:{when.minute:02d}"


def table_text(table):
    if table.style == "tabs":
        return ["\t".join(row) for row in table.rows]
    if table.style == "pipes":
        return [" | ".join(row) for row in table.rows]
    wide = [max(width(row[i]) for row in table.rows) for i in range(len(table.rows[0]))]
    return ["  ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, wide)).rstrip() for row in table.rows]


def head_lines(quote):
    return [("From", f"{quote.who} <{quote.address}>"), ("Sent", stamp(quote.when, "outlook")), ("To", quote.to), ("Subject", quote.subject)]


def text_lines(blocks, limit):
    out = []
    for block in blocks:
        if out:
            out.append("")
        if isinstance(block, P):
            out += wrap(block.text, limit)
        elif isinstance(block, Lines):
            out += block.lines
        elif isinstance(block, Table):
            out += table_text(block)
        elif isinstance(block, Signature):
            out += (["-- "] if block.delimiter else []) + block.lines
        elif isinstance(block, Footer):
            out += wrap(block.text, limit)
        elif isinstance(block, Quote):
            out += quote_lines(block, limit)
    return out


def quote_lines(quote, limit):
    inner = text_lines(quote.blocks, limit if limit < 200 and quote.shape in ("outlook", "outlook-lines") else 68)
    marked = [f"> {line}".rstrip() for line in inner]
    if quote.shape == "outlook":
        return ["-----Original Message-----"] + [f"{key}: {value}" for key, value in head_lines(quote)] + [""] + inner
    if quote.shape == "outlook-lines":
        return ["_" * 32] + [f"{key}: {value}" for key, value in head_lines(quote)] + [""] + inner
    if quote.shape == "gmail":
        return [f"On {stamp(quote.when, 'gmail')} {quote.who} <{quote.address}>", "wrote:", ""] + marked
    if quote.shape == "gmail-forward":
        return (["---------- Forwarded message ---------", f"From: {quote.who} <{quote.address}>", f"Date: {stamp(quote.when, 'gmail')}",
                 f"Subject: {quote.subject}", f"To: {quote.to}", "", ""] + inner)
    if quote.shape == "thunderbird":
        return [f"On {stamp(quote.when, 'tb')}, {quote.who} wrote:"] + marked
    if quote.shape == "thunderbird-forward":
        return (["-------- Forwarded Message --------", f"Subject: \t{quote.subject}", f"Date: \t{header_date(quote.when)}",
                 f"From: \t{quote.who} <{quote.address}>", f"To: \t{quote.to}", "", ""] + inner)
    return ["Begin forwarded message:", ""] + [f"> {key}: {value}" for key, value in head_lines(quote)] + [">"] + marked


def as_text(mail):
    if mail.form in ("long", "alternative"):
        limit = 10000 if mail.look == "gmail" or mail.form == "long" else 76
        return "\n".join(text_lines(mail.blocks, limit)) + "\n"
    if mail.form != "flowed":
        return "\n".join(text_lines(mail.blocks, 74)) + "\n"
    out = []
    for block in mail.blocks:
        if out:
            out.append("")
        lines = text_lines([block], 70)
        if isinstance(block, (P, Footer)):
            lines = [line + " " for line in lines[:-1]] + lines[-1:]
        out += [" " + line if line.startswith(("From ", " ")) else line for line in lines]
    return "\n".join(out) + "\n"


# --- HTML -------------------------------------------------------------------------------------------------------------

def _esc(text):
    return html.escape(text, quote=False)


def _para(text, look):
    if look == "outlook":
        return f'<p class="MsoNormal">{_esc(text)}<o:p></o:p></p>\n'
    if look == "gmail":
        return f"<div>{_esc(text)}</div>\n<div><br></div>\n"
    return f"<p>{_esc(text)}</p>\n"


def html_blocks(blocks, look):
    out = ""
    for block in blocks:
        if isinstance(block, P):
            out += _para(block.text, look)
        elif isinstance(block, Lines):
            if look == "outlook":
                out += "".join(f'<p class="MsoNormal">{_esc(line) or "&nbsp;"}<o:p></o:p></p>\n' for line in block.lines)
            else:
                out += "<div>" + "<br>\n".join(_esc(line) for line in block.lines) + "</div>\n<div><br></div>\n"
        elif isinstance(block, Table):
            head, *body = block.rows
            css = ' class="MsoTableGrid" border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse"' if look == "outlook" else ' border="1"'
            out += f"<table{css}>\n<tr>" + "".join(f"<th>{_esc(cell)}</th>" for cell in head) + "</tr>\n"
            out += "".join("<tr>" + "".join(f"<td>{_esc(cell)}</td>" for cell in row) + "</tr>\n" for row in body) + "</table>\n"
        elif isinstance(block, Signature):
            lines = "<br>\n".join(_esc(line) for line in block.lines)
            if look == "gmail":
                out += f'<div>-- <br><div dir="ltr" class="gmail_signature">{lines}</div></div>\n'
            elif look == "thunderbird":
                out += f'<div class="moz-signature">-- <br>\n{lines}</div>\n'
            else:
                out += f'<p class="MsoNormal"><span style="font-size:10.0pt;color:#1F497D">{lines}</span><o:p></o:p></p>\n'
        elif isinstance(block, Footer):
            out += f'<p style="font-size:8.0pt;color:gray">{_esc(block.text)}</p>\n'
        elif isinstance(block, Quote):
            out += html_quote(block, look)
    return out


def html_quote(quote, look):
    inner = html_blocks(quote.blocks, look)
    who = _esc(f"{quote.who} <{quote.address}>")
    if look == "outlook":
        head = "<br>\n".join(f"<b>{key}:</b> {_esc(value)}" for key, value in head_lines(quote))
        return ('<div>\n<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">\n'
                f'<p class="MsoNormal">{head}<o:p></o:p></p>\n</div>\n</div>\n{inner}')
    if look == "gmail":
        lead = (f"---------- Forwarded message ---------<br>From: {who}<br>Date: {stamp(quote.when, 'gmail')}<br>Subject: {_esc(quote.subject)}<br>"
                f"To: {_esc(quote.to)}<br>" if "forward" in quote.shape else f"On {stamp(quote.when, 'gmail')} {who} wrote:<br>")
        return (f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{lead}</div>'
                f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">\n{inner}</blockquote></div>\n')
    return (f'<div class="moz-cite-prefix">On {stamp(quote.when, "tb")}, {_esc(quote.who)} wrote:<br></div>\n'
            f'<blockquote type="cite" cite="mid:{quote.when.strftime("%Y%m%d%H%M")}@{quote.address.split("@")[1]}">\n{inner}</blockquote>\n')


def as_html(mail):
    if mail.source:
        return mail.source
    inner = html_blocks(mail.blocks, mail.look)
    if mail.look == "outlook":
        return ('<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">\n<head>\n'
                '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">\n<style><!--\n'
                'p.MsoNormal{margin:0in;font-size:11.0pt;font-family:"Calibri",sans-serif;}\n--></style>\n</head>\n'
                f'<body lang="EN-US" link="#0563C1">\n<div class="WordSection1">\n{inner}</div>\n</body>\n</html>\n')
    if mail.look == "gmail":
        return f'<div dir="ltr">{inner}</div>\n'
    if mail.look == "thunderbird":
        return (f'<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv="content-type" content="text/html; charset={mail.charset}">\n  </head>\n'
                f"  <body>\n{inner}  </body>\n</html>\n")
    return f"<html><body>\n{inner}</body></html>\n"


# --- headers and MIME -------------------------------------------------------------------------------------------------

def zone(year, month, day, hour, minute, standard):
    """A time in a zone of the United States, with its summer time (2026: 8 March to 1 November)."""
    summer = (3, 8) <= (month, day) < (11, 1)
    return datetime(year, month, day, hour, minute, (day * 7 + minute) % 60, tzinfo=timezone(timedelta(hours=standard + summer)))


def header_date(when):
    return when.strftime("%a, %d %b %Y %H:%M:%S %z")


def word(text, charset):
    if text.isascii():
        return text
    if charset == "iso-2022-jp" and not any("\u00a0" < c < "\u2000" for c in text):
        return f"=?iso-2022-jp?B?{base64.b64encode(text.encode(charset)).decode()}?="
    out, piece = [], ""
    for c in text:
        if len((piece + c).encode()) > 42:
            out.append(piece)
            piece = ""
        piece += c
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(p.encode()).decode()}?=" for p in out + [piece])


def box(person, charset):
    name, address = person
    if not name:
        return address
    if not name.isascii():
        return f"{word(name, charset)} <{address}>"
    if re.search(r'[^\w .\'-]|\.', name):
        name = '"' + name.replace('"', "") + '"'
    return f"{name} <{address}>"


def boxes(people, charset):
    return ",\r\n ".join(box(person, charset) for person in people)


def encode(text, charset, encoding, dice):
    """(encoding, bytes with CRLF). Marks that stay readable ({{ssn:N}}) need 7bit or 8bit."""
    raw = text.encode(charset)
    lines = [len(line) for line in raw.split(b"\n")]
    if charset == "iso-2022-jp":
        encoding = "7bit"
    if not encoding:
        long = max(lines) > 900
        if "{{ssn:" in text:
            encoding = "7bit" if raw.isascii() else "8bit"
        elif raw.isascii() and not long:
            encoding = dice.pick(("7bit",) * 5 + ("quoted-printable", "quoted-printable", "base64"))
        else:
            encoding = dice.pick(("quoted-printable", "quoted-printable", "base64") + (() if long else ("8bit", "8bit")))
    if encoding == "7bit" and not raw.isascii():
        encoding = "8bit"
    if encoding in ("7bit", "8bit"):
        assert max(lines) <= 990, "line too long for 7bit"
        return encoding, raw.replace(b"\n", b"\r\n")
    if encoding == "base64":
        return encoding, base64.encodebytes(raw.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")
    return encoding, quopri.encodestring(raw).replace(b"\n", b"\r\n")


def leaf(kind, text, charset, encoding, dice, extra=()):
    encoding, data = encode(text, charset, encoding, dice)
    name = charset if charset != "utf-8" or not text.isascii() or dice.chance(0.7) else "us-ascii"
    head = [f"Content-Type: {kind[0]}; charset={name}{kind[1]}", f"Content-Transfer-Encoding: {encoding}", *extra]
    return head, data


def multi(sub, parts, dice):
    edge = dice.pick(("----=_NextPart_000_{}", "000000000000{}", "------------{}", "_004_{}_")).format(dice.token(16))
    data = b"".join(b"--" + edge.encode() + b"\r\n" + "\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n" for head, body in parts)
    return [f'Content-Type: multipart/{sub}; boundary="{edge}"'], data + b"--" + edge.encode() + b"--\r\n"


def finish(mail, dice):
    found = spans(mail.subject, "subject")
    parts = []
    if mail.form in ("text", "flowed", "long", "alternative"):
        text = as_text(mail)
        plain = re.sub(r" \n", " ", text) if mail.form == "flowed" else text
        found += spans(plain, "body.text")
        flowed = "; format=flowed" if mail.form == "flowed" else ""
        parts.append(leaf(("text/plain", flowed), bare(text), mail.charset, mail.encoding, dice))
    if mail.form in ("alternative", "html"):
        page = as_html(mail)
        found += spans(page, "body.html", True)
        parts.append(leaf(("text/html", ""), bare(page), mail.charset, mail.encoding, dice))
    head, data = parts[0] if len(parts) == 1 else multi("alternative", parts, dice)
    if mail.attachments:
        files = []
        for i, item in enumerate(mail.attachments):
            found += spans(item.name, f"attachments/{i}/name") + spans(item.text, f"attachments/{i}/text_parts/0")
            name = bare(item.name)
            assert name.isascii()
            files.append(leaf((item.kind, f';\r\n name="{name}"'), bare(item.text), "utf-8", item.encoding, dice,
                              (f'Content-Disposition: attachment;\r\n filename="{name}"',)))
        head, data = multi("mixed", [(head, data)] + files, dice)
    domain = mail.sender[1].split("@")[1]
    subject = bare(mail.subject)
    subject = word(subject, mail.charset) if not subject.isascii() else "\r\n ".join(wrap(subject, 66))
    top = [f"From: {box(mail.sender, mail.charset)}", f"To: {boxes(mail.to, mail.charset)}"]
    if mail.cc:
        top.append(f"Cc: {boxes(mail.cc, mail.charset)}")
    top += [f"Subject: {subject}", f"Date: {header_date(mail.when)}", f"Message-ID: <{mail.when.strftime('%Y%m%d%H%M%S')}.{dice.token(8)}@{domain}>",
            *mail.headers, "MIME-Version: 1.0"]
    whole = "\r\n".join(top + head).encode() + b"\r\n\r\n" + data
    return whole, found
