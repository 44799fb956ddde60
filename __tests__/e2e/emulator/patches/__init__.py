"""One module for each part of moto 5.2.1 with gaps. Each function says which gap it closes."""

from . import (
    autoscaling,
    cloudformation,
    ec2,
    ec2_instances,
    elasticache_groups,
    elasticache_parameters,
    elasticache_users,
    elbv2,
    failures,
    kms,
    lifecycle_actions,
    rds,
    route53,
    secretsmanager,
)


def apply() -> None:
    for module in (
        autoscaling,
        cloudformation,
        ec2,
        ec2_instances,
        elasticache_groups,
        elasticache_parameters,
        elasticache_users,
        elbv2,
        failures,
        kms,
        lifecycle_actions,
        rds,
        route53,
        secretsmanager,
    ):
        module.apply()
