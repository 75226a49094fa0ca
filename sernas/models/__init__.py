"""The systems, each built once from a search space; one candidate a choice is the plain net."""

from sernas.models.build import build_supernet, build_system

__all__ = ["build_supernet", "build_system"]
