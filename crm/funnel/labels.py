"""The words of the funnel."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.funnel.queries.rows import Of
from crm.funnel.rules.dimensions import Dimension, Size

WORDS: Words = {
    Dimension: {
        Dimension.POSITION: _l("Chain position"),
        Dimension.MODEL: _l("Attraction model"),
        Dimension.CLUSTER: _l("Cluster"),
        Dimension.CHAIN: _l("Industry chain"),
        Dimension.NODE: _l("Node"),
        Dimension.DISTRICT: _l("District"),
        Dimension.UNIT: _l("Unit"),
        Dimension.OWNER: _l("Owner"),
        Dimension.SOURCE: _l("Source"),
        Dimension.REGION: _l("Region of headquarters"),
        Dimension.SIZE: _l("Size of investment"),
        Dimension.STAGE: _l("Stage"),
    },
    Size: {
        Size.BELOW_1: _l("below 100m yuan"),
        Size.FROM_1: _l("100m to 500m yuan"),
        Size.FROM_5: _l("500m to 1bn yuan"),
        Size.FROM_10: _l("1bn to 5bn yuan"),
        Size.FROM_50: _l("5bn yuan and more"),
    },
    Of: {
        Of.IN_HAND: _l("In hand"),
        Of.STUCK: _l("Stuck"),
        Of.ON_HOLD: _l("On hold"),
        Of.LOST: _l("Lost"),
        Of.SIGNED: _l("Signed"),
        Of.ALL: _l("All"),
    },
}
