"""Whether a file is plain text: all of it, in UTF-8 or GB18030, and no markup."""

import codecs
import re
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20
_HEAD: Final = 1024
_BEFORE: Final = codecs.BOM_UTF8 + b" \t\r\n\f"

_MARKUP: Final = re.compile(
    rb"<!doctype html|<\?xml|<\?php|<!--|#!|\{\\rtf|%!ps"
    rb"|<(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|meta|img)[\s/>]",
    re.IGNORECASE,
)
"""How texts begin that something runs or draws: what browsers take for HTML whatever they are told
(WHATWG MIME Sniffing 7.1), other markup, PostScript, RTF and scripts."""


def is_plain(path: Path) -> bool:
    """Say whether a file is plain text, CSV included.

    It decodes fully as UTF-8 or as GB18030, holds no NUL and does not begin as markup or a script
    does. All of the file is read, 1 MiB at a time.

    Raises:
        OSError: the file cannot be read.
    """
    decoders = [codecs.getincrementaldecoder(each)() for each in ("utf-8", "gb18030")]
    with path.open("rb") as file:
        if _MARKUP.match(file.read(_HEAD).lstrip(_BEFORE)):
            return False
        file.seek(0)
        while decoders and (chunk := file.read(_CHUNK)):
            if b"\0" in chunk:
                return False
            decoders = [each for each in decoders if _decodes(each, chunk)]
    return any(_decodes(each, b"", last=True) for each in decoders)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, last: bool = False) -> bool:
    try:
        decoder.decode(chunk, last)
    except UnicodeDecodeError:
        return False
    return True
