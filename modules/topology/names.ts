import type { Topology } from "./config";

/**
 * Every AWS name that follows from the topology's `name`, in one place. With the default, `gitlab`, they are the guide's.
 *
 * They are a contract: most AWS resources can't be renamed, only replaced.
 */
export function awsNames({ name }: Pick<Topology, "name">) {
  return {
    vpc: `${name}-vpc`,
    internetGateway: `${name}-gateway`,
    /** `gitlab-public-10.0.0.0` */
    subnet: (kind: "public" | "private", cidr: string) => `${name}-${kind}-${cidr.split("/")[0]}`,
    natGateway: (letter: string) => `${name}-nat-${letter}`,
    publicRouteTable: `${name}-public`,
    privateRouteTable: (letter: string) => `${name}-private-${letter}`,
    s3Endpoint: `${name}-s3`,
    flowLogsRole: `${name}-flow-logs`,
    flowLogsLogGroup: `/${name}/vpc-flow-logs`,
    databaseLogGroup: (log: string) => `/aws/rds/instance/${name}-db-ha/${log}`,
    /** What the names of all our log groups start with. */
    logGroupPrefixes: [`/${name}`, `/aws/rds/instance/${name}-db-ha`],
    loadBalancerSecurityGroup: `${name}-loadbalancer-sec-group`,
    applicationSecurityGroup: `${name}-app-sec-group`,
    databaseSecurityGroup: `${name}-rds-sec-group`,
    cacheSecurityGroup: `${name}-redis-sec-group`,
    gitalySecurityGroup: `${name}-gitaly-sec-group`,
    bastionSecurityGroup: "bastion-sec-group",
    keyAlias: `alias/${name}`,
    secret: (secret: string) => `${name}/${secret}`,
    // The guide's names have no prefix of their own, and IAM names are unique in an account.
    applicationRole: name === "gitlab" ? "GitLabS3Access" : `${name}-S3Access`,
    objectStoragePolicy: name === "gitlab" ? "gl-s3-policy" : `${name}-s3-policy`,
    gitalyRole: `${name}-gitaly`,
    bastionRole: `${name}-bastion`,
    monitoringRole: `${name}-rds-monitoring`,
    loadBalancer: `${name}-loadbalancer`,
    httpTargetGroup: targetGroup(name, "http-target"),
    sshTargetGroup: targetGroup(name, "ssh-target"),
    redirectTargetGroup: `${name}-redirect-target`,
    databaseSubnetGroup: `${name}-rds-group`,
    database: `${name}-db-ha`,
    cacheSubnetGroup: `${name}-redis-group`,
    cache: `${name}-redis`,
    /** `Bastion Host A` */
    bastion: (letter: string) => `Bastion Host ${letter.toUpperCase()}`,
    gitaly: "Gitaly",
    /** The name application nodes reach Gitaly by, whatever instance answers to it. */
    gitalyHost: `gitaly.${name}.internal`,
    gitalyDataVolume: `${name}-gitaly-data`,
    /** The private hosted zone of the nodes' own names. */
    privateZone: `${name}.internal`,
    application: name === "gitlab" ? "GitLab" : name,
    launchTemplate: `${name}-launch-template`,
    autoScalingGroup: `${name}-auto-scaling-group`,
    /** The lifecycle hook that holds a new node until it is ready. */
    launchHook: "ready",
    /** Where nodes of a role log how they boot. */
    nodeLogGroup: (role: "application" | "gitaly") => `/${name}/${role}`,
    scaleOutPolicy: "Scale Up Policy",
    scaleInPolicy: "Scale Down Policy",
  };
}

/** What AWS allows in the name of a load balancer or a target group. */
export const LOAD_BALANCER_NAME_LIMIT = 32;

/** The guide's name, as far as it fits: `gitlab-loadbalancer-http-target`, but `gitlab-staging-http-target`. */
function targetGroup(name: string, suffix: string): string {
  const inGuide = `${name}-loadbalancer-${suffix}`;
  return inGuide.length <= LOAD_BALANCER_NAME_LIMIT ? inGuide : `${name}-${suffix}`;
}

/** The names of one deployment. */
export type AwsNames = ReturnType<typeof awsNames>;
