# shellcheck shell=bash
# Gitaly's TLS certificate, signed by itself. It lies on the data volume, so that a new instance has the same one;
# application nodes get it from Secrets Manager, and trust it for Gitaly's name.

CERTIFICATES=$DATA/tls
KEY=/etc/gitlab/ssl/gitaly.key

make_certificate() {
  local made folder
  if [ ! -s "$CERTIFICATES/gitaly.crt" ]; then
    made=$(mktemp -d "$DATA/tls.XXXXXX")
    run openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 \
      -subj "/CN=gitaly" -addext "subjectAltName=DNS:$GITALY_HOST" \
      -keyout "$made/gitaly.key" -out "$made/gitaly.crt"
    rm -rf "$CERTIFICATES"
    mv "$made" "$CERTIFICATES"
  fi
  install -d -m 755 /etc/gitlab/ssl /etc/gitlab/trusted-certs
  for folder in /etc/gitlab/ssl /etc/gitlab/trusted-certs; do
    # It trusts itself: Gitaly reaches its own repositories by the same name.
    write_file 644 "$folder/gitaly.crt" <"$CERTIFICATES/gitaly.crt"
  done
  cmp --silent "$CERTIFICATES/gitaly.key" "$KEY" || write_file 600 "$KEY" <"$CERTIFICATES/gitaly.key"

  install -d "$RUN/certificate"
  cp "$CERTIFICATES/gitaly.crt" "$RUN/certificate/"
  "$HERE/documents.py" pack "$RUN/certificate" >"$RUN/certificate.json"
  share gitaly-certificate "$RUN/certificate.json" replace || (($? == 3))
}

# Gitaly runs as user git, which the first `gitlab-ctl reconfigure` makes.
hand_over_certificate() {
  if [ "$(stat --format %U "$KEY")" = git ]; then return 0; fi
  chown git "$KEY"
  run gitlab-ctl restart gitaly
}
