#!/bin/sh
set -eu
engine() {
  temporal operator "$@" --tls-ca-path /certificates/ca.pem \
    --tls-cert-path /certificates/certificate.pem --tls-key-path /certificates/key.pem
}
tries=0
until engine cluster health; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 2
done
if engine namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1; then
  engine namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  engine namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
