"""A believable day at an invented counter, in memory: gateways for tests of the windows."""

from __future__ import annotations

from counter_samples.cases import SampleCases
from counter_samples.frame import SampleFrame, SampleLookup
from counter_samples.intake import SampleIntake
from counter_samples.machine import SampleSettings, SampleSignIn, SampleSync
from counter_samples.papers import SampleNotices, SamplePickup, SampleSupplement
from counter_samples.today import SampleToday
from ui.app import Gateways


def gateways(*, gated: bool = False) -> Gateways:
    """All gateways of the sample counter; ``gated`` asks people to sign in."""
    return Gateways(
        frame=SampleFrame(),
        lookup=SampleLookup(),
        today=SampleToday(),
        intake=SampleIntake(),
        cases=SampleCases(),
        notices=SampleNotices(),
        supplement=SampleSupplement(),
        pickup=SamplePickup(),
        sync=SampleSync(),
        settings=SampleSettings(),
        sign_in=SampleSignIn() if gated else None,
    )
