import { loadTopology } from "gitlab-aws";
import { addresses, resource, synthesize } from "gitlab-aws/testing";
import { compose } from "../main";

const stacks = synthesize((app) => compose(app, loadTopology("topology.json").topology));

it("puts the endpoint into GitLab's network", () => {
  expect(resource(stacks.images, "aws_vpc_endpoint", "ecr").vpc_id).toBe(
    "${data.terraform_remote_state.network.outputs.vpc_id}",
  );
});

it("changes nothing of GitLab itself", () => {
  expect(resource(stacks.database, "aws_db_instance", "database").multi_az).toBe(true);
  expect(addresses(stacks.network)).toContain("aws_vpc.vpc");
});
