#!/bin/bash
# MongoDB refuses a key file that others can read, and a mounted secret has the host's mode: so it gets a copy.
set -euo pipefail
install -m 400 /run/secrets/mongodb_keyfile /tmp/keyfile
# The authority's certificate asks everybody for theirs, nodes and clients alike; who each is say key file and passwords.
# What a killed worker was writing stays locked until its transaction is given up: after 15 s, not 60.
exec docker-entrypoint.sh mongod --replSet jiugai --bind_ip_all --keyFile /tmp/keyfile \
  --tlsMode requireTLS --tlsCertificateKeyFile /certificates/both.pem --tlsCAFile /certificates/ca.pem \
  --tlsDisabledProtocols TLS1_0,TLS1_1 \
  --wiredTigerCacheSizeGB "$MONGODB_CACHE_GB" --setParameter transactionLifetimeLimitSeconds=15
