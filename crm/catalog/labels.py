"""The words of the catalog's kinds."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.catalog.rules import Anchor, DistrictKind, NodeState, Region, TermKind
from crm.core.labels import Words

WORDS: Words = {
    Anchor: {
        Anchor.HEAD_FIRM: _l("Head firm"),
        Anchor.SCENARIO: _l("Scenario"),
        Anchor.NODE: _l("Chain node"),
        Anchor.NONE: _l("No anchor"),
    },
    DistrictKind: {
        DistrictKind.CITY: _l("City"),
        DistrictKind.DISTRICT: _l("Urban district"),
        DistrictKind.BANNER: _l("Banner"),
        DistrictKind.COUNTY: _l("County"),
        DistrictKind.ZONE: _l("Development zone"),
    },
    NodeState: {
        NodeState.PRESENT: _l("Present"),
        NodeState.GAP: _l("Gap"),
    },
    Region: {
        Region.JJJ: _l("Beijing-Tianjin-Hebei"),
        Region.YRD: _l("Yangtze River Delta"),
        Region.GBA: _l("Guangdong-Hong Kong-Macao"),
        Region.OTHER: _l("Elsewhere in China"),
        Region.REGION: _l("Inner Mongolia, outside the city"),
        Region.CITY: _l("This city"),
        Region.ABROAD: _l("Abroad"),
    },
    TermKind: {
        TermKind.SOURCE: _l("Sources of leads"),
        TermKind.HOLD_REASON: _l("Reasons for a hold"),
        TermKind.LOST_REASON: _l("Reasons for a loss"),
        TermKind.BACK_REASON: _l("Reasons for a step back"),
        TermKind.TERMINATION_REASON: _l("Reasons for a termination"),
        TermKind.SIZE_CLASS: _l("Size classes of firms"),
        TermKind.DEPARTMENT: _l("Departments"),
        TermKind.TAG: _l("Project tags"),
    },
}
