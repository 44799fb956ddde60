# Two roles for Terraform runs elsewhere (HCP Terraform, GitLab CI, GitHub Actions), which prove who they are by OpenID Connect:
# one that plans and can only read, and one that applies. No access key exists anywhere.

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

locals {
  subjects = {
    plan  = var.plan_subjects
    apply = var.apply_subjects
  }
  managed_policies = {
    plan  = "ReadOnlyAccess"
    apply = "PowerUserAccess"
  }
}

resource "aws_iam_openid_connect_provider" "runs" {
  url            = "https://${var.issuer}"
  client_id_list = [var.audience]
}

resource "aws_iam_role" "runs" {
  for_each = local.subjects

  name                 = "${var.name}-${each.key}"
  description          = "Terraform runs that ${each.key} GitLab's infrastructure"
  max_session_duration = 7200
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = aws_iam_openid_connect_provider.runs.arn }
        Condition = {
          StringEquals = { "${var.issuer}:aud" = var.audience }
          StringLike   = { "${var.issuer}:sub" = each.value }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "runs" {
  for_each = local.managed_policies

  role       = aws_iam_role.runs[each.key].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}"
}

# PowerUserAccess leaves IAM out. Here is what the tiers need of it: their own roles, profiles and policies.
resource "aws_iam_role_policy" "iam" {
  name = "iam"
  role = aws_iam_role.runs["apply"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TiersOwn"
        Effect = "Allow"
        Action = "iam:*"
        Resource = [
          for pair in setproduct(["role", "policy", "instance-profile"], var.iam_names) :
          "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:${pair[0]}/${pair[1]}"
        ]
      },
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = ["iam:Get*", "iam:List*"]
        Resource = "*"
      },
      {
        # The runs can't raise their own permissions, which a name of theirs might otherwise allow.
        Sid    = "NotThemselves"
        Effect = "Deny"
        Action = ["iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:Put*", "iam:Update*"]
        Resource = [
          for role in aws_iam_role.runs : role.arn
        ]
      },
    ]
  })
}

# A plan reads the values of write-only arguments anew, and never shows them: see docs/secrets.md.
resource "aws_iam_role_policy" "secrets" {
  name = "secrets"
  role = aws_iam_role.runs["plan"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "secretsmanager:GetRandomPassword"
        Resource = "*"
      },
      {
        Effect    = "Allow"
        Action    = "secretsmanager:GetSecretValue"
        Resource  = "*"
        Condition = { StringEquals = { "aws:ResourceTag/Deployment" = var.deployment } }
      },
      {
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = "*"
        Condition = { StringLike = { "kms:ViaService" = "secretsmanager.*" } }
      },
    ]
  })
}
