import { hasGitLabImages } from "../regions";
import type { Rule } from "./rule";

/** GitLab publishes its images in some regions only. */
export const gitlabImage: Rule = {
  name: "gitlab-image",
  severity: "error",
  reads: ["/region", "/application/image"],
  check({ region, application }, report) {
    if (application.image === "gitlab" && !hasGitLabImages(region)) {
      report(
        "/application/image",
        `is "gitlab", but GitLab publishes no official images in ${region}`,
        'Use "ubuntu", or the id of an image of your own',
      );
    }
  },
};
