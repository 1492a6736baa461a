"""How letters look, as inline styles: mail readers keep nothing else. One table of styles, no CSS file.

Tables and `bgcolor` hold the shape in Outlook, Foxmail and the web mails of QQ and NetEase; the classes are
for readers that know dark mode and phones, in a style element that the others drop.
"""

from __future__ import annotations

from markupsafe import Markup

FONT = (
    "font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',"
    "'Segoe UI',Arial,sans-serif;"
)

LINE = "border-top:1px solid #e3e8ee;"
RIGHT = "padding:9px 0;line-height:22px;text-align:right;white-space:nowrap;vertical-align:top;"

STYLES = {
    "body": f"margin:0;padding:0;background:#eef1f5;color:#1d2733;{FONT}-webkit-text-size-adjust:100%;",
    "ground": "background:#eef1f5;",
    "frame": "padding:20px 8px;",
    "sheet": "width:100%;max-width:640px;background:#ffffff;border-radius:10px;",
    "head": "padding:26px 28px 6px 28px;",
    "cell": "padding:6px 28px;",
    "last": "padding:14px 28px 24px 28px;",
    "brand": f"margin:0;font-size:13px;line-height:20px;color:#5b6876;{FONT}",
    "hello": f"margin:4px 0 0 0;font-size:22px;line-height:30px;font-weight:600;color:#1d2733;{FONT}",
    "counts": f"margin:8px 0 0 0;font-size:15px;line-height:24px;color:#1d2733;{FONT}",
    "count": "font-weight:600;white-space:nowrap;",
    "bad": "font-weight:600;white-space:nowrap;color:#b42318;",
    "box": "background:#f2f6fc;border-left:4px solid #1f4e8c;border-radius:6px;",
    "boxcell": "padding:14px 16px 8px 16px;",
    "h2": f"margin:14px 0 2px 0;font-size:15px;line-height:24px;font-weight:600;color:#1d2733;{FONT}",
    "boxh2": f"margin:0 0 4px 0;font-size:16px;line-height:24px;font-weight:600;color:#1f4e8c;{FONT}",
    "total": "font-weight:400;color:#5b6876;",
    "row": LINE,
    "what": f"padding:9px 10px 9px 0;font-size:15px;line-height:22px;vertical-align:top;{FONT}",
    "act": f"{RIGHT}font-size:13px;{FONT}",
    "open": "color:#1f4e8c;text-decoration:none;font-weight:600;",
    "name": "color:#1d2733;font-weight:600;",
    "log": "color:#1f4e8c;text-decoration:underline;",
    "why": f"margin:0;font-size:13px;line-height:20px;color:#5b6876;{FONT}",
    "late": "color:#b42318;",
    "num": f"{RIGHT}font-size:15px;color:#1d2733;{FONT}",
    "rest": f"margin:4px 0 0 0;font-size:13px;line-height:20px;{FONT}",
    "goal": "border:1px solid #e3e8ee;border-radius:8px;",
    "goalcell": "padding:14px 16px;",
    "figure": f"margin:0;font-size:30px;line-height:38px;font-weight:600;color:#1d2733;{FONT}",
    "unit": "font-size:14px;font-weight:400;color:#5b6876;",
    "bar": "height:10px;background:#dfe5ec;border-radius:5px;margin:8px 0;",
    "done": "background:#1f4e8c;font-size:1px;line-height:10px;height:10px;border-radius:5px;",
    "left": "font-size:1px;line-height:10px;height:10px;",
    "text": f"margin:8px 0;font-size:15px;line-height:24px;color:#1d2733;{FONT}",
    "foot": f"margin:0;padding-top:14px;{LINE}font-size:12px;line-height:20px;color:#5b6876;{FONT}",
    "footlink": "color:#5b6876;text-decoration:underline;",
    "hidden": "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:#eef1f5;",
}

_DARK = {
    ".l-ground,.l-body": "background:#11161c !important",
    ".l-sheet": "background:#1a2129 !important",
    ".l-box": "background:#202a36 !important;border-left-color:#7fb0ee !important",
    ".l-ink": "color:#e6ebf1 !important",
    ".l-quiet": "color:#a3b0be !important",
    ".l-link": "color:#8fbcf5 !important",
    ".l-late": "color:#ff9a8f !important",
    ".l-line": "border-color:#323d49 !important",
    ".l-bar": "background:#323d49 !important",
    ".l-done": "background:#7fb0ee !important",
}
_NARROW = {
    ".l-pad": "padding-left:16px !important;padding-right:16px !important",
    ".l-frame": "padding:0 !important",
    ".l-sheet": "border-radius:0 !important",
}

CLASSES = {
    "body": "l-body", "ground": "l-ground", "frame": "l-frame", "sheet": "l-sheet",
    "head": "l-pad", "cell": "l-pad", "last": "l-pad", "brand": "l-quiet", "hello": "l-ink",
    "counts": "l-ink", "bad": "l-late", "box": "l-box", "h2": "l-ink", "boxh2": "l-link",
    "total": "l-quiet", "row": "l-line", "open": "l-link", "name": "l-ink", "log": "l-link",
    "why": "l-quiet", "late": "l-late", "num": "l-ink", "goal": "l-line", "figure": "l-ink",
    "unit": "l-quiet", "bar": "l-bar", "done": "l-done", "text": "l-ink", "foot": "l-quiet l-line",
    "footlink": "l-quiet",
}  # fmt: skip
"""By which a reader in the dark or on a phone finds a part again."""


def css(*names: str) -> Markup:
    """The attributes of an element: its classes and its styles."""
    classes = " ".join(CLASSES[name] for name in names if name in CLASSES)
    styles = "".join(STYLES[name] for name in names)
    found = Markup(' class="{}"').format(classes) if classes else Markup("")
    return found + Markup(' style="{}"').format(styles)


def head() -> Markup:
    """The style element: dark mode and phones."""
    rules = "".join(f"{name}{{{rule}}}" for name, rule in _DARK.items())
    narrow = "".join(f"{name}{{{rule}}}" for name, rule in _NARROW.items())
    sheet = (
        ":root{color-scheme:light dark;supported-color-schemes:light dark}"
        f"@media (prefers-color-scheme:dark){{{rules}}}"
        f"@media (max-width:480px){{{narrow}}}"
    )
    return Markup("<style>") + Markup(sheet) + Markup("</style>")  # noqa: S704  # our own text
