"""Signing, milestones, evidence, permits, promises."""
