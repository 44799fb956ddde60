// An app of one's own: GitLab as its topology says, and beside it what only this company needs.
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { App } from "cdktf";
import { composeGitLab, loadTopology, TierStack, type Topology } from "gitlab-aws";

/** The whole deployment, with container images from Amazon ECR coming through an endpoint in GitLab's private subnets. */
export function compose(app: App, topology: Topology): void {
  const gitlab = composeGitLab(app, topology);

  const images = new TierStack(app, "images", topology, "Amazon ECR, without a way over the internet.");
  const endpoint = new VpcEndpoint(images, "ecr", {
    vpcId: gitlab.network.vpcId,
    serviceName: `com.amazonaws.${topology.region}.ecr.dkr`,
    vpcEndpointType: "Interface",
    privateDnsEnabled: true,
    subnetIds: Object.values(gitlab.network.privateSubnetIds),
    securityGroupIds: [gitlab.security.groupId("application")],
    tags: { Name: `${topology.name}-ecr` },
  });
  images.declareOutput("ecr_endpoint_id", "Id of the endpoint of Amazon ECR.", endpoint.id);
}

if (require.main === module) {
  const app = new App();
  compose(app, loadTopology("topology.json").topology);
  app.synth();
}
