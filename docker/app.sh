#!/bin/sh
# Runs one of the product's programs with the store's address, whose password comes from a file and not from the
# container's configuration, where anyone who may look at containers would read it.
set -eu
if [ -n "${MONGODB_HOSTS:-}" ]; then
  password=$(cat /run/secrets/mongodb_password)
  tls='tls=true&tlsCAFile=/certificates/ca.pem&tlsCertificateKeyFile=/certificates/both.pem'
  export MONGODB_URI="mongodb://${MONGODB_USER}:${password}@${MONGODB_HOSTS}/jiugai?replicaSet=jiugai&authSource=jiugai&${tls}"
fi
exec node --import tsx "$@"
