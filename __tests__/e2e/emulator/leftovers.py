"""What is left of a deployment, read through the AWS API as anyone would: GET /moto-api/leftovers.

Lists, in every region that was used, whatever an account without a deployment hasn't got. Final snapshots aren't
listed: they are what a deployment leaves on purpose.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.client import BaseClient
from moto.core.common_types import TYPE_RESPONSE
from moto.ec2.models import ec2_backends
from moto.moto_api._internal.urls import url_paths as control_paths

Client = Callable[[str], BaseClient]


def _in_vpcs(client: Client) -> Iterator[str]:
    ec2 = client("ec2")
    vpcs = [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    yield from vpcs
    ours = [{"Name": "vpc-id", "Values": vpcs}]
    if vpcs:
        yield from (group["GroupId"] for group in ec2.describe_security_groups(Filters=ours)["SecurityGroups"])
        yield from (subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=ours)["Subnets"])


def _network(client: Client) -> Iterator[str]:
    ec2 = client("ec2")
    yield from (address["AllocationId"] for address in ec2.describe_addresses()["Addresses"])
    # moto lists deleted endpoints and NAT gateways for ever, EC2 for an hour.
    endpoints, gateways = ec2.describe_vpc_endpoints()["VpcEndpoints"], ec2.describe_nat_gateways()["NatGateways"]
    yield from (one["VpcEndpointId"] for one in endpoints if one["State"] != "deleted")
    yield from (one["NatGatewayId"] for one in gateways if one["State"] != "deleted")
    yield from (one["FlowLogId"] for one in ec2.describe_flow_logs()["FlowLogs"])
    yield from (one["InternetGatewayId"] for one in ec2.describe_internet_gateways()["InternetGateways"])
    yield from (one["NetworkInterfaceId"] for one in ec2.describe_network_interfaces()["NetworkInterfaces"])


def _compute(client: Client) -> Iterator[str]:
    ec2, scaling = client("ec2"), client("autoscaling")
    for reservation in ec2.describe_instances()["Reservations"]:
        yield from (one["InstanceId"] for one in reservation["Instances"] if one["State"]["Name"] != "terminated")
    yield from (volume["VolumeId"] for volume in ec2.describe_volumes()["Volumes"])
    yield from (pair["KeyName"] for pair in ec2.describe_key_pairs()["KeyPairs"])
    yield from (one["LaunchTemplateName"] for one in ec2.describe_launch_templates()["LaunchTemplates"])
    yield from (one["AutoScalingGroupARN"] for one in scaling.describe_auto_scaling_groups()["AutoScalingGroups"])
    yield from (one["PolicyARN"] for one in scaling.describe_policies()["ScalingPolicies"])


def _load_balancing(client: Client) -> Iterator[str]:
    elb = client("elbv2")
    yield from (balancer["LoadBalancerArn"] for balancer in elb.describe_load_balancers()["LoadBalancers"])
    yield from (group["TargetGroupArn"] for group in elb.describe_target_groups()["TargetGroups"])
    yield from (one["CertificateArn"] for one in client("acm").list_certificates()["CertificateSummaryList"])


def _database(client: Client) -> Iterator[str]:
    rds = client("rds")
    yield from (database["DBInstanceArn"] for database in rds.describe_db_instances()["DBInstances"])
    yield from (group["DBSubnetGroupArn"] for group in rds.describe_db_subnet_groups()["DBSubnetGroups"])
    for group in rds.describe_db_parameter_groups()["DBParameterGroups"]:
        if not group["DBParameterGroupName"].startswith("default."):
            yield group["DBParameterGroupArn"]


def _cache(client: Client) -> Iterator[str]:
    cache = client("elasticache")
    yield from (group["ARN"] for group in cache.describe_replication_groups()["ReplicationGroups"])
    yield from (cluster["ARN"] for cluster in cache.describe_cache_clusters()["CacheClusters"])
    yield from (group["ARN"] for group in cache.describe_cache_subnet_groups()["CacheSubnetGroups"])
    yield from (group["ARN"] for group in cache.describe_cache_parameter_groups()["CacheParameterGroups"])
    yield from (user["ARN"] for user in cache.describe_users()["Users"] if user["UserId"] != "default")
    yield from (group["ARN"] for group in cache.describe_user_groups()["UserGroups"])


def _keys_and_secrets(client: Client) -> Iterator[str]:
    kms = client("kms")
    for key in kms.list_keys()["Keys"]:
        metadata = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if metadata["KeyManager"] == "CUSTOMER" and metadata["KeyState"] != "PendingDeletion":
            yield key["KeyArn"]
    aliases = kms.list_aliases()["Aliases"]
    yield from (alias["AliasArn"] for alias in aliases if not alias["AliasName"].startswith("alias/aws/"))
    yield from (secret["ARN"] for secret in client("secretsmanager").list_secrets()["SecretList"])


def _operations(client: Client) -> Iterator[str]:
    yield from (group["arn"] for group in client("logs").describe_log_groups()["logGroups"])
    yield from (alarm["AlarmArn"] for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"])
    for stack in client("cloudformation").describe_stacks()["Stacks"]:
        if stack["StackStatus"] != "DELETE_COMPLETE":
            yield stack["StackId"]


def _global(client: Client) -> Iterator[str]:
    iam = client("iam")
    yield from (role["Arn"] for role in iam.list_roles()["Roles"] if not role["Path"].startswith("/aws-service-role/"))
    yield from (policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"])
    yield from (profile["Arn"] for profile in iam.list_instance_profiles()["InstanceProfiles"])
    yield from (f"arn:aws:s3:::{bucket['Name']}" for bucket in client("s3").list_buckets()["Buckets"])
    yield from (f"{zone['Id']} ({zone['Name']})" for zone in client("route53").list_hosted_zones()["HostedZones"])


REGIONAL = (_in_vpcs, _network, _compute, _load_balancing, _database, _cache, _keys_and_secrets, _operations)


def _used_regions() -> set[str]:
    return {region for regions in ec2_backends.values() for region in regions}


def _find(endpoint: str) -> Iterator[str]:
    def clients(region: str) -> Client:
        credentials = {"aws_access_key_id": "leftovers", "aws_secret_access_key": "leftovers"}
        return lambda service: boto3.client(service, region_name=region, endpoint_url=endpoint, **credentials)

    yield from _global(clients("us-east-1"))
    for region in sorted(_used_regions()):
        for find in REGIONAL:
            yield from (f"{region}: {name}" for name in find(clients(region)))


def serve() -> None:
    """Add the route to moto's control API."""

    def leftovers(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
        return 200, {"Content-Type": "application/json"}, json.dumps(sorted(_find(request.host_url)))

    control_paths["{0}/moto-api/leftovers"] = leftovers
