variable "name" {
  description = "What the two roles' names start with; not with one of iam_names, which the applying role may change."
  type        = string
  default     = "terraform-runs"
}

variable "deployment" {
  description = "The topology's name: the value of the tag Deployment."
  type        = string
  default     = "gitlab"
}

variable "issuer" {
  description = "Who vouches for the runs: app.terraform.io, gitlab.com or token.actions.githubusercontent.com."
  type        = string

  validation {
    condition     = !strcontains(var.issuer, "://")
    error_message = "issuer must be a host name, without https://."
  }
}

variable "audience" {
  description = "What the token is for: aws.workload.identity for HCP Terraform, sts.amazonaws.com for GitHub, the server's address for GitLab."
  type        = string
}

variable "plan_subjects" {
  description = "Which runs may plan, as patterns of the token's subject."
  type        = list(string)
}

variable "apply_subjects" {
  description = "Which runs may apply, as patterns of the token's subject."
  type        = list(string)

  validation {
    condition     = !contains(var.apply_subjects, "*")
    error_message = "apply_subjects must not let every run apply."
  }
}

variable "iam_names" {
  description = "Names of the roles, policies and profiles that the tiers make: those that start with the topology's name, and the guide's two."
  type        = list(string)
  default     = ["gitlab-*", "GitLabS3Access", "gl-s3-policy"]
}
