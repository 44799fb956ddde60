/** Ports on the nodes, as the tiers and the nodes' configuration agree on them. Database and cache ports are configurable. */
export const PORTS = {
  ssh: 22,
  http: 80,
  https: 443,
  /** Where nginx answers everything with a redirect to https, behind the load balancer's port 80. */
  redirect: 8081,
  gitaly: 8075,
  gitalyTls: 9999,
} as const;
