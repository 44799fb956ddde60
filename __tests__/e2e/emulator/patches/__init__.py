"""One module for each part of moto 5.2.1 with gaps. Each says which gap it closes."""

from . import (
    cloudformation,
    ec2,
    elasticache_groups,
    elasticache_parameters,
    elasticache_users,
)


def apply() -> None:
    for module in (
        cloudformation,
        ec2,
        elasticache_groups,
        elasticache_parameters,
        elasticache_users,
    ):
        module.apply()
