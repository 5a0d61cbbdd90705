#!/bin/bash
# MongoDB refuses a key file that others can read, and a mounted secret has the host's owner: so it gets a copy.
set -euo pipefail
install -d -o mongodb -g mongodb -m 700 /run/jiugai
install -o mongodb -g mongodb -m 400 /run/secrets/mongodb_keyfile /run/jiugai/keyfile
# What a killed worker was writing stays locked until its transaction is given up: after 15 s, not 60.
exec docker-entrypoint.sh mongod --replSet jiugai --bind_ip_all --keyFile /run/jiugai/keyfile \
  --setParameter transactionLifetimeLimitSeconds=15
