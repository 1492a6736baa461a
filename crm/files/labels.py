"""Why a file is refused, in words that say what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.files.rules import Fault

WORDS: Words = {
    Fault: {
        Fault.ENDING: _l(
            "Files of this kind cannot be attached. Attach PDF, OFD, pictures, Word, Excel, "
            "PowerPoint, WPS, TXT or CSV."
        ),
        Fault.CONTENT: _l(
            "The content is not what the file's ending says. Save it anew in the right format."
        ),
        Fault.EMPTY: _l("This file is empty."),
        Fault.TOO_LARGE: _l("This file is too large. Choose a smaller one."),
        Fault.TOO_MANY: _l("At most five files at once. Attach the others afterwards."),
    },
}
